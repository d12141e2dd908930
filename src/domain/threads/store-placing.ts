import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { Posting } from '#base/mail';
import type { StoredPosting } from './place.ts';

/** Only one at a time takes messages in: where they belong depends on all the others. */
export async function lockThreads(tx: Tx): Promise<void> {
  await sql`select pg_advisory_xact_lock(hashtext('muster threads'))`.execute(tx);
}

interface Row {
  mail: number;
  thread: number;
  key: string;
  id: string;
  follows: string | null;
  sentAt: number | null;
  posting: Pick<Posting, 'references' | 'subject' | 'from' | 'to' | 'mentions'>;
}

const COLUMNS = sql`m.id as mail, m.thread, encode(m.fingerprint, 'hex') as key, encode(m.message, 'hex') as id,
  encode(m.follows, 'hex') as follows, (extract(epoch from m.sent_at) * 1000)::float8 as "sentAt", m.posting`;

function postingOf({ posting, ...row }: Row): StoredPosting {
  return { ...row, ...posting };
}

/** Which of those messages are stored already, by their fingerprints. */
export async function knownFingerprints(
  queries: Queries,
  fingerprints: readonly string[],
): Promise<Set<string>> {
  const { rows } = await sql<{ key: string }>`select encode(fingerprint, 'hex') as key from mail
    where fingerprint = any(${bytesOf(fingerprints)}::bytea[])`.execute(queries);
  return new Set(rows.map(({ key }) => key));
}

/** Which of those ids redacted messages bear. */
export async function redactedIds(queries: Queries, ids: readonly string[]): Promise<Set<string>> {
  const { rows } = await sql<{ id: string }>`select distinct encode(message, 'hex') as id from mail
    where redacted_at is not null and message = any(${bytesOf(ids)}::bytea[])`.execute(queries);
  return new Set(rows.map(({ id }) => id));
}

/** The message that stands for each of those ids. */
export async function standingFor(
  queries: Queries,
  ids: readonly string[],
): Promise<Map<string, StoredPosting>> {
  if (ids.length === 0) return new Map();
  const { rows } = await sql<Row>`select distinct on (m.message) ${COLUMNS} from mail m
    where m.message = any(${bytesOf(ids)}::bytea[])
    order by m.message, m.sent_at nulls last, m.fingerprint`.execute(queries);
  return new Map(rows.map((row) => [row.id, postingOf(row)]));
}

/** Messages that name one of those ids among what they follow. */
export async function namingAnyOf(queries: Queries, ids: readonly string[]): Promise<StoredPosting[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<Row>`select ${COLUMNS} from mail m where m.id in
    (select mail from mail_reference where target = any(${bytesOf(ids)}::bytea[]))`.execute(queries);
  return rows.map(postingOf);
}

/** Where to look for messages with a subject: from and to are milliseconds. */
export interface SubjectSpan {
  stem: string;
  from: number;
  to: number;
}

/** Messages with those subjects, in those spans of time; only those that are placed by it, or all. */
export async function withSubjects(
  queries: Queries,
  spans: readonly SubjectSpan[],
  { orphans }: { orphans: boolean },
): Promise<StoredPosting[]> {
  if (spans.length === 0) return [];
  const { rows } = await sql<Row>`select ${COLUMNS}
    from json_to_recordset(${JSON.stringify(spans)}::json) as s(stem text, "from" float8, "to" float8)
    join mail m on m.stem = decode(s.stem, 'hex') and m.sent_at >= to_timestamp(s."from" / 1000)
      and m.sent_at <= to_timestamp(s."to" / 1000) ${orphans ? sql`and m.orphan = 1` : sql``}`.execute(
    queries,
  );
  return [...new Map(rows.map((row) => [row.key, postingOf(row)])).values()];
}

/** The messages of those threads that stand for their ids. */
export async function standingIn(queries: Queries, threads: readonly number[]): Promise<StoredPosting[]> {
  if (threads.length === 0) return [];
  const { rows } = await sql<Row>`select distinct on (m.message) ${COLUMNS} from mail m
    where m.thread = any(${[...threads]}::bigint[])
    order by m.message, m.sent_at nulls last, m.fingerprint`.execute(queries);
  return rows.map(postingOf);
}

/** Threads of messages that follow those ids. */
export async function followersOf(
  queries: Queries,
  ids: readonly string[],
): Promise<{ follows: string; thread: number }[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ follows: string; thread: number }>`
    select distinct encode(follows, 'hex') as follows, thread from mail
    where follows = any(${bytesOf(ids)}::bytea[])`.execute(queries);
  return rows;
}

function bytesOf(hex: readonly string[]): Buffer[] {
  return hex.map((each) => Buffer.from(each, 'hex'));
}
