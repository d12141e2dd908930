import { sql } from 'kysely';
import { type Database, type Queries, refreshStatistics, type Tx } from '#base/db';
import { packLinks } from './pack-links.ts';
import { packVersions } from './pack-versions.ts';
import type { ParsedReport, ProblemReason } from './source.ts';
import { hashOf, storeRaw } from './store-raw.ts';

/** A document read, with its bytes, on its way into the store. */
export interface ReadDocument {
  path: string;
  /** Name of the document in its file, see RawDocument. */
  document: string;
  format: string;
  bytes: Buffer;
  hash: Buffer;
  report: ParsedReport;
}

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
const KEPT_OF_REFUSED = 1 << 20;

interface StoredCounts {
  stored: number;
  unchanged: number;
}

/**
 * Stores documents of one source: raw bytes, then what was read in them. A document whose bytes and parser are those of the
 * stored one changes nothing. A changed one replaces what was read, and the earlier bytes stay as a revision.
 *
 * Where two files carry the same report, the outcome does not depend on which came first: the form that the source ranks
 * higher wins, then the later `modified`.
 *
 * @param ranks names of the source's forms, best first
 */
export async function storeReports(
  tx: Tx,
  source: { id: string; version: number; ranks: readonly string[] },
  documents: readonly ReadDocument[],
): Promise<StoredCounts> {
  // Within one batch the same rule as against the store.
  const best = new Map<string, ReadDocument>();
  for (const document of documents) {
    const other = best.get(document.report.key);
    if (other === undefined || supersedes(source.ranks, facts(document), facts(other)))
      best.set(document.report.key, document);
  }
  const chosen = [...best.values()];
  const existing = await tx
    .selectFrom('report')
    .select(['id', 'key', 'raw', 'format', 'modified', 'parser_version', 'gone_at', 'path'])
    .where('source', '=', source.id)
    .where('key', '=', sql<string>`any(${chosen.map(({ report }) => report.key)}::text[])`)
    .execute();
  const stored = new Map(existing.map((row) => [row.key, row]));
  const writes: { id: number | null; document: ReadDocument; replacesRaw: boolean }[] = [];
  for (const document of chosen) {
    const row = stored.get(document.report.key);
    if (row === undefined) {
      writes.push({ id: null, document, replacesRaw: false });
      continue;
    }
    const sameBytes = row.raw.equals(document.hash);
    if (sameBytes && row.parser_version === source.version && row.gone_at === null) continue;
    const old = { format: row.format, modified: row.modified?.toISOString() ?? null };
    if (!sameBytes && row.gone_at === null && !supersedes(source.ranks, facts(document), old)) continue;
    writes.push({ id: row.id, document, replacesRaw: !sameBytes });
  }
  if (writes.length > 0) {
    const pack = await storeRaw(
      tx,
      writes.map(({ document }) => document),
    );
    await replaceOld(
      tx,
      writes.flatMap(({ id }) => (id === null ? [] : [id])),
      writes.flatMap(({ id, replacesRaw }) => (id !== null && replacesRaw ? [id] : [])),
    );
    const ids = await upsertReports(
      tx,
      source,
      pack,
      writes.map(({ document }) => document),
    );
    await insertAffected(
      tx,
      writes.map(({ document }) => document),
      ids,
    );
  }
  return { stored: writes.length, unchanged: documents.length - writes.length };
}

function facts({ format, report }: ReadDocument): { format: string; modified: string | null } {
  return { format, modified: report.modified };
}

/** Whether `a` replaces `b`. With nothing to choose by, what was read last wins. */
function supersedes(
  ranks: readonly string[],
  a: { format: string; modified: string | null },
  b: { format: string; modified: string | null },
): boolean {
  const rank = ranks.indexOf(a.format) - ranks.indexOf(b.format);
  if (rank !== 0) return rank < 0;
  if (a.modified === null || b.modified === null) return true;
  return Date.parse(a.modified) >= Date.parse(b.modified);
}

/** Puts what is about to be replaced among the revisions, and takes away what was read in it. */
async function replaceOld(tx: Tx, all: readonly number[], changed: readonly number[]): Promise<void> {
  if (changed.length > 0) {
    await sql`insert into report_revision (report, revision, raw, pack, parser_version)
      select id, revision, raw, pack, parser_version from report where id = any(${changed}::bigint[])`.execute(
      tx,
    );
    await sql`update report set revision = revision + 1 where id = any(${changed}::bigint[])`.execute(tx);
  }
  if (all.length === 0) return;
  await sql`delete from report_affected where report = any(${all}::bigint[])`.execute(tx);
  await sql`delete from report_vulnerability v using report r
    where r.id = any(${all}::bigint[]) and v.vulnerability = any(r.vulnerabilities) and v.report = r.id`.execute(
    tx,
  );
}

