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

/**
 * Those that were seen so and are not any more, with what speaks against it: numbers that nobody rejects now. None where the issue
 * holds nothing any more: it ended, or is part of another.
 */
export async function comeBack(queries: Queries): Promise<{ issue: string; standing: string[] }[]> {
  const { rows } = await sql<{ issue: string; standing: string[] }>`
    select i.id as issue, array_remove(array_agg(distinct o.vulnerability order by o.vulnerability), null) as standing
    from issue i left join issue_atom o on o.issue = i.id
      and not exists (select from vulnerability v where v.id = o.vulnerability and v.state = 'rejected')
    where i.rejected_at is not null and not (${ALL_REJECTED} and exists (select from issue_atom a where a.issue = i.id)) group by i.id order by i.id`.execute(
    queries,
  );
  return rows;
}

export async function unmarkRejected(tx: Tx, issues: readonly string[]): Promise<void> {
  await sql`update issue set rejected_at = null where id = any(${issues}::text[])`.execute(tx);
}

/** A product that an issue has for a vulnerability which was rejected, with the day on which that had come out. */
export interface RejectedAtom {
  issue: string;
  product: string;
  vulnerability: string;
  published: Date | null;
}

/** What was rejected stays where it is: all of it that stands in issues just now. */
export async function rejectedAtoms(queries: Queries): Promise<RejectedAtom[]> {
  const { rows } = await sql<RejectedAtom>`select a.issue, a.product, a.vulnerability, v.published
    from vulnerability v join issue_atom a on a.vulnerability = v.id where v.state = 'rejected'
    order by a.vulnerability, a.product`.execute(queries);
  return rows;
}

/** Which of the reports each of the issues has: `issue report`. */
export async function membersAmong(
  queries: Queries,
  issues: readonly string[],
  reports: readonly number[],
): Promise<Set<string>> {
  const { rows } = await sql<{ issue: string; report: number }>`select issue, report from issue_report
    where report = any(${reports}::bigint[]) and issue = any(${issues}::text[])`.execute(queries);
  return new Set(rows.map(({ issue, report }) => `${issue} ${report}`));
}
