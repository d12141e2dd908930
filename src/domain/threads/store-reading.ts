import { sql } from 'kysely';
import { type Database, type Queries, type Reading, together } from '#base/db';
import type { KnownKey, Signature } from '#base/mail';
import { issueKeysFirst } from '#domain/issues';
import type { ThreadDecision } from './decision.ts';
import type { FactKind } from './recognise.ts';
import type { SignatureMark } from './store-writing.ts';

/** A thread that somebody has said something of. */
export interface ThreadDecided {
  decided: boolean;
}

/** Those of some threads that somebody decided on or claimed. */
export async function decidedAmong(
  queries: Queries,
  threads: readonly number[],
): Promise<Map<number, ThreadDecided>> {
  if (threads.length === 0) return new Map();
  const { rows } = await sql<{
    id: number;
    decided: boolean;
  }>`select id, decision is not null as decided from thread
    where id = any(${[...threads]}::bigint[]) and (decision is not null or claim is not null)`.execute(
    queries,
  );
  return new Map(rows.map(({ id, decided }) => [id, { decided }]));
}

/** What a thread speaks of, and since which version of it. */
export interface ThreadFact {
  kind: FactKind;
  value: string;
  label: string | null;
  since: number;
}

/** A thread, as the triage item that it is. */
export interface Thread {
  id: number;
  /** Null where it was redacted. */
  subject: string | null;
  firstAt: Date | null;
  lastAt: Date | null;
  seenAt: Date;
  messages: number;
  lists: string[];
  signature: SignatureMark | null;
  /** Version of what it speaks of; whoever decides says which one they saw. */
  factsVersion: number;
  redirect: number | null;
  waits: boolean;
  archived: boolean;
  /** The version of what it speaks of that it was brought in with; null where it was not, as history. */
  archivedAtVersion: number | null;
  decision: ThreadDecision | null;
  version: number;
  decidedBy: string | null;
  decidedAt: Date | null;
  claim: { person: string; until: string } | null;
  claimVersion: number;
  /** What came of it. */
  issue: string | null;
  facts: ThreadFact[];
}

// A claim that has run out reads as none.
const COLUMNS = sql`t.id, t.subject, t.first_at as "firstAt", t.last_at as "lastAt", t.seen_at as "seenAt", t.messages, t.lists,
  t.signature, t.facts_version as "factsVersion", t.redirect, t.waits,
  t.archived_at_version is not null as archived, t.archived_at_version as "archivedAtVersion", t.decision, t.version, t.decided_by as "decidedBy",
  t.decided_at as "decidedAt", case when (t.claim->>'until')::timestamptz > now() then t.claim end as claim,
  t.claim_version as "claimVersion", t.issue,
  (select coalesce(json_agg(json_build_object('kind', f.kind, 'value', f.value, 'label', f.label, 'since', f.since)
      order by array_position('{cve,product,patch,advisory}'::text[], f.kind), f.since, f.value collate "C"), '[]')
    from thread_fact f where f.thread = t.id) as facts`;

export async function threadById(queries: Queries, id: number): Promise<Thread | null> {
  const { rows } = await sql<Thread>`select ${COLUMNS} from thread t where t.id = ${id}`.execute(queries);
  return rows[0] ?? null;
}

export const THREAD_STATES = ['waiting', 'reopened', 'attached', 'dismissed', 'archived', 'all'] as const;
export type ThreadState = (typeof THREAD_STATES)[number];

export interface ThreadSearch {
  state?: ThreadState;
  list?: string | undefined;
  /** Whose claim; or those that nobody claimed. */
  claimedBy?: string | undefined;
  /** What it speaks of: an id, a product. */
  about?: string | undefined;
  /** Only with a patch. */
  patch?: boolean;
  after?: ThreadPlace | null;
  limit: number;
}

/** A place in the list: the moment of the last message in milliseconds, and the number. */
export interface ThreadPlace {
  lastAt: number | null;
  id: number;
}

/** Threads, the one that was written to last first. */
export async function findThreads(queries: Queries, search: ThreadSearch): Promise<Thread[]> {
  const { rows } =
    await sql<Thread>`select ${COLUMNS} from thread t where ${filterOf(search)} ${placeAfter(search.after)}
    order by t.last_at desc nulls last, t.id desc limit ${search.limit}`.execute(queries);
  return rows;
}