async function upsertReports(
  tx: Tx,
  source: { id: string; version: number },
  pack: number,
  documents: readonly ReadDocument[],
): Promise<Map<string, number>> {
  const rows = documents.map(({ path, document, format, hash, report }) => ({
    path,
    document,
    format,
    raw: `\\x${hash.toString('hex')}`,
    key: report.key,
    kind: report.kind,
    title: report.title,
    description: report.description,
    published: report.published,
    modified: report.modified,
    url: report.url,
    state: report.state,
    withdrawn: report.withdrawn,
    severity: report.severity,
    severity_as: report.severityAs,
    cvss: report.cvss.length > 0 ? report.cvss : undefined,
    vulnerabilities: literal(report.vulnerabilities),
    aliases: orNothing(report.aliases),
    weaknesses: orNothing(report.weaknesses),
    cites: orNothing(report.cites),
    links: packLinks(report.links),
  }));
  const { rows: ids } = await sql<{ id: number; key: string }>`
    with written as (insert into report as old (source, key, document, format, kind, raw, pack, parser_version, title, description, published, modified, url, state,
      withdrawn, severity, severity_as, cvss, vulnerabilities, aliases, weaknesses, cites, links, path, changed)
    select ${source.id}, key, document, format, kind, raw::bytea, ${pack}::bigint, ${source.version}::int, title, description, published, modified, url, state,
      withdrawn, severity, severity_as, cvss, vulnerabilities::text[], aliases::text[], weaknesses::text[], cites::text[], links, path,
      nextval('report_changed')
    from json_to_recordset(${withoutNul(JSON.stringify(rows))}::json) as r(key text, document text, format text, kind text, raw text, title text,
      description text, published timestamptz, modified timestamptz, url text, state text, withdrawn text, severity text,
      severity_as text, cvss json, vulnerabilities text, aliases text, weaknesses text, cites text, links json, path text)
    on conflict (source, key) do update set document = excluded.document, format = excluded.format, kind = excluded.kind, raw = excluded.raw, pack = excluded.pack,
      parser_version = excluded.parser_version, title = excluded.title, description = excluded.description,
      published = excluded.published, modified = excluded.modified, url = excluded.url, state = excluded.state,
      withdrawn = excluded.withdrawn, severity = excluded.severity, severity_as = excluded.severity_as, cvss = excluded.cvss,
      vulnerabilities = excluded.vulnerabilities, aliases = excluded.aliases, weaknesses = excluded.weaknesses,
      cites = excluded.cites, links = excluded.links, path = excluded.path, changed = excluded.changed,
      fetched_last = now(), gone_at = null
    returning id, key, vulnerabilities),
    linked as (insert into report_vulnerability (vulnerability, report)
      select distinct n.id, w.id from written w, unnest(w.vulnerabilities) n(id) on conflict do nothing)
    select id, key from written`.execute(tx);
  return new Map(ids.map(({ id, key }) => [key, id]));
}

async function insertAffected(
  tx: Tx,
  documents: readonly ReadDocument[],
  ids: ReadonlyMap<string, number>,
): Promise<void> {
  const rows = documents.flatMap(({ report }) => {
    const id = ids.get(report.key);
    return report.affected.map(({ versions, ...affected }) => ({
      report: id,
      ...affected,
      versions: versions && packVersions(versions),
    }));
  });
  if (rows.length === 0) return;
  await sql`insert into report_affected (report, ecosystem, vendor, name, release, vulnerability, status, fixed, versions, note)
    select report, ecosystem, vendor, name, release, vulnerability, status, fixed, versions, note
    from json_to_recordset(${withoutNul(JSON.stringify(rows))}::json) as r(report bigint, ecosystem text, vendor text, name text,
      release text, vulnerability text, status text, fixed text, versions json, note text)`.execute(tx);
}

/** PostgreSQL's text has no NUL; some real records do. */
function withoutNul(json: string): string {
  return json.includes('\\u0000') ? json.replaceAll('\\u0000', '\\ufffd') : json;
}

