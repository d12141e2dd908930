import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { errorsPage } from './errors-page.ts';
import { explain, MusterError } from './muster-error.ts';

test('docs/errors.md is the catalogue', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/errors.md'), 'utf8');
  assert.equal(page, errorsPage());
});

test('an error tells its code, its message, and what to do', () => {
  const error = new MusterError('NOT_FOUND', 'there is no issue NSI-2017-9999');
  assert.deepEqual([error.status, error.exit], [404, 1]);
  assert.match(explain(error), /^NOT_FOUND: there is no issue NSI-2017-9999\n {2}\S/);
  assert.equal(explain(new Error('other')), 'other');
});
