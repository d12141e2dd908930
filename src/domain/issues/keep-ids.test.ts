import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { atomKey, type Bundle } from './bundle.ts';
import { group } from './grouping.ts';
import { anyBundles, bundle } from './grouping-samples.ts';
import { compareIssueIds, type KeptIds, keepIds, renameAtoms } from './keep-ids.ts';
import type { Partition } from './partition.ts';

/** Numbers as a database gives them: each once, a year at a time. */
function counter(): (year: number) => number {
  const last = new Map<number, number>();
  return (year) => {
    const next = (last.get(year) ?? 0) + 1;
    last.set(year, next);
    return next;
  };
}

function atomIds({ issues }: Partition, { ids }: KeptIds): Map<string, string> {
  return new Map(
    issues.flatMap(({ atoms }, index) => atoms.map((atom) => [atomKey(atom), ids[index] ?? ''])),
  );
}

function partitionOf(...issues: string[][]): Partition {
  return group(
    issues.map((vulnerabilities, n) => bundle(`A-${n}`, 'a', `201${n}-01-01`, 'x', vulnerabilities)),
  );
}

function previousOf(ids: Record<string, string[]>): Map<string, string> {
  return new Map(
    Object.entries(ids).flatMap(([id, vulnerabilities]) =>
      vulnerabilities.map((vulnerability) => [atomKey({ product: 'x', vulnerability }), id] as const),
    ),
  );
}

describe('keepIds', () => {
  test('new issues are numbered in published order, by the year of their first report', () => {
    const { ids, minted } = keepIds(partitionOf(['CVE-1'], ['CVE-2'], ['CVE-3']), new Map(), counter());
    assert.deepEqual(ids, ['NSI-2010-0001', 'NSI-2011-0001', 'NSI-2012-0001']);
    assert.deepEqual(minted, ids);
  });

  test('an issue that grew keeps its id', () => {
    const previous = previousOf({ 'NSI-2010-0007': ['CVE-1'] });
    const kept = keepIds(partitionOf(['CVE-1', 'CVE-2']), previous, counter());
    assert.deepEqual([kept.ids, kept.minted, kept.redirects.size], [['NSI-2010-0007'], [], 0]);
  });

  test('merged: most atoms win, and of equals the older id; the other redirects', () => {
    const merged = partitionOf(['CVE-1', 'CVE-2', 'CVE-3']);
    const most = keepIds(
      merged,
      previousOf({ 'NSI-2010-0001': ['CVE-1'], 'NSI-2010-0002': ['CVE-2', 'CVE-3'] }),
      counter(),
    );
    assert.deepEqual(
      [most.ids, [...most.redirects]],
      [['NSI-2010-0002'], [['NSI-2010-0001', 'NSI-2010-0002']]],
    );
    const equal = keepIds(
      merged,
      previousOf({ 'NSI-2010-10000': ['CVE-1'], 'NSI-2010-9999': ['CVE-2'] }),
      counter(),
    );
    assert.deepEqual(
      [equal.ids, [...equal.redirects]],
      [['NSI-2010-9999'], [['NSI-2010-10000', 'NSI-2010-9999']]],
    );
  });

  test('split: the larger part keeps the id, the other gets a new one', () => {
    const kept = keepIds(
      partitionOf(['CVE-1'], ['CVE-2', 'CVE-3']),
      previousOf({ 'NSI-2010-0001': ['CVE-1', 'CVE-2', 'CVE-3'] }),
      () => 5,
    );
    assert.deepEqual([kept.ids, kept.minted], [['NSI-2010-0005', 'NSI-2010-0001'], ['NSI-2010-0005']]);
  });

  test('an issue whose best id another one holds more of takes its next best', () => {
    const kept = keepIds(
      partitionOf(['CVE-1', 'CVE-2', 'CVE-7'], ['CVE-3', 'CVE-4', 'CVE-5']),
      previousOf({
        'NSI-2010-0001': ['CVE-1', 'CVE-2', 'CVE-3', 'CVE-4', 'CVE-5'],
        'NSI-2010-0002': ['CVE-7'],
      }),
      counter(),
    );
    assert.deepEqual(kept.ids, ['NSI-2010-0002', 'NSI-2010-0001']);
  });

  test('an id whose reports were all taken back is said to have ended', () => {
    const kept = keepIds(partitionOf(['CVE-1']), previousOf({ 'NSI-2010-0001': ['CVE-9'] }), () => 2);
    assert.deepEqual([kept.ended, kept.ids], [['NSI-2010-0001'], ['NSI-2010-0002']]);
  });

  test('a number that is given twice is an error, not a second issue of that id', () => {
    assert.throws(
      () => keepIds(partitionOf(['CVE-1', 'CVE-2']), previousOf({ 'NSI-2010-0001': ['CVE-9'] }), () => 1),
      {
        code: 'CONFLICT',
      },
    );
  });

  test('atoms under new names keep their issue', () => {
    const previous = previousOf({ 'NSI-2010-0001': ['GHSA-1'], 'NSI-2009-0001': ['CVE-1'] });
    const renamed = renameAtoms(previous, (key) => key.replace('GHSA-1', 'CVE-1'));
    assert.deepEqual([...renamed], [['x CVE-1', 'NSI-2009-0001']]);
  });

  test('ids are ordered by year and number, not by their letters', () => {
    assert.deepEqual(['NSI-2018-0001', 'NSI-2017-10000', 'NSI-2017-9999'].sort(compareIssueIds), [
      'NSI-2017-9999',
      'NSI-2017-10000',
      'NSI-2018-0001',
    ]);
  });
});

