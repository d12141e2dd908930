import { eventsById, type Queries } from '#base/db';
import { type Report, reportsById } from '#domain/sources';
import { underCanonicalIds } from './constraints.ts';
import { explainMembership } from './explain.ts';
import { explainDecisions, type ReasonedConstraint } from './explain-decisions.ts';
import type { GroupedIssue, Membership } from './partition.ts';
import { atomsOf, membershipsOf, type StoredAtom, type StoredMembership } from './store.ts';
import { activeLinks } from './store-links.ts';
import { vulnerabilitiesById } from './store-vulnerabilities.ts';

/** What is explained: an issue's atoms and memberships, and the reports of these. */
export interface Explained {
  atoms: readonly StoredAtom[];
  memberships: readonly StoredMembership[];
  reports: readonly Report[];
}

/**
 * For each report of an issue, by its id, the sentence that says why it belongs there; in the order in which they were
 * published. What people decided of the issue stands with its first report, one sentence for each decision.
 */
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
  return explainReports({ atoms, memberships, reports }, await readDecisions(queries));
}

/** The same for whoever has read these already. */
export function explainReports(
  { atoms, memberships, reports }: Explained,
  decisions: readonly ReasonedConstraint[],
): { report: number; sentence: string }[] {
  const grouped: Pick<GroupedIssue, 'atoms'> = { atoms: [...atoms] };
  const sentences = reports.flatMap(({ id, key, source, kind }) => {
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
  const first = sentences[0]?.report;
  if (first === undefined) return [];
  return [
    ...sentences,
    ...explainDecisions(atoms, decisions).map((sentence) => ({ report: first, sentence })),
  ];
}

/** People's decisions that stand, with ids as they are now and why they were made, as far as that was not erased. */
export async function readDecisions(queries: Queries): Promise<ReasonedConstraint[]> {
  const links = await activeLinks(queries);
  if (links.length === 0) return [];
  const named = await vulnerabilitiesById(
    queries,
    links.flatMap(({ a, b }) => [a.vulnerability, b.vulnerability]),
  );
  const made = await eventsById(
    queries,
    links.map(({ event }) => event),
  );
  return underCanonicalIds(links, new Map(named.map(({ id, canonical }) => [id, canonical]))).map((link) => {
    const entry = made.get(link.event);
    // Decisions of before M2 have their words as the cause.
    const reason = entry?.payload === null ? '(redacted)' : (entry?.payload?.reason ?? entry?.cause);
    return { ...link, reason: String(reason) };
  });
}
