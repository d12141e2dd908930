import { sql } from 'kysely';
import { type Database, type Queries, refreshStatistics, type Tx } from '#base/db';
import type { Severity } from '#domain/sources';

/** An issue without what hangs on it. */
export interface Issue {
  id: string;
  product: string;
  title: string;
  severity: Severity | null;
  /** When its first and its last report were published. */
  opened: Date;
  lastReport: Date;
  createdAt: Date;
  grownAt: Date;
}

/** A vulnerability as the records describe it. */
export interface Vulnerability {
  id: string;
  canonical: string;
  state: 'published' | 'reserved' | 'rejected';
  title: string | null;
  description: string | null;
  published: Date | null;
  severity: Severity | null;
  score: number | null;
  weaknesses: string[] | null;
  flaw: string | null;
}

export interface StoredAtom {
  product: string;
  vulnerability: string;
  issue: string;
}

export interface StoredMembership {
  issue: string;
  report: number;
  published: Date | null;
  coverage: 'full' | 'partial';
  why: unknown;
}

/** What people say of two atoms. */
export interface IssueLink {
  id: number;
  kind: 'must' | 'cannot';
  a: { product: string; vulnerability: string };
  b: { product: string; vulnerability: string };
  author: string;
  reason: string;
}

export const ISSUE = [
  'id',
  'product',
  'title',
  'severity',
  'opened',
  'last_report as lastReport',
  'created_at as createdAt',
  'grown_at as grownAt',
] as const;

/** Neither merged away nor without any report left. */
export const STANDS = sql<boolean>`redirect is null and ended_at is null`;

/** Takes the one lock under which issues are computed, and says what the last computation had seen. */
export async function lockGrouping(tx: Tx) {
  return tx.selectFrom('grouping_state').selectAll().forUpdate().executeTakeFirstOrThrow();
}

export async function groupingState(queries: Queries) {
  return queries.selectFrom('grouping_state').selectAll().executeTakeFirstOrThrow();
}

export async function recordGrouping(
  tx: Tx,
  seen: { reports_changed: number; links_seen: number; products_seen: number; grouping_version: number },
): Promise<void> {
  await tx
    .updateTable('grouping_state')
    .set({ ...seen, computed_at: new Date() })
    .execute();
}

/** Grow whenever people's links or the watched products change. */
export async function linksMark(queries: Queries): Promise<number> {
  const { rows } = await sql<{
    mark: number;
  }>`select count(*) + count(revoked_at) as mark from issue_link`.execute(queries);
  return rows[0]?.mark ?? 0;
}

export async function productsMark(queries: Queries): Promise<number> {
  const { rows } = await sql<{ mark: number }>`select count(*) as mark from watched_product`.execute(queries);
  return rows[0]?.mark ?? 0;
}

export async function watchedProducts(queries: Queries): Promise<Set<string>> {
  const rows = await queries.selectFrom('watched_product').select('product').execute();
  return new Set(rows.map(({ product }) => product));
}

export async function insertWatched(tx: Tx, products: readonly string[]): Promise<void> {
  await sql`insert into watched_product (product) select distinct unnest(${products}::text[]) on conflict do nothing`.execute(
    tx,
  );
}

export async function activeLinks(queries: Queries): Promise<IssueLink[]> {
  const rows = await queries
    .selectFrom('issue_link')
    .selectAll()
    .where('revoked_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind as IssueLink['kind'],
    a: { product: row.product_a, vulnerability: row.vulnerability_a },
    b: { product: row.product_b, vulnerability: row.vulnerability_b },
    author: row.author,
    reason: row.reason,
  }));
}

