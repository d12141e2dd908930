import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type Facts, planPeriods } from './periods.ts';

interface Period {
  attr: string;
  fact: string;
  since: number;
  until: number | null;
}
interface History {
  date: number;
  set: Facts;
}

const set = fc
  .dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'), { maxKeys: 3 })
  .map((facts) => new Map(Object.entries(facts)));
const revisions = fc.uniqueArray(fc.record({ date: fc.integer({ min: 1, max: 30 }), set }), {
  selector: ({ date }) => date,
  maxLength: 8,
});

/** What periods are: longest runs of neighbouring revisions with the same fact. */
function periodsOf(history: readonly History[]): Period[] {
  const found: Period[] = [];
  const open = new Map<string, Period>();
  for (const { date, set: facts } of history.toSorted((x, y) => x.date - y.date)) {
    for (const [attr, period] of open) {
      if (facts.get(attr) === period.fact) continue;
      period.until = date;
      open.delete(attr);
    }
    for (const [attr, fact] of facts) {
      if (open.has(attr)) continue;
      const period: Period = { attr, fact, since: date, until: null };
      open.set(attr, period);
      found.push(period);
    }
  }
  return found;
}

/** Carries out a plan on a list, as the store does on its table. */
function apply(
  periods: readonly Period[],
  { date, set: facts }: History,
  others: readonly History[],
): Period[] {
  const sorted = others.toSorted((x, y) => x.date - y.date);
  const before = sorted.findLast((one) => one.date < date);
  const after = sorted.find((one) => one.date > date);
  const plan = planPeriods(facts, { before: before?.set ?? null, after: after?.set ?? null });
  const next = after?.date ?? null;
  const rows = periods.map((row) => ({ ...row }));
  const holds = (row: Period) => row.since <= date && (row.until === null || row.until > date);
  const copies = rows
    .filter((row) => holds(row) && plan.split.includes(row.attr))
    .map((row) => ({ ...row, since: next ?? Number.NaN }));
  for (const row of rows) if (holds(row) && plan.end.includes(row.attr)) row.until = date;
  for (const row of rows) if (row.since === next && plan.extend.includes(row.attr)) row.since = date;
  return [...rows, ...copies, ...plan.begin.map((row) => ({ ...row, since: date, until: next }))];
}

function sorted(periods: readonly Period[]): Period[] {
  return periods.toSorted((a, b) => (a.attr === b.attr ? a.since - b.since : a.attr < b.attr ? -1 : 1));
}

test('in whatever order revisions come, the periods are the runs of their facts', () => {
  fc.assert(
    fc.property(revisions, (history) => {
      let periods: Period[] = [];
      history.forEach((revision, i) => {
        periods = apply(periods, revision, history.slice(0, i));
        assert.deepEqual(sorted(periods), sorted(periodsOf(history.slice(0, i + 1))));
      });
    }),
    { numRuns: 2000 },
  );
});

test('a revision that says what its neighbours say changes nothing', () => {
  const facts = new Map([['a', '1']]);
  const nothing = { split: [], end: [], extend: [], begin: [], added: 0, removed: 0, changed: 0 };
  assert.deepEqual(planPeriods(facts, { before: facts, after: facts }), nothing);
  assert.deepEqual(planPeriods(facts, { before: facts, after: null }), nothing);
});

test('counts are against the revision before', () => {
  const before = new Map([
    ['same', '1'],
    ['changed', '1'],
    ['gone', '1'],
  ]);
  const now = new Map([
    ['same', '1'],
    ['changed', '2'],
    ['new', '1'],
  ]);
  const { added, removed, changed } = planPeriods(now, { before, after: null });
  assert.deepEqual({ added, removed, changed }, { added: 1, removed: 1, changed: 1 });
});
