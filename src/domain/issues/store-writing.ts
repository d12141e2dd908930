import { sql } from 'kysely';
import { type Database, type Queries, refreshStatistics, type Tx } from '#base/db';
import type { Severity } from '#domain/sources';
import { ISSUE, type Issue, STANDS, type StoredAtom, type StoredMembership } from './store.ts';

/** Rows for one statement: enough that the way to the server counts for nothing, few enough for a modest message. */
const BATCH = 2000;

export async function allAtoms(queries: Queries): Promise<StoredAtom[]> {
  return queries.selectFrom('issue_atom').select(['product', 'vulnerability', 'issue']).execute();
}

export async function allMemberships(queries: Queries): Promise<StoredMembership[]> {
  return queries
    .selectFrom('issue_report')
    .select(['issue', 'report', 'published', 'coverage', 'why'])
    .$castTo<StoredMembership>()
    .execute();
}

/** Issues that stand (not merged away). */
export async function allIssues(queries: Queries): Promise<Issue[]> {
  return queries.selectFrom('issue').select(ISSUE).where(STANDS).$castTo<Issue>().execute();
}

/** The next number of each year. Callers hold the grouping lock. */
export async function lastNumbers(queries: Queries): Promise<Map<number, number>> {
  const rows = await queries.selectFrom('issue_number').selectAll().execute();
  return new Map(rows.map(({ year, last }) => [year, last]));
}

export async function saveNumbers(tx: Tx, last: ReadonlyMap<number, number>): Promise<void> {
  const rows = [...last].map(([year, number]) => [year, number]);
  await sql`insert into issue_number (year, last) select (r->>0)::int, (r->>1)::int from json_array_elements(${JSON.stringify(rows)}::json) r
    on conflict (year) do update set last = excluded.last where issue_number.last < excluded.last`.execute(
    tx,
  );
}

export interface IssueRow {
  id: string;
  year: number;
  number: number;
  product: string;
  title: string;
  severity: Severity | null;
  opened: Date;
  last_report: Date;
  grown: boolean;
}

/** Writes issues that this computation made or changed. One that had been merged away and comes back stands again. */
export async function upsertIssues(tx: Tx, rows: readonly IssueRow[], computation: number): Promise<void> {
  for (const grown of [true, false]) {
    const since = grown ? sql`, grown_at = excluded.grown_at` : sql``;
    for (const batch of batches(rows.filter((row) => row.grown === grown))) {
      await sql`insert into issue (id, year, number, product, title, severity, opened, last_report, changed)
        select id, year, number, product, title, severity, opened, last_report, ${computation}::bigint
        from json_to_recordset(${JSON.stringify(batch)}::json) as r(id text, year int, number int, product text, title text,
          severity text, opened timestamptz, last_report timestamptz)
        on conflict (id) do update set product = excluded.product, title = excluded.title, severity = excluded.severity,
          opened = excluded.opened, last_report = excluded.last_report, redirect = null, ended_at = null,
          changed = excluded.changed ${since}`.execute(tx);
    }
  }
}

/** Says of issues whose rows stay as they are that something else about them is new with this computation. */
export async function markChanged(tx: Tx, issues: readonly string[], computation: number): Promise<void> {
  if (issues.length === 0) return;
  await sql`update issue set changed = ${computation} where id = any(${issues}::text[])`.execute(tx);
}

export async function redirectIssues(
  tx: Tx,
  redirects: readonly { from: string; to: string }[],
): Promise<void> {
  if (redirects.length === 0) return;
  const rows = redirects.map(({ from, to }) => [from, to]);
  await sql`update issue set redirect = r->>1 from json_array_elements(${JSON.stringify(rows)}::json) r where issue.id = r->>0`.execute(
    tx,
  );
  // Older redirects lead straight on, so that no page has to follow a chain.
  await sql`update issue set redirect = target.redirect from issue target
    where issue.redirect = target.id and target.redirect is not null`.execute(tx);
}

export async function endIssues(tx: Tx, ids: readonly string[]): Promise<void> {
  await sql`update issue set ended_at = clock_timestamp() where id = any(${ids}::text[]) and ended_at is null`.execute(
    tx,
  );
}

export async function replaceAtoms(
  tx: Tx,
  removed: readonly StoredAtom[],
  put: readonly StoredAtom[],
): Promise<void> {
  const pairs = (atoms: readonly StoredAtom[]) =>
    JSON.stringify(atoms.map(({ product, vulnerability, issue }) => [product, vulnerability, issue]));
  for (const batch of batches(removed)) {
    await sql`delete from issue_atom using json_array_elements(${pairs(batch)}::json) r
      where product = r->>0 and vulnerability = r->>1`.execute(tx);
  }
  for (const batch of batches(put)) {
    await sql`insert into issue_atom (product, vulnerability, issue)
      select r->>0, r->>1, r->>2 from json_array_elements(${pairs(batch)}::json) r
      on conflict (product, vulnerability) do update set issue = excluded.issue`.execute(tx);
  }
}

export async function replaceMemberships(
  tx: Tx,
  removed: readonly { issue: string; report: number }[],
  put: readonly StoredMembership[],
): Promise<void> {
  for (const batch of batches(removed)) {
    const rows = batch.map(({ issue, report }) => [issue, report]);
    await sql`delete from issue_report using json_array_elements(${JSON.stringify(rows)}::json) r
      where issue = r->>0 and report = (r->>1)::bigint`.execute(tx);
  }
  for (const batch of batches(put)) {
    await sql`insert into issue_report (issue, report, published, coverage, why)
      select issue, report, published, coverage, why from json_to_recordset(${JSON.stringify(batch)}::json)
        as r(issue text, report bigint, published timestamptz, coverage text, why jsonb)
      on conflict (issue, report) do update set published = excluded.published, coverage = excluded.coverage, why = excluded.why`.execute(
      tx,
    );
  }
}

/** To be called when issues were computed. */
export async function refreshIssueStatistics(database: Database): Promise<void> {
  await refreshStatistics(database, ['issue', 'issue_atom', 'issue_report', 'vulnerability']);
}

function* batches<T>(rows: readonly T[]): Generator<T[]> {
  for (let start = 0; start < rows.length; start += BATCH) yield rows.slice(start, start + BATCH);
}
