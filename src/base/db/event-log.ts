import { createHash, randomBytes } from 'node:crypto';
import { sql } from 'kysely';
import { MusterError } from '#base/errors';
import { canonicalJson } from '#base/formats';
import type { Queries, Tx } from './database.ts';
import { announce } from './listen.ts';
import type { Reading } from './together.ts';

/** What happened, as the caller says it. */
export interface NewEvent {
  /** Kind and id of what it happened to: `issue`, `NSI-2017-0043`. */
  entity: string;
  entityId: string;
  /** Past tense: `issue.opened`, `roundup.line.ticked`. */
  type: string;
  /** Who: `person:3`, `machine:grouping`, `rule:12`. */
  actor: string;
  /** Why, in words or as the id of what caused it. */
  cause: string;
  payload: Record<string, unknown>;
  /** What else changes with it, for those who look at it just now: `package:openssl`. Its own entity always does. */
  topics?: readonly string[];
}

/** One entry of the history as it is stored. */
export interface LoggedEvent extends Omit<NewEvent, 'payload' | 'topics'> {
  id: number;
  at: Date;
  /** Null once it was redacted. */
  payload: Record<string, unknown> | null;
  redactedAt: Date | null;
}

/**
 * Locks the end of the history until the transaction ends: one writer after another. Whoever checks before it writes takes
 * this lock first, so that nothing changes between the two.
 *
 * @returns number and hash of the last entry
 */
export async function lockHistory(tx: Tx): Promise<{ id: number; hash: Buffer }> {
  const { id, hash } = await tx.selectFrom('event_head').selectAll().forUpdate().executeTakeFirstOrThrow();
  return { id, hash };
}

/**
 * Appends entries to the hash-chained history, in the transaction of what they tell of. The end of the chain is locked
 * until that transaction ends, so call it last, or take the lock first (lockHistory). Those who listen (listen.ts) are
 * told when it has committed.
 *
 * Each entry's hash is SHA-256 over the previous hash and the entry's fields; of the payload only its salted hash is
 * covered, so that payload and salt can be erased later without breaking the chain.
 *
 * @returns the number of the first one; the others follow it in their order
 */
export async function appendEvents(tx: Tx, events: readonly NewEvent[], at = new Date()): Promise<number> {
  let { id, hash: previous } = await lockHistory(tx);
  const first = id + 1;
  if (events.length === 0) return first;
  const rows = events.map((event) => {
    id += 1;
    const payload = canonicalJson(event.payload);
    const salt = randomBytes(16);
    const payloadHash = hashPayload(salt, payload);
    const header = { id, at: at.toISOString(), ...named(event) };
    const hash = hashEntry(previous, header, payloadHash);
    const row = {
      ...header,
      payload,
      salt: hex(salt),
      payload_hash: hex(payloadHash),
      previous: hex(previous),
      hash: hex(hash),
    };
    previous = hash;
    return row;
  });
  await sql`insert into event (id, at, entity, entity_id, type, actor, cause, payload, salt, payload_hash, previous, hash)
    select id, at, entity, entity_id, type, actor, cause, payload::jsonb, salt::bytea, payload_hash::bytea, previous::bytea, hash::bytea
    from json_to_recordset(${JSON.stringify(rows)}::json) as e(id bigint, at timestamptz, entity text, entity_id text, type text,
      actor text, cause text, payload text, salt text, payload_hash text, previous text, hash text)`.execute(
    tx,
  );
  await tx.updateTable('event_head').set({ id, hash: previous }).execute();
  await announce(tx, { first, last: id, topics: topicsOf(events) });
  return first;
}

/** The pages that events change, each once. */
function topicsOf(events: readonly NewEvent[]): string[] {
  return [
    ...new Set(events.flatMap(({ entity, entityId, topics = [] }) => [`${entity}:${entityId}`, ...topics])),
  ];
}

/** The history of one entity, oldest first. */
export async function eventsOf(queries: Queries, entity: string, entityId: string): Promise<LoggedEvent[]> {
  const rows = await queries
    .selectFrom('event')
    .select(COLUMNS)
    .where('entity', '=', entity)
    .where('entity_id', '=', entityId)
    .orderBy('id')
    .execute();
  return rows.map(logged);
}

const COLUMNS = [
  'id',
  'at',
  'entity',
  'entity_id as entityId',
  'type',
  'actor',
  'cause',
  'payload',
  'redacted_at as redactedAt',
] as const;

function logged<T extends { payload: unknown }>(row: T): T & { payload: Record<string, unknown> | null } {
  return { ...row, payload: row.payload as Record<string, unknown> | null };
}

/** What is looked for in the history of everything, or of one entity. */
export interface EventSearch {
  entity?: string;
  entityId?: string;
  /** What people did, or what Muster itself did. */
  who?: 'people' | 'machine';
  /** Older than that entry: the next page. */
  before?: number;
  limit?: number;
}

