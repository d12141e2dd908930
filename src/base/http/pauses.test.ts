import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { LONGEST_PAUSE_MS, pauseBefore, retryAfter } from './pauses.ts';

test('pauses grow, differ by chance, and are never longer than the longest', () => {
  const at = (attempt: number, random: number) =>
    pauseBefore(attempt, { firstMs: 1000, random: () => random });
  assert.deepEqual([at(1, 0), at(2, 0), at(3, 0), at(3, 1)], [1000, 2000, 4000, 2000]);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 60 }), fc.option(fc.double()), (attempt, askedMs) => {
      const ms = pauseBefore(attempt, { firstMs: 2000, askedMs: Number.isNaN(askedMs) ? null : askedMs });
      assert.ok(ms >= 0 && ms <= LONGEST_PAUSE_MS);
    }),
  );
});

test('what the other side asks for is obeyed, in seconds or as a date, up to five minutes', () => {
  const now = Date.parse('2017-06-01T00:00:00Z');
  assert.equal(retryAfter('120', now), 120_000);
  assert.equal(retryAfter('Thu, 01 Jun 2017 00:01:00 GMT', now), 60_000);
  assert.equal(retryAfter('Thu, 01 Jun 2000 00:00:00 GMT', now), 0);
  assert.deepEqual([retryAfter(null), retryAfter('soon')], [null, null]);
  assert.equal(pauseBefore(1, { firstMs: 1, askedMs: retryAfter('86400', now) }), LONGEST_PAUSE_MS);
});
