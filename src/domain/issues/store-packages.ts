import { sql } from 'kysely';
import type { Queries, Reading, Tx } from '#base/db';
import type { FieldState, Written } from '#domain/proposals';

/** A package that people list under an issue. */
export interface ListedPackage {
  issue: string;
  package: string;
  kind: 'attribute' | 'module' | 'nix';
  version: number;
}

export async function packagesOfIssues(
  queries: Queries,
  issues: readonly string[],
): Promise<ListedPackage[]> {
  const { rows } = await sql<ListedPackage>`select issue, package, kind, version from issue_package
    where issue = any(${issues}::text[]) and listed order by issue, package`.execute(queries);
  return rows;
}

/** What people list under the issue whose id is `$1`. */
export const listedReading: Reading<Omit<ListedPackage, 'issue'>[]> = {
  sql: `select json_agg(json_build_object('package', p.package, 'kind', p.kind, 'version', p.version) order by p.package)
    from issue_package p where p.issue = $1 and p.listed`,
  read: (json) => (json ?? []) as Omit<ListedPackage, 'issue'>[],
};

/** Of pairs `issue/package` whose issue stands, how the package is listed. */
export async function readListed(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, Record<string, FieldState>>> {
  const { rows } = await sql<{
    id: string;
    kind: string | null;
    version: number | null;
    listed: boolean | null;
  }>`
    select r.id, p.kind, p.version, p.listed from (
      select id, left(id, strpos(id, '/') - 1) as issue, substr(id, strpos(id, '/') + 1) as package
      from unnest(${ids}::text[]) as id where strpos(id, '/') > 1) r
    join issue i on i.id = r.issue and i.redirect is null
    left join issue_package p on p.issue = r.issue and p.package = r.package
    where r.package <> ''`.execute(tx);
  return new Map(
    rows.map(({ id, kind, version, listed }) => [
      id,
      { value: { value: listed === true ? kind : null, version: version ?? 0 } },
    ]),
  );
}

export async function writeListed(tx: Tx, written: readonly Written[]): Promise<void> {
  const rows = written.map(({ id, value, version }) => {
    const slash = id.indexOf('/');
    return { issue: id.slice(0, slash), package: id.slice(slash + 1), kind: value, version };
  });
  await sql`insert into issue_package (issue, package, kind, version, listed)
    select issue, package, coalesce(kind, 'attribute'), version, kind is not null
    from json_to_recordset(${JSON.stringify(rows)}::json) as r(issue text, package text, kind text, version bigint)
    on conflict (issue, package) do update set kind = case when excluded.listed then excluded.kind else issue_package.kind end,
      version = excluded.version, listed = excluded.listed`.execute(tx);
}
