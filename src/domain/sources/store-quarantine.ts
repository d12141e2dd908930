import { sql } from 'kysely';
import { type Queries, storableJson, type Tx } from '#base/db';
import type { ProblemReason } from './source.ts';
import { hashOf, type RawAddress, RawBytes, storeRaw } from './store-raw.ts';

/** A document that could not be read, on its way into quarantine. */
export interface RefusedDocument {
  path: string;
  /** Empty for a file as a whole. */
  document: string;
  format: string | null;
  bytes: Buffer;
  reason: ProblemReason;
  place: string;
  message: string;
}

/** Of what is refused, no more than this is kept: enough to see what it was. */
export const KEPT_OF_REFUSED = 1 << 20;

/** Puts documents into quarantine, once each however often they come. */
export async function quarantine(
  tx: Tx,
  source: { id: string; version: number },
  refused: readonly RefusedDocument[],
): Promise<void> {
  if (refused.length === 0) return;
  const raw = new RawBytes();
  const kept = refused.map((document) => {
    const bytes = document.bytes.subarray(0, KEPT_OF_REFUSED);
    return { ...document, hash: hashOf(bytes), start: raw.add(bytes), length: bytes.length };
  });
  const packs = await storeRaw(tx, raw, kept);
  const rows = kept.map(({ path, document, format, hash, reason, place, message }, index) => ({
    pack: packs[index],
    path,
    document,
    format,
    raw: `\\x${hash}`,
    reason,
    place: place.slice(0, 500),
    message: message.slice(0, 1000),
  }));
  const distinct = [...new Map(rows.map((row) => [`${row.path}\n${row.document}`, row])).values()];
  await sql`insert into quarantine (source, path, document, format, raw, pack, reason, place, message, parser_version)
    select ${source.id}, path, document, format, raw::bytea, pack, reason, place, message, ${source.version}::int
    from json_to_recordset(${storableJson(distinct)}::json) as r(path text, document text, format text, raw text, pack bigint,
      reason text, place text, message text)
    on conflict (source, path, document) do update set format = excluded.format, raw = excluded.raw, pack = excluded.pack, reason = excluded.reason,
      place = excluded.place, message = excluded.message, parser_version = excluded.parser_version, last_seen = now(),
      resolved_at = null`.execute(tx);
}

/** Marks as resolved what was in quarantine of a file and is not refused any more. */
export async function resolveQuarantine(
  tx: Tx,
  source: string,
  path: string,
  stillRefused: readonly string[],
): Promise<void> {
  await sql`update quarantine set resolved_at = now()
    where source = ${source} and (path = ${path} or starts_with(path, ${`${path}!/`})) and resolved_at is null
      and not (path || e'\n' || document = any(${stillRefused}::text[]))`.execute(tx);
}

/** Marks as resolved what was in quarantine under these names, in whatever file, and could be read now. */
export async function resolveDocuments(tx: Tx, source: string, documents: readonly string[]): Promise<void> {
  if (documents.length === 0) return;
  await sql`update quarantine set resolved_at = now()
    where source = ${source} and document = any(${documents}::text[]) and document <> '' and resolved_at is null`.execute(
    tx,
  );
}

/** Marks as resolved what was in quarantine as a whole under these paths, and is not refused as a whole any more. */
export async function resolveWhole(tx: Tx, source: string, paths: readonly string[]): Promise<void> {
  await sql`update quarantine set resolved_at = now()
    where source = ${source} and path = any(${paths}::text[]) and document = '' and resolved_at is null`.execute(
    tx,
  );
}

/** What stands in quarantine from an earlier version of the parser. */
export async function retriable(queries: Queries, source: { id: string; version: number }) {
  return queries
    .selectFrom('quarantine')
    .select(['id', 'path', 'document', 'format', 'raw', 'pack'])
    .where('source', '=', source.id)
    .where('resolved_at', 'is', null)
    .where('parser_version', '<', source.version)
    .orderBy('id')
    .execute();
}

