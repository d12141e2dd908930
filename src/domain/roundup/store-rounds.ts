import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import { parseIsoDate } from '#base/formats';
import type { FieldState, Forgotten, Written } from '#domain/proposals';
import type { Roundup } from './store.ts';

const ROUNDUP = sql`number, channel, release, opened_at as "openedAt", covers_since as "coversSince", covers_until as "coversUntil",
  created_at as "createdAt", lead, closed_at as "closedAt"`;

/** The latest weekly rounds, the last one first. */
export async function latestRounds(queries: Queries, limit: number): Promise<Roundup[]> {
  const { rows } =
    await sql<Roundup>`select ${ROUNDUP} from roundup where kind = 'weekly' order by number desc limit ${limit}`.execute(
      queries,
    );
  return rows;
}

/** Since when rounds open by themselves. */
export async function clockSince(queries: Queries): Promise<Date> {
  const { since } = await queries.selectFrom('roundup_clock').select('since').executeTakeFirstOrThrow();
  return since;
}

/** What is not done of a round's list. */
export async function countRemaining(queries: Queries, roundup: number): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) as count from roundup_line
    where roundup = ${roundup} and done_at is null`.execute(queries);
  return rows[0]?.count ?? 0;
}

/** Who leads which of the weeks; those for which nobody is named are left out. */
export async function rotaOf(
  queries: Queries,
  weeks: readonly string[],
): Promise<Map<string, { account: number; version: number }>> {
  const { rows } = await sql<{
    week: string;
    account: number;
    version: number;
  }>`select week, account, version from rota
    where week = any(${weeks}::date[]) and account is not null order by week`.execute(queries);
  return new Map(rows.map(({ week, account, version }) => [week, { account, version }]));
}

export async function readRota(tx: Tx, ids: readonly string[]): Promise<Map<string, { value: FieldState }>> {
  const weeks = ids.filter((id) => id.length === 10 && parseIsoDate(id) === id);
  const { rows } = await sql<{
    week: string;
    account: number | null;
    version: number;
  }>`select week, account, version from rota
    where week = any(${weeks}::date[])`.execute(tx);
  const known = new Map(rows.map((row) => [row.week, row]));
  return new Map(
    weeks.map((week) => {
      const row = known.get(week);
      return [week, { value: { value: personOf(row?.account ?? null), version: row?.version ?? 0 } }];
    }),
  );
}

export async function writeRota(tx: Tx, written: readonly Written[]): Promise<void> {
  const rows = written.map(({ id, value, version }) => ({ week: id, account: accountOf(value), version }));
  await sql`insert into rota (week, account, version) select week, account, version
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(week date, account bigint, version bigint)
    on conflict (week) do update set account = excluded.account, version = excluded.version`.execute(tx);
}

/** Who leads rounds, where an account does. */
export async function leadsOf(
  queries: Queries,
  rounds: readonly number[],
): Promise<Map<number, { account: number | null; version: number }>> {
  const rows = await queries
    .selectFrom('roundup_lead')
    .select(['roundup', 'account', 'version'])
    .where('roundup', '=', sql<number>`any(${rounds}::int[])`)
    .execute();
  return new Map(rows.map(({ roundup, account, version }) => [roundup, { account, version }]));
}

export async function insertLead(tx: Tx, roundup: number, account: number, version: number): Promise<void> {
  await tx
    .insertInto('roundup_lead')
    .values({ roundup, account, version })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

/** The lead of rounds that are open. */
export async function readLeads(tx: Tx, ids: readonly string[]): Promise<Map<string, { lead: FieldState }>> {
  const numbers = ids.filter((id) => /^[1-9]\d{0,8}$/.test(id)).map(Number);
  const { rows } = await sql<{ number: number; account: number | null; version: number | null }>`
    select r.number, l.account, l.version from roundup r left join roundup_lead l on l.roundup = r.number
    where r.number = any(${numbers}::int[]) and r.closed_at is null`.execute(tx);
  return new Map(
    rows.map(({ number, account, version }) => [
      String(number),
      { lead: { value: personOf(account), version: version ?? 0 } },
    ]),
  );
}

export async function writeLeads(tx: Tx, written: readonly Written[]): Promise<void> {
  for (const { id, value, version } of written) {
    const row = { account: accountOf(value), version };
    await tx
      .insertInto('roundup_lead')
      .values({ roundup: Number(id), ...row })
      .onConflict((conflict) => conflict.column('roundup').doUpdateSet(row))
      .execute();
  }
}

/** Something to do before a round is closed. */
export interface ChecklistItem {
  roundup: number;
  key: string;
  words: string;
  done: boolean;
  version: number;
}

/** The checklist of some rounds, in its order. */
export async function itemsOf(queries: Queries, rounds: readonly number[]): Promise<ChecklistItem[]> {
  const { rows } = await sql<ChecklistItem>`select roundup, key, words, done, version from roundup_item
    where roundup = any(${rounds}::int[]) and words is not null order by roundup, position, key`.execute(
    queries,
  );
  return rows;
}

/** Gives a round its checklist, unless it has one. @returns whether it was given now */
export async function insertItems(
  tx: Tx,
  roundup: number,
  items: readonly { key: string; words: string }[],
): Promise<boolean> {
  const rows = items.map((item, position) => ({ ...item, position }));
  const { rows: inserted } = await sql`insert into roundup_item (roundup, key, position, words)
    select ${roundup}::int, key, position, words from json_to_recordset(${JSON.stringify(rows)}::json) as r(key text, position int, words text)
    where not exists (select from roundup_item where roundup = ${roundup}) returning 1`.execute(tx);
  return inserted.length > 0;
}

/** Items of rounds that are open, by `31/announce`; one that is not there can be added. */
export async function readItems(tx: Tx, ids: readonly string[]): Promise<Map<string, { value: FieldState }>> {
  const named = ids.flatMap((id) => {
    const [, roundup, key] = /^([1-9]\d{0,8})\/([a-z0-9][a-z0-9-]{0,39})$/.exec(id) ?? [];
    return roundup === undefined || key === undefined ? [] : [{ id, roundup: Number(roundup), key }];
  });
  const { rows } = await sql<{
    id: string;
    words: string | null;
    done: boolean | null;
    version: number | null;
  }>`
    select r.id, i.words, i.done, i.version from json_to_recordset(${JSON.stringify(named)}::json) as r(id text, roundup int, key text)
    join roundup u on u.number = r.roundup and u.closed_at is null
    left join roundup_item i on i.roundup = r.roundup and i.key = r.key`.execute(tx);
  return new Map(
    rows.map(({ id, words, done, version }) => [
      id,
      { value: { value: words === null ? null : { words, done: done === true }, version: version ?? 0 } },
    ]),
  );
}

export async function writeItems(tx: Tx, written: readonly Written[]): Promise<void> {
  const rows = written.map(({ id, value, version }) => {
    const slash = id.indexOf('/');
    const item = value as { words: string; done: boolean } | null;
    return {
      roundup: Number(id.slice(0, slash)),
      key: id.slice(slash + 1),
      words: item?.words ?? null,
      done: item?.done ?? false,
      version,
    };
  });
  await sql`insert into roundup_item (roundup, key, position, words, done, version)
    select roundup, key, 1000, words, done, version from json_to_recordset(${JSON.stringify(rows)}::json)
      as r(roundup int, key text, words text, done boolean, version bigint)
    on conflict (roundup, key) do update set words = excluded.words, done = excluded.done, version = excluded.version`.execute(
    tx,
  );
}

export async function eraseItems(tx: Tx, forgotten: readonly Forgotten[]): Promise<void> {
  await sql`update roundup_item i set words = null from jsonb_to_recordset(${JSON.stringify(forgotten)}::jsonb) as r(id text, events bigint[])
    where r.id = i.roundup || '/' || i.key and i.version = any(r.events)`.execute(tx);
}

function personOf(account: number | null): string | null {
  return account === null ? null : `person:${account}`;
}

function accountOf(value: unknown): number | null {
  return typeof value === 'string' ? Number(value.slice('person:'.length)) : null;
}