/** How many entries one reading of everything's history looks through at most. */
const STRETCH = 20_000;

/** Entries, newest first; `olderThan` says where to go on, null where there is nothing older. */
export async function findEvents(
  queries: Queries,
  { entity, entityId, who, before, limit = 50 }: EventSearch,
): Promise<{ events: LoggedEvent[]; olderThan: number | null }> {
  let query = queries
    .selectFrom('event')
    .select(COLUMNS)
    .orderBy('id', 'desc')
    .limit(limit + 1);
  if (before !== undefined) query = query.where('id', '<', before);
  if (entity !== undefined) query = query.where('entity', '=', entity);
  if (entityId !== undefined) query = query.where('entity_id', '=', entityId);
  if (who === 'people') query = query.where(sql<boolean>`actor not like 'machine:%'`);
  if (who === 'machine') query = query.where(sql<boolean>`actor like 'machine:%'`);
  // Of everything, one kind of actor may be rare: rather a short page than a reading of a million entries.
  const from =
    entityId === undefined && who !== undefined ? (before ?? (await lastEvent(queries)) + 1) : null;
  if (from !== null) query = query.where('id', '>=', from - STRETCH);
  const rows = await query.execute();
  const events = rows.slice(0, limit).map(logged);
  if (rows.length > limit) return { events, olderThan: events.at(-1)?.id ?? null };
  return { events, olderThan: from !== null && from - STRETCH > 1 ? from - STRETCH : null };
}

/** The newest entries of the `entity` whose id is `$1`, one more than the limit where there are older ones. */
export function eventsReading(
  entity: 'issue' | 'package' | 'roundup',
  limit: number,
): Reading<LoggedEvent[]> {
  return {
    sql: `select json_agg(e) from (
        select id, at, entity, entity_id as "entityId", type, actor, cause, payload, redacted_at as "redactedAt"
        from event where entity = '${entity}' and entity_id = $1 order by id desc limit ${limit + 1}) e`,
    read: (json) =>
      (
        (json ?? []) as (Omit<LoggedEvent, 'at' | 'redactedAt'> & { at: string; redactedAt: string | null })[]
      ).map(({ at, redactedAt, ...event }) => ({
        ...event,
        at: new Date(at),
        redactedAt: redactedAt === null ? null : new Date(redactedAt),
      })),
  };
}

/** The entries after one of them, oldest first. */
export async function eventsAfter(queries: Queries, after: number, limit: number): Promise<LoggedEvent[]> {
  const rows = await queries
    .selectFrom('event')
    .select(COLUMNS)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
  return rows.map(logged);
}

/** Some entries by their numbers; those that are not there are left out. */
export async function eventsById(
  queries: Queries,
  ids: readonly number[],
): Promise<Map<number, LoggedEvent>> {
  if (ids.length === 0) return new Map();
  const rows = await queries
    .selectFrom('event')
    .select(COLUMNS)
    .where('id', '=', sql<number>`any(${[...new Set(ids)]}::bigint[])`)
    .execute();
  return new Map(rows.map((row) => [row.id, logged(row)]));
}

/** Number of the last entry; 0 where there is none. */
export async function lastEvent(queries: Queries): Promise<number> {
  const { id } = await queries.selectFrom('event_head').select('id').executeTakeFirstOrThrow();
  return id;
}

/** One entry; null where there is none. */
export async function eventById(queries: Queries, id: number): Promise<LoggedEvent | null> {
  const row = await queries.selectFrom('event').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : logged(row);
}

/**
 * Proves the whole chain: every entry follows from the one before it, every payload that is still there is the one that
 * was covered, and the last entry is where the chain is said to end.
 *
 * @returns number of entries, and how many of them were redacted
 * @throws MusterError LOG_BROKEN, naming the first entry that does not hold
 */
