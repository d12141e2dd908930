import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { Verdict } from '#base/versions';
import {
  type DecisionRow,
  SHOWN,
  type StoredDecision,
  type SuggestionShown,
  storedDecision,
} from './store-decisions.ts';
import type { UrgencyPart } from './urgency.ts';

/** What waits for eyes, with how urgently and why. */
export interface QueueEntry {
  suggestion: number;
  issue: string;
  attr: string;
  urgency: number;
  parts: UrgencyPart[];
  /** What nobody has rated is `unknown`. */
  severity: string;
  opened: Date;
  /** Channels in which it may be hit. */
  channels: string[];
  /** Why it is asked again; null where nobody has decided. */
  again: string[] | null;
  fingerprint: string;
}

/** What the queue needs to know of a suggestion. */
export interface Waiting {
  suggestion: number;
  issue: string;
  attr: string;
  score: number;
  channels: { channel: string; verdict: Verdict }[];
}

const WAITING = sql`s.id as suggestion, s.issue, s.attr, s.score,
  (select coalesce(json_agg(json_build_object('channel', c.channel, 'verdict', c.verdict) order by c.channel), '[]')
    from suggestion_channel c where c.suggestion = s.id) as channels`;

/** Of the suggestions, those that people may have to look at. */
export async function waitingAmong(queries: Queries, suggestions: readonly number[]): Promise<Waiting[]> {
  const { rows } =
    await sql<Waiting>`select ${WAITING} from suggestion s where s.id = any(${suggestions}::bigint[])
    and s.state = 'open' and s.verdict <> 'not_affected' order by s.id`.execute(queries);
  return rows;
}

/** Numbers of suggestions, some at a time in their order. */
export async function suggestionsAfter(queries: Queries, after: number, limit: number): Promise<number[]> {
  const rows = await queries
    .selectFrom('suggestion')
    .select('id')
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(({ id }) => id);
}

/** Puts into the queue what belongs there, of the suggestions given, and takes out the others. */
export async function replaceEntries(
  tx: Tx,
  suggestions: readonly number[],
  entries: readonly QueueEntry[],
): Promise<void> {
  const json = JSON.stringify(entries);
  await sql`delete from queue_entry where suggestion = any(${suggestions}::bigint[])
    and not (suggestion = any(${entries.map(({ suggestion }) => suggestion)}::bigint[]))`.execute(tx);
  if (entries.length === 0) return;
  await sql`insert into queue_entry as q (suggestion, issue, attr, urgency, parts, severity, opened, channels, again, fingerprint)
    select suggestion, issue, attr, urgency, parts, severity, opened, array(select json_array_elements_text(channels)), again, fingerprint
    from json_to_recordset(${json}::json) as r(suggestion bigint, issue text, attr text, urgency int, parts jsonb, severity text,
      opened timestamptz, channels json, again jsonb, fingerprint text)
    on conflict (suggestion) do update set issue = excluded.issue, attr = excluded.attr, urgency = excluded.urgency,
      parts = excluded.parts, severity = excluded.severity, opened = excluded.opened, channels = excluded.channels,
      again = excluded.again, fingerprint = excluded.fingerprint
    where (q.issue, q.attr, q.urgency, q.parts, q.severity, q.opened, q.channels, q.again, q.fingerprint) is distinct from
      (excluded.issue, excluded.attr, excluded.urgency, excluded.parts, excluded.severity, excluded.opened, excluded.channels,
        excluded.again, excluded.fingerprint)`.execute(tx);
}

export interface QueueFilter {
  severity?: string | undefined;
  /** May be hit in that channel. */
  channel?: string | undefined;
  /** Only of this attribute, or of this issue. */
  attr?: string | undefined;
  issue?: string | undefined;
  /** Only what is asked again, or only what nobody has decided. */
  again?: boolean | undefined;
}

function conditions({ severity, channel, attr, issue, again }: QueueFilter) {
  const parts = [
    ...(severity === undefined ? [] : [sql`and q.severity = ${severity}`]),
    ...(channel === undefined ? [] : [sql`and q.channels @> array[${channel}]`]),
    ...(attr === undefined ? [] : [sql`and q.attr = ${attr}`]),
    ...(issue === undefined ? [] : [sql`and q.issue = ${issue}`]),
    ...(again === undefined ? [] : [again ? sql`and q.again is not null` : sql`and q.again is null`]),
  ];
  return sql.join(parts.length === 0 ? [sql``] : parts, sql` `);
}

/** Not passed over by that person as it is, and in nobody else's batch. */
function forPerson(account: number | null, now: Date) {
  if (account === null) return sql`true`;
  return sql`not exists (select from suggestion_skip k where k.account = ${account} and k.suggestion = q.suggestion
      and k.fingerprint = q.fingerprint)
    and not exists (select from queue_claim b where b.suggestion = q.suggestion and b.account <> ${account} and b.until > ${now})`;
}

/** An entry with all that is shown of its suggestion, and what was decided of it. */
export interface ShownEntry extends SuggestionShown {
  urgency: number;
  parts: UrgencyPart[];
  again: string[] | null;
  decided: StoredDecision | null;
}

const ORDER = sql`order by q.urgency desc, q.opened desc, q.suggestion`;

