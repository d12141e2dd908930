import type { Queries } from '#base/db';
import { rangeWords } from '#base/versions';
import { recordRanges } from '#domain/sources';
import { statesOf } from './store-vulnerabilities.ts';

/** What the records said of a vulnerability. */
export interface RecordLook {
  state: 'published' | 'reserved' | 'rejected';
  severity: 'none' | 'low' | 'medium' | 'high' | 'critical' | null;
  /** "openssl before 1.0.2k", each once, sorted. */
  ranges: readonly string[];
}

/** Of the ranges of one vulnerability so many are remembered, each no longer than that: a person is to read them. */
const MOST_RANGES = 12;
const LONGEST_RANGE = 160;

/**
 * What was read in a transaction that is going on: one decision asks three times for the same (of the suggestion, of its boxes,
 * of its place in the queue), and records are not written where people's words are.
 */
const READ = new WeakMap<Queries, Map<string, RecordLook>>();

/** What records say of vulnerabilities just now, to be held against what they say later. */
export async function recordLooks(
  queries: Queries,
  vulnerabilities: readonly string[],
): Promise<Map<string, RecordLook>> {
  const ids = [...new Set(vulnerabilities)];
  if (!queries.isTransaction) return readLooks(queries, ids);
  const read = READ.get(queries) ?? new Map<string, RecordLook>();
  READ.set(queries, read);
  const missing = ids.filter((id) => !read.has(id));
  for (const [id, look] of await readLooks(queries, missing)) read.set(id, look);
  return new Map(ids.flatMap((id) => [[id, read.get(id)] as const]).filter(isRead));
}

function isRead(entry: readonly [string, RecordLook | undefined]): entry is readonly [string, RecordLook] {
  return entry[1] !== undefined;
}

async function readLooks(queries: Queries, ids: readonly string[]): Promise<Map<string, RecordLook>> {
  if (ids.length === 0) return new Map();
  const known = await statesOf(queries, ids);
  const ranges = new Map<string, Set<string>>();
  for (const { vulnerability, name, versions } of await recordRanges(queries, ids)) {
    const words = rangeWords(versions);
    if (words === null) continue;
    ranges.set(vulnerability, (ranges.get(vulnerability) ?? new Set()).add(cut(`${name} ${words}`)));
  }
  return new Map(
    known.map(({ id, state, severity }) => [
      id,
      { state, severity, ranges: [...(ranges.get(id) ?? [])].sort().slice(0, MOST_RANGES) },
    ]),
  );
}

/** Those of some vulnerabilities that records speak of. */
export function recordsOf(
  vulnerabilities: readonly string[],
  looks: ReadonlyMap<string, RecordLook>,
): Record<string, RecordLook> {
  return Object.fromEntries(
    vulnerabilities.flatMap((id) => {
      const look = looks.get(id);
      return look === undefined ? [] : [[id, look] as const];
    }),
  );
}

function cut(text: string): string {
  const signs = [...text];
  return signs.length <= LONGEST_RANGE ? text : `${signs.slice(0, LONGEST_RANGE - 1).join('')}…`;
}
