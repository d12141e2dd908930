import type { Database } from '#base/db';
import type { MatchResult } from './issue-result.ts';
import { dueIssues, lockMatching, recordMatched } from './store-state.ts';
import {
  clearResults,
  digestsOf,
  markStale,
  recordResults,
  reserveNumbers,
  suggestionsOf,
  writeIssueResults,
  writeSuggestions,
} from './store-writing.ts';

/** A slice of issues that was matched. */
export interface Slice {
  /** Number of the run for which it was matched. */
  run: number;
  /** The issues; for those that do not stand any more there is no result. */
  ids: readonly string[];
  results: readonly MatchResult[];
  /** Channels by their place. */
  channels: readonly string[];
  /** Of the matcher. */
  version: number;
}

/**
 * Stores what was found for a slice of issues, all of it or nothing. What is not found any more is marked stale and stays:
 * open work is never hidden by a rematch. What comes out as before is not written.
 *
 * @returns how many issues and how many new suggestions; null where something newer was seen since the run began: then
 *   nothing is written, and the issues stay due
 */
export async function writeResults(
  database: Database,
  { run, ids, results, channels, version }: Slice,
): Promise<{ issues: number; fresh: number } | null> {
  return database.transaction(async (tx) => {
    const state = await lockMatching(tx);
    if (state.run !== run) return null;
    // Another run of the same number may have been faster.
    const due = new Set(await dueIssues(tx, ids));
    const found = new Map(results.map((result) => [result.issue, result]));
    const all = ids.filter((id) => due.has(id)).map((id) => found.get(id) ?? nothing(id));
    const digests = await digestsOf(tx, [...due]);
    const changed = all.filter(({ issue, digest }) => digests.get(issue) !== digest);
    const again = changed.filter(({ issue }) => digests.get(issue) !== null).map(({ issue }) => issue);
    const before = again.length === 0 ? [] : await suggestionsOf(tx, again);
    const known = new Map(before.map(({ id, issue, attr }) => [`${issue} ${attr}`, id]));
    const rows = changed.flatMap(({ issue, rows: own }) =>
      own.map((row) => ({ key: `${issue} ${row.attr}`, row })),
    );
    const still = new Set(rows.map(({ key }) => key));
    const gone = before.filter(
      ({ issue, attr, state: each }) => each === 'open' && !still.has(`${issue} ${attr}`),
    );
    await markStale(
      tx,
      gone.map(({ id }) => id),
    );
    await clearResults(tx, again);
    const fresh = rows.filter(({ key }) => !known.has(key));
    if (fresh.length > 0) {
      const first = await reserveNumbers(tx, fresh.length);
      for (const [place, { key }] of fresh.entries()) known.set(key, first + place);
    }
    const numbered = rows.map(({ key, row }) => ({ id: known.get(key) ?? 0, row }));
    await writeSuggestions(tx, numbered, channels, version);
    await writeIssueResults(tx, changed, channels);
    await recordResults(tx, all);
    if (all.length > 0) await recordMatched(tx);
    return { issues: all.length, fresh: fresh.length };
  });
}

/** An issue that was merged away or has no report left. */
function nothing(issue: string): MatchResult {
  return {
    ...{ issue, names: [], rows: [], worst: [], toLookAt: 0 },
    evidence: '{"reasons":[],"vulnerabilities":[],"verdicts":[]}',
    cells: '[[],[],[],[],[]]',
    digest: '',
  };
}