export async function verifyLog(queries: Queries): Promise<{ entries: number; redacted: number }> {
  const head = await queries.selectFrom('event_head').selectAll().executeTakeFirstOrThrow();
  let previous: Buffer = Buffer.alloc(32);
  let entries = 0;
  let redacted = 0;
  /** What stands for the hash of an entry without its cause, and where entries themselves say so. */
  const unproved = new Map<number, string>();
  const proofs = new Map<number, string>();
  for (let after = 0; after < head.id; ) {
    const rows = await queries
      .selectFrom('event')
      .select([
        'id',
        'at',
        'entity',
        'entity_id',
        'type',
        'actor',
        'cause',
        'salt',
        'payload_hash',
        'previous',
        'hash',
      ])
      .select(sql<string | null>`payload::text`.as('payload'))
      .where('id', '>', after)
      .where('id', '<=', head.id)
      .orderBy('id')
      .limit(5000)
      .execute();
    if (rows.length === 0) throw broken(after + 1, 'it is missing');
    for (const row of rows) {
      entries += 1;
      if (row.id !== entries) throw broken(entries, 'it is missing');
      if (!row.previous.equals(previous)) throw broken(row.id, 'it does not follow from the entry before it');
      const { id, at, entity, entity_id, type, actor, cause } = row;
      const header = { id, at: at.toISOString(), entity, entity_id, type, actor, cause };
      if (!hashEntry(previous, header, row.payload_hash).equals(row.hash)) {
        if (cause !== ERASED || row.payload !== null) throw broken(row.id, 'its fields were changed');
        unproved.set(row.id, proofOf(header, row.payload_hash, row.hash));
      }
      if (type === CAUSE_ERASED && row.payload !== null) {
        const told = JSON.parse(row.payload) as { event?: unknown; proof?: unknown };
        proofs.set(Number(told.event), String(told.proof));
      }
      if (row.payload === null || row.salt === null) redacted += 1;
      else if (!hashPayload(row.salt, canonicalJson(JSON.parse(row.payload))).equals(row.payload_hash)) {
        throw broken(row.id, 'its payload was changed');
      }
      previous = row.hash;
    }
    after = rows.at(-1)?.id ?? head.id;
  }
  for (const [id, proof] of unproved)
    if (proofs.get(id) !== proof) throw broken(id, 'its fields were changed');
  if (!previous.equals(head.hash)) throw broken(head.id, 'the chain does not end with it');
  return { entries, redacted };
}

/** What stands where a cause was erased. */
const ERASED = '(redacted)';

/** Tells that a cause was erased, and proves what its entry was without it. It holds no words, and is never erased itself. */
export const CAUSE_ERASED = 'event.cause_erased';

/**
 * Erases payload and salt of one entry for good; its cause as well, where that holds words of somebody. The chain still
 * holds; who did it and why is an entry of its own.
 *
 * Without its cause an entry's hash cannot be computed any more: another entry, which the chain covers, says what the rest
 * of it was.
 */
export async function redactEvent(
  tx: Tx,
  id: number,
  by: { actor: string; reason: string; cause?: boolean },
): Promise<void> {
  const row = await tx
    .selectFrom('event')
    .select([
      'id',
      'at',
      'entity',
      'entity_id',
      'type',
      'actor',
      'cause',
      'payload_hash',
      'hash',
      'redacted_at',
    ])
    .where('id', '=', id)
    .executeTakeFirst();
  if (row === undefined) throw new MusterError('NOT_FOUND', `there is no entry ${id} in the log`);
  const { at, entity, entity_id, type, actor } = row;
  if (type === CAUSE_ERASED)
    throw new MusterError('USAGE', `entry ${id} holds no words: it proves another one`);
  const erasesCause = by.cause === true && row.cause !== ERASED;
  if (row.redacted_at !== null && !erasesCause) return;
  await tx
    .updateTable('event')
    .set({ payload: null, salt: null, redacted_at: row.redacted_at ?? new Date() })
    .$if(erasesCause, (query) => query.set({ cause: ERASED }))
    .where('id', '=', id)
    .execute();
  const header = { id, at: at.toISOString(), entity, entity_id, type, actor };
  const proof = proofOf(header, row.payload_hash, row.hash);
  await appendEvents(tx, [
    ...(erasesCause
      ? [
          {
            entity,
            entityId: entity_id,
            type: CAUSE_ERASED,
            actor: by.actor,
            cause: 'redaction',
            payload: { event: id, proof },
          },
        ]
      : []),
    {
      entity: row.entity,
      entityId: row.entity_id,
      type: 'event.redacted',
      actor: by.actor,
      cause: by.reason,
      payload: { event: id },
    },
  ]);
}

function broken(id: number, why: string): MusterError {
  return new MusterError('LOG_BROKEN', `entry ${id} of the event log: ${why}`);
}

function named(event: NewEvent) {
  const { entity, entityId, type, actor, cause } = event;
  return { entity, entity_id: entityId, type, actor, cause };
}

function hashEntry(previous: Buffer, header: Record<string, unknown>, payloadHash: Buffer): Buffer {
  return createHash('sha256').update(previous).update(canonicalJson(header)).update(payloadHash).digest();
}

/** What an entry was but for its cause: all other fields, and the hash that covered them together with it. */
function proofOf(header: Record<string, unknown>, payloadHash: Buffer, hash: Buffer): string {
  const { cause: _, ...rest } = header;
  return createHash('sha256').update(canonicalJson(rest)).update(payloadHash).update(hash).digest('hex');
}

function hashPayload(salt: Buffer, payload: string): Buffer {
  return createHash('sha256').update(salt).update(payload).digest();
}

function hex(bytes: Buffer): string {
  return `\\x${bytes.toString('hex')}`;
}
