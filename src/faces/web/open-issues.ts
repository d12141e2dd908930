import type { Database } from '#base/db';
import { gradesOf, type IssueGrade } from '#domain/issues';
import { openByChannel } from '#domain/matching';
import type { SeverityCounts } from './components/figures.tsx';
import { countSeverities } from './suggestion-rows.ts';

/** Which issues may be open in which channel, as the matcher sees it. */
export interface OpenIssues {
  byChannel: ReadonlyMap<string, Record<'affected' | 'unknown', readonly string[]>>;
  grades: ReadonlyMap<string, IssueGrade>;
  /** How many of them there are in each channel. */
  counts: ReadonlyMap<string, { affected: SeverityCounts; unknown: SeverityCounts }>;
}

export async function readOpenIssues(queries: Database['queries']): Promise<OpenIssues> {
  const open = await openByChannel(queries);
  const byChannel = new Map<string, Record<'affected' | 'unknown', readonly string[]>>();
  for (const { channel, verdict, issues } of open)
    byChannel.set(channel, {
      ...(byChannel.get(channel) ?? { affected: [], unknown: [] }),
      [verdict]: issues,
    });
  const all = await gradesOf(queries, [...new Set(open.flatMap(({ issues }) => issues))]);
  const grades = new Map(all.map((grade) => [grade.id, grade]));
  const counts = new Map(
    [...byChannel].map(([channel, { affected, unknown }]) => [
      channel,
      { affected: countSeverities(affected, grades), unknown: countSeverities(unknown, grades) },
    ]),
  );
  return { byChannel, grades, counts };
}

/** Of a channel in which nothing looks open. */
export const NO_ISSUES: SeverityCounts = { critical: 0, high: 0, medium: 0, low: 0, none: 0, unrated: 0 };
