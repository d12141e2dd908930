import type { Database } from '#base/db';
import type { Lifecycle } from '#domain/channels';
import type { IssueGrade, IssueLine } from '#domain/issues';
import type { IssueCells } from '#domain/matching';
import { worstOf } from './components/status-cell.tsx';
import { readManyListed } from './listed-issues.ts';
import type { OpenIssues } from './open-issues.ts';
import type { BurningIssue } from './pages/home.tsx';

/** So many are looked at in one question. */
const BATCH = 500;

/**
 * Issues that are critical or known to be used by attackers, and open in a channel that users follow: what people decided counts, and where nobody did what the
 * matcher sees. What is used comes first, and of that as of the others the latest, as what is new burns.
 */
export async function burningIssues(
  database: Database,
  open: OpenIssues,
  channels: readonly { name: string; lifecycle: Lifecycle }[],
): Promise<BurningIssue[]> {
  const followed = channels.filter(({ lifecycle }) => lifecycle !== 'end_of_life').map(({ name }) => name);
  const candidates = new Set<string>();
  for (const name of followed)
    for (const id of open.byChannel.get(name)?.affected ?? [])
      if (burns(open.grades.get(id))) candidates.add(id);
  const burning: BurningIssue[] = [];
  const ids = [...candidates];
  for (let start = 0; start < ids.length; start += BATCH) {
    const { lines, cells } = await readManyListed(database, ids.slice(start, start + BATCH));
    for (const [id, line] of lines) {
      const hit = openIn(line, cells.get(id), followed);
      const { issue, exploitation } = line;
      if (hit.length > 0 && (issue.severity === 'critical' || exploitation?.known != null))
        burning.push({
          issue: id,
          title: issue.title,
          severity: issue.severity,
          exploitation,
          publicSince: issue.opened.toISOString(),
          channels: hit,
        });
    }
  }
  const latest = ({ publicSince }: BurningIssue) => publicSince ?? '';
  const known = ({ exploitation }: BurningIssue) => (exploitation?.known == null ? 0 : 1);
  return burning.sort(
    (a, b) =>
      known(b) - known(a) ||
      (latest(a) === latest(b) ? (a.issue < b.issue ? -1 : 1) : latest(a) < latest(b) ? 1 : -1),
  );
}

function burns(grade: IssueGrade | undefined): boolean {
  return grade !== undefined && (grade.exploited || grade.severity === 'critical');
}

/** Of the channels those in which some package looks affected and nobody said otherwise, or somebody said that it is. */
function openIn(line: IssueLine, cells: IssueCells | undefined, channels: readonly string[]): string[] {
  return channels.filter((channel) => {
    const packages = cells?.get(channel) ?? [];
    const decided = packages.map(({ attr }) => line.decided(attr, channel)?.value ?? null);
    const place = worstOf(packages, decided);
    const state = decided[place]?.status ?? packages[place]?.verdict;
    return state !== undefined && BURNS.has(state);
  });
}

const BURNS: ReadonlySet<string> = new Set(['affected', 'fix_pending', 'under_investigation']);
