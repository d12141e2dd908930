import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayGroup } from './grouping.ts';
import { ROLES } from './roles.ts';

test('only security says for good what is one issue and what is two', () => {
  assert.deepEqual(
    ROLES.map((role) => mayGroup({ id: 'person:1', role, account: 1 })),
    [false, false, false, true, true],
  );
});
