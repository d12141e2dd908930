import { SEVERITIES, type Severity } from '#domain/sources';
import { atomKey } from './bundle.ts';
import { issueTitle } from './issue-title.ts';
import type { GroupedIssue, Membership } from './partition.ts';
import type { Issue, StoredAtom, StoredMembership } from './store.ts';
import type { IssueRow } from './store-writing.ts';

/** What titles and severities are made from, by vulnerability. */
export type Flaws = ReadonlyMap<string, { flaw: string | null; severity: Severity | null }>;

/** The row of an issue. `grown`: it holds more vulnerabilities than it did. */
export function issueRow(id: string, issue: GroupedIssue, flaws: Flaws, grown: boolean): IssueRow {
  const [, year = '0', number = '0'] = /-(\d{4})-(\d+)$/.exec(id) ?? [];
  const product = issue.products[0] ?? 'unknown';
  const known = issue.atoms.flatMap(({ vulnerability }) => flaws.get(vulnerability) ?? []);
  const severity = known.reduce<Severity | null>((worst, { severity: each }) => graver(worst, each), null);
  const title = issueTitle(
    issue.products.join(', ') || product,
    known.map(({ flaw }) => flaw),
  );
  const dates = issue.members.map(({ published }) => new Date(published).getTime());
  const last = new Date(Math.max(...dates, new Date(issue.opened).getTime()));
  return {
    id,
    year: Number(year),
    number: Number(number),
    product,
    title,
    severity,
    opened: new Date(issue.opened),
    last_report: last,
    grown,
  };
}

/** Whether what is stored of an issue is not what its row says now. */
export function differs(old: Issue | undefined, row: IssueRow): boolean {
  return (
    old === undefined ||
    row.grown ||
    old.title !== row.title ||
    old.severity !== row.severity ||
    old.product !== row.product ||
    old.opened.getTime() !== row.opened.getTime() ||
    old.lastReport.getTime() !== row.last_report.getTime()
  );
}

function graver(a: Severity | null, b: Severity | null): Severity | null {
  if (a === null || b === null) return a ?? b;
  return SEVERITIES.indexOf(a) >= SEVERITIES.indexOf(b) ? a : b;
}

export function atomCounts(atoms: readonly StoredAtom[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const { issue } of atoms) counts.set(issue, (counts.get(issue) ?? 0) + 1);
  return counts;
}

/** The rows of an issue's members. `reportIds`: number of the stored report by the id of its bundle. */
export function membershipRows(
  issue: string,
  members: readonly Membership[],
  reportIds: ReadonlyMap<string, number>,
): StoredMembership[] {
  return members.flatMap(({ report, published, coverage, named, bundled, reason }) => {
    const id = reportIds.get(report);
    return id === undefined
      ? []
      : [{ issue, report: id, published: new Date(published), coverage, why: { named, bundled, ...reason } }];
  });
}

/** What has to go from a table and what has to be put there, and all issues that this touches. */
export interface Replacement<T> {
  removed: T[];
  put: T[];
  touched: Set<string>;
}

export function replaceableAtoms(
  before: readonly StoredAtom[],
  now: readonly StoredAtom[],
): Replacement<StoredAtom> {
  const old = new Map(before.map((atom) => [atomKey(atom), atom.issue]));
  const kept = new Set(now.map(atomKey));
  const removed = before.filter((atom) => !kept.has(atomKey(atom)));
  const put = now.filter((atom) => old.get(atomKey(atom)) !== atom.issue);
  const left = put.flatMap((atom) => old.get(atomKey(atom)) ?? []);
  return { removed, put, touched: new Set([...issuesOf(removed), ...issuesOf(put), ...left]) };
}

export function replaceableMemberships(
  before: readonly StoredMembership[],
  now: readonly StoredMembership[],
): Replacement<StoredMembership> {
  const key = ({ issue, report }: StoredMembership) => `${issue} ${report}`;
  const old = new Map(before.map((row) => [key(row), content(row)]));
  const kept = new Set(now.map(key));
  const removed = before.filter((row) => !kept.has(key(row)));
  const put = now.filter((row) => old.get(key(row)) !== content(row));
  return { removed, put, touched: new Set([...issuesOf(removed), ...issuesOf(put)]) };
}

function issuesOf(rows: readonly { issue: string }[]): string[] {
  return rows.map(({ issue }) => issue);
}

function content({ published, coverage, why }: StoredMembership): string {
  const sorted = Object.entries(why as Record<string, unknown>).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify([published?.getTime(), coverage, sorted]);
}