/** An array in PostgreSQL's own notation: cheaper to read than an array of a JSON document. */
function literal(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/[\\"]/g, '\\$&')}"`).join(',')}}`;
}

function orNothing(values: readonly string[]): string | undefined {
  return values.length > 0 ? literal(values) : undefined;
}

/** Puts documents into quarantine, once each however often they come. */
export async function quarantine(
  tx: Tx,
  source: { id: string; version: number },
  refused: readonly RefusedDocument[],
): Promise<void> {
  if (refused.length === 0) return;
  const kept = refused.map((document) => {
    const bytes = document.bytes.subarray(0, KEPT_OF_REFUSED);
    return { ...document, bytes, hash: hashOf(bytes) };
  });
  const pack = await storeRaw(tx, kept);
  const rows = kept.map(({ path, document, format, hash, reason, place, message }) => ({
    path,
    document,
    format,
    raw: `\\x${hash.toString('hex')}`,
    reason,
    place: place.slice(0, 500),
    message: message.slice(0, 1000),
  }));
  const distinct = [...new Map(rows.map((row) => [`${row.path}\n${row.document}`, row])).values()];
  await sql`insert into quarantine (source, path, document, format, raw, pack, reason, place, message, parser_version)
    select ${source.id}, path, document, format, raw::bytea, ${pack}::bigint, reason, place, message, ${source.version}::int
    from json_to_recordset(${withoutNul(JSON.stringify(distinct))}::json) as r(path text, document text, format text, raw text,
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

/** What is known of a file that was read before. */
export async function knownFile(queries: Queries, source: string, path: string) {
  return queries
    .selectFrom('source_file')
    .select(['hash', 'documents', 'quarantined', 'parser_version'])
    .where('source', '=', source)
    .where('path', '=', path)
    .executeTakeFirst();
}

export async function rememberFile(
  tx: Tx,
  file: {
    source: string;
    path: string;
    hash: Buffer;
    documents: number;
    quarantined: number;
    parser_version: number;
  },
): Promise<void> {
  const row = { ...file, read_at: new Date() };
  await tx
    .insertInto('source_file')
    .values(row)
    .onConflict((conflict) => conflict.columns(['source', 'path']).doUpdateSet(row))
    .execute();
}

/**
 * Reports that a file held when it was read last, and that are not among `keys` now. Of what could not be read nobody knows
 * that it is gone: its document is there under its name, or, where its name could not be read either, may be any of its file.
 */
export async function vanished(
  tx: Tx,
  source: string,
  path: string,
  keys: ReadonlySet<string>,
  refused: readonly Pick<RefusedDocument, 'path' | 'document'>[],
): Promise<{ ids: number[]; of: number }> {
  const unread = new Set(refused.map((each) => `${each.path}\n${each.document}`));
  const nameless = refused.filter(
    (each) => ['', each.path].includes(each.document) || each.document.startsWith(`${each.path}#`),
  );
  const doubtful = new Set(nameless.map((each) => each.path));
  const rows = await tx
    .selectFrom('report')
    .select(['id', 'key', 'path', 'document'])
    .where('source', '=', source)
    .where((eb) => eb.or([eb('path', '=', path), sql<boolean>`starts_with(path, ${`${path}!/`})`]))
    .where('gone_at', 'is', null)
    .execute();
  const gone = rows.filter(
    (row) => !keys.has(row.key) && !doubtful.has(row.path) && !unread.has(`${row.path}\n${row.document}`),
  );
  return { ids: gone.map(({ id }) => id), of: rows.length };
}

/** Tombstones: the reports stay, with everything that people said of them. */
export async function markGone(tx: Tx, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`update report set gone_at = now(), changed = nextval('report_changed') where id = any(${ids}::bigint[])`.execute(
    tx,
  );
}

export async function recordRun(
  tx: Queries,
  source: string,
  version: number,
  error: string | null,
): Promise<void> {
  const now = new Date();
  const row = {
    source,
    parser_version: version,
    last_attempt: now,
    last_error: error,
    ...(error === null ? { last_success: now } : {}),
  };
  await tx
    .insertInto('source_state')
    .values(row)
    .onConflict((conflict) => conflict.column('source').doUpdateSet(row))
    .execute();
}

/** Stored documents that an earlier version of the parser read, in the order of their ids. */
export async function outdated(
  queries: Queries,
  source: { id: string; version: number },
  after: number,
  limit: number,
) {
  return queries
    .selectFrom('report')
    .select(['id', 'document', 'path', 'format', 'raw', 'pack'])
    .where('source', '=', source.id)
    .where('parser_version', '<', source.version)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
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

/** How each source stands: what is stored, when it was last read, what is in quarantine. */
export async function sourceStates(queries: Queries) {
  const { rows } = await sql<{
    source: string;
    reports: number;
    newest: Date | null;
    last_success: Date | null;
    last_error: string | null;
    quarantined: number;
  }>`select s.source, coalesce(r.reports, 0) as reports, r.newest, s.last_success, s.last_error, coalesce(q.quarantined, 0) as quarantined
    from source_state s
    left join (select source, count(*) as reports, max(published) as newest from report where gone_at is null group by source) r using (source)
    left join (select source, count(*) as quarantined from quarantine where resolved_at is null group by source) q using (source)
    order by s.source`.execute(queries);
  return rows;
}

/** To be called when much was stored. */
export async function refreshReportStatistics(database: Database): Promise<void> {
  await refreshStatistics(database, ['report', 'report_affected', 'report_vulnerability']);
}

/** Name of a report's document in its file, which its parser needs to read it again. */
export async function documentOf(queries: Queries, report: number): Promise<string | null> {
  const row = await queries
    .selectFrom('report')
    .select('document')
    .where('id', '=', report)
    .executeTakeFirst();
  return row?.document ?? null;
}
