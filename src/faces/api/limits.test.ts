import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeBuckets } from './limits.ts';

test('a bucket has so many at once, fills again with time, and is nobody else’s', () => {
  let now = 0;
  const take = makeBuckets(() => now);
  const limit = { capacity: 3, perSeconds: 60 };
  assert.deepEqual(
    [1, 2, 3, 4].map(() => take('a', limit)),
    [null, null, null, 20],
  );
  assert.equal(take('b', limit), null);
  now += 10_000;
  assert.equal(take('a', limit), 10, 'asking again does not make it longer');
  now += 10_000;
  assert.equal(take('a', limit), null);
  assert.equal(take('a', limit), 20);
  now += 3_600_000;
  assert.deepEqual(
    [1, 2, 3, 4].map(() => take('a', limit)),
    [null, null, null, 20],
    'it never holds more than it can',
  );
});
