import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';

const ALL_REJECTED = sql`not exists (select from issue_atom o left join vulnerability v on v.id = o.vulnerability
  where o.issue = i.id and v.state is distinct from 'rejected')`;

/** Issues that stand, whose vulnerabilities were all rejected, and that were not seen so before. */
export async function newlyRejected(
  queries: Queries,
): Promise<{ issue: string; vulnerabilities: string[] }[]> {
  const { rows } = await sql<{ issue: string; vulnerabilities: string[] }>`
    select i.id as issue, array_agg(distinct a.vulnerability order by a.vulnerability) as vulnerabilities
    from vulnerability r join issue_atom a on a.vulnerability = r.id join issue i on i.id = a.issue
    where r.state = 'rejected' and i.redirect is null and i.ended_at is null and i.rejected_at is null and ${ALL_REJECTED}
    group by i.id order by i.id`.execute(queries);
  return rows;
}

export async function markRejected(tx: Tx, issues: readonly string[]): Promise<void> {
  await sql`update issue set rejected_at = clock_timestamp() where id = any(${issues}::text[])`.execute(tx);
}

/** Those that were seen so and are not any more. */
export async function unmarkRejected(queries: Queries): Promise<void> {
  await sql`update issue i set rejected_at = null where rejected_at is not null and not ${ALL_REJECTED}`.execute(
    queries,
  );
}
