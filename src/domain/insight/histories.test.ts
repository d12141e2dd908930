import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { PackageHistory } from '#domain/matching';
import { goOn, packHistories, unpackHistories } from './histories.ts';

const DAYS = Array.from({ length: 9 }, (_, n) => `2017-0${n + 1}-15`);
const seen = fc.constantFrom('affected' as const, 'unknown' as const, 'not_affected' as const, null);
/** What each of three packages looks like in each of nine revisions; null where the channel does not have it. */
const world = fc.array(fc.array(seen, { minLength: DAYS.length, maxLength: DAYS.length }), {
  minLength: 3,
  maxLength: 3,
});

function historiesFrom(
  looks: (typeof seen extends fc.Arbitrary<infer T> ? T : never)[][],
  first: number,
  last: number,
) {
  return looks.flatMap((row, number): PackageHistory[] => {
    const periods: PackageHistory['periods'] = [];
    for (let at = first; at <= last; at += 1) {
      const verdict = row[at] ?? null;
      const day = DAYS[at] ?? '';
      const open = periods.at(-1);
      if (open?.to === null && open.verdict === verdict) continue;
      if (open?.to === null) open.to = day;
      if (verdict !== null) periods.push({ from: day, to: null, verdict });
    }
    const safe = periods.every(({ verdict }) => verdict === 'not_affected');
    return safe ? [] : [{ attr: `package${number}`, periods }];
  });
}

/** Days on which it does not look safe: of what was safe before it first was not, nothing is kept. */
function doubts(histories: readonly PackageHistory[]): string[] {
  return histories
    .flatMap(({ attr, periods }) =>
      periods
        .filter(({ verdict }) => verdict !== 'not_affected')
        .map(({ from, to, verdict }) => `${attr} ${from} ${to ?? ''} ${verdict}`),
    )
    .sort();
}

test('revision after revision comes to the same as all of them at once', () => {
  fc.assert(
    fc.property(world, (looks) => {
      let grown = historiesFrom(looks, 0, 0);
      for (let at = 1; at < DAYS.length; at += 1)
        grown = goOn(grown, DAYS[at] ?? '', historiesFrom(looks, at, at));
      assert.deepEqual(doubts(grown), doubts(historiesFrom(looks, 0, DAYS.length - 1)));
    }),
  );
});

test('what is stored is what was to be stored', () => {
  fc.assert(
    fc.property(world, (looks) => {
      const histories = historiesFrom(looks, 0, DAYS.length - 1);
      const back = unpackHistories(packHistories(histories));
      assert.deepEqual(
        back.sort((a, b) => (a.attr < b.attr ? -1 : 1)),
        histories,
      );
    }),
  );
});
