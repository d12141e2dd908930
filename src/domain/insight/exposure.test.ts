import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type BoxHistory, exposureOf, type Span, union } from './exposure.ts';
import { loadFigures } from './load-sharing.ts';
import { countOverTime, monthly, valueOn } from './over-time.ts';
import { clockFigures, type Race, rollingShare } from './ten-days.ts';

const OPENED = '2017-01-26';
const history = (status: BoxHistory['status'] = null): BoxHistory => ({
  periods: [
    { from: '2016-09-30', to: '2017-02-05', verdict: 'affected' },
    { from: '2017-02-05', to: '2017-03-01', verdict: 'unknown' },
    { from: '2017-03-01', to: null, verdict: 'not_affected' },
  ],
  status,
});

test('exposed from the day on which it was public up to the revision that brought the fix', () => {
  assert.deepEqual(exposureOf(history(), OPENED), [{ from: '2017-01-26', to: '2017-02-05' }]);
});

test('what people decided outranks what versions say', () => {
  const said = (word: NonNullable<BoxHistory['status']>['word'], since = '2017-04-01') =>
    exposureOf(history({ word, since }), OPENED);
  assert.deepEqual(said('not_affected'), []);
  assert.deepEqual(said('fixed'), [{ from: '2017-01-26', to: '2017-03-01' }]);
  assert.deepEqual(said('fixed', '2017-02-20'), [{ from: '2017-01-26', to: '2017-02-20' }]);
  assert.deepEqual(said('wont_fix'), [{ from: '2017-01-26', to: null }]);
  assert.deepEqual(said('under_investigation'), [{ from: '2017-01-26', to: '2017-02-05' }]);
});

test('a package that is fixed though nobody sees it is exposed up to the day on which they said so', () => {
  const still: BoxHistory = {
    periods: [{ from: '2016-09-30', to: null, verdict: 'affected' }],
    status: { word: 'fixed', since: '2017-02-01' },
  };
  assert.deepEqual(exposureOf(still, OPENED), [{ from: '2017-01-26', to: '2017-02-01' }]);
});

const day = fc
  .integer({ min: 0, max: 400 })
  .map((n) => new Date(Date.UTC(2017, 0, 1 + n)).toISOString().slice(0, 10));
const span = fc
  .tuple(day, fc.option(day))
  .map(
    ([a, b]): Span => (b === null ? { from: a, to: null } : a < b ? { from: a, to: b } : { from: b, to: a }),
  );
const spans = fc.array(span, { maxLength: 20 });
const covers = (all: readonly Span[], at: string) =>
  all.some(({ from, to }) => from <= at && (to === null || at < to));

test('a union covers the same days, in order, with gaps between', () => {
  fc.assert(
    fc.property(spans, day, (all, at) => {
      const merged = union(all);
      assert.equal(covers(merged, at), covers(all, at));
      for (const [index, { from }] of merged.entries()) {
        const before = merged[index - 1];
        if (before !== undefined) assert.ok(before.to !== null && before.to < from);
      }
    }),
  );
});

test('the number over time is on each day the number of stretches that cover it', () => {
  fc.assert(
    fc.property(spans, day, (all, at) => {
      const points = countOverTime(all, '2017-01-01', '2018-03-01');
      assert.equal(valueOn(points, at), all.filter((one) => covers([one], at)).length);
      assert.equal(points.at(-1)?.day, '2018-03-01');
    }),
  );
});

test('a plot has a point for each month', () => {
  const points = countOverTime([{ from: '2017-01-15', to: null }], '2017-01-10', '2017-03-05');
  assert.deepEqual(monthly(points), [
    { day: '2017-01-10', value: 0 },
    { day: '2017-02-01', value: 1 },
    { day: '2017-03-01', value: 1 },
    { day: '2017-03-05', value: 1 },
  ]);
});

const race = (opened: string, fixed: string | null): Race => ({
  issue: 'NSI-1',
  channel: 'c',
  opened,
  fixed,
});

test('what is still open beyond ten days counts as missed, what is younger as undecided', () => {
  const figures = clockFigures(
    [
      race('2017-01-01', '2017-01-05'),
      race('2017-01-01', '2017-01-20'),
      race('2017-01-01', null),
      race('2017-02-01', null),
    ],
    '2017-02-05',
  );
  assert.deepEqual(figures, { decided: 3, within: 1, share: 1 / 3, median: 11.5, overdue: 1, running: 1 });
  assert.equal(clockFigures([], '2017-01-01').share, null);
});

test('the rolling share is what one would have seen then', () => {
  const shares = rollingShare([race('2017-01-01', '2017-03-15')], '2017-02-01', '2017-04-02');
  assert.deepEqual(
    shares.map(({ month, share, decided }) => [month, share, decided]),
    [
      ['2017-02', 0, 1],
      ['2017-03', 0, 1],
      ['2017-04', 0, 1],
    ],
  );
});

test('the bus factor is the fewest people who did half of it', () => {
  const figures = loadFigures([
    { person: 'ada', done: 60 },
    { person: 'ben', done: 30 },
    { person: 'cleo', done: 10 },
    { person: 'idle', done: 0 },
  ]);
  assert.deepEqual([figures.busFactor, figures.people, figures.busiest], [1, 3, 0.6]);
  assert.equal(loadFigures([]).busFactor, null);
});
