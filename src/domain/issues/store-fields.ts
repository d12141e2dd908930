import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { FieldState, FieldValue, Written } from '#domain/proposals';

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

/** What people said of some issues; those of which nobody said anything are left out. */
export async function fieldsOfIssues(
  queries: Queries,
  ids: readonly string[],
): Promise<Map<string, IssueFields>> {
  const { rows } = await sql<Row>`select issue, field, value, version from issue_field
    where issue = any(${ids}::text[])`.execute(queries);
  return byIssue(rows);
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
