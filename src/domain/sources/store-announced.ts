import { sql } from 'kysely';
import type { Queries } from '#base/db';

/** The advisory that named a vulnerability first. */
export interface FirstAnnouncement {
  source: string;
  key: string;
  published: Date | null;
}

/** For each of the vulnerabilities that some advisory names: the first one, and how many do. */
export async function announcedFirst(
  queries: Queries,
  vulnerabilities: readonly string[],
): Promise<Map<string, { first: FirstAnnouncement; announcements: number }>> {
  if (vulnerabilities.length === 0) return new Map();
  const { rows } = await sql<FirstAnnouncement & { vulnerability: string; announcements: number }>`
    select distinct on (v.vulnerability) v.vulnerability, r.source, r.key, r.published,
      count(*) over (partition by v.vulnerability)::int as announcements
    from report_vulnerability v join report r on r.id = v.report
    where v.vulnerability = any(${vulnerabilities}::text[]) and r.kind = 'advisory' and r.gone_at is null and r.withdrawn is null
    order by v.vulnerability, r.published nulls last, r.source, r.key`.execute(queries);
  return new Map(
    rows.map(({ vulnerability, announcements, ...first }) => [vulnerability, { first, announcements }]),
  );
}

/** The records of vulnerabilities, whatever state they are in: a rejected one names no product, and is there. */
export async function recordsBehind(
  queries: Queries,
  vulnerabilities: readonly string[],
): Promise<{ vulnerability: string; report: number }[]> {
  if (vulnerabilities.length === 0) return [];
  const { rows } = await sql<{ vulnerability: string; report: number }>`
    select v.vulnerability, r.id as report from report_vulnerability v join report r on r.id = v.report
    where v.vulnerability = any(${vulnerabilities}::text[]) and r.kind = 'record' and r.gone_at is null
    order by v.vulnerability, r.source, r.key`.execute(queries);
  return rows;
}
