import { sql } from 'kysely';
import type { Queries } from '#base/db';
import type { ProvisionalId } from '#base/formats';

/** An entry of a source that bears a provisional id. */
interface ProvisionalEntry {
  source: string;
  key: string;
  title: string;
  url: string | null;
  /** When we read it first. */
  since: Date;
  /** The source has it no more: it may have got its number. */
  goneAt: Date | null;
  /** Packages that it names. */
  packages: { ecosystem: string; vendor: string | null; name: string }[];
}

/** So many are listed. */
const MOST_ENTRIES = 500;

/** Entries without a number of their own; as the index on them says. */
const UNNUMBERED = sql`r.kind = 'tracker' and cardinality(r.vulnerabilities) = 0`;

/**
 * Every entry that bears a provisional id, the latest first, also what its source has no more. Of `TEMP-0628843-DBAD28` those with the
 * same hash, too: the number of the bug comes later than the entry.
 */
export async function provisionalEntries(
  queries: Queries,
  wanted: ProvisionalId,
): Promise<ProvisionalEntry[]> {
  const which =
    wanted.kind === 'renamed'
      ? sql`r.key = ${wanted.id}`
      : wanted.kind === 'temporary'
        ? sql`${UNNUMBERED} and (r.key ~ ${`(^|/)TEMP-[0-9]+-${wanted.hash}$`} or r.key ~ ${`^CVE-[0-9]{4}-[0-9A-Z]*[A-Z][0-9A-Z]*-${wanted.hash}`})`
        : sql`${UNNUMBERED} and starts_with(r.key, ${wanted.hash === null ? `${wanted.id}-` : wanted.id})`;
  const { rows } =
    await sql<ProvisionalEntry>`select r.source, r.key, r.title, r.url, r.fetched_first as since, r.gone_at as "goneAt",
      coalesce((select json_agg(p order by p.name) from (select distinct ecosystem, vendor, name from report_affected
        where report = r.id) p), '[]') as packages
    from report r where (${which}) order by r.gone_at is not null, r.fetched_first desc, r.source, r.key limit ${MOST_ENTRIES}`.execute(
      queries,
    );
  return rows;
}