/** Everything about the entries that `chosen` chooses, in the order of the queue: one question, however many they are. */
async function shownEntries<More>(
  queries: Queries,
  chosen: ReturnType<typeof sql>,
  more = sql``,
): Promise<(ShownEntry & More)[]> {
  type Read = ShownEntry & More & Omit<DecisionRow, 'version'> & { version: number | null };
  const { rows } =
    await sql<Read>`select ${SHOWN}, q.urgency, q.parts, q.again, d.decision, d.reason, d.note, d.rule, d.confirms,
      d.version, d.decided_by as by, d.decided_at as at, d.decided_on as "decidedOn" ${more}
    from (${chosen}) q join suggestion s on s.id = q.suggestion left join suggestion_decision d on d.suggestion = q.suggestion
    ${ORDER}`.execute(queries);
  return rows.map(({ decision, reason, note, rule, confirms, version, by, at, decidedOn, ...rest }) => {
    const { id, suggestion } = rest as unknown as ShownEntry;
    const row = { id, suggestion, decision, reason, note, rule, confirms, by, at, decidedOn };
    const decided = version === null ? null : storedDecision({ ...row, version });
    return { ...(rest as unknown as ShownEntry & More), decided };
  });
}

/** The most urgent ones, of equally urgent ones the latest public first. */
export async function queueEntries(
  queries: Queries,
  {
    account,
    filter,
    limit,
    offset = 0,
    now,
  }: { account: number | null; filter: QueueFilter; limit: number; offset?: number; now: Date },
): Promise<ShownEntry[]> {
  return shownEntries(
    queries,
    sql`select q.* from queue_entry q where ${forPerson(account, now)} ${conditions(filter)} ${ORDER} limit ${limit} offset ${offset}`,
  );
}

/** How many wait, by severity, and how many of them are asked again. */
export async function queueCounts(
  queries: Queries,
): Promise<{ waiting: number; again: number; bySeverity: Record<string, number> }> {
  const rows = await queries.selectFrom('queue_count').selectAll().execute();
  const bySeverity: Record<string, number> = {};
  let [waiting, again] = [0, 0];
  for (const row of rows) {
    waiting += row.waiting;
    if (row.again) again += row.waiting;
    bySeverity[row.severity] = (bySeverity[row.severity] ?? 0) + row.waiting;
  }
  return { waiting, again, bySeverity };
}

/** A person passes over suggestions as they are now. */
export async function insertSkips(
  queries: Queries,
  account: number,
  suggestions: readonly number[],
  at: Date,
): Promise<number> {
  const { rows } = await sql`insert into suggestion_skip (account, suggestion, fingerprint, at)
    select ${account}, suggestion, fingerprint, ${at} from queue_entry where suggestion = any(${suggestions}::bigint[])
    on conflict (account, suggestion) do update set fingerprint = excluded.fingerprint, at = excluded.at returning 1`.execute(
    queries,
  );
  return rows.length;
}

/** … and wants to see them after all. */
export async function deleteSkips(
  queries: Queries,
  account: number,
  suggestions: readonly number[],
): Promise<void> {
  await queries
    .deleteFrom('suggestion_skip')
    .where('account', '=', account)
    .where('suggestion', '=', sql<number>`any(${suggestions}::bigint[])`)
    .execute();
}

/** What is in somebody's batch, in the order of the queue. */
export async function batchOf(
  queries: Queries,
  account: number,
  now: Date,
): Promise<(ShownEntry & { until: Date })[]> {
  return shownEntries<{ until: Date }>(
    queries,
    sql`select q.*, b.until from queue_claim b join queue_entry q on q.suggestion = b.suggestion
      where b.account = ${account} and b.until > ${now}`,
    sql`, q.until`,
  );
}

/** How many somebody has in their batch. */
export async function countBatch(queries: Queries, account: number, now: Date): Promise<number> {
  const { count } = await queries
    .selectFrom('queue_claim')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('account', '=', account)
    .where('until', '>', now)
    .executeTakeFirstOrThrow();
  return count;
}

/**
 * Gives somebody so many more, the most urgent ones that nobody has and that they have not passed over. Two who ask at the
 * same moment get different ones.
 */
export async function claimEntries(
  tx: Tx,
  account: number,
  { limit, filter, until, now }: { limit: number; filter: QueueFilter; until: Date; now: Date },
): Promise<number> {
  const { rows } = await sql`with free as (
      select q.suggestion from queue_entry q where ${forPerson(account, now)}
        and not exists (select from queue_claim b where b.suggestion = q.suggestion and b.until > ${now}) ${conditions(filter)}
      order by q.urgency desc, q.opened desc, q.suggestion limit ${limit} for update of q skip locked)
    insert into queue_claim as b (suggestion, account, until) select suggestion, ${account}, ${until} from free
    on conflict (suggestion) do update set account = excluded.account, until = excluded.until where b.until <= ${now}
    returning 1`.execute(tx);
  return rows.length;
}

export async function extendBatch(tx: Tx, account: number, until: Date, now: Date): Promise<void> {
  await tx
    .updateTable('queue_claim')
    .set({ until })
    .where('account', '=', account)
    .where('until', '>', now)
    .execute();
}

/** Gives back what somebody took; or only some of it. */
export async function releaseEntries(
  queries: Queries,
  account: number,
  suggestions?: readonly number[],
): Promise<void> {
  let query = queries.deleteFrom('queue_claim').where('account', '=', account);
  if (suggestions !== undefined)
    query = query.where('suggestion', '=', sql<number>`any(${suggestions}::bigint[])`);
  await query.execute();
}

export async function dropBatchesBefore(queries: Queries, now: Date): Promise<void> {
  await queries.deleteFrom('queue_claim').where('until', '<=', now).execute();
}
