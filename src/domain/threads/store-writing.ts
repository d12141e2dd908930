import { sql } from 'kysely';
import { CopyRows, copyRows, type Queries, storableJson, type Tx, takeNumbers } from '#base/db';
import type { Signature } from '#base/mail';
import { hashOf, RawBytes, storeRaw } from '#domain/sources';
import type { Incoming } from './incoming.ts';
import type { Replaced } from './place.ts';
import { REOPENING } from './recognise.ts';

/** A message, and the thread that it goes into. */
export interface PlacedMail {
  incoming: Incoming;
  thread: number;
  follows: string | null;
}

const MAIL_COLUMNS = [
  ...['id', 'thread', 'fingerprint', 'message', 'follows', 'list', 'sent_at', 'from_name', 'from_address'],
  ...['subject', 'stem', 'orphan', 'posting', 'facts', 'signatures', 'raw', 'pack', 'size'],
] as const;

/** Buffers that are used again from batch to batch. */
export class MailRows {
  readonly mails = new CopyRows();
  readonly references = new CopyRows();
  readonly threads = new CopyRows();
  readonly facts = new CopyRows();
  readonly raw = new RawBytes();

  clear(): void {
    for (const each of [this.mails, this.references, this.threads, this.facts, this.raw]) each.clear();
  }
}

/** Stores messages: their raw bytes in packs, and what was read of them. */
export async function insertMails(tx: Tx, placed: readonly PlacedMail[], rows: MailRows): Promise<void> {
  const { mails, references, raw } = rows;
  const places = placed.map(({ incoming: { bytes } }) => ({
    hash: hashOf(bytes),
    start: raw.add(bytes),
    length: bytes.length,
  }));
  const packs = await storeRaw(tx, raw, places);
  const first = await takeNumbers(tx, 'mail_id', placed.length);
  for (const [index, { incoming, thread, follows }] of placed.entries()) {
    const { posting, list } = incoming;
    const { references: targets, subject, from, to, mentions } = posting;
    mails.row(MAIL_COLUMNS.length);
    mails.bigint(first + index);
    mails.bigint(thread);
    mails.hex(posting.key);
    mails.hex(posting.id);
    if (follows === null) mails.none();
    else mails.hex(follows);
    mails.text(list.id);
    mails.time(posting.sentAt);
    mails.text(incoming.fromName);
    mails.text(incoming.fromAddress);
    mails.text(incoming.subject);
    mails.hex(subject.stem);
    mails.integer(incoming.orphan ? 1 : 0);
    mails.text(JSON.stringify({ references: targets, subject, from, to, mentions }));
    mails.text(storableJson(incoming.facts.map(({ kind, value, label }) => [kind, value, label])));
    mails.text(incoming.signatures.length === 0 ? null : storableJson(incoming.signatures));
    mails.hex(places[index]?.hash ?? '');
    mails.bigint(packs[index] ?? 0);
    mails.integer(incoming.bytes.length);
    for (const target of awaited(targets, follows)) {
      references.row(2);
      references.hex(target);
      references.bigint(first + index);
    }
  }
  await copyRows(tx, 'mail', MAIL_COLUMNS, [mails.stretch(0, mails.at)]);
  if (references.at > 0)
    await copyRows(tx, 'mail_reference', ['target', 'mail'], [references.stretch(0, references.at)]);
}

/**
 * Which of the messages that one names can still change its place when they come: those nearer than the one that it follows.
 * Whoever follows one by name alone is found by that (`followersOf`).
 */
function awaited(references: readonly string[], follows: string | null): readonly string[] {
  if (follows === null) return [];
  return references.slice(references.lastIndexOf(follows) + 1);
}

/** A thread that begins, or what is added to one. */
export interface ThreadAddition {
  id: number;
  subject: string;
  firstAt: number | null;
  lastAt: number | null;
  messages: number;
  lists: string[];
  signature: string | null;
  facts: { kind: string; value: string; label: string | null }[];
}

const THREAD_COLUMNS = [
  ...['id', 'subject', 'first_at', 'last_at', 'messages', 'lists', 'signature', 'facts_version'],
  'archived_at_version',
] as const;

/** Numbers for threads that begin. */
export async function takeThreadNumbers(tx: Tx, count: number): Promise<number> {
  return takeNumbers(tx, 'thread_id', count);
}

/** Which threads are brought in as history now. */
export interface Archiving {
  archived: boolean;
  /** Threads that something becomes part of which waits for somebody: they wait on, or begin to. */
  awaited: ReadonlySet<number>;
}

