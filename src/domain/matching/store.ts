import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { Verdict } from '#base/versions';
import type { ScorePart } from './candidates.ts';
import type { Suggestion } from './match-issue.ts';
import type { VulnerabilityVerdict } from './verdict.ts';

/** One suggestion in one channel, as lists and pages show it. */
export interface Hit {
  suggestion: number;
  issue: string;
  attr: string;
  pname: string;
  score: number;
  reasons: ScorePart[];
  channel: string;
  version: string;
  verdict: Verdict;
  evidence: VulnerabilityVerdict[];
  patched: string[];
}

export async function lockMatching(tx: Tx) {
  return tx.selectFrom('matching_state').selectAll().forUpdate().executeTakeFirstOrThrow();
}

export async function recordMatching(
  tx: Tx,
  seen: { issues_computed_at: Date | null; packages_seen: string; matcher_version: number },
): Promise<void> {
  await tx
    .updateTable('matching_state')
    .set({ ...seen, matched_at: new Date() })
    .execute();
}

/**
 * Writes what the matcher found for the given issues. What it does not find any more is marked stale and stays: open work
 * is never hidden by a rematch.
 *
 * @returns how many suggestions are new
 */
export async function storeSuggestions(
  tx: Tx,
  issues: readonly string[],
  suggestions: readonly Suggestion[],
  version: number,
): Promise<number> {
  const rows = suggestions.map(({ issue, attr, pname, score, reasons, verdict }) => ({
    issue,
    attr,
    pname,
    score,
    reasons,
    verdict,
  }));
  const { rows: stored } = await sql<{ id: number; issue: string; attr: string; fresh: boolean }>`
    insert into suggestion (issue, attr, pname, score, reasons, verdict, matcher_version)
    select issue, attr, pname, score, reasons, verdict, ${version}::int
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(issue text, attr text, pname text, score real, reasons jsonb, verdict text)
    on conflict (issue, attr) do update set pname = excluded.pname, score = excluded.score, reasons = excluded.reasons,
      verdict = excluded.verdict, matcher_version = excluded.matcher_version, state = 'open', updated_at = now()
    returning id, issue, attr, (xmax = 0) as fresh`.execute(tx);
  const ids = new Map(stored.map(({ id, issue, attr }) => [`${issue} ${attr}`, id]));
  await sql`delete from suggestion_channel where suggestion in (select id from suggestion where issue = any(${issues}::text[]))`.execute(
    tx,
  );
  const cells = suggestions.flatMap(({ issue, attr, channels }) =>
    channels.map(({ channel, version: packaged, verdict }) => ({
      suggestion: ids.get(`${issue} ${attr}`),
      channel,
      version: packaged,
      verdict: verdict.verdict,
      evidence: verdict.evidence,
      patched: verdict.patched,
    })),
  );
  for (let start = 0; start < cells.length; start += 2000) {
    await sql`insert into suggestion_channel (suggestion, channel, version, verdict, evidence, patched)
      select suggestion, channel, version, verdict, evidence, array(select jsonb_array_elements_text(patched))
      from json_to_recordset(${JSON.stringify(cells.slice(start, start + 2000))}::json) as r(suggestion bigint, channel text, version text,
        verdict text, evidence jsonb, patched jsonb)`.execute(tx);
  }
  const current = [...ids.values()];
  await sql`update suggestion set state = 'stale', updated_at = now()
    where issue = any(${issues}::text[]) and state = 'open' and not (id = any(${current}::bigint[]))`.execute(
    tx,
  );
  return stored.filter(({ fresh }) => fresh).length;
}

/** What may be hit, or nobody knows: what people have to look at. */
const TO_LOOK_AT = sql<boolean>`suggestion.state = 'open' and suggestion.verdict <> 'not_affected'`;

/** Of the given issues, those that have something to look at. */
export async function issuesWithSuggestion(
  queries: Queries,
  issues: readonly string[],
): Promise<Set<string>> {
  const rows = await queries
    .selectFrom('suggestion')
    .select('issue')
    .distinct()
    .where('issue', '=', sql<string>`any(${issues}::text[])`)
    .where(TO_LOOK_AT)
    .execute();
  return new Set(rows.map(({ issue }) => issue));
}

/** Issues for which the matcher first found something to look at after `since`. */
export async function issuesSuggestedSince(queries: Queries, since: Date): Promise<string[]> {
  const rows = await queries
    .selectFrom('suggestion')
    .select('issue')
    .distinct()
    .where('created_at', '>', since)
    .where(TO_LOOK_AT)
    .execute();
  return rows.map(({ issue }) => issue);
}

function selectHits(queries: Queries) {
  return queries
    .selectFrom('suggestion')
    .innerJoin('suggestion_channel as cell', 'cell.suggestion', 'suggestion.id')
    .select([
      'suggestion.id as suggestion',
      'suggestion.issue',
      'suggestion.attr',
      'suggestion.pname',
      'suggestion.score',
      'suggestion.reasons',
    ])
    .select(['cell.channel', 'cell.version', 'cell.verdict', 'cell.evidence', 'cell.patched'])
    .where('suggestion.state', '=', 'open')
    .orderBy('suggestion.score', 'desc')
    .orderBy('suggestion.attr')
    .$castTo<Hit>();
}

/** Every suggestion for the given issues in every channel, the likeliest packages first. */
export async function hitsOfIssues(queries: Queries, issues: readonly string[]): Promise<Hit[]> {
  return selectHits(queries).where('suggestion.issue', '=', sql<string>`any(${issues}::text[])`).execute();
}

/** Every suggestion for one package. */
export async function hitsOfPackage(queries: Queries, attr: string): Promise<Hit[]> {
  return selectHits(queries).where('suggestion.attr', '=', attr).execute();
}

/** Suggestions that somebody has to look at, and all. */
export async function countSuggestions(queries: Queries): Promise<{ toLookAt: number; all: number }> {
  const { rows } = await sql<{ toLookAt: number; all: number }>`
    select count(*) filter (where verdict <> 'not_affected') as "toLookAt", count(*) as "all" from suggestion where state = 'open'`.execute(
    queries,
  );
  return rows[0] ?? { toLookAt: 0, all: 0 };
}

/** Issues that may be open in a channel: `affected` where some package of it looks hit, else `unknown` where nobody can say. */
export interface OpenInChannel {
  channel: string;
  verdict: 'affected' | 'unknown';
  issues: string[];
}

/** For every channel (or the one named) the issues that may be open there, by the worst of their packages. */
export async function openByChannel(queries: Queries, channel?: string): Promise<OpenInChannel[]> {
  const one = channel === undefined ? sql`` : sql`and cell.channel = ${channel}`;
  // Of the two, `affected` comes first by alphabet, so the least is the worst.
  const { rows } = await sql<OpenInChannel>`
    select channel, verdict, array_agg(issue) as issues from (
      select cell.channel, suggestion.issue, min(cell.verdict) as verdict
      from suggestion_channel cell join suggestion on suggestion.id = cell.suggestion
      where suggestion.state = 'open' and cell.verdict <> 'not_affected' ${one}
      group by cell.channel, suggestion.issue) worst
    group by channel, verdict`.execute(queries);
  return rows;
}

/** Marks as stale what is proposed for issues that do not stand any more: they were merged away, or their reports taken back. */
export async function markStaleExcept(tx: Tx, standing: readonly string[]): Promise<void> {
  await sql`update suggestion set state = 'stale', updated_at = now()
    where state = 'open' and not exists (select from unnest(${standing}::text[]) s(id) where s.id = suggestion.issue)`.execute(
    tx,
  );
}
