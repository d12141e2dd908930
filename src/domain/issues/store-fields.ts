import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { FieldState, FieldValue, Written } from '#domain/proposals';
import type { IssueExploitation } from './exploitation.ts';
import { EXPLOITATION } from './store-exploitation.ts';

/** What people said of an issue, by field. */
export type IssueFields = Readonly<Record<string, FieldState>>;

interface Row {
  issue: string;
  field: string | null;
  value: FieldValue;
  version: number | null;
}

/** The fields of issues that stand; an issue that was merged, or is not, is left out. */
export async function readIssueFields(tx: Tx, ids: readonly string[]): Promise<Map<string, IssueFields>> {
  const { rows } = await sql<Row>`select i.id as issue, f.field, f.value, f.version from issue i
    left join issue_field f on f.issue = i.id where i.id = any(${ids}::text[]) and i.redirect is null`.execute(
    tx,
  );
  return byIssue(rows);
}

/**
 * What people said of some issues; those of which nobody said anything are left out. A claim that has run out reads as none,
 * whether or not the job has been there.
 */
export async function fieldsOfIssues(
  queries: Queries,
  ids: readonly string[],
): Promise<Map<string, IssueFields>> {
  const { rows } = await sql<Row>`select issue, field,
      case when field = 'claim' and (value->>'until')::timestamptz <= now() then 'null'::jsonb else value end as value, version
    from issue_field where issue = any(${ids}::text[])`.execute(queries);
  return byIssue(rows);
}

/** An issue in a line, with what people say of it before what was derived. */
export interface IssueHead {
  id: string;
  title: string;
  product: string;
  severity: 'none' | 'low' | 'medium' | 'high' | 'critical' | null;
  opened: Date;
  dismissed: boolean;
  emergency: boolean;
  /** Null where no signal speaks of it. */
  exploitation: IssueExploitation | null;
}

/** Heads of some issues, in one question. Unknown ones are left out. */
export async function headsOfIssues(
  queries: Queries,
  ids: readonly string[],
): Promise<Map<string, IssueHead>> {
  const said = (field: string) => sql`(select nullif(value, 'null') #>> '{}' from issue_field f
    where f.issue = i.id and f.field = ${sql.lit(field)})`;
  const { rows } = await sql<IssueHead>`select i.id, coalesce(${said('title')}, i.title) as title, i.product,
      coalesce(${said('severity')}, i.severity) as severity, i.opened, ${said('dismissed')} is not null as dismissed,
      coalesce(${said('emergency')}, 'false') = 'true' as emergency, ${sql.raw(EXPLOITATION)} as exploitation
    from issue i left join issue_exploitation x on x.issue = i.id where i.id = any(${ids}::text[])`.execute(
    queries,
  );
  return new Map(rows.map((row) => [row.id, row]));
}

/** Some issues by severity, the gravest first and unrated ones last, then by id. Unknown ones are left out. */
export async function gravestFirst(queries: Queries, ids: readonly string[]): Promise<string[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<{ sorted: string[] | null }>`
    select json_agg(i.id order by array_position('{critical,high,medium,low,none}'::text[],
        coalesce(nullif(f.value, 'null') #>> '{}', i.severity)), i.id collate "C") as sorted
    from issue i left join issue_field f on f.issue = i.id and f.field = 'severity'
    where i.id = any(${ids}::text[])`.execute(queries);
  return rows[0]?.sorted ?? [];
}

/** A claim as it is stored. */
export interface StoredClaim {
  issue: string;
  person: string;
  until: Date;
  version: number;
}

/** Claims that end up to a moment, the first one first. */
export async function claimsEndingBy(queries: Queries, by: Date): Promise<StoredClaim[]> {
  const { rows } =
    await sql<StoredClaim>`select issue, value->>'person' as person, (value->>'until')::timestamptz as until, version
    from issue_field where field = 'claim' and value <> 'null' and (value->>'until')::timestamptz <= ${by}
    order by 3, 1`.execute(queries);
  return rows;
}

/** What somebody has claimed and not let go, the claim that ends first first. */
export async function claimsOf(queries: Queries, person: string, now: Date): Promise<StoredClaim[]> {
  const { rows } = await sql<StoredClaim>`
    select f.issue, f.value->>'person' as person, (f.value->>'until')::timestamptz as until, f.version
    from issue_field f
    where f.field = 'claim' and f.value->>'person' = ${person} and (f.value->>'until')::timestamptz > ${now}
    order by 3, 1 limit 100`.execute(queries);
  return rows;
}

/** Forgets words of fields that one of those events set. A field without its words is as if nobody had set it. */
export async function eraseFields(
  tx: Tx,
  forgotten: readonly { id: string; field: string; events: readonly number[] }[],
): Promise<void> {
  await sql`update issue_field f set value = case when f.field = 'dismissed' and f.value <> 'null'
        then f.value || '{"note": "(redacted)"}' else 'null'::jsonb end
    from jsonb_to_recordset(${JSON.stringify(forgotten)}::jsonb) as r(id text, field text, events bigint[])
    where f.issue = r.id and f.field = r.field and f.version = any(r.events)`.execute(tx);
}

function byIssue(rows: readonly Row[]): Map<string, IssueFields> {
  const fields = new Map<string, Record<string, FieldState>>();
  for (const { issue, field, value, version } of rows) {
    const own = fields.get(issue) ?? {};
    if (field !== null) own[field] = { value, version: version ?? 0 };
    fields.set(issue, own);
  }
  return fields;
}

/** Writes fields that were checked. A field that was set back stays, empty, so that its version is not forgotten. */
export async function writeIssueFields(tx: Tx, written: readonly Written[]): Promise<void> {
  const rows = written.map(({ id, field, value, version, at, actor }) => ({
    id,
    field,
    value,
    version,
    at,
    actor,
  }));
  await sql`insert into issue_field (issue, field, value, version, changed_at, changed_by)
    select id, field, coalesce(value, 'null'::jsonb), version, at, actor from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(id text, field text, value jsonb, version bigint, at timestamptz, actor text)
    on conflict (issue, field) do update set value = excluded.value, version = excluded.version,
      changed_at = excluded.changed_at, changed_by = excluded.changed_by`.execute(tx);
}
