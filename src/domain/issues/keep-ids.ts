import { MusterError } from '#base/errors';
import { atomKey } from './bundle.ts';
import type { Partition } from './partition.ts';

/** Which issue is which after a recomputation. */
export interface KeptIds {
  /** Issue id by index into the partition's issues. */
  ids: readonly string[];
  /** Those of them that are new. */
  minted: readonly string[];
  /** Where each id that no issue bears any more leads: to the one that holds most of its atoms. Never to another redirect. */
  redirects: ReadonlyMap<string, string>;
  /** Ids that no issue bears and none of whose atoms exists any more (every report of it was taken back). */
  ended: readonly string[];
}

/**
 * Carries issue ids over from the last computation. Pairs of issue and old id are taken by how many atoms they have in common,
 * most first (ties: the older id, then the earlier issue); each id goes to one issue at most and each issue bears one. New ids
 * are `NSI-YYYY-NNNN`, minted in the partition's order: year of the issue's first report, number from `nextNumber(year)`, which must
 * never give a number twice. `previous`: issue id by atomKey, after canonical ids of vulnerabilities that changed have been changed
 * in it too ({@link renameAtoms}). Doing it twice gives the same ids.
 * Throws CONFLICT when `nextNumber` gives an id that is in use.
 */
export function keepIds(
  partition: Partition,
  previous: ReadonlyMap<string, string>,
  nextNumber: (year: number) => number,
): KeptIds {
  const pairs = overlaps(partition, previous);
  const ids: (string | undefined)[] = partition.issues.map(() => undefined);
  const borne = new Set<string>();
  for (const { issue, id } of pairs) {
    if (ids[issue] !== undefined || borne.has(id)) continue;
    ids[issue] = id;
    borne.add(id);
  }
  const known = new Set(previous.values());
  const minted: string[] = [];
  for (const [index, { opened }] of partition.issues.entries()) {
    if (ids[index] !== undefined) continue;
    const id = issueId(Number(opened.slice(0, 4)), nextNumber);
    if (known.has(id))
      throw new MusterError('CONFLICT', `${id} was to be given to a new issue, but it is in use.`);
    known.add(id);
    ids[index] = id;
    minted.push(id);
  }
  const redirects = new Map<string, string>();
  for (const { issue, id } of pairs) {
    const target = ids[issue];
    // Pairs come with the most atoms in common first, so the first one of an id is where most of it went.
    if (!borne.has(id) && !redirects.has(id) && target !== undefined) redirects.set(id, target);
  }
  const ended = [...new Set(previous.values())].filter((id) => !borne.has(id) && !redirects.has(id));
  return {
    ids: ids.filter((id) => id !== undefined),
    minted,
    redirects,
    ended: ended.sort(compareIssueIds),
  };
}

/** The last computation's atoms under their names of today. Where two become one, the issue with the older id keeps it. */
export function renameAtoms(
  previous: ReadonlyMap<string, string>,
  rename: (key: string) => string,
): Map<string, string> {
  const renamed = new Map<string, string>();
  for (const [key, id] of previous) {
    const now = rename(key);
    const other = renamed.get(now);
    if (other === undefined || compareIssueIds(id, other) < 0) renamed.set(now, id);
  }
  return renamed;
}

/** Order of issue ids by age: NSI-2017-0043 before NSI-2017-10000 before NSI-2018-0001. */
export function compareIssueIds(a: string, b: string): number {
  const [x, y] = [yearAndNumber(a), yearAndNumber(b)];
  return x[0] - y[0] || x[1] - y[1] || (a < b ? -1 : a > b ? 1 : 0);
}

function yearAndNumber(id: string): [number, number] {
  const match = /^NSI-(\d{4})-(\d{4,9})$/.exec(id);
  return match === null ? [Number.MAX_SAFE_INTEGER, 0] : [Number(match[1]), Number(match[2])];
}

function issueId(year: number, nextNumber: (year: number) => number): string {
  return `NSI-${String(year).padStart(4, '0')}-${String(nextNumber(year)).padStart(4, '0')}`;
}

interface Pair {
  issue: number;
  id: string;
  common: number;
}

function overlaps(partition: Partition, previous: ReadonlyMap<string, string>): Pair[] {
  const pairs: Pair[] = [];
  for (const [issue, { atoms }] of partition.issues.entries()) {
    const common = new Map<string, number>();
    for (const atom of atoms) {
      const id = previous.get(atomKey(atom));
      if (id !== undefined) common.set(id, (common.get(id) ?? 0) + 1);
    }
    for (const [id, n] of common) pairs.push({ issue, id, common: n });
  }
  return pairs.sort((a, b) => b.common - a.common || compareIssueIds(a.id, b.id) || a.issue - b.issue);
}
