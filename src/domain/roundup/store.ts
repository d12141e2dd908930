import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';

export interface Roundup {
  number: number;
  openedAt: Date;
  coversSince: Date;
  coversUntil: Date;
  createdAt: Date;
  lead: string | null;
  closedAt: Date | null;
}

export interface StoredLine {
  roundup: number;
  issue: string;
  carriedFrom: number | null;
  doneAt: Date | null;
  doneBy: string | null;
  remark: string | null;
}

const ROUNDUP = [
  'number',
  'opened_at as openedAt',
  'covers_since as coversSince',
  'covers_until as coversUntil',
  'created_at as createdAt',
  'lead',
  'closed_at as closedAt',
] as const;

/** The roundup of that number, or the latest one; null where there is none. */
export async function findRoundup(queries: Queries, number?: number): Promise<Roundup | null> {
  let query = queries.selectFrom('roundup').select(ROUNDUP);
  if (number !== undefined) query = query.where('number', '=', number);
  return (await query.orderBy('number', 'desc').limit(1).executeTakeFirst()) ?? null;
}

export async function listRoundups(queries: Queries): Promise<Roundup[]> {
  return queries.selectFrom('roundup').select(ROUNDUP).orderBy('number', 'desc').execute();
}

/** Keeps two processes from opening or closing at once. */
export async function lockRoundups(tx: Tx): Promise<void> {
  await sql`lock table roundup in share row exclusive mode`.execute(tx);
}

export async function insertRoundup(tx: Tx, roundup: Omit<Roundup, 'createdAt' | 'closedAt'>): Promise<void> {
  await tx
    .insertInto('roundup')
    .values({
      number: roundup.number,
      opened_at: roundup.openedAt,
      covers_since: roundup.coversSince,
      covers_until: roundup.coversUntil,
      lead: roundup.lead,
    })
    .execute();
}

export async function closeRoundupRow(tx: Tx, number: number, at: Date): Promise<void> {
  await tx.updateTable('roundup').set({ closed_at: at }).where('number', '=', number).execute();
}

export async function linesOf(queries: Queries, roundup: number): Promise<StoredLine[]> {
  return queries
    .selectFrom('roundup_line')
    .select([
      'roundup',
      'issue',
      'carried_from as carriedFrom',
      'done_at as doneAt',
      'done_by as doneBy',
      'remark',
    ])
    .where('roundup', '=', roundup)
    .orderBy('issue')
    .execute();
}

export async function insertLines(
  tx: Tx,
  roundup: number,
  lines: readonly { issue: string; carriedFrom: number | null; remark: string | null }[],
): Promise<void> {
  if (lines.length === 0) return;
  await sql`insert into roundup_line (roundup, issue, carried_from, remark)
    select ${roundup}::int, issue, "carriedFrom", remark from json_to_recordset(${JSON.stringify(lines)}::json)
      as r(issue text, "carriedFrom" int, remark text)
    on conflict (roundup, issue) do nothing`.execute(tx);
}

/** Of the issues, the latest line that each had in any roundup. */
export async function lastLines(
  queries: Queries,
  issues: readonly string[],
): Promise<Map<string, StoredLine>> {
  const { rows } = await sql<StoredLine>`
    select distinct on (issue) roundup, issue, carried_from as "carriedFrom", done_at as "doneAt", done_by as "doneBy", remark
    from roundup_line where issue = any(${issues}::text[]) order by issue, roundup desc`.execute(queries);
  return new Map(rows.map((row) => [row.issue, row]));
}

/** Marks a line as done, once: who was first stays. False if it was done already, null if there is no such line. */
export async function tickLine(
  tx: Tx,
  roundup: number,
  issue: string,
  by: string,
  remark: string | null,
): Promise<boolean | null> {
  const row = await tx
    .selectFrom('roundup_line')
    .select(['done_at'])
    .where('roundup', '=', roundup)
    .where('issue', '=', issue)
    .forUpdate()
    .executeTakeFirst();
  if (row === undefined) return null;
  if (row.done_at !== null) return false;
  await tx
    .updateTable('roundup_line')
    .set({ done_at: new Date(), done_by: by, ...(remark === null ? {} : { remark }) })
    .where('roundup', '=', roundup)
    .where('issue', '=', issue)
    .execute();
  return true;
}

/** Takes a tick back. False if the line was not done, null if there is no such line. */
export async function untickLine(tx: Tx, roundup: number, issue: string): Promise<boolean | null> {
  const { rows } = await sql<{ was: Date | null }>`
    update roundup_line new set done_at = null, done_by = null
    from (select roundup, issue, done_at from roundup_line where roundup = ${roundup} and issue = ${issue} for update) old
    where new.roundup = old.roundup and new.issue = old.issue returning old.done_at as was`.execute(tx);
  const row = rows[0];
  return row === undefined ? null : row.was !== null;
}

/** A roundup in figures: what lists and headings need, without its lines. */
export interface RoundupFigures extends Roundup {
  lines: number;
  completed: number;
  carried: number;
}

/** Every roundup in figures, the latest first; with `limit` the latest few. */
export async function roundupFigures(queries: Queries, limit?: number): Promise<RoundupFigures[]> {
  const { rows } = await sql<RoundupFigures>`
    select r.number, r.opened_at as "openedAt", r.covers_since as "coversSince", r.covers_until as "coversUntil",
      r.created_at as "createdAt", r.lead, r.closed_at as "closedAt",
      count(l.issue) as lines, count(l.done_at) as completed, count(l.carried_from) as carried
    from (select * from roundup order by number desc limit ${limit ?? null}) r left join roundup_line l on l.roundup = r.number
    group by r.number, r.opened_at, r.covers_since, r.covers_until, r.created_at, r.lead, r.closed_at
    order by r.number desc`.execute(queries);
  return rows;
}

/** Numbers of the roundups that list an issue, the first one first. */
export async function roundupsListing(queries: Queries, issue: string): Promise<number[]> {
  const rows = await queries
    .selectFrom('roundup_line')
    .select('roundup')
    .where('issue', '=', issue)
    .orderBy('roundup')
    .execute();
  return rows.map(({ roundup }) => roundup);
}
