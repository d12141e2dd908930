import { sql } from 'kysely';
import { CopyRows, copyRows, type Database, refreshStatistics, type Tx } from '#base/db';
import type { MatchResult, ResultRow } from './issue-result.ts';
import { type Hit, hitsOf } from './store.ts';

/** Suggestions for one statement. */
const BATCH = 2000;

/** What is stored of issues that are matched again, by issue. */
export async function digestsOf(tx: Tx, issues: readonly string[]): Promise<Map<string, string | null>> {
  const rows = await tx
    .selectFrom('matched_issue')
    .select(['issue', 'digest'])
    .where('issue', '=', sql<string>`any(${issues}::text[])`)
    .execute();
  return new Map(rows.map(({ issue, digest }) => [issue, digest]));
}

/** Suggestions of the given issues. */
export async function suggestionsOf(
  tx: Tx,
  issues: readonly string[],
): Promise<{ id: number; issue: string; attr: string; state: string }[]> {
  return tx
    .selectFrom('suggestion')
    .select(['id', 'issue', 'attr', 'state'])
    .where('issue', '=', sql<string>`any(${issues}::text[])`)
    .execute();
}

/**
 * Marks suggestions as stale: nothing in the channels looks like it any more. They stay, with everything that was known of
 * them.
 */
export async function markStale(tx: Tx, suggestions: readonly number[]): Promise<void> {
  if (suggestions.length === 0) return;
  const hits = new Map<number, Hit[]>();
  for (const hit of await hitsOf(tx, suggestions))
    hits.set(hit.suggestion, [...(hits.get(hit.suggestion) ?? []), hit]);
  const kept = suggestions.map((id) => {
    const own = hits.get(id) ?? [];
    const channels = own.map(({ channel, version, verdict, evidence, patched }) => ({
      ...{ channel, version, verdict, evidence, patched },
    }));
    return { id, kept: { reasons: own[0]?.reasons ?? [], channels } };
  });
  await sql`update suggestion set state = 'stale', due_since = null, updated_at = clock_timestamp(), kept = r.kept
    from json_to_recordset(${JSON.stringify(kept)}::json) as r(id bigint, kept json)
    where suggestion.id = r.id and suggestion.state = 'open'`.execute(tx);
  await sql`delete from suggestion_channel where suggestion = any(${suggestions}::bigint[])`.execute(tx);
}

/** Takes what was found for issues away, but for the suggestions themselves, before what is found now is written. */
export async function clearResults(tx: Tx, issues: readonly string[]): Promise<void> {
  if (issues.length === 0) return;
  await sql`delete from suggestion_channel using suggestion
    where suggestion_channel.suggestion = suggestion.id and suggestion.issue = any(${issues}::text[])`.execute(
    tx,
  );
  await sql`delete from issue_channel where issue = any(${issues}::text[])`.execute(tx);
  await sql`delete from issue_evidence where issue = any(${issues}::text[])`.execute(tx);
  await sql`delete from issue_cells where issue = any(${issues}::text[])`.execute(tx);
}

/** Numbers for new suggestions, the first of so many. Callers hold the lock of matching. */
export async function reserveNumbers(tx: Tx, count: number): Promise<number> {
  const { rows } = await sql<{ first: number }>`
    select setval(s, nextval(s) + ${count}::bigint - 1) - ${count}::bigint + 1 as first
    from pg_get_serial_sequence('suggestion', 'id') s`.execute(tx);
  return rows[0]?.first ?? 0;
}

/** Writes suggestions, new ones and such as were there before, with what is known of them in each channel. */
export async function writeSuggestions(
  tx: Tx,
  suggestions: readonly { id: number; row: ResultRow }[],
  channels: readonly string[],
  version: number,
): Promise<void> {
  for (let start = 0; start < suggestions.length; start += BATCH) {
    const batch = suggestions.slice(start, start + BATCH);
    const rows = batch.map(({ id, row }) => `{"id":${id},${row.text.slice(1)}`);
    await sql`
      insert into suggestion as s (id, issue, attr, pname, score, verdict, reasons, matcher_version, due_since)
      overriding system value
      select id, issue, attr, pname, score, verdict, reasons, ${version}::int,
        case when verdict <> 'not_affected' then clock_timestamp() end
      from json_to_recordset(${`[${rows.join(',')}]`}::json) as r(id bigint, issue text, attr text, pname text, score real,
        verdict text, reasons int)
      on conflict (id) do update set pname = excluded.pname, score = excluded.score, verdict = excluded.verdict,
        reasons = excluded.reasons, matcher_version = excluded.matcher_version, state = 'open', kept = null,
        due_since = case when excluded.due_since is not null then coalesce(s.due_since, excluded.due_since) end,
        updated_at = clock_timestamp()`.execute(tx);
  }
  const cells = new CopyRows();
  for (const { id, row } of suggestions) {
    for (const { channel, version: packaged, verdict, evidence } of row.cells) {
      cells.row(5);
      cells.bigint(id);
      cells.text(channels[channel]);
      cells.text(packaged);
      cells.text(verdict);
      cells.integer(evidence);
    }
  }
  await copy(tx, 'suggestion_channel', ['suggestion', 'channel', 'version', 'verdict', 'evidence'], cells);
}

/** Writes what is known of issues as a whole, instead of what was known before: why, as lists show it, and the worst in each channel. */
export async function writeIssueResults(
  tx: Tx,
  results: readonly MatchResult[],
  channels: readonly string[],
): Promise<void> {
  const [evidence, cells, worst] = [new CopyRows(), new CopyRows(), new CopyRows()];
  for (const result of results) {
    const { issue } = result;
    evidence.row(2);
    evidence.text(issue);
    evidence.text(result.evidence);
    cells.row(2);
    cells.text(issue);
    cells.text(result.cells);
    for (const [channel, verdict] of result.worst) {
      worst.row(3);
      worst.text(issue);
      worst.text(channels[channel]);
      worst.text(verdict);
    }
  }
  await copy(tx, 'issue_evidence', ['issue', 'evidence'], evidence);
  await copy(tx, 'issue_cells', ['issue', 'cells'], cells);
  await copy(tx, 'issue_channel', ['issue', 'channel', 'verdict'], worst);
}

async function copy(tx: Tx, table: string, columns: readonly string[], rows: CopyRows): Promise<void> {
  if (rows.at > 0) await copyRows(tx, table, columns, [rows.stretch(0, rows.at)]);
}

/** The issues are matched. */
export async function recordResults(tx: Tx, results: readonly MatchResult[]): Promise<void> {
  const rows = results.map(({ issue, names, digest, rows: { length }, toLookAt }) => ({
    ...{ issue, names, digest, suggestions: length, to_look_at: toLookAt },
  }));
  await sql`update matched_issue m set due = false, names = r.names, digest = r.digest, suggestions = r.suggestions,
      to_look_at = r.to_look_at
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(issue text, names text[], digest text, suggestions int, to_look_at int)
    where m.issue = r.issue`.execute(tx);
}

/** To be called when much was matched. */
export async function refreshMatchingStatistics(database: Database): Promise<void> {
  await refreshStatistics(database, [
    ...([
      'suggestion',
      'suggestion_channel',
      'issue_evidence',
      'issue_cells',
      'issue_channel',
      'matched_issue',
    ] as const),
  ]);
}
