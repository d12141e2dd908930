import type { Issue, IssueGrade } from '#domain/issues';
import type { Hit } from '#domain/matching';
import { type ChannelHead, cellsOf } from '#domain/roundup';
import { SEVERITIES, type Severity } from '#domain/sources';
import type { SeverityCounts } from './components/figures.tsx';
import type { SuggestionRow } from './components/suggestions.tsx';

/**
 * Rows of a table of issues × channels, in the order of the issues.
 *
 * @param channels its columns
 * @param read channels of which a revision was ever read: of another one nobody can say what it has
 */
export function suggestionRows(
  issues: readonly Issue[],
  hits: readonly Hit[],
  channels: readonly ChannelHead[],
  read: { has(channel: string): boolean },
): SuggestionRow[] {
  const byIssue = new Map<string, Hit[]>();
  for (const hit of hits) {
    const list = byIssue.get(hit.issue);
    if (list === undefined) byIssue.set(hit.issue, [hit]);
    else list.push(hit);
  }
  return issues.map((issue) => ({
    issue: issue.id,
    title: issue.title,
    severity: issue.severity,
    publicSince: issue.opened.toISOString(),
    product: issue.product,
    cells: cellsOf(channels, byIssue.get(issue.id) ?? []).map((cell) =>
      cell.verdict === 'absent' && !read.has(cell.channel) ? { ...cell, verdict: 'unknown' as const } : cell,
    ),
  }));
}

/** The gravest first, then the oldest, then by id; what nobody has rated comes last. */
export function byGravity(a: IssueGrade, b: IssueGrade): number {
  return bySeverity(a, b) || a.opened.getTime() - b.opened.getTime() || (a.id < b.id ? -1 : 1);
}

/** The gravest first; what nobody has rated comes last. */
export function bySeverity(a: Pick<IssueGrade, 'severity'>, b: Pick<IssueGrade, 'severity'>): number {
  return gravity(b.severity) - gravity(a.severity);
}

function gravity(severity: Severity | null): number {
  return severity === null ? -1 : SEVERITIES.indexOf(severity);
}

/** How many of the issues have which severity. Those without a grade do not stand any more, and are not counted. */
export function countSeverities(
  issues: readonly string[],
  grades: ReadonlyMap<string, IssueGrade>,
): SeverityCounts {
  const counts: SeverityCounts = { critical: 0, high: 0, medium: 0, low: 0, none: 0, unrated: 0 };
  for (const id of issues) {
    const grade = grades.get(id);
    if (grade !== undefined) counts[grade.severity ?? 'unrated'] += 1;
  }
  return counts;
}
