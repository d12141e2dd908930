import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { Verdict } from '#base/versions';
import type { ScorePart } from './candidates.ts';
import {
  type DecisionRow,
  type StoredDecision,
  type SuggestionShown,
  shownWhere,
  storedDecision,
} from './store-decisions.ts';
import type { UrgencyPart } from './urgency.ts';

/** What a line of the queue shows of a suggestion, made ready when it changes. Of the evidence the telling lines, a few for each channel. */
export interface QueueLine {
  pname: string;
  score: number;
  reasons: ScorePart[];
  verdict: Verdict;
  channels: SuggestionShown['channels'];
  /** Why it is so urgent. */
  parts: UrgencyPart[];
  /** Why it is asked again; null where nobody has decided. */
  again: string[] | null;
}

/** What waits for eyes. */
export interface QueueEntry {
  suggestion: number;
  issue: string;
  attr: string;
  urgency: number;
  /** What nobody has rated is `unknown`. */
  severity: string;
  opened: Date;
  /** Channels in which it may be hit. */
  channels: string[];
  /** Used by attackers, or likely to be. */
  exploited: 'known' | 'likely' | null;
  line: QueueLine;
  /** What one who passes over it has seen. */
  fingerprint: string;
}

/** Of the suggestions, those that people may have to look at. */
export async function waitingAmong(
  queries: Queries,
  suggestions: readonly number[],
): Promise<SuggestionShown[]> {
  return shownWhere(queries, sql`s.id = any(${suggestions}::bigint[]) and s.due_since is not null`);
}

/** Numbers of suggestions that wait, or did when the queue was last written, some at a time in their order. */
export async function suggestionsAfter(queries: Queries, after: number, limit: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`
    select id from suggestion s where id > ${after}
      and (due_since is not null or exists (select from queue_entry q where q.suggestion = s.id))
    order by id limit ${limit}`.execute(queries);
  return rows.map(({ id }) => id);
}

/** Stands for all that an entry says: what has the same need not be written. */
export function contentOf(entry: QueueEntry): string {
  return createHash('sha256')
    .update(JSON.stringify(rowOf(entry)))
    .digest('base64url')
    .slice(0, 16);
}

function rowOf({ line, ...entry }: QueueEntry) {
  return { ...entry, again: line.again !== null, shown: line };
}

/** By suggestion, what stands for the entry that it has in the queue. */
export async function contentsOf(
  queries: Queries,
  suggestions: readonly number[],
): Promise<Map<number, string>> {
  const { rows } = await sql<{
    suggestion: number;
    content: string;
  }>`select suggestion, content from queue_entry
    where suggestion = any(${suggestions}::bigint[])`.execute(queries);
  return new Map(rows.map(({ suggestion, content }) => [suggestion, content]));
}

/** Puts into the queue what belongs there, of the suggestions given, and takes out the others. */
export async function replaceEntries(
  tx: Tx,
  suggestions: readonly number[],
  entries: readonly QueueEntry[],
): Promise<void> {
  await sql`delete from queue_entry where suggestion = any(${suggestions}::bigint[])
    and not (suggestion = any(${entries.map(({ suggestion }) => suggestion)}::bigint[]))`.execute(tx);
  if (entries.length === 0) return;
  const rows = entries.map((entry) => ({ ...rowOf(entry), content: contentOf(entry) }));
  await sql`insert into queue_entry as q (suggestion, issue, attr, urgency, severity, opened, channels, asked_again, shown,
      fingerprint, content, exploited)
    select suggestion, issue, attr, urgency, severity, opened, array(select json_array_elements_text(channels)), again, shown,
      fingerprint, content, exploited
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(suggestion bigint, issue text, attr text, urgency int, severity text,
      opened timestamptz, channels json, again boolean, shown json, fingerprint text, content text,
      exploited text)
    on conflict (suggestion) do update set issue = excluded.issue, attr = excluded.attr, urgency = excluded.urgency,
      severity = excluded.severity, opened = excluded.opened, channels = excluded.channels, asked_again = excluded.asked_again,
      shown = excluded.shown, fingerprint = excluded.fingerprint, content = excluded.content,
      exploited = excluded.exploited
    where q.content <> excluded.content`.execute(tx);
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
  /** Only what is known to be used by attackers; or what is known to be, or likely. */
  exploited?: 'known' | 'likely' | undefined;
}

