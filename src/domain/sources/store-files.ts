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
    .select(['hash', 'documents', 'quarantined', 'parser_version', 'usual'])
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
    usual: number | null;
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
): Promise<{ ids: number[]; keys: string[]; of: number }> {
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
  return { ids: gone.map(({ id }) => id), keys: gone.map(({ key }) => key), of: rows.length };
}

/**
 * Reports whose files their source has taken away: by the files' paths below a folder, single or within an archive there.
 *
 * @returns them, and how many reports are below the folder
 */
export async function removeFiles(
  tx: Tx,
  source: string,
  { folder, paths }: { folder: string; paths: readonly string[] },
): Promise<{ ids: number[]; keys: string[]; of: number }> {
  const { rows } = await sql<{ id: number; key: string; gone: boolean }>`select id, key,
      coalesce(substring(path from '!/(.*)$'), substr(path, length(${folder}) + 1)) = any(${paths}::text[]) as gone
    from report where source = ${source} and starts_with(path, ${folder}) and gone_at is null order by key collate "C"`.execute(
    tx,
  );
  const gone = rows.filter((row) => row.gone);
  return { ids: gone.map(({ id }) => id), keys: gone.map(({ key }) => key), of: rows.length };
}

/** Third key: whoever fetches a source from the network keeps others from it. */
const FETCHING = 7270;

/** Does something while nobody else fetches that source; null where somebody does. */
export async function withFetchLock<T>(
  database: Database,
  source: string,
  work: () => Promise<T>,
): Promise<T | null> {
  const client = await database.pool.connect();
  try {
    const { rows } = await client.query<{ got: boolean }>(
      'select pg_try_advisory_lock($1, hashtext($2)) as got',
      [FETCHING, source],
    );
    if (rows[0]?.got !== true) return null;
    try {
      return await work();
    } finally {
      await client.query('select pg_advisory_unlock($1, hashtext($2))', [FETCHING, source]).catch(() => {});
    }
  } finally {
    client.release();
  }
}

/** Tombstones: the reports stay, with everything that people said of them. */
export async function markGone(tx: Tx, ids: readonly number[]): Promise<void> {
  if (ids.length === 0) return;
  await sql`update report set gone_at = now(), changed = nextval('report_changed') where id = any(${ids}::bigint[])`.execute(
    tx,
  );
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
    /** Alarms that are open, and files that wait for a person. */
    alarms: number;
    held: number;
  }>`select s.source, coalesce(r.reports, 0) as reports, r.newest, s.last_success, s.last_error, coalesce(q.quarantined, 0) as quarantined,
      coalesce(a.alarms, 0) as alarms, coalesce(b.held, 0) as held
    from source_state s
    left join (select source, count(*) as reports, max(published) as newest from report where gone_at is null group by source) r using (source)
    left join (select source, count(*) as quarantined from quarantine where resolved_at is null group by source) q using (source)
    left join (select source, count(*) as alarms from source_alarm where closed_at is null group by source) a using (source)
    left join (select source, count(*) as held from source_batch
      where applied_at is null and overtaken_at is null and decision is null group by source) b using (source)
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
