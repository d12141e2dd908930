import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { reckonDays } from './reckoned-days.ts';

describe('reckoned days', () => {
  test('a notice lies between its neighbours, as its number does', () => {
    const own = new Map([
      [1, '2017-06-19'],
      [2, '2017-02-24'],
      [11, '2017-06-29'],
      [12, '2017-06-29'],
    ]);
    const days = reckonDays(own, [6]);
    assert.deepEqual(
      [1, 2, 6, 11, 12].map((number) => days.get(number)),
      ['2017-06-19', '2017-06-20', '2017-06-24', '2017-06-29', '2017-06-29'],
    );
  });

  test('a flaw that was added years later moves nothing', () => {
    const own = new Map([
      [1, '2017-06-19'],
      [2, '2019-10-19'],
      [3, '2017-06-20'],
      [4, '2017-06-21'],
      [5, '2017-06-21'],
    ]);
    assert.equal(reckonDays(own, []).get(5), '2017-06-21');
    assert.equal(reckonDays(own, []).get(2), '2017-06-19');
  });

  test('a number of which nothing is known has a day all the same, save before the first', () => {
    const own = new Map([
      [10, '2017-06-19'],
      [12, '2017-06-19'],
    ]);
    const days = reckonDays(own, [9, 11, 13]);
    assert.equal(days.has(9), false);
    assert.equal(days.get(11), '2017-06-19');
    assert.equal(days.get(13), '2017-06-19');
  });

  test('days never fall, nor leave the days that somebody gave', () => {
    const day = fc
      .integer({ min: 0, max: 400 })
      .map((n) => new Date(n * 86_400_000).toISOString().slice(0, 10));
    fc.assert(
      fc.property(fc.array(day, { maxLength: 60 }), (given) => {
        const days = [...reckonDays(new Map(given.map((one, index) => [index, one])), []).values()];
        const within = given.toSorted();
        assert.deepEqual(days, days.toSorted());
        assert.ok(days.every((one) => one >= (within[0] ?? '') && one <= (within.at(-1) ?? '')));
      }),
    );
  });
});
