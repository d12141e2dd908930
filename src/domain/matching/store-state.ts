import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';

/** A channel's revision as it was seen. */
export interface SeenRevision {
  commit: string;
  /** ISO 8601. */
  committedAt: string;
  /** A second import of the same commit may bring patches that the first did not know. */
  importedAt: string;
}

/** What was seen when it was last decided which issues are due. */
export interface MatchingState {
  run: number;
  issuesSeen: number;
  /** By channel. */
  revisions: Readonly<Record<string, SeenRevision>>;
  matcherVersion: number;
}

function selectState(queries: Queries) {
  return queries
    .selectFrom('matching_state')
    .select(['run', 'issues_seen as issuesSeen', 'revisions', 'matcher_version as matcherVersion'])
    .$castTo<MatchingState>();
}

export async function matchingState(queries: Queries): Promise<MatchingState> {
  return selectState(queries).executeTakeFirstOrThrow();
}

/** Takes the one lock under which suggestions are written. It is held for one slice of issues at a time. */
export async function lockMatching(tx: Tx): Promise<MatchingState> {
  return selectState(tx).forUpdate().executeTakeFirstOrThrow();
}

export async function recordSeen(
  tx: Tx,
  { run, issuesSeen, revisions, matcherVersion }: MatchingState,
): Promise<void> {
  await tx
    .updateTable('matching_state')
    .set({
      run,
      issues_seen: issuesSeen,
      revisions: JSON.stringify(revisions),
      matcher_version: matcherVersion,
    })
    .execute();
}

/** By the database's clock, as what was written: whoever reads on from there (settle.ts) misses nothing. */
export async function recordMatched(tx: Tx): Promise<void> {
  await sql`update matching_state set matched_at = clock_timestamp()`.execute(tx);
}

/** Issues become due; `all` means every one that was ever matched. */
export async function markDue(tx: Tx, issues: readonly string[] | 'all'): Promise<void> {
  if (issues === 'all') await sql`update matched_issue set due = true where not due`.execute(tx);
  else if (issues.length > 0)
    await sql`insert into matched_issue (issue, due) select unnest(${issues}::text[]), true
      on conflict (issue) do update set due = true where not matched_issue.due`.execute(tx);
}

/** Issues that are due, or of the given ones those that are, in the order of their ids. */
export async function dueIssues(queries: Queries, among?: readonly string[]): Promise<string[]> {
  const query = queries.selectFrom('matched_issue').select('issue').where('due', '=', true).orderBy('issue');
  const rows = await (among === undefined
    ? query
    : query.where('issue', '=', sql<string>`any(${among}::text[])`)
  ).execute();
  return rows.map(({ issue }) => issue);
}

/** Of the given issues those for which all packages were looked through since something was new about them. */
export async function matchedAmong(queries: Queries, issues: readonly string[]): Promise<Set<string>> {
  if (issues.length === 0) return new Set();
  const rows = await queries
    .selectFrom('matched_issue')
    .select('issue')
    .where('issue', '=', sql<string>`any(${issues}::text[])`)
    .where('due', '=', false)
    .execute();
  return new Set(rows.map(({ issue }) => issue));
}

/** For every issue that was matched, the names under which packages were looked for. */
export async function namesAsked(queries: Queries): Promise<{ issue: string; names: string[] }[]> {
  return queries.selectFrom('matched_issue').select(['issue', 'names']).execute();
}

/** Up to which event boxes that people set are seen by the queue. */
export async function readBoxesSeen(queries: Queries): Promise<number> {
  const { rows } = await sql<{ seen: number }>`select boxes_seen as seen from queue_state`.execute(queries);
  return rows[0]?.seen ?? 0;
}

export async function recordBoxesSeen(queries: Queries, seen: number): Promise<void> {
  await sql`update queue_state set boxes_seen = greatest(boxes_seen, ${seen})`.execute(queries);
}
