import { sql } from 'kysely';
import type { Queries } from '#base/db';
import type { PackageName } from './store-reading.ts';

/** What a tracker says of the release of upstream that closes one vulnerability of one package. */
export interface UpstreamFix extends PackageName {
  vulnerability: string;
  /** When the vulnerability became public, as the tracker has it. */
  published: Date;
  /** Versions as the tracker wrote them, with what else stands beside them: "2.2.33, 2.4.26". */
  said: string;
}

/** Ubuntu's is the one tracker read so far that keeps a line for upstream beside its own releases (`upstream_apache2: released (2.4.26)`). */
export async function upstreamFixes(queries: Queries): Promise<UpstreamFix[]> {
  const { rows } = await sql<UpstreamFix>`
    select a.ecosystem, a.vendor, a.name, coalesce(a.vulnerability, r.vulnerabilities[1]) as vulnerability, r.published,
      coalesce(a.fixed, a.note) as said
    from report_affected a join report r on r.id = a.report
    where a.ecosystem = 'ubuntu' and a.release = 'upstream' and coalesce(a.fixed, a.note) is not null
      and (a.status = 'fixed' or a.status = 'affected' and a.note like 'update pending%')
      and r.kind = 'tracker' and r.gone_at is null and r.withdrawn is null and r.published is not null
      and cardinality(r.vulnerabilities) > 0`.execute(queries);
  return rows;
}
