import { sql } from 'kysely';
import { type Queries, storableJson, type Tx } from '#base/db';
import type { Signal, SignalDocument } from './signal.ts';
import { dropPacks, hashOf, RawBytes, storeRaw } from './store-raw.ts';

/** A document of signals, read, on its way into the store. */
export interface ReadSignals {
  path: string;
  format: string;
  bytes: Buffer;
  /** SHA-256 of the bytes, in hexadecimal. */
  hash: string;
  read: SignalDocument;
}

export interface StoredSignals {
  /** New or changed. */
  stored: number;
  unchanged: number;
  /** Said before, and not any more. */
  gone: number;
  /** What stood before. */
  of: number;
}

const ROWS = 5000;

/**
 * Stores a document, and what it says in place of what the source said before, unless that is of a later day. The caller decides by
 * `gone` whether so much may go, and rolls back.
 */
export async function storeSignals(
  tx: Tx,
  source: { id: string; version: number },
  { path, format, bytes, hash, read }: ReadSignals,
): Promise<StoredSignals> {
  const signals = distinct(read.signals);
  const { later } = await standing(tx, source.id, read.asOf);
  await storeDocument(tx, source, { path, format, bytes, hash, read });
  await thinOut(tx, source.id);
  if (later) return { stored: 0, unchanged: signals.length, gone: 0, of: signals.length };
  await sql`create temp table if not exists signal_incoming (vulnerability text, since date, due date, ransomware boolean,
    score double precision, percentile double precision) on commit drop`.execute(tx);
  await sql`truncate signal_incoming`.execute(tx);
  for (let at = 0; at < signals.length; at += ROWS) {
    await sql`insert into signal_incoming select vulnerability, since, due, ransomware, score, percentile
      from json_to_recordset(${storableJson(signals.slice(at, at + ROWS))}::json) as r(vulnerability text, since date, due date,
        ransomware boolean, score double precision, percentile double precision)`.execute(tx);
  }
  await sql`analyze signal_incoming`.execute(tx);
  const before = await sql<{
    of: number;
  }>`select count(*)::int as of from signal where source = ${source.id} and gone_at is null`.execute(tx);
  const stored =
    await sql`insert into signal (source, vulnerability, since, due, ransomware, score, percentile)
    select ${source.id}, vulnerability, since, due, ransomware, score, percentile from signal_incoming
    on conflict (source, vulnerability) do update set since = excluded.since, due = excluded.due, ransomware = excluded.ransomware,
      score = excluded.score, percentile = excluded.percentile, changed_at = now(), gone_at = null
    where (signal.since, signal.due, signal.ransomware, signal.score, signal.percentile) is distinct from
      (excluded.since, excluded.due, excluded.ransomware, excluded.score, excluded.percentile) or signal.gone_at is not null`.execute(
      tx,
    );
  const gone = await sql`update signal set gone_at = now(), changed_at = now()
    where source = ${source.id} and gone_at is null
      and not exists (select from signal_incoming i where i.vulnerability = signal.vulnerability)`.execute(
    tx,
  );
  const changed = Number(stored.numAffectedRows ?? 0n);
  return {
    stored: changed,
    unchanged: signals.length - changed,
    gone: Number(gone.numAffectedRows ?? 0n),
    of: before.rows[0]?.of ?? 0,
  };
}

/** A vulnerability that stands twice counts as it stands last. */
function distinct(signals: readonly Signal[]): Signal[] {
  return [...new Map(signals.map((signal) => [signal.vulnerability, signal])).values()];
}

async function standing(tx: Tx, source: string, asOf: string): Promise<{ later: boolean }> {
  const { rows } = await sql<{ later: boolean }>`select exists (select from signal_document
    where source = ${source} and as_of > ${asOf}::date) as later`.execute(tx);
  return { later: rows[0]?.later ?? false };
}