/** Those of some threads that wait for somebody. */
export async function waitingAmong(queries: Queries, threads: readonly number[]): Promise<Set<number>> {
  if (threads.length === 0) return new Set();
  const { rows } = await sql<{ id: number }>`select id from thread
    where id = any(${[...threads]}::bigint[]) and waits`.execute(queries);
  return new Set(rows.map(({ id }) => id));
}

/** Writes threads that begin, with what they speak of. Archived ones wait for nobody until something is added. */
export async function insertThreads(
  tx: Tx,
  additions: readonly ThreadAddition[],
  { archived, awaited }: Archiving,
  { threads, facts: factRows }: MailRows,
): Promise<void> {
  if (additions.length === 0) return;
  for (const { id, subject, firstAt, lastAt, messages, lists, signature, facts } of additions) {
    const version = facts.some(({ kind }) => isReopening(kind)) ? 1 : 0;
    threads.row(THREAD_COLUMNS.length);
    threads.bigint(id);
    threads.text(subject);
    threads.time(firstAt);
    threads.time(lastAt);
    threads.integer(messages);
    threads.texts(lists);
    threads.text(signature);
    threads.integer(version);
    if (archived && !awaited.has(id)) threads.integer(version);
    else threads.none();
    for (const { kind, value, label } of facts) {
      factRows.row(5);
      factRows.bigint(id);
      factRows.text(kind);
      factRows.text(value);
      factRows.text(label);
      factRows.integer(version);
    }
  }
  await copyRows(tx, 'thread', THREAD_COLUMNS, [threads.stretch(0, threads.at)]);
  const columns = ['thread', 'kind', 'value', 'label', 'since'];
  if (factRows.at > 0) await copyRows(tx, 'thread_fact', columns, [factRows.stretch(0, factRows.at)]);
}

function isReopening(kind: string): boolean {
  return (REOPENING as ReadonlySet<string>).has(kind);
}

/** Adds to threads that there are: counts, dates, lists, and what they speak of. */
export async function addToThreads(
  tx: Tx,
  additions: readonly ThreadAddition[],
  archiving: Archiving,
): Promise<AddedFact[]> {
  if (additions.length === 0) return [];
  const rows = additions.map(({ facts: _, ...each }) => each);
  await sql`update thread t set messages = t.messages + r.messages,
      subject = case when to_timestamp(r."firstAt" / 1000) < t.first_at then r.subject else t.subject end,
      first_at = least(t.first_at, to_timestamp(r."firstAt" / 1000)),
      last_at = greatest(t.last_at, to_timestamp(r."lastAt" / 1000)),
      lists = case when t.lists @> r.lists then t.lists
        else (select array_agg(distinct l order by l) from unnest(t.lists || r.lists) l) end,
      signature = case when t.signature is null or ${rankOf(sql`r.signature`)} < ${rankOf(sql`t.signature`)}
        then r.signature else t.signature end
    from json_to_recordset(${storableJson(rows)}::json) as r(id bigint, subject text, "firstAt" float8, "lastAt" float8,
      messages int, lists text[], signature text)
    where t.id = r.id`.execute(tx);
  const facts = additions.flatMap(({ id, facts: own }) => own.map((fact) => ({ thread: id, ...fact })));
  const { rows: added } = await sql<AddedFact>`insert into thread_fact (thread, kind, value, label, since)
    select r.thread, r.kind, r.value, r.label, t.facts_version + 1
    from json_to_recordset(${storableJson(facts)}::json) as r(thread bigint, kind text, value text, label text)
    join thread t on t.id = r.thread
    order by r.thread, r.kind, r.value
    on conflict do nothing returning thread, kind, value, label`.execute(tx);
  return raiseVersions(tx, added, archiving);
}

export interface AddedFact {
  thread: number;
  kind: string;
  value: string;
  label: string | null;
}

const NOTHING_ARCHIVED: Archiving = { archived: false, awaited: new Set() };

/** Counts on where what was added brings a thread back, and answers with that. */
async function raiseVersions(
  tx: Tx,
  added: readonly AddedFact[],
  { archived, awaited }: Archiving,
): Promise<AddedFact[]> {
  const reopening = added.filter(({ kind }) => isReopening(kind));
  const threads = [...new Set(reopening.map(({ thread }) => thread))];
  if (threads.length > 0)
    // What history adds to history brings nothing back, whatever the batches that it comes in.
    await sql`update thread set facts_version = facts_version + 1,
        archived_at_version = case when ${archived} and not waits and not id = any(${[...awaited]}::bigint[])
          then archived_at_version + 1 else archived_at_version end
      where id = any(${threads}::bigint[])`.execute(tx);
  return reopening;
}