export async function insertLink(tx: Tx, link: Omit<IssueLink, 'id'>): Promise<number> {
  const { id } = await tx
    .insertInto('issue_link')
    .values({
      kind: link.kind,
      product_a: link.a.product,
      vulnerability_a: link.a.vulnerability,
      product_b: link.b.product,
      vulnerability_b: link.b.vulnerability,
      author: link.author,
      reason: link.reason,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

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
    on conflict (year) do update set last = greatest(issue_number.last, excluded.last)`.execute(tx);
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

/** Writes issues that are new or changed. An issue that had been merged away and comes back stands again. */
export async function upsertIssues(tx: Tx, rows: readonly IssueRow[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`insert into issue (id, year, number, product, title, severity, opened, last_report)
    select id, year, number, product, title, severity, opened, last_report
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id text, year int, number int, product text, title text, severity text,
      opened timestamptz, last_report timestamptz)
    on conflict (id) do update set product = excluded.product, title = excluded.title, severity = excluded.severity,
      opened = excluded.opened, last_report = excluded.last_report, redirect = null, ended_at = null`.execute(
    tx,
  );
  const grown = rows.filter((row) => row.grown).map(({ id }) => id);
  await sql`update issue set grown_at = now() where id = any(${grown}::text[])`.execute(tx);
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
  await sql`update issue set ended_at = now() where id = any(${ids}::text[]) and ended_at is null`.execute(
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
  if (removed.length > 0) {
    await sql`delete from issue_atom using json_array_elements(${pairs(removed)}::json) r
      where product = r->>0 and vulnerability = r->>1`.execute(tx);
  }
  if (put.length > 0) {
    await sql`insert into issue_atom (product, vulnerability, issue)
      select r->>0, r->>1, r->>2 from json_array_elements(${pairs(put)}::json) r
      on conflict (product, vulnerability) do update set issue = excluded.issue`.execute(tx);
  }
}

export async function replaceMemberships(
  tx: Tx,
  removed: readonly { issue: string; report: number }[],
  put: readonly StoredMembership[],
): Promise<void> {
  if (removed.length > 0) {
    const rows = removed.map(({ issue, report }) => [issue, report]);
    await sql`delete from issue_report using json_array_elements(${JSON.stringify(rows)}::json) r
      where issue = r->>0 and report = (r->>1)::bigint`.execute(tx);
  }
  for (let start = 0; start < put.length; start += 5000) {
    await sql`insert into issue_report (issue, report, published, coverage, why)
      select issue, report, published, coverage, why from json_to_recordset(${JSON.stringify(put.slice(start, start + 5000))}::json)
        as r(issue text, report bigint, published timestamptz, coverage text, why jsonb)
      on conflict (issue, report) do update set published = excluded.published, coverage = excluded.coverage, why = excluded.why`.execute(
      tx,
    );
  }
}

export async function upsertVulnerabilities(tx: Tx, rows: readonly Vulnerability[]): Promise<void> {
  for (let start = 0; start < rows.length; start += 2000) {
    await sql`insert into vulnerability (id, canonical, state, title, description, published, severity, score, weaknesses, flaw)
      select id, canonical, state, title, description, published, severity, score, weaknesses, flaw
      from json_to_recordset(${JSON.stringify(rows.slice(start, start + 2000))}::json) as r(id text, canonical text, state text, title text,
        description text, published timestamptz, severity text, score real, weaknesses text[], flaw text)
      on conflict (id) do update set canonical = excluded.canonical, state = excluded.state, title = excluded.title,
        description = excluded.description, published = excluded.published, severity = excluded.severity, score = excluded.score,
        weaknesses = excluded.weaknesses, flaw = excluded.flaw`.execute(tx);
  }
}

/** What titles and severities of issues are made from. */
export async function vulnerabilityFlaws(
  queries: Queries,
): Promise<Map<string, { flaw: string | null; severity: Severity | null }>> {
  const rows = await queries.selectFrom('vulnerability').select(['id', 'flaw', 'severity']).execute();
  return new Map(rows.map(({ id, flaw, severity }) => [id, { flaw, severity: severity as Severity | null }]));
}

/** The issue of that id, and where it leads if it was merged away; null if there never was one. */
export async function issueById(
  queries: Queries,
  id: string,
): Promise<{ issue: Issue; redirect: string | null } | null> {
  const row = await queries
    .selectFrom('issue')
    .select(ISSUE)
    .select('redirect')
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { redirect, ...issue } = row;
  return { issue: issue as Issue, redirect };
}

export async function issuesById(queries: Queries, ids: readonly string[]): Promise<Issue[]> {
  return queries
    .selectFrom('issue')
    .select(ISSUE)
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .$castTo<Issue>()
    .execute();
}

/** Issues that a vulnerability is in. */
export async function issuesOfVulnerability(queries: Queries, vulnerability: string): Promise<Issue[]> {
  return queries
    .selectFrom('issue')
    .select(ISSUE)
    .where('id', 'in', (eb) =>
      eb.selectFrom('issue_atom').select('issue').where('vulnerability', '=', vulnerability),
    )
    .orderBy('id')
    .$castTo<Issue>()
    .execute();
}

export interface IssueFilter {
  product?: string;
  limit: number;
  offset: number;
}

/** Issues, the one with the latest report first. */
export async function listIssues(queries: Queries, filter: IssueFilter): Promise<Issue[]> {
  let query = queries.selectFrom('issue').select(ISSUE).where(STANDS);
  if (filter.product !== undefined) query = query.where('product', '=', filter.product);
  return query
    .orderBy('last_report', 'desc')
    .orderBy('id')
    .limit(filter.limit)
    .offset(filter.offset)
    .$castTo<Issue>()
    .execute();
}

export async function countIssues(queries: Queries): Promise<{ issues: number; vulnerabilities: number }> {
  const { rows } = await sql<{ issues: number; vulnerabilities: number }>`
    select (select count(*) from issue where redirect is null and ended_at is null) as issues, (select count(*) from vulnerability) as vulnerabilities`.execute(
    queries,
  );
  return rows[0] ?? { issues: 0, vulnerabilities: 0 };
}

/** Atoms of the given issues, by product and id. */
export async function atomsOf(queries: Queries, issues: readonly string[]): Promise<StoredAtom[]> {
  return queries
    .selectFrom('issue_atom')
    .select(['product', 'vulnerability', 'issue'])
    .where('issue', '=', sql<string>`any(${issues}::text[])`)
    .orderBy('product')
    .orderBy('vulnerability')
    .execute();
}

export async function membershipsOf(
  queries: Queries,
  issues: readonly string[],
): Promise<StoredMembership[]> {
  return queries
    .selectFrom('issue_report')
    .select(['issue', 'report', 'published', 'coverage', 'why'])
    .where('issue', '=', sql<string>`any(${issues}::text[])`)
    .$castTo<StoredMembership>()
    .execute();
}

export async function vulnerabilitiesById(
  queries: Queries,
  ids: readonly string[],
): Promise<Vulnerability[]> {
  return queries
    .selectFrom('vulnerability')
    .selectAll()
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .orderBy('id')
    .$castTo<Vulnerability>()
    .execute();
}

/** Issues that a report is in. */
export async function issuesOfReport(queries: Queries, report: number): Promise<Issue[]> {
  return queries
    .selectFrom('issue')
    .select(ISSUE)
    .where('id', 'in', (eb) => eb.selectFrom('issue_report').select('issue').where('report', '=', report))
    .orderBy('id')
    .$castTo<Issue>()
    .execute();
}

/**
 * Issues that may belong on a roundup: with a report published in [publishedSince, publishedBefore), or that came in or
 * grew by our own clock after `cameInSince`.
 */
export async function issuesForRoundup(
  queries: Queries,
  {
    publishedSince,
    publishedBefore,
    cameInSince,
  }: { publishedSince: Date; publishedBefore: Date; cameInSince: Date | null },
): Promise<Issue[]> {
  return queries
    .selectFrom('issue')
    .select(ISSUE)
    .where(STANDS)
    .where('opened', '<', publishedBefore)
    .where((eb) =>
      eb.or([
        eb.and([eb('last_report', '>=', publishedSince), hasReportBetween(publishedSince, publishedBefore)]),
        ...(cameInSince === null
          ? []
          : [eb('created_at', '>', cameInSince), eb('grown_at', '>', cameInSince)]),
      ]),
    )
    .orderBy('id')
    .$castTo<Issue>()
    .execute();
}

function hasReportBetween(since: Date, before: Date) {
  return sql<boolean>`(opened >= ${since} or exists (select from issue_report m where m.issue = issue.id and m.published >= ${since} and m.published < ${before}))`;
}

/** For each id, the id under which its issue stands now: itself, or where it was merged into. Unknown ids are left out. */
export async function standing(queries: Queries, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = await queries
    .selectFrom('issue')
    .select(['id', 'redirect'])
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .execute();
  return new Map(rows.map(({ id, redirect }) => [id, redirect ?? id]));
}

/** Ids that are an alias of another one, with the id that their set goes by. */
export async function canonicalIds(queries: Queries): Promise<Map<string, string>> {
  const rows = await queries
    .selectFrom('vulnerability')
    .select(['id', 'canonical'])
    .whereRef('id', '<>', 'canonical')
    .execute();
  return new Map(rows.map(({ id, canonical }) => [id, canonical]));
}

/** Issues that stand, some at a time in the order of their ids: for whoever has to look at all of them. */
export async function issuesAfter(queries: Queries, after: string, limit: number): Promise<Issue[]> {
  return queries
    .selectFrom('issue')
    .select(ISSUE)
    .where(STANDS)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .$castTo<Issue>()
    .execute();
}

/** Ids that were rejected when they were last described. */
export async function rejectedIds(queries: Queries): Promise<Set<string>> {
  const rows = await queries
    .selectFrom('vulnerability')
    .select('id')
    .where('state', '=', 'rejected')
    .execute();
  return new Set(rows.map(({ id }) => id));
}

/** False where it was revoked already, or never made. */
export async function revokeLink(tx: Tx, id: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('issue_link')
    .set({ revoked_at: new Date() })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** To be called when issues were computed. */
export async function refreshIssueStatistics(database: Database): Promise<void> {
  await refreshStatistics(database, ['issue', 'issue_atom', 'issue_report', 'vulnerability']);
}
