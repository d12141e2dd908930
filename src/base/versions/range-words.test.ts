import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { VersionStatement } from './range.ts';
import { rangeWords } from './range-words.ts';

function words(changes: Partial<VersionStatement>): string | null {
  return rangeWords({ scheme: 'generic', affected: [], unaffected: [], otherwise: 'unknown', ...changes });
}

test('ranges read as people say them, with their ends as they are', () => {
  assert.equal(words({ affected: [{ max: '1.0.2k' }] }), 'before 1.0.2k');
  assert.equal(words({ affected: [{ min: '1', max: '2', maxInclusive: true }] }), 'from 1 up to 2');
  assert.equal(words({ affected: [{ min: '1', minInclusive: false }] }), 'after 1');
  assert.equal(words({ affected: [{ min: '3', max: '3', maxInclusive: true }] }), '3');
  assert.equal(words({ affected: [{}] }), 'every version');
  assert.equal(words({ affected: [{ max: '2' }], unaffected: [{ min: '2' }] }), 'before 2');
  assert.equal(
    words({ affected: [{ max: '2' }], unaffected: [{ min: '3' }] }),
    'before 2; not affected from 3',
  );
  assert.equal(
    words({ affected: [{ max: '2' }], unaffected: [{ min: '1.9', max: '1.9', maxInclusive: true }] }),
    'before 2; not affected 1.9',
  );
});

test('what is said of all other versions is said', () => {
  assert.equal(words({}), null);
  assert.equal(words({ otherwise: 'affected' }), 'all');
  assert.equal(words({ otherwise: 'unaffected' }), 'none');
  assert.equal(words({ affected: [{ max: '2' }], otherwise: 'unaffected' }), 'before 2; no others');
  assert.equal(
    words({ unaffected: [{ min: '2' }], otherwise: 'affected' }),
    'not affected from 2; all others',
  );
});

test('long lists are cut, and say so', () => {
  const affected = Array.from({ length: 30 }, (_, n) => ({ min: `${n}`, max: `${n}`, maxInclusive: true }));
  assert.match(words({ affected }) ?? '', /^0; 1; .*; 7; and 22 more$/);
});
