import { createHash } from 'node:crypto';
import type { Queries } from '#base/db';
import { rangeWords } from '#base/versions';
import { recordRanges } from '#domain/sources';
import { statesOf } from './store-vulnerabilities.ts';

/** What the records said of a vulnerability. */
export interface RecordLook {
  state: 'published' | 'reserved' | 'rejected';
  severity: 'none' | 'low' | 'medium' | 'high' | 'critical' | null;
  /** "openssl before 1.0.2k", each once, sorted; to be read, and so not all of them. */
  ranges: readonly string[];
  /** Stands for all ranges, to the last: the same where they are the same. */
  whole: string;
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
  const stated = new Map<string, Stated[]>();
  for (const { vulnerability, ...each } of await recordRanges(queries, ids)) {
    const own = stated.get(vulnerability);
    if (own === undefined) stated.set(vulnerability, [each]);
    else own.push(each);
  }
  return new Map(
    known.map(({ id, state, severity }) => [id, { state, severity, ...rangesLook(stated.get(id) ?? []) }]),
  );
}

type Stated = Pick<Awaited<ReturnType<typeof recordRanges>>[number], 'name' | 'versions'>;

/** What records state of versions: some of it in words, and what stands for all of it. */
export function rangesLook(stated: readonly Stated[]): Pick<RecordLook, 'ranges' | 'whole'> {
  const told = new Set<string>();
  const all = new Set<string>();
  for (const { name, versions } of stated) {
    const words = rangeWords(versions);
    if (words !== null) told.add(cut(`${name} ${words}`));
    all.add(`${name} ${rangeWords(versions, Number.POSITIVE_INFINITY)}`);
  }
  return {
    ranges: [...told].sort().slice(0, MOST_RANGES),
    whole: createHash('sha256')
      .update([...all].sort().join('\n'))
      .digest('base64url')
      .slice(0, 22),
  };
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