async function storeDocument(
  tx: Tx,
  source: { id: string; version: number },
  { path, format, bytes, hash, read }: ReadSignals,
): Promise<void> {
  const { rows: before } = await sql<{ pack: number; raw: Buffer }>`select pack, raw from signal_document
    where source = ${source.id} and key = ${read.key}`.execute(tx);
  await dropPacks(tx, before);
  const raw = new RawBytes();
  const [pack] = await storeRaw(tx, raw, [{ hash, start: raw.add(bytes), length: bytes.length }]);
  await sql`insert into signal_document (source, key, as_of, path, format, raw, pack, parser_version)
    values (${source.id}, ${read.key}, ${read.asOf}::date, ${path}, ${format}, ${Buffer.from(hash, 'hex')}, ${pack ?? 0}, ${source.version})
    on conflict (source, key) do update set path = excluded.path, format = excluded.format, raw = excluded.raw, pack = excluded.pack,
      parser_version = excluded.parser_version, read_at = now()`.execute(tx);
}

/**
 * Keeps of a source's documents those of the last fortnight, the latest of which a new parser reads again, and the first of each
 * month: a year of EPSS is 24 MB and not 0.7 GB. Nothing refers to the others: what they said is in the rows of the latest. Each
 * has a pack of its own (storeDocument), which goes with it.
 */
async function thinOut(tx: Tx, source: string): Promise<void> {
  const { rows } = await sql<{ pack: number; raw: Buffer }>`
    delete from signal_document d where d.source = ${source}
      and d.as_of < (select max(as_of) from signal_document where source = ${source}) - ${KEPT_DAYS}::int
      and exists (select from signal_document e where e.source = d.source and date_trunc('month', e.as_of) = date_trunc('month', d.as_of)
        and (e.as_of, e.key) < (d.as_of, d.key))
    returning d.pack, d.raw`.execute(tx);
  await dropPacks(tx, rows);
}

const KEPT_DAYS = 14;

/** The latest document of a source, where an earlier parser read it. */
export async function outdatedSignals(queries: Queries, source: { id: string; version: number }) {
  return await queries
    .selectFrom('signal_document')
    .select(['path', 'format', 'raw', 'pack', 'parser_version'])
    .where('source', '=', source.id)
    .orderBy('as_of', 'desc')
    .limit(1)
    .execute()
    .then((rows) => rows.filter(({ parser_version }) => parser_version < source.version));
}

/** The latest document of a source that came under a path. */
export async function signalDocumentAt(queries: Queries, source: string, path: string) {
  return queries
    .selectFrom('signal_document')
    .select(['path', 'format', 'raw', 'pack'])
    .where('source', '=', source)
    .where('path', '=', path)
    .orderBy('as_of', 'desc')
    .limit(1)
    .executeTakeFirst();
}

/** What is known of the use of one vulnerability. Days are "2017-06-22". */
export interface Exploitation {
  vulnerability: string;
  /** It stands in CISA's catalogue: somebody uses it. */
  known: { since: string; due: string | null; ransomware: boolean } | null;
  /** EPSS: the likelihood that it is used within 30 days, and the share of all that are less likely; from 0 to 1. */
  likelihood: { score: number; percentile: number | null } | null;
}

/** Signals of the given vulnerabilities; those without any are left out. */
export async function exploitationOf(
  queries: Queries,
  vulnerabilities: readonly string[],
): Promise<Exploitation[]> {
  if (vulnerabilities.length === 0) return [];
  const { rows } = await sql<{
    vulnerability: string;
    since: string | null;
    due: string | null;
    ransomware: boolean | null;
    score: number | null;
    percentile: number | null;
  }>`select vulnerability, max(since)::text as since, max(due)::text as due, bool_or(ransomware) as ransomware,
      max(score) as score, max(percentile) as percentile
    from signal where vulnerability = any(${vulnerabilities}::text[]) and gone_at is null
    group by vulnerability order by vulnerability`.execute(queries);
  return rows.map(({ vulnerability, since, due, ransomware, score, percentile }) => ({
    vulnerability,
    known: since === null ? null : { since, due, ransomware: ransomware ?? false },
    likelihood: score === null ? null : { score, percentile },
  }));
}

export function readSignals(path: string, format: string, bytes: Buffer, read: SignalDocument): ReadSignals {
  return { path, format, bytes, hash: hashOf(bytes), read };
}
