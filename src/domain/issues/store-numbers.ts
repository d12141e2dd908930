import { sql } from 'kysely';
import type { Queries } from '#base/db';

/** How many numbers of a year's CVE ids are in which state. */
export interface NumberYear {
  year: number;
  published: number;
  /** Some record says so. */
  reserved: number;
  rejected: number;
  /** Reports name it, and no record that we read describes it. */
  unrecorded: number;
  /** The greatest number of the year that anybody has spoken of. */
  highest: string;
  /** Numbers between two known ones of which nobody has spoken, and in how many stretches they lie. */
  missing: number;
  gaps: number;
}

/** Where more than so many are missing in a row, a block begins that was given to somebody else, and it is no gap. */
export const LONGEST_GAP = 1000;

const CVE = sql.raw(`id ~ '^CVE-\\d{4}-\\d{4,19}$'`);

/** Goes through every number. */
export async function countNumbers(queries: Queries): Promise<NumberYear[]> {
  // A number of 19 digits is more than a bigint may hold; it is counted, and in no gap.
  const { rows } = await sql<NumberYear>`
    with numbers as (
      select substr(id, 1, 9) as year, case when length(id) <= 27 then substr(id, 10)::bigint end as number, state,
        state_by <> '{}' as said
      from vulnerability where ${CVE}
    ), steps as (
      select *, number - lag(number) over (partition by year order by number) - 1 as missing from numbers
    ), counted as (
      select year, count(*) filter (where state = 'published')::int as published,
        count(*) filter (where state = 'reserved' and said)::int as reserved,
        count(*) filter (where state = 'rejected')::int as rejected,
        count(*) filter (where state = 'reserved' and not said)::int as unrecorded,
        coalesce(sum(missing) filter (where missing between 1 and ${LONGEST_GAP}), 0)::int as missing,
        count(*) filter (where missing between 1 and ${LONGEST_GAP})::int as gaps
      from steps group by year
    )
    select substr(c.year, 5, 4)::int as year, published, reserved, rejected, unrecorded, (select id from vulnerability
        where ${CVE} and substr(id, 1, 9) = c.year order by length(id) desc, id collate "C" desc limit 1) as highest,
      missing, gaps
    from counted c order by c.year desc`.execute(queries);
  return rows;
}

/** What one page shows of all numbers. */
export interface NumberFigures {
  years: NumberYear[];
  /** Reserved, and public all the same: how many, and those that were announced last. */
  reservedPublic: { total: number; latest: ReservedButPublic[] };
  /** Ids that are none of the CVE list, of vulnerabilities that issues have. */
  provisional: Provisional[];
}

export interface StoredFigures extends NumberFigures {
  computation: number;
  madeAt: Date;
}

/** A CVE id that distributions announce and no record describes: who did first, and how many did. Moments are ISO texts. */
export interface ReservedButPublic {
  id: string;
  since: string | null;
  /** Sources whose records say that it is reserved; empty where no record speaks of it. */
  by: string[];
  first: { source: string; key: string; published: string | null };
  announcements: number;
}

export interface Provisional {
  /** What the ids begin with: "TEMP", "MUSTER", "GHSA". */
  prefix: string;
  ids: number;
  issues: number;
}

export async function readNumberFigures(queries: Queries): Promise<StoredFigures | null> {
  const row = await queries
    .selectFrom('number_figures')
    .select(['computation', 'made_at as madeAt', 'figures'])
    .executeTakeFirst();
  if (row === undefined) return null;
  const { computation, madeAt, figures } = row;
  return { computation, madeAt, ...(figures as NumberFigures) };
}

export async function writeNumberFigures(
  queries: Queries,
  { computation, madeAt, ...figures }: StoredFigures,
): Promise<void> {
  await sql`insert into number_figures (computation, made_at, figures)
    values (${computation}, ${madeAt}, ${JSON.stringify(figures)})
    on conflict (only_row) do update set computation = excluded.computation, made_at = excluded.made_at, figures = excluded.figures`.execute(
    queries,
  );
}

/** The nearest numbers of the same year that anybody has spoken of, before and after a CVE id. */
export async function neighboursOf(
  queries: Queries,
  id: string,
): Promise<{ before: string | null; after: string | null }> {
  const place = sql`(length(id), id collate "C")`;
  const own = sql`(${id.length}::int, ${id}::text collate "C")`;
  const year = sql`${CVE} and substr(id, 1, 9) = ${id.slice(0, 9)}`;
  const { rows } = await sql<{ before: string | null; after: string | null }>`select
    (select id from vulnerability where ${year} and ${place} < ${own} order by length(id) desc, id collate "C" desc limit 1) as before,
    (select id from vulnerability where ${year} and ${place} > ${own} order by length(id), id collate "C" limit 1) as after`.execute(
    queries,
  );
  return rows[0] ?? { before: null, after: null };
}

/** A CVE id that is taken, and of which no record says what it is. */
export interface ReservedNumber {
  id: string;
  since: Date | null;
  /** Sources that say so; empty where no record describes it. */
  by: string[];
}

/** CVE ids that no record describes, and that issues have: somebody announced them. The latest number first. */
export async function reservedInIssues(queries: Queries): Promise<ReservedNumber[]> {
  const { rows } = await sql<ReservedNumber>`
    select id, state_since as since, state_by as by from vulnerability v
    where state = 'reserved' and ${CVE} and exists (select from issue_atom a where a.vulnerability = v.id)
    order by substr(id, 1, 9) desc, length(id) desc, id collate "C" desc`.execute(queries);
  return rows;
}

/** Issues whose vulnerabilities have no number of the CVE list: how many, by what their ids begin with. */
export async function countProvisional(queries: Queries): Promise<Provisional[]> {
  const { rows } = await sql<Provisional>`
    select coalesce(substring(vulnerability from '^[A-Za-z]+'), 'other') as prefix, count(distinct vulnerability)::int as ids,
      count(distinct issue)::int as issues
    from issue_atom where vulnerability not like 'CVE-%' group by 1 order by 2 desc, 1 limit 50`.execute(
    queries,
  );
  return rows;
}
