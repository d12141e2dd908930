import { sql } from 'kysely';
import type { Queries } from '#base/db';
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
 * grew by our own clock after `cameInSince`, or is known since then to be used by attackers.
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
          : [
              eb('created_at', '>', cameInSince),
              eb('grown_at', '>', cameInSince),
              enteredSince(cameInSince),
            ]),
      ]),
    )
    .orderBy('id')
    .$castTo<Issue>()
    .execute();
}

function enteredSince(since: Date) {
  return sql<boolean>`exists (select from issue_exploitation x where x.issue = issue.id and x.entered_at > ${since})`;
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

/** Those of the ids whose issues stand, with the issue's product, in the order of the ids. */
export async function standingIssues(
  queries: Queries,
  ids: readonly string[],
): Promise<{ id: string; product: string }[]> {
  return queries
    .selectFrom('issue')
    .select(['id', 'product'])
    .where(STANDS)
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .orderBy('id')
    .execute();
}

/**
 * Issues that came out otherwise, or of which something new was said, in a computation after `seen`; also those that do not
 * stand any more. With the number of the computation up to which this is told.
 */
export async function issuesChangedSince(
  queries: Queries,
  seen: number,
): Promise<{ issues: string[]; computation: number }> {
  const { rows } = await sql<{ computation: number; issues: string[] | null }>`
    select (select computation from grouping_state) as computation,
      (select array_agg(id order by id) from issue where changed > ${seen}) as issues`.execute(queries);
  const [row] = rows;
  return { issues: row?.issues ?? [], computation: row?.computation ?? 0 };
}
