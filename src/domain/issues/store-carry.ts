import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { FieldValue } from '#domain/proposals';

/** A field of an issue as somebody set it; null where it was set back. */
export interface SaidField {
  issue: string;
  field: string;
  value: FieldValue;
  version: number;
  at: Date;
  by: string;
}

export async function fieldsSaidOf(queries: Queries, issues: readonly string[]): Promise<SaidField[]> {
  const { rows } =
    await sql<SaidField>`select issue, field, value, version, changed_at as at, changed_by as by
    from issue_field where issue = any(${issues}::text[]) order by issue, field`.execute(queries);
  return rows;
}

/** A package as people listed it, or took it off. */
export interface SaidListing {
  issue: string;
  package: string;
  kind: string;
  listed: boolean;
  version: number;
}

export async function listingsOf(queries: Queries, issues: readonly string[]): Promise<SaidListing[]> {
  const { rows } = await sql<SaidListing>`select issue, package, kind, listed, version from issue_package
    where issue = any(${issues}::text[]) order by issue, package`.execute(queries);
  return rows;
}

/** Of the issues, those that somebody commented on, or watches, or that something of a visitor's belongs to. */
export async function talkedAbout(queries: Queries, issues: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ issue: string }>`select issue from comment where issue = any(${issues}::text[])
    union select substr(topic, 7) from watch where topic = any(select 'issue:' || i from unnest(${issues}::text[]) i)
    union select issue from intake where issue = any(${issues}::text[])`.execute(queries);
  return new Set(rows.map(({ issue }) => issue));
}

/** Comments, and what visitors sent, go where their issue went. @returns how many comments */
export async function moveTalk(tx: Tx, from: string, to: string): Promise<number> {
  await sql`update intake set issue = ${to} where issue = ${from}`.execute(tx);
  const { rows } = await sql`update comment set issue = ${to} where issue = ${from} returning 1`.execute(tx);
  return rows.length;
}

/** Takes away what was said of issues, once it is said of what they have become. */
export async function clearSaid(tx: Tx, issue: string): Promise<void> {
  await sql`delete from status where issue = ${issue}`.execute(tx);
  await sql`delete from box_look where issue = ${issue}`.execute(tx);
  await sql`delete from issue_field where issue = ${issue}`.execute(tx);
  await sql`delete from issue_package where issue = ${issue}`.execute(tx);
}

/** Ids that lead to an issue now: what was merged into it. */
export async function mergedInto(queries: Queries, issue: string): Promise<string[]> {
  const rows = await queries
    .selectFrom('issue')
    .select('id')
    .where('redirect', '=', issue)
    .orderBy('id')
    .execute();
  return rows.map(({ id }) => id);
}
