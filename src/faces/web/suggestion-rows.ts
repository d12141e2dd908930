import type { IssueGrade } from '#domain/issues';
import type { ChannelHead } from '#domain/roundup';
import type { SeverityCounts } from './components/figures.tsx';
import type { SuggestionRow } from './components/suggestions.tsx';
import type { ListedIssues } from './listed-issues.ts';

/**
 * Rows of a table of issues × channels, in the order of the ids; those that do not stand are left out.
 *
 * @param channels its columns
 * @param read channels of which a revision was ever read: of another one nobody can say what it has
 * @param only the one package that the table is about
 */
export function suggestionRows(
  ids: readonly string[],
  { lines, cells }: ListedIssues,
  channels: readonly ChannelHead[],
  read: { has(channel: string): boolean },
  only?: string,
): SuggestionRow[] {
  return ids.flatMap((id) => {
    const line = lines.get(id);
    if (line === undefined) return [];
    const { issue, exploitation } = line;
    const own = cells.get(id);
    return [
      {
        issue: id,
        title: issue.title,
        severity: issue.severity,
        exploitation,
        publicSince: issue.opened.toISOString(),
        product: issue.product,
        cells: channels.map(({ name }) => {
          const all = own?.get(name) ?? [];
          const packages = only === undefined ? [...all] : all.filter(({ attr }) => attr === only);
          const none = read.has(name) ? ('absent' as const) : ('unknown' as const);
          return { channel: name, verdict: packages[0]?.verdict ?? none, packages };
        }),
      },
    ];
  });
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
