import { sql } from 'kysely';
import { eventsById, type Queries, type Reading, remarkIn, type Tx } from '#base/db';

/**
 * Release gates are numbered from here on, so that the weekly lists keep their row of numbers: what asks for weekly ones up to
 * here never meets a gate.
 */
const GATES_AFTER = 1_000_000;

export interface Roundup {
  number: number;
  /** Of a release gate, its channel; null for the weekly list. */
  channel: string | null;
  /** Of a release gate, what it is for: "26.11". */
  release: string | null;
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
  /** The entry of the history that tells whether it is done; 0 where nobody has said so. */
  version: number;
  /** The one that tells what stands behind it. */
  remarkVersion: number;
}

const ROUNDUP = [
  'number',
  'channel',
  'release',
  'opened_at as openedAt',
  'covers_since as coversSince',
  'covers_until as coversUntil',
  'created_at as createdAt',
  'lead',
  'closed_at as closedAt',
] as const;

/** The roundup of that number, or the latest weekly one; null where there is none. */
export async function findRoundup(queries: Queries, number?: number): Promise<Roundup | null> {
  let query = queries.selectFrom('roundup').select(ROUNDUP);
  query = number === undefined ? query.where('kind', '=', 'weekly') : query.where('number', '=', number);
  return (await query.orderBy('number', 'desc').limit(1).executeTakeFirst()) ?? null;
}

/** The release gate that is open for a channel; null where none is. */
export async function openGateOf(queries: Queries, channel: string): Promise<Roundup | null> {
  const open = queries.selectFrom('roundup').select(ROUNDUP).where('kind', '=', 'gate');
  return (
    (await open.where('channel', '=', channel).where('closed_at', 'is', null).executeTakeFirst()) ?? null
  );
}

/**
 * A release gate of a channel: that of a release, or the one that is open, or the latest; null where there is none.
 */
export async function findGate(
  queries: Queries,
  { channel, release }: { channel: string; release?: string | undefined },
): Promise<Roundup | null> {
  const gates = queries.selectFrom('roundup').select(ROUNDUP).where('kind', '=', 'gate');
  let own = gates.where('channel', '=', channel);
  if (release !== undefined) own = own.where('release', '=', release);
  const latest = own.orderBy(sql`closed_at is null`, 'desc').orderBy('number', 'desc');
  return (await latest.limit(1).executeTakeFirst()) ?? null;
}

/** Releases that gates of a channel bear. */
export async function gateReleases(queries: Queries, channel: string): Promise<Set<string>> {
  const rows = await queries
    .selectFrom('roundup')
    .select('release')
    .where('kind', '=', 'gate')
    .where('channel', '=', channel)
    .execute();
  return new Set(rows.flatMap(({ release }) => release ?? []));
}

/** Whether a number is a release gate's. */
export function isGateNumber(number: number): boolean {
  return number > GATES_AFTER;
}

/** The number of the next release gate. */
export async function nextGateNumber(tx: Tx): Promise<number> {
  const row = await tx
    .selectFrom('roundup')
    .select('number')
    .where('kind', '=', 'gate')
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return (row?.number ?? GATES_AFTER) + 1;
}

/** The weekly ones, the latest first. */
export async function listRoundups(queries: Queries): Promise<Roundup[]> {
  return queries
    .selectFrom('roundup')
    .select(ROUNDUP)
    .where('kind', '=', 'weekly')
    .orderBy('number', 'desc')
    .execute();
}

/** Keeps two processes from opening or closing at once. */
export async function lockRoundups(tx: Tx): Promise<void> {
  await sql`lock table roundup in share row exclusive mode`.execute(tx);
}

/** Keeps roundups from being opened or closed meanwhile; any number may hold them so at once. */
export async function holdRoundups(tx: Tx): Promise<void> {
  await sql`lock table roundup in row exclusive mode`.execute(tx);
}