const RANKS = ['good', 'part', 'bad', 'unknown_key', 'unchecked', 'unreadable'] as const;

/** What can be said of the signatures of a thread: as of one, or `part` where something in a message is signed well, and not all of it. */
export type SignatureMark = (typeof RANKS)[number];

/** The best that can be said. */
export function bestSignature(signatures: readonly Signature[]): SignatureMark | null {
  const marks = signatures.map(({ state, whole }) => (state === 'good' && !whole ? 'part' : state));
  return RANKS.find((mark) => marks.includes(mark)) ?? null;
}

/** The same of one in its row. */
const MARK = sql`case when s->>'state' = 'good' and s->>'whole' = 'false' then 'part' else s->>'state' end`;

function rankOf(column: ReturnType<typeof sql>) {
  return sql`coalesce(array_position(${`{${RANKS.join(',')}}`}::text[], ${column}), 9)`;
}

/** What stored messages follow from now on. */
export async function updateFollows(tx: Tx, replaced: readonly Replaced[]): Promise<void> {
  if (replaced.length === 0) return;
  const rows = replaced.map(({ posting, follows }) => ({ id: posting.mail, follows }));
  await sql`update mail m set follows = decode(r.follows, 'hex')
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(id bigint, follows text) where m.id = r.id`.execute(
    tx,
  );
}

/** Moves messages, by their ids, to the threads that they belong to now. */
export async function moveMails(
  tx: Tx,
  moved: readonly { id: string; from: number; to: number }[],
): Promise<void> {
  if (moved.length === 0) return;
  await sql`update mail m set thread = r."to"
    from json_to_recordset(${JSON.stringify(moved)}::json) as r(id text, "from" bigint, "to" bigint)
    where m.thread = r."from" and m.message = decode(r.id, 'hex')`.execute(tx);
}

/** Makes threads part of others: their messages go there, and their numbers lead there, never to another redirect. */
export async function redirectThreads(tx: Tx, joined: ReadonlyMap<number, number>): Promise<void> {
  if (joined.size === 0) return;
  const rows = JSON.stringify([...joined].map(([from, to]) => ({ from, to })));
  const pairs = sql`json_to_recordset(${rows}::json) as r("from" bigint, "to" bigint)`;
  await sql`update mail m set thread = r."to" from ${pairs} where m.thread = r."from"`.execute(tx);
  await sql`update thread t set redirect = r."to" from ${pairs} where t.id = r."from" or t.redirect = r."from"`.execute(
    tx,
  );
  await sql`delete from thread_fact f using ${pairs} where f.thread = r."from"`.execute(tx);
}

/** Counts threads anew from their messages, and answers with what was added to what they speak of. */
export async function refreshThreads(
  tx: Tx,
  threads: readonly number[],
  archiving: Archiving = NOTHING_ARCHIVED,
): Promise<AddedFact[]> {
  if (threads.length === 0) return [];
  const ids = [...threads];
  await sql`update thread t set messages = c.messages, first_at = c.first_at, last_at = c.last_at, lists = c.lists,
      signature = c.signature, subject = c.subject
    from (select thread, count(*)::int as messages, min(sent_at) as first_at, max(sent_at) as last_at,
        array_agg(distinct list order by list) as lists,
        (array_agg(subject order by sent_at nulls last, fingerprint))[1] as subject,
        (select ${MARK} from mail x cross join lateral json_array_elements(x.signatures) s where x.thread = m.thread
          order by ${rankOf(MARK)} limit 1) as signature
      from mail m where thread = any(${ids}::bigint[]) group by thread) c
    where t.id = c.thread`.execute(tx);
  const wanted = sql`select m.thread, f->>0 as kind, f->>1 as value, min(f->>2) as label
    from mail m cross join lateral json_array_elements(m.facts) f where m.thread = any(${ids}::bigint[])
    group by 1, 2, 3`;
  await sql`delete from thread_fact o where o.thread = any(${ids}::bigint[])
    and not exists (select from (${wanted}) w where (w.thread, w.kind, w.value) = (o.thread, o.kind, o.value))`.execute(
    tx,
  );
  const { rows } = await sql<AddedFact>`insert into thread_fact (thread, kind, value, label, since)
    select w.thread, w.kind, w.value, w.label, t.facts_version + 1 from (${wanted}) w join thread t on t.id = w.thread
    order by 1, 2, 3 on conflict do nothing returning thread, kind, value, label`.execute(tx);
  return raiseVersions(tx, rows, archiving);
}
