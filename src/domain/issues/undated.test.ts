import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { dayByNumber, reckonDays } from './undated.ts';

function dated(key: string, published: string | null) {
  return { key, published };
}

test('an advisory without a date lies between its numbered neighbours', () => {
  const days = reckonDays([
    dated('RHSA-2017:2478', '2017-08-15T10:00:00Z'),
    dated('RHBA-2017:2498', '2017-08-25'),
    dated('RHSA-2017:2483', null),
    dated('USN-3340-1', '2017-06-26'),
    dated('USN-3342-1', null),
    dated('USN-3344-1', '2017-06-28'),
    dated('USN-3344-2', null),
    dated('GLSA-201710-32', null),
  ]);
  assert.deepEqual(
    [...days],
    [
      ['RHSA-2017:2483', '2017-08-17'],
      ['USN-3342-1', '2017-06-27'],
    ],
  );
});

test('without a neighbour on one side: the year’s end for who numbers by the year, the nearest day for others', () => {
  assert.equal(reckonDays([dated('RHSA-2017:1750', null)]).get('RHSA-2017:1750'), '2017-07-02');
  assert.equal(dayByNumber('RHSA-2017:1750'), '2017-07-02');
  assert.equal(dayByNumber('SUSE-SU-2016:3600-1'), '2016-12-31');
  assert.equal(dayByNumber('RHSA-2017:0001'), '2017-01-01');
  assert.equal(dayByNumber('USN-3340-1'), null);
  const after = reckonDays([dated('DSA-10-1', '2017-01-05'), dated('DSA-12-1', null)]);
  assert.equal(after.get('DSA-12-1'), '2017-01-05');
});

test('a number that was given out out of order harms nobody', () => {
  const days = reckonDays([
    dated('USN-1-1', '2017-06-30'),
    dated('USN-2-1', null),
    dated('USN-3-1', '2017-06-20'),
  ]);
  assert.equal(days.get('USN-2-1'), '2017-06-20');
});

test('law: days depend on the set alone, lie in the year of the id, and are given to undated ones only', () => {
  const one = fc.record({
    number: fc.integer({ min: 1, max: 99_999 }),
    day: fc.option(fc.integer({ min: 0, max: 364 })),
  });
  fc.assert(
    fc.property(fc.uniqueArray(one, { selector: ({ number }) => number, maxLength: 20 }), (rows) => {
      const all = rows.map(({ number, day }) =>
        dated(
          `RHSA-2017:${String(number).padStart(4, '0')}`,
          day === null ? null : new Date(Date.UTC(2017, 0, 1 + day)).toISOString(),
        ),
      );
      const days = reckonDays(all);
      assert.deepEqual(reckonDays([...all].reverse()), new Map([...days].reverse()));
      for (const { key, published } of all) {
        if (published !== null) assert.equal(days.get(key), undefined);
        else assert.match(days.get(key) ?? '', /^2017-\d\d-\d\d$/);
      }
    }),
  );
});
