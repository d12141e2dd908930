import { sql } from 'kysely';
import type { Queries } from '#base/db';
import type { Exploitation } from './store-signals.ts';

/** The latest document of a source of signals. */
export interface SignalDay {
  source: string;
  /** ISO day that it is of. */
  asOf: string;
  /** When it was read, as the database says it. */
  readAt: string;
}

/** For each source of signals, of which day the standing ones are. */
export async function signalDays(queries: Queries): Promise<SignalDay[]> {
  const { rows } =
    await sql<SignalDay>`select distinct on (source) source, as_of::text as "asOf", read_at::text as "readAt"
    from signal_document order by source, as_of desc, read_at desc`.execute(queries);
  return rows;
}

/** Vulnerabilities that are known to be used, or likelier to be than that share of all; by id. */
export async function tellingSignals(queries: Queries, percentile: number): Promise<Exploitation[]> {
  const { rows } = await sql<{
    vulnerability: string;
    since: string | null;
    due: string | null;
    ransomware: boolean | null;
    score: number | null;
    percentile: number | null;
  }>`select vulnerability, max(since)::text as since, max(due)::text as due, bool_or(ransomware) as ransomware,
      max(score) as score, max(percentile) as percentile
    from signal where gone_at is null and (since is not null or percentile >= ${percentile})
    group by vulnerability order by vulnerability`.execute(queries);
  return rows.map(({ vulnerability, since, due, ransomware, score, percentile: share }) => ({
    vulnerability,
    known: since === null ? null : { since, due, ransomware: ransomware ?? false },
    likelihood: score === null ? null : { score, percentile: share },
  }));
}