function placeAfter(after: ThreadPlace | null | undefined) {
  if (after === null || after === undefined) return sql``;
  const { lastAt, id } = after;
  return lastAt === null
    ? sql`and t.last_at is null and t.id < ${id}`
    : sql`and (t.last_at is null or (t.last_at, t.id) < (to_timestamp(${lastAt}::float8 / 1000), ${id}))`;
}

const STATES: Readonly<Record<ThreadState, ReturnType<typeof sql>>> = {
  waiting: sql`t.waits`,
  reopened: sql`t.waits and (t.decision is not null or t.archived_at_version is not null)`,
  attached: sql`t.redirect is null and t.issue is not null`,
  dismissed: sql`t.redirect is null and t.decision->>'as' = 'dismissed'`,
  archived: sql`t.redirect is null and t.archived_at_version is not null and t.decision is null and not t.waits`,
  all: sql`t.redirect is null`,
};

function filterOf({ state = 'waiting', list, claimedBy, about, patch }: Omit<ThreadSearch, 'limit'>) {
  const has = (kind: string) =>
    sql`exists (select from thread_fact f where f.thread = t.id and f.kind = ${kind})`;
  return sql.join(
    [
      STATES[state],
      ...(list === undefined ? [] : [sql`t.lists @> array[${list}]::text[]`]),
      ...(claimedBy === undefined
        ? []
        : [sql`t.claim->>'person' = ${claimedBy} and (t.claim->>'until')::timestamptz > now()`]),
      ...(about === undefined
        ? []
        : [sql`t.id in (select f.thread from thread_fact f where f.value = ${about} and f.kind <> 'patch')`]),
      ...(patch === true ? [has('patch')] : []),
    ],
    sql` and `,
  );
}

/** How many threads wait, and how many of them somebody had decided on before. */
export async function countWaitingThreads(queries: Queries): Promise<{ waiting: number; reopened: number }> {
  const { rows } = await sql<{ waiting: number; reopened: number }>`select count(*) as waiting,
    count(*) filter (where decision is not null or archived_at_version is not null) as reopened
    from thread where waits`.execute(queries);
  return rows[0] ?? { waiting: 0, reopened: 0 };
}

/** A thread as the page of an issue lists it. */
export interface IssueThread {
  id: number;
  /** Null where it was redacted. */
  subject: string | null;
  messages: number;
  lists: string[];
  lastAt: Date | null;
  waits: boolean;
  archived: boolean;
  /** Null while nobody decided. */
  decision: ThreadDecision | null;
  /** The issue that it belongs to, or became. */
  issue: string | null;
  /** It was attached to the issue that was asked for, or became it. */
  attached: boolean;
  /** Vulnerabilities of that issue that it names. */
  names: string[];
}

/** Threads of an issue: those attached to it, and those that name one of its vulnerabilities. */
export interface IssueThreads {
  /** The first {@link MOST_THREADS}: attached ones, then the one that was written to last. */
  threads: IssueThread[];
  total: number;
}

const MOST_THREADS = 20;

// What was attached and is part of another thread by now is that one. How many there are is counted before they are cut.
const OF_ISSUE = `select json_build_object('total', max(o.total), 'threads', json_agg(json_build_object('id', t.id,
      'subject', t.subject, 'messages', t.messages, 'lists', t.lists, 'lastAt', t.last_at, 'waits', t.waits,
      'archived', t.archived_at_version is not null, 'decision', t.decision, 'issue', t.issue, 'attached', o.attached,
      'names', o.names) order by o.attached desc, t.last_at desc nulls last, t.id desc))
    from (select f.id, f.attached, f.names, count(*) over () as total from (
        select n.id, bool_or(n.attached) as attached,
          coalesce(array_agg(n.name order by n.name) filter (where n.name is not null), '{}') as names
        from (select coalesce(d.redirect, d.id) as id, true as attached, null as name from thread d
            where d.issue in (select issue from ${issueKeysFirst.name})
          union all select f.thread, false, f.value from thread_fact f
            where f.kind = 'cve' and f.value in (select vulnerability from ${issueKeysFirst.name})) n
        group by n.id) f join thread s on s.id = f.id
      where s.redirect is null
      order by f.attached desc, s.last_at desc nulls last, s.id desc limit ${MOST_THREADS}) o
    join thread t on t.id = o.id`;

/** Of the issue whose id is `$1`, on the page that reads {@link issueKeysFirst}. */
export const issueThreadsReading: Reading<IssueThreads> = { sql: OF_ISSUE, read: readIssueThreads };

