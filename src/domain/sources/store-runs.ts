import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { SourceStanding } from './judge-source.ts';
import type { SyncResult } from './sync.ts';

/** One run over a source, as it is remembered. */
export interface SourceRun {
  id: number;
  startedAt: Date;
  endedAt: Date;
  outcome: 'done' | 'held' | 'failed';
  stored: number;
  unchanged: number;
  quarantined: number;
  gone: number;
  requests: number;
  bytes: number;
  error: string | null;
}

export interface RunRecord {
  version: number;
  /** Null where nothing changed. */
  newest: Date | null;
  startedAt: Date;
  endedAt: Date;
  outcome: SourceRun['outcome'];
  result: SyncResult;
  error: string | null;
  /** Null where nothing was fetched: the files were in a folder. */
  traffic: { requests: number; bytes: number } | null;
}

/** So many runs of each source are remembered. */
const REMEMBERED = 500;

/** Writes a run down, and how the source stands after it. */
export async function recordRun(tx: Tx, source: string, run: RunRecord): Promise<void> {
  const { startedAt, endedAt, outcome, result, error, traffic } = run;
  const failed = outcome === 'failed';
  const changed = result.stored + result.gone > 0;
  const proven = !failed && traffic !== null && result.stored + result.unchanged > 0;
  await tx
    .insertInto('source_run')
    .values({
      source,
      started_at: startedAt,
      ended_at: endedAt,
      outcome,
      ...{ stored: result.stored, unchanged: result.unchanged, gone: result.gone },
      quarantined: result.quarantined,
      requests: traffic?.requests ?? 0,
      bytes: traffic?.bytes ?? 0,
      error: error?.slice(0, 1000) ?? null,
    })
    .execute();
  await sql`delete from source_run where source = ${source} and id in (
    select id from source_run where source = ${source} order by id desc offset ${REMEMBERED})`.execute(tx);
  await sql`insert into source_state (source, parser_version, last_attempt, last_success, last_error, fetched_at, proven_at, failures,
      changed_at, newest)
    values (${source}, ${run.version}, ${endedAt}, ${error === null ? endedAt : null}, ${error}, ${traffic === null ? null : endedAt}, ${proven ? endedAt : null},
      ${failed ? 1 : 0}, ${changed ? endedAt : null}, ${run.newest})
    on conflict (source) do update set parser_version = excluded.parser_version, last_attempt = excluded.last_attempt,
      last_success = coalesce(excluded.last_success, source_state.last_success), last_error = excluded.last_error,
      fetched_at = coalesce(excluded.fetched_at, source_state.fetched_at),
      proven_at = coalesce(source_state.proven_at, excluded.proven_at),
      failures = case when ${failed} then source_state.failures + 1 else 0 end,
      newest = coalesce(excluded.newest, source_state.newest),
      changed_at = coalesce(excluded.changed_at, source_state.changed_at),
      wanted_at = case when source_state.wanted_at <= ${startedAt} then null else source_state.wanted_at end`.execute(
    tx,
  );
}

/** The latest day that reports of a source bear; what lies in the future says nothing. */
export async function newestOf(queries: Queries, source: string, now: Date): Promise<Date | null> {
  const { rows } = await sql<{ newest: Date | null }>`
    select max(greatest(case when published <= ${now} then published end, case when modified <= ${now} then modified end)) as newest
    from report where source = ${source} and gone_at is null`.execute(queries);
  return rows[0]?.newest ?? null;
}

/** What is known of a source's rhythm. */
export async function standingOf(queries: Queries, source: string, now: Date): Promise<SourceStanding> {
  const { rows } =
    await sql<SourceStanding>`select s.fetched_at as "fetchedAt", s.failures, s.last_success as "lastSuccess",
      s.newest, s.changed_at as "changedAt",
      (select min(started_at) from source_run r where r.source = s.source and r.requests > 0) as "firstFetchedAt",
      (select coalesce(sum(stored), 0)::int from source_run r where r.source = s.source
        and started_at > ${now}::timestamptz - interval '7 days') as "storedInWeek"
    from source_state s where source = ${source}`.execute(queries);
  const none = { fetchedAt: null, firstFetchedAt: null, lastSuccess: null, newest: null, changedAt: null };
  return rows[0] ?? { ...none, failures: 0, storedInWeek: 0 };
}

/** When a source was tried and fetched last, and whether somebody waits for it. */
export interface SourceTimes {
  lastAttempt: Date | null;
  fetchedAt: Date | null;
  /** When a run over the network first read documents. */
  provenAt: Date | null;
  wantedAt: Date | null;
  failures: number;
}

export async function timesOfSources(queries: Queries): Promise<Map<string, SourceTimes>> {
  const rows = await queries
    .selectFrom('source_state')
    .select([
      'source',
      'last_attempt as lastAttempt',
      'fetched_at as fetchedAt',
      'proven_at as provenAt',
      'wanted_at as wantedAt',
      'failures',
    ])
    .execute();
  return new Map(rows.map(({ source, ...times }) => [source, times]));
}

/** Somebody wants a source fetched as soon as may be. */
export async function wantSource(tx: Queries, source: string, at: Date): Promise<void> {
  await tx.updateTable('source_state').set({ wanted_at: at }).where('source', '=', source).execute();
}

/** The last runs over a source, the latest first. */
export async function runsOf(queries: Queries, source: string, limit = 20): Promise<SourceRun[]> {
  return queries
    .selectFrom('source_run')
    .select(['id', 'started_at as startedAt', 'ended_at as endedAt', 'outcome', 'stored', 'unchanged'])
    .select(['quarantined', 'gone', 'requests', 'bytes', 'error'])
    .where('source', '=', source)
    .orderBy('id', 'desc')
    .limit(limit)
    .$castTo<SourceRun>()
    .execute();
}

/** How far a step of fetching has come; null before its first run. */
export async function cursorOf(queries: Queries, source: string, step: string): Promise<unknown> {
  const { rows } = await sql<{ cursor: unknown }>`select cursor->${step} as cursor from source_state
    where source = ${source}`.execute(queries);
  return rows[0]?.cursor ?? null;
}

/** … in the transaction of what it brought. */
export async function saveCursor(
  tx: Tx,
  source: { id: string; version: number },
  step: string,
  cursor: unknown,
): Promise<void> {
  const own = JSON.stringify({ [step]: cursor });
  await sql`insert into source_state (source, parser_version, cursor) values (${source.id}, ${source.version}, ${own}::jsonb)
    on conflict (source) do update set cursor = source_state.cursor || excluded.cursor`.execute(tx);
}
