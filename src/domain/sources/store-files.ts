import { sql } from 'kysely';
import { type Database, type Queries, refreshStatistics, type Tx } from '#base/db';
import type { RefusedDocument } from './store-quarantine.ts';

/** First half of the key of our advisory locks on sources; the second is the source's. */
const LOCK = 7268;

/** Whoever writes reports holds it with the others; whoever wants to know how far they have come holds it alone. */
const CHANGES = 7269;

/** Waits until nobody else writes reports of the source, and keeps others from it until the transaction ends. */
export async function lockSource(tx: Tx, source: string): Promise<void> {
  await sql`select pg_advisory_xact_lock_shared(${CHANGES}), pg_advisory_xact_lock(${LOCK}, hashtext(${source}))`.execute(
    tx,
  );
}

/**
 * Grows whenever a report is stored, changed or taken back: equal marks mean equal reports, and every change up to the mark
 * is there to be read. For that it waits for those who write: numbers are taken in another order than they are committed in.
 */
export async function reportsMark(database: Database): Promise<number> {
  return database.transaction(async (tx) => {
    await sql`select pg_advisory_xact_lock(${CHANGES})`.execute(tx);
    const { rows } = await sql<{ mark: number | null }>`select max(changed) as mark from report`.execute(tx);
    return rows[0]?.mark ?? 0;
  });
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

/** When each source was last tried, successfully or not. */
export async function lastAttempts(queries: Queries): Promise<Map<string, Date>> {
  const rows = await queries.selectFrom('source_state').select(['source', 'last_attempt']).execute();
  return new Map(
    rows.flatMap(({ source, last_attempt: at }) => (at === null ? [] : [[source, at] as const])),
  );
}