function conditions({ severity, channel, attr, issue, again, exploited }: QueueFilter) {
  const parts = [
    ...(severity === undefined ? [] : [sql`and q.severity = ${severity}`]),
    ...(channel === undefined ? [] : [sql`and q.channels @> array[${channel}]`]),
    ...(attr === undefined ? [] : [sql`and q.attr = ${attr}`]),
    ...(issue === undefined ? [] : [sql`and q.issue = ${issue}`]),
    ...(exploited === undefined
      ? []
      : [exploited === 'known' ? sql`and q.exploited = 'known'` : sql`and q.exploited is not null`]),
    ...(again === undefined ? [] : [again ? sql`and q.asked_again` : sql`and not q.asked_again`]),
  ];
  return sql.join(parts.length === 0 ? [sql``] : parts, sql` `);
}

/**
 * Not passed over by that person as it is, and in nobody else's batch. `not in` of a list that is read once: whoever has
 * passed over thousands would wait for as many look-ups.
 */
function forPerson(account: number | null, now: Date) {
  if (account === null) return sql`true`;
  return sql`(q.suggestion, q.fingerprint) not in (select k.suggestion, k.fingerprint from suggestion_skip k where k.account = ${account})
    and q.suggestion not in (select b.suggestion from queue_claim b where b.account <> ${account} and b.until > ${now})`;
}

/** An entry as it is shown, with what was decided of its suggestion. */
export interface ShownEntry extends QueueLine {
  /** `NSI-2017-0043/openssl`: what changes name. */
  id: string;
  suggestion: number;
  issue: string;
  attr: string;
  urgency: number;
  decided: StoredDecision | null;
}

const ORDER = sql`order by q.urgency desc, q.opened desc, q.suggestion`;

/** Everything about the entries that `chosen` chooses, in the order of the queue: one question, however many they are. */
async function shownEntries(
  queries: Queries,
  chosen: ReturnType<typeof sql>,
): Promise<(ShownEntry & { until: Date | null })[]> {
  type Read = Omit<DecisionRow, 'id' | 'version'> & {
    version: number | null;
    issue: string;
    attr: string;
    urgency: number;
    shown: QueueLine;
    until: Date | null;
  };
  const { rows } =
    await sql<Read>`select q.suggestion, q.issue, q.attr, q.urgency, q.shown, q.until, d.decision, d.reason, d.note,
      d.rule, d.confirms, d.version, d.decided_by as by, d.decided_at as at, d.decided_on as "decidedOn"
    from (${chosen}) q left join suggestion_decision d on d.suggestion = q.suggestion ${ORDER}`.execute(
      queries,
    );
  return rows.map(({ suggestion, issue, attr, urgency, shown, until, version, ...row }) => {
    const id = `${issue}/${attr}`;
    const decided = version === null ? null : storedDecision({ ...row, id, suggestion, version });
    return { ...shown, id, suggestion, issue, attr, urgency, until, decided };
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
    sql`select q.*, null as until from queue_entry q where ${forPerson(account, now)} ${conditions(filter)} ${ORDER} limit ${limit} offset ${offset}`,
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
): Promise<(ShownEntry & { until: Date | null })[]> {
  return shownEntries(
    queries,
    sql`select q.*, b.until from queue_claim b join queue_entry q on q.suggestion = b.suggestion
      where b.account = ${account} and b.until > ${now}`,
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

/** Arbitrary, the same in every version: those who ask for a batch are served one after another. */
const BATCHES = 7_268_401_954;

/** Keeps others from taking the same until the transaction ends. */
export async function lockBatches(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(${BATCHES}::bigint)`.execute(tx);
}

/** Gives somebody so many more, the most urgent ones that nobody has and that they have not passed over. Callers hold the lock. */
export async function claimEntries(
  tx: Tx,
  account: number,
  { limit, filter, until, now }: { limit: number; filter: QueueFilter; until: Date; now: Date },
): Promise<void> {
  await sql`insert into queue_claim (suggestion, account, until)
    select q.suggestion, ${account}, ${until} from queue_entry q where ${forPerson(account, now)}
      and q.suggestion not in (select b.suggestion from queue_claim b where b.until > ${now}) ${conditions(filter)}
    ${ORDER} limit ${limit}
    on conflict (suggestion) do update set account = excluded.account, until = excluded.until`.execute(tx);
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
