import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { Severity } from '#domain/sources';

/** A vulnerability as the records describe it. */
export interface Vulnerability {
  id: string;
  canonical: string;
  state: 'published' | 'reserved' | 'rejected';
  title: string | null;
  description: string | null;
  published: Date | null;
  severity: Severity | null;
  score: number | null;
  weaknesses: string[] | null;
  flaw: string | null;
  /** Since when it is in its state, and by whose records; by nobody's where reports alone name it. */
  stateSince: Date | null;
  stateBy: string[];
}

/** A rejected number keeps the day on which it had come out, which its record may say no more: its issue is ordered by it. */
const KEPT_DAY = sql`case when excluded.state = 'rejected' then coalesce(excluded.published, vulnerability.published)
  else excluded.published end`;

/**
 * Since when it is in its state. What is published bears its day. Where only reports named it and a record speaks by now, it is the
 * record's day; else the earliest that we know of, whatever came first.
 */
const SINCE = sql`case
  when excluded.state = 'published' or vulnerability.state <> excluded.state then excluded.state_since
  when vulnerability.state_by = '{}' and excluded.state_by <> '{}' then excluded.state_since
  else least(vulnerability.state_since, excluded.state_since) end`;

export async function upsertVulnerabilities(tx: Tx, rows: readonly Vulnerability[]): Promise<void> {
  for (let start = 0; start < rows.length; start += 2000) {
    await sql`insert into vulnerability (id, canonical, state, title, description, published, severity, score, weaknesses, flaw,
        state_since, state_by)
      select id, canonical, state, title, description, published, severity, score, weaknesses, flaw, 
        case when state = 'published' then published else coalesce("stateSince", now()) end, "stateBy"
      from json_to_recordset(${JSON.stringify(rows.slice(start, start + 2000))}::json) as r(id text, canonical text, state text, title text,
        description text, published timestamptz, severity text, score real, weaknesses text[], flaw text,
        "stateSince" timestamptz, "stateBy" text[])
      on conflict (id) do update set canonical = excluded.canonical, state = excluded.state, title = excluded.title,
        description = excluded.description, published = ${KEPT_DAY}, severity = excluded.severity, score = excluded.score,
        weaknesses = excluded.weaknesses, flaw = excluded.flaw, state_by = excluded.state_by,
        state_since = ${SINCE}
      where (vulnerability.canonical, vulnerability.state, vulnerability.title, vulnerability.description, vulnerability.published,
          vulnerability.severity, vulnerability.score, vulnerability.weaknesses, vulnerability.flaw, vulnerability.state_by,
          vulnerability.state_since)
        is distinct from (excluded.canonical, excluded.state, excluded.title, excluded.description, ${KEPT_DAY},
          excluded.severity, excluded.score, excluded.weaknesses, excluded.flaw, excluded.state_by, ${SINCE})`.execute(
      tx,
    );
  }
}

/** What titles and severities of issues are made from. */
export async function vulnerabilityFlaws(
  queries: Queries,
): Promise<Map<string, { flaw: string | null; severity: Severity | null }>> {
  const rows = await queries.selectFrom('vulnerability').select(['id', 'flaw', 'severity']).execute();
  return new Map(rows.map(({ id, flaw, severity }) => [id, { flaw, severity: severity as Severity | null }]));
}

export async function vulnerabilitiesById(
  queries: Queries,
  ids: readonly string[],
): Promise<Vulnerability[]> {
  return queries
    .selectFrom('vulnerability')
    .selectAll()
    .select(['state_since as stateSince', 'state_by as stateBy'])
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .orderBy('id')
    .$castTo<Vulnerability>()
    .execute();
}

/** State and severity alone: descriptions are long. */
export async function statesOf(
  queries: Queries,
  ids: readonly string[],
): Promise<Pick<Vulnerability, 'id' | 'state' | 'severity'>[]> {
  return queries
    .selectFrom('vulnerability')
    .select(['id', 'state', 'severity'])
    .where('id', '=', sql<string>`any(${ids}::text[])`)
    .orderBy('id')
    .$castTo<Pick<Vulnerability, 'id' | 'state' | 'severity'>>()
    .execute();
}

/** Ids that are an alias of another one, with the id that their set goes by. */
export async function canonicalIds(queries: Queries): Promise<Map<string, string>> {
  const rows = await queries
    .selectFrom('vulnerability')
    .select(['id', 'canonical'])
    .whereRef('id', '<>', 'canonical')
    .execute();
  return new Map(rows.map(({ id, canonical }) => [id, canonical]));
}

/** Ids that were rejected when they were last described. */
export async function rejectedIds(queries: Queries): Promise<Set<string>> {
  const rows = await queries
    .selectFrom('vulnerability')
    .select('id')
    .where('state', '=', 'rejected')
    .execute();
  return new Set(rows.map(({ id }) => id));
}