describe('laws', () => {
  const histories = fc.array(anyBundles, { minLength: 1, maxLength: 4 });

  test('over any history each id is borne once, never comes back, and is kept, redirected or ended', () => {
    fc.assert(
      fc.property(histories, (steps) => {
        const next = counter();
        let previous = new Map<string, string>();
        const gone = new Set<string>();
        const redirects = new Map<string, string>();
        for (const bundles of steps) {
          const partition = group(bundles);
          const kept = keepIds(partition, previous, next);
          assert.equal(new Set(kept.ids).size, partition.issues.length);
          for (const id of kept.ids) assert.ok(!gone.has(id), `${id} came back`);
          for (const id of new Set(previous.values())) {
            const fates = [kept.ids.includes(id), kept.redirects.has(id), kept.ended.includes(id)];
            assert.equal(fates.filter(Boolean).length, 1, `${id}: ${fates}`);
          }
          for (const [from, to] of kept.redirects) {
            assert.ok(kept.ids.includes(to));
            redirects.set(from, to);
          }
          for (const id of [...kept.redirects.keys(), ...kept.ended]) gone.add(id);
          previous = atomIds(partition, kept);
        }
        for (const start of redirects.keys()) {
          let at: string | undefined = start;
          for (let steps = 0; at !== undefined; steps += 1) {
            assert.ok(steps <= redirects.size, `redirects from ${start} go in a circle`);
            at = redirects.get(at);
          }
        }
      }),
    );
  });

  test('doing it twice changes nothing', () => {
    fc.assert(
      fc.property(anyBundles, anyBundles, (before, after) => {
        const next = counter();
        const first = group(before);
        const second = group(after);
        const kept = keepIds(second, atomIds(first, keepIds(first, new Map(), next)), next);
        const again = keepIds(second, atomIds(second, kept), next);
        assert.deepEqual(again, { ids: kept.ids, minted: [], redirects: new Map(), ended: [] });
      }),
    );
  });

  test('ids do not depend on the order in which atoms were stored', () => {
    fc.assert(
      fc.property(anyBundles, anyBundles, (before: Bundle[], after: Bundle[]) => {
        const first = group(before);
        const stored = [...atomIds(first, keepIds(first, new Map(), counter()))];
        const partition = group(after);
        const mint = () => {
          const next = counter();
          return (year: number) => 1000 + next(year);
        };
        assert.deepEqual(
          keepIds(partition, new Map(stored.reverse()), mint()),
          keepIds(partition, new Map(stored.reverse()), mint()),
        );
      }),
    );
  });
});