const askThreads = together({ found: issueThreadsReading }, issueKeysFirst);

export async function threadsOfIssue(pool: Database['pool'], issue: string): Promise<IssueThreads> {
  return (await askThreads(pool, [issue])).found;
}

function readIssueThreads(json: unknown): IssueThreads {
  const { total, threads } = (json ?? {}) as {
    total?: number | null;
    threads?: (Omit<IssueThread, 'lastAt'> & { lastAt: string | null })[] | null;
  };
  return {
    total: total ?? 0,
    threads: (threads ?? []).map((thread) => ({
      ...thread,
      lastAt: thread.lastAt === null ? null : new Date(thread.lastAt),
    })),
  };
}

/** A message of a thread, without its words. */
export interface ThreadMail {
  id: number;
  list: string;
  sentAt: Date | null;
  fromName: string | null;
  fromAddress: string | null;
  subject: string | null;
  signatures: Signature[];
  raw: Buffer;
  pack: number;
  size: number;
  redactedAt: Date | null;
}

/** Messages of a thread by their dates; `after` so many of them. */
export async function mailsOf(
  queries: Queries,
  thread: number,
  { offset = 0, limit }: { offset?: number; limit: number },
): Promise<ThreadMail[]> {
  const { rows } = await sql<ThreadMail>`select ${MAIL} from mail m where m.thread = ${thread}
    order by m.sent_at nulls last, m.fingerprint limit ${limit} offset ${offset}`.execute(queries);
  return rows;
}

const MAIL = sql`m.id, m.list, m.sent_at as "sentAt", m.from_name as "fromName", m.from_address as "fromAddress", m.subject,
  coalesce(m.signatures, '[]') as signatures, m.raw, m.pack, m.size, m.redacted_at as "redactedAt"`;

export async function mailById(
  queries: Queries,
  id: number,
): Promise<(ThreadMail & { thread: number }) | null> {
  const { rows } = await sql<
    ThreadMail & { thread: number }
  >`select m.thread, ${MAIL} from mail m where m.id = ${id}`.execute(queries);
  return rows[0] ?? null;
}

/** Threads that are part of that one now, with what had become of them. */
export async function joinedInto(
  queries: Queries,
  thread: number,
): Promise<{ id: number; decision: ThreadDecision | null; issue: string | null }[]> {
  const { rows } = await sql<{ id: number; decision: ThreadDecision | null; issue: string | null }>`
    select id, decision, issue from thread where redirect = ${thread} order by id`.execute(queries);
  return rows;
}

/** Keys whose signatures are checked. */
export async function knownKeys(
  queries: Queries,
): Promise<(KnownKey & { addedBy: string; addedAt: Date })[]> {
  const { rows } = await sql<KnownKey & { addedBy: string; addedAt: Date }>`
    select fingerprint, key_ids as "keyIds", armored, owner, added_by as "addedBy", added_at as "addedAt"
    from mail_key order by owner, fingerprint`.execute(queries);
  return rows;
}

/** What the mailboxes say of themselves. */
export async function mailboxStates(
  queries: Queries,
): Promise<{ name: string; cursor: unknown; lastRun: Date | null; lastError: string | null }[]> {
  const { rows } = await sql<{
    name: string;
    cursor: unknown;
    lastRun: Date | null;
    lastError: string | null;
  }>`
    select name, cursor, last_run as "lastRun", last_error as "lastError" from mailbox order by name`.execute(
    queries,
  );
  return rows;
}

/** Grows whenever something that threads speak of changes. */
export async function threadsMark(queries: Queries): Promise<number> {
  const { rows } = await sql<{ mark: number }>`select coalesce(sum(facts_version), 0)::bigint
    + (select count(*) from thread where redirect is not null) as mark from thread`.execute(queries);
  return Number(rows[0]?.mark ?? 0);
}

/** Threads that name several vulnerabilities, with those. */
export async function threadsNaming(
  queries: Queries,
): Promise<{ thread: number; since: Date | null; vulnerabilities: string[] }[]> {
  const { rows } = await sql<{ thread: number; since: Date | null; vulnerabilities: string[] }>`
    select t.id as thread, t.first_at as since, array_agg(f.value order by f.value) as vulnerabilities
    from thread t join thread_fact f on f.thread = t.id and f.kind = 'cve'
    where t.redirect is null group by t.id having count(*) between 2 and 100 order by t.id`.execute(queries);
  return rows;
}
