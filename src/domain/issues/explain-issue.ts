import type { Queries } from '#base/db';
import { reportsById } from '#domain/sources';
import { explainMembership } from './explain.ts';
import type { GroupedIssue, Membership } from './partition.ts';
import { atomsOf, membershipsOf } from './store.ts';

/** For each report of an issue, by its id, the sentence that says why it belongs there; in the order in which they were published. */
export async function explainIssue(
  queries: Queries,
  issue: string,
): Promise<{ report: number; sentence: string }[]> {
  const [atoms, memberships] = await Promise.all([
    atomsOf(queries, [issue]),
    membershipsOf(queries, [issue]),
  ]);
  const reports = await reportsById(
    queries,
    memberships.map(({ report }) => report),
  );
  const grouped: Pick<GroupedIssue, 'atoms'> = { atoms };
  return reports.flatMap(({ id, key, source, kind }) => {
    const row = memberships.find(({ report }) => report === id);
    if (row === undefined) return [];
    const { named, bundled, ...reason } = row.why as Membership['reason'] & {
      named: number;
      bundled: number;
    };
    const report = kind === 'record' ? `The record of ${key}` : key;
    const published = row.published?.toISOString() ?? 'an unknown day';
    const member = {
      report,
      source,
      published,
      coverage: row.coverage,
      named,
      bundled,
      reason: reason as Membership['reason'],
    };
    return [{ report: id, sentence: explainMembership(member, grouped) }];
  });
}
