import { sql } from 'kysely';
import type { Queries } from '#base/db';

/** A report whose title or key has the words. */
export interface FoundReport {
  source: string;
  key: string;
  title: string;
  kind: 'advisory' | 'tracker';
  published: Date | null;
}

/** So many of the latest are looked through one by one: words that are everywhere are found there at once. */
const LATEST = 5_000;

/**
 * Advisories and trackers' pages that a source still has, the latest first. What records say is in the vulnerabilities. Less
 * than three letters are looked for in the latest reports only: no index has them.
 */
export async function searchReports(queries: Queries, words: string, limit: number): Promise<FoundReport[]> {
  const pattern = `%${words.replace(/[\\%_]/g, '\\$&')}%`;
  const columns = sql`source, key, title, kind, published`;
  const ours = sql`kind <> 'record' and gone_at is null`;
  const { rows: recent } = await sql<FoundReport>`
    with latest as materialized (
      select ${columns} from report where ${ours} order by published desc nulls last limit ${LATEST}
    )
    select * from latest where title ilike ${pattern} order by published desc nulls last, source, key limit ${limit}`.execute(
    queries,
  );
  if (recent.length === limit || [...words].length < 3) return recent;
  const { rows } = await sql<FoundReport>`
    with found as materialized (select ${columns} from report where ${ours} and title ilike ${pattern})
    select * from found order by published desc nulls last, source, key limit ${limit}`.execute(queries);
  return rows;
}