export async function insertRoundup(tx: Tx, roundup: Omit<Roundup, 'createdAt' | 'closedAt'>): Promise<void> {
  await tx
    .insertInto('roundup')
    .values({
      number: roundup.number,
      kind: roundup.channel === null ? 'weekly' : 'gate',
      channel: roundup.channel,
      release: roundup.release,
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

const LINE = [
  'roundup',
  'issue',
  'carried_from as carriedFrom',
  'done_at as doneAt',
  'done_by as doneBy',
  'remark',
  'version',
  'remark_version as remarkVersion',
] as const;

export async function linesOf(queries: Queries, roundup: number): Promise<StoredLine[]> {
  return queries
    .selectFrom('roundup_line')
    .select(LINE)
    .where('roundup', '=', roundup)
    .orderBy('issue')
    .execute();
}

/**
 * Takes remarks away that entries of the history told of, where they stand now: alone, beside others, carried over. Of an
 * entry that was erased before, all that stands there by it: what was said beside the erased words stayed, and no entry tells
 * of it any more.
 */
export async function forgetRemarks(tx: Tx, events: readonly number[]): Promise<void> {
  const entries = [...(await eventsById(tx, events)).values()];
  const erased = entries.flatMap(({ id, redactedAt }) => (redactedAt === null ? [] : [id]));
  await sql`update roundup_line set remark = '(redacted)'
    where remark is not null and remark_version = any(${erased}::bigint[])`.execute(tx);
  for (const event of entries) {
    const remark = remarkIn(event);
    if (remark === null) continue;
    await sql`update roundup_line set remark =
        substr(replace(' · ' || remark || ' · ', ${` · ${remark} · `}, ' · (redacted) · '), 4,
          length(replace(' · ' || remark || ' · ', ${` · ${remark} · `}, ' · (redacted) · ')) - 6)
      where position(${` · ${remark} · `} in ' · ' || remark || ' · ') > 0`.execute(tx);
  }
}

export async function insertLines(
  tx: Tx,
  roundup: number,
  lines: readonly Pick<StoredLine, 'issue' | 'carriedFrom' | 'remark' | 'remarkVersion'>[],
): Promise<void> {
  if (lines.length === 0) return;
  await sql`insert into roundup_line (roundup, issue, carried_from, remark, remark_version)
    select ${roundup}::int, issue, "carriedFrom", remark, "remarkVersion" from json_to_recordset(${JSON.stringify(lines)}::json)
      as r(issue text, "carriedFrom" int, remark text, "remarkVersion" bigint)
    on conflict (roundup, issue) do nothing`.execute(tx);
}

/** Of the issues, the latest line that each had in any weekly roundup. */
export async function lastLines(
  queries: Queries,
  issues: readonly string[],
): Promise<Map<string, StoredLine>> {
  const rows = await queries
    .selectFrom('roundup_line')
    .distinctOn('issue')
    .select(LINE)
    .where('issue', '=', sql<string>`any(${issues}::text[])`)
    .where('roundup', '<=', GATES_AFTER)
    .orderBy('issue')
    .orderBy('roundup', 'desc')
    .execute();
  return new Map(rows.map((row) => [row.issue, row]));
}

/** What is not done: of every issue that ever was on a weekly list the latest line, where that is open. */
export async function openLines(queries: Queries): Promise<StoredLine[]> {
  const latest = queries
    .selectFrom('roundup_line')
    .distinctOn('issue')
    .select(LINE)
    .where('roundup', '<=', GATES_AFTER)
    .orderBy('issue')
    .orderBy('roundup', 'desc');
  return queries.selectFrom(latest.as('latest')).selectAll().where('doneAt', 'is', null).execute();
}

/** Lines of some issues in a roundup and in those after it of its kind that go on with it (no gate does), locked. Always in one order, so that nobody waits in a circle. */
export async function lockLines(tx: Tx, roundup: number, issues: readonly string[]): Promise<StoredLine[]> {
  return tx
    .selectFrom('roundup_line')
    .select(LINE)
    .where('roundup', '>=', roundup)
    .where('roundup', '<=', Math.max(roundup, GATES_AFTER))
    .where('issue', '=', sql<string>`any(${issues}::text[])`)
    .orderBy('issue')
    .orderBy('roundup')
    .forUpdate()
    .execute();
}

/** What becomes of a line: done by somebody (who was first stays), or open again, and what stands behind it. */
export interface LineChange {
  roundup: number;
  issue: string;
  doneBy: string | null;
  remark: string | null;
  /** The entries of the history that tell so; undefined of what stays as it was. */
  version?: number | undefined;
  remarkVersion?: number | undefined;
}

/** By the database's clock, with which the growth of an issue is compared. */
export async function updateLines(tx: Tx, changes: readonly LineChange[]): Promise<void> {
  if (changes.length === 0) return;
  await sql`update roundup_line line set remark = r.remark, done_by = r."doneBy",
      version = coalesce(r.version, line.version), remark_version = coalesce(r."remarkVersion", line.remark_version),
      done_at = case when r."doneBy" is not null then coalesce(line.done_at, clock_timestamp()) end
    from json_to_recordset(${JSON.stringify(changes)}::json) as r(roundup int, issue text, "doneBy" text, remark text,
      version bigint, "remarkVersion" bigint)
    where line.roundup = r.roundup and line.issue = r.issue`.execute(tx);
}

/** A roundup in figures: what lists and headings need, without its lines. */
export interface RoundupFigures extends Roundup {
  lines: number;
  completed: number;
  carried: number;
}

/** A release gate in figures. */
export interface GateFigures extends RoundupFigures {
  channel: string;
  release: string;
}

/** Every weekly roundup in figures, the latest first; with `limit` the latest few. */
export async function roundupFigures(queries: Queries, limit?: number): Promise<RoundupFigures[]> {
  return figuresOf(queries, 'weekly', limit);
}

/** Every release gate in figures, the latest first; with `limit` the latest few. */
export async function gateFigures(queries: Queries, limit?: number): Promise<GateFigures[]> {
  const gates = await figuresOf(queries, 'gate', limit);
  return gates.flatMap(({ channel, release, ...gate }) =>
    channel === null || release === null ? [] : [{ ...gate, channel, release }],
  );
}

async function figuresOf(
  queries: Queries,
  kind: 'weekly' | 'gate',
  limit?: number,
): Promise<RoundupFigures[]> {
  const { rows } = await sql<RoundupFigures>`
    select r.number, r.channel, r.release, r.opened_at as "openedAt", r.covers_since as "coversSince", r.covers_until as "coversUntil",
      r.created_at as "createdAt", r.lead, r.closed_at as "closedAt",
      count(l.issue) as lines, count(l.done_at) as completed, count(l.carried_from) as carried
    from (select * from roundup where kind = ${kind} order by number desc limit ${limit ?? null}) r left join roundup_line l on l.roundup = r.number
    group by r.number, r.channel, r.release, r.opened_at, r.covers_since, r.covers_until, r.created_at, r.lead, r.closed_at
    order by r.number desc`.execute(queries);
  return rows;
}

/** The newest weekly roundup as the head of every page names it; null where there is none. */
export const latestRoundupReading: Reading<{ number: number; lines: number; completed: number } | null> = {
  sql: `select json_build_object('number', r.number, 'lines', count(l.issue), 'completed', count(l.done_at))
    from (select number from roundup where kind = 'weekly' order by number desc limit 1) r left join roundup_line l on l.roundup = r.number
    group by r.number`,
  read: (json) => json as { number: number; lines: number; completed: number } | null,
};

/** Ids of the issues in the roundup whose number is `$1`, for readings of other rooms. */
export const ISSUES_OF_ROUNDUP = 'array(select issue from roundup_line where roundup = $1::int)';

/** A roundup and its lines; `before` ticked something in the one before it. */
export interface StoredRoundup {
  roundup: Roundup;
  lines: Omit<StoredLine, 'roundup' | 'doneAt'>[];
  before: string[];
}

/** The roundup whose number is `$1`; null where there is none. */
export const roundupReading: Reading<StoredRoundup | null> = {
  sql: `select json_build_array(json_build_object('number', r.number, 'channel', r.channel, 'release', r.release, 'openedAt', r.opened_at,
      'coversSince', r.covers_since, 'coversUntil', r.covers_until, 'createdAt', r.created_at, 'lead', r.lead,
      'closedAt', r.closed_at),
      (select json_agg(json_build_array(l.issue, l.carried_from, l.done_by, l.remark, l.version, l.remark_version) order by l.issue)
        from roundup_line l where l.roundup = r.number),
      (select json_agg(distinct l.done_by) from roundup_line l where l.roundup = r.number - 1 and l.done_by is not null))
    from roundup r where r.number = $1::int`,
  read: (json) => {
    if (json === null) return null;
    const [roundup, lines, before] = json as [
      Record<'openedAt' | 'coversSince' | 'coversUntil' | 'createdAt', string> & {
        number: number;
        channel: string | null;
        release: string | null;
        lead: string | null;
        closedAt: string | null;
      },
      [string, number | null, string | null, string | null, number, number][] | null,
      string[] | null,
    ];
    return {
      roundup: {
        ...roundup,
        openedAt: new Date(roundup.openedAt),
        coversSince: new Date(roundup.coversSince),
        coversUntil: new Date(roundup.coversUntil),
        createdAt: new Date(roundup.createdAt),
        closedAt: roundup.closedAt === null ? null : new Date(roundup.closedAt),
      },
      lines: (lines ?? []).map(([issue, carriedFrom, doneBy, remark, version, remarkVersion]) => ({
        ...{ issue, carriedFrom, doneBy, remark, version, remarkVersion },
      })),
      before: before ?? [],
    };
  },
};

/** Numbers of the weekly roundups that list the issue whose id is `$1`, the first one first. */
export const roundupsReading: Reading<number[]> = {
  sql: `select json_agg(roundup order by roundup) from roundup_line where issue = $1 and roundup <= ${GATES_AFTER}`,
  read: (json) => (json ?? []) as number[],
};

/** Numbers of the weekly roundups that list an issue, the first one first. */
export async function roundupsListing(queries: Queries, issue: string): Promise<number[]> {
  const rows = await queries
    .selectFrom('roundup_line')
    .select('roundup')
    .where('issue', '=', issue)
    .where('roundup', '<=', GATES_AFTER)
    .orderBy('roundup')
    .execute();
  return rows.map(({ roundup }) => roundup);
}
