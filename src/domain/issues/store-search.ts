import { sql } from 'kysely';
import type { Queries } from '#base/db';
import type { Severity } from '#domain/sources';
import { STANDS } from './store.ts';

/** A vulnerability that words were found in. */
export interface FoundVulnerability {
  id: string;
  title: string | null;
  state: 'published' | 'reserved' | 'rejected';
  severity: Severity | null;
  published: Date | null;
}

/** A comment that words were found in, as far as one line goes. */
export interface FoundComment {
  id: number;
  issue: string;
  author: string;
  at: Date;
  /** Plain text around the first word that was found. */
  excerpt: string;
}

/** Of so many matches at most it is looked which are the best; words that are everywhere have no best ones. */
const LOOKED_AT = 1_000;

/** The same where each has its words taken apart first. */
const WORDS_LOOKED_AT = 300;

/** Vulnerabilities whose title or description has all of the words (or their other forms), the latest first. */
export async function searchVulnerabilities(
  queries: Queries,
  words: string,
  limit: number,
): Promise<FoundVulnerability[]> {
  const { rows } = await sql<FoundVulnerability>`
    with asked as (select websearch_to_tsquery('english', ${words}) as query),
    found as (
      select id, title, state, severity, published from vulnerability, asked
      where to_tsvector('english', coalesce(title, '') || ' ' || coalesce(description, '')) @@ asked.query
      limit ${WORDS_LOOKED_AT}
    )
    select * from found order by published desc nulls last, id limit ${limit}`.execute(queries);
  return rows;
}

/** Comments that have all of the words (or their other forms), the latest first. What was taken back or redacted is not there. */
export async function searchComments(
  queries: Queries,
  words: string,
  limit: number,
): Promise<FoundComment[]> {
  const { rows } = await sql<FoundComment>`
    with asked as (select websearch_to_tsquery('english', ${words}) as query),
    found as (
      select c.id, c.issue, c.author, c.created_at as at, c.body from comment c, asked
      where to_tsvector('english', coalesce(c.body, '')) @@ asked.query and c.body is not null
      limit ${LOOKED_AT}
    ),
    shown as (select * from found order by id desc limit ${limit})
    select id, issue, author, at, ts_headline('english', left(body, 4000), asked.query,
      'StartSel="", StopSel="", MaxWords=24, MinWords=10, MaxFragments=1') as excerpt
    from shown, asked order by id desc`.execute(queries);
  return rows;
}

/** So many of the latest are looked through one by one: words that are everywhere are found there at once. */
const LATEST = 5_000;

interface FoundIssue {
  id: string;
  title: string;
  severity: Severity | null;
  lastReport: Date;
}

/**
 * Issues that stand and have the words in their title, the one with the latest report first; `total` counts to a thousand.
 * Less than three letters are looked for in the latest issues only: no index has them.
 */
export async function searchIssues(
  queries: Queries,
  words: string,
  limit: number,
): Promise<{ issues: FoundIssue[]; total: number }> {
  const pattern = `%${words.replace(/[\\%_]/g, '\\$&')}%`;
  const short = [...words].length < 3;
  const { rows } = await sql<FoundIssue>`
    with latest as materialized (
      select id, title, severity, last_report as "lastReport" from issue where ${STANDS} order by last_report desc limit ${LATEST}
    )
    select * from latest where title ilike ${pattern} order by "lastReport" desc, id limit ${limit}`.execute(
    queries,
  );
  if (short) return { issues: rows, total: rows.length };
  if (rows.length < limit) {
    const { rows: all } = await sql<FoundIssue>`
      with found as materialized (
        select id, title, severity, last_report as "lastReport" from issue where ${STANDS} and title ilike ${pattern} limit ${LOOKED_AT}
      )
      select * from found order by "lastReport" desc, id`.execute(queries);
    return { issues: all.slice(0, limit), total: all.length };
  }
  const { rows: counted } = await sql<{ total: number }>`select count(*) as total from (
    select from issue where ${STANDS} and title ilike ${pattern} limit ${LOOKED_AT}) found`.execute(queries);
  return { issues: rows, total: counted[0]?.total ?? 0 };
}