/** A document in quarantine, with where its bytes are. */
export interface Quarantined extends RawAddress {
  id: number;
  source: string;
  path: string;
  document: string;
  format: string | null;
}

/** What stands in quarantine and is to be read again: what was not tried yet, then what was longest ago, the oldest first. */
export async function toReplay(
  queries: Queries,
  wish: { id: number } | { source?: string | undefined; reason?: string | undefined },
  limit: number,
): Promise<Quarantined[]> {
  let query = queries
    .selectFrom('quarantine')
    .select(['id', 'source', 'path', 'document', 'format', 'raw', 'pack'])
    .where('resolved_at', 'is', null);
  if ('id' in wish) query = query.where('id', '=', wish.id);
  else {
    if (wish.source !== undefined) query = query.where('source', '=', wish.source);
    if (wish.reason !== undefined) query = query.where('reason', '=', wish.reason);
  }
  return query.orderBy(sql`replayed_at nulls first`).orderBy('id').limit(limit).execute();
}

/** Takes down that these are read again now. */
export async function noteReplay(queries: Queries, ids: readonly number[], at: Date): Promise<void> {
  if (ids.length === 0) return;
  await queries.updateTable('quarantine').set({ replayed_at: at }).where('id', 'in', ids).execute();
}

/** How much stands in quarantine, by source and reason, the most first. */
export async function quarantineCounts(
  queries: Queries,
): Promise<{ source: string; reason: string; count: number }[]> {
  return queries
    .selectFrom('quarantine')
    .select(['source', 'reason'])
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('resolved_at', 'is', null)
    .groupBy(['source', 'reason'])
    .orderBy('count', 'desc')
    .orderBy('source')
    .orderBy('reason')
    .execute();
}

export async function resolveEntries(tx: Tx, ids: readonly number[]): Promise<void> {
  await tx.updateTable('quarantine').set({ resolved_at: new Date() }).where('id', 'in', ids).execute();
}

/** A document in quarantine, as people see it. */
export interface QuarantineEntry {
  id: number;
  source: string;
  path: string;
  document: string;
  reason: string;
  place: string;
  message: string;
  firstSeen: Date;
  lastSeen: Date;
}

/** What stands in quarantine now, the latest first. */
export async function listQuarantine(queries: Queries, source?: string): Promise<QuarantineEntry[]> {
  let query = queries
    .selectFrom('quarantine')
    .select([
      'id',
      'source',
      'path',
      'document',
      'reason',
      'place',
      'message',
      'first_seen as firstSeen',
      'last_seen as lastSeen',
    ])
    .where('resolved_at', 'is', null);
  if (source !== undefined) query = query.where('source', '=', source);
  return query.orderBy('last_seen', 'desc').orderBy('id').limit(1000).execute();
}

/** One page of what stands in quarantine now, the latest first, and how much there is. */
export async function quarantinePage(
  queries: Queries,
  { limit, offset, source, reason }: { limit: number; offset: number; source?: string; reason?: string },
): Promise<{ entries: QuarantineEntry[]; total: number }> {
  let open = queries.selectFrom('quarantine').where('resolved_at', 'is', null);
  if (source !== undefined) open = open.where('source', '=', source);
  if (reason !== undefined) open = open.where('reason', '=', reason);
  const [entries, { total }] = await Promise.all([
    open
      .select(['id', 'source', 'path', 'document', 'reason', 'place', 'message'])
      .select(['first_seen as firstSeen', 'last_seen as lastSeen'])
      .orderBy('last_seen', 'desc')
      .orderBy('id')
      .limit(limit)
      .offset(offset)
      .execute(),
    open.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ]);
  return { entries, total };
}

/** A document that was refused, with where what is kept of its bytes is; null where there is none of that number. */
export async function quarantinedDocument(
  queries: Queries,
  id: number,
): Promise<({ source: string; path: string; document: string } & RawAddress) | null> {
  const row = await queries
    .selectFrom('quarantine')
    .select(['source', 'path', 'document', 'raw', 'pack'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}
