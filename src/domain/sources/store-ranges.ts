import { sql } from 'kysely';
import type { Queries } from '#base/db';
import type { VersionStatement } from '#base/versions';
import { type PackedVersions, unpackVersions } from './pack-versions.ts';

/** What a record of the CVE list or NVD says of a product's versions. */
export interface RecordRange {
  vulnerability: string;
  name: string;
  versions: VersionStatement;
}

/** What records say of versions, of vulnerabilities that are not withdrawn; by id and name. */
export async function recordRanges(
  queries: Queries,
  vulnerabilities: readonly string[],
): Promise<RecordRange[]> {
  if (vulnerabilities.length === 0) return [];
  const { rows } = await sql<{ vulnerability: string; name: string; versions: PackedVersions }>`
    select n.vulnerability, a.name, a.versions from report_vulnerability n join report r on r.id = n.report
    join report_affected a on a.report = r.id and (a.vulnerability is null or a.vulnerability = n.vulnerability)
    where n.vulnerability = any(${vulnerabilities}::text[]) and r.source in ('cve', 'nvd') and r.kind = 'record'
      and r.gone_at is null and r.withdrawn is null and a.ecosystem in ('cpe', 'cve') and a.versions is not null
    order by n.vulnerability, a.name`.execute(queries);
  return rows.flatMap(({ vulnerability, name, versions }) => {
    const said = unpackVersions(versions);
    return said === null ? [] : [{ vulnerability, name, versions: said }];
  });
}
