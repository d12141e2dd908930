import { MusterError } from '#base/errors';
import {
  type ComparedIssue,
  compareRevisions,
  type Figures,
  insightFigures,
  refreshInsight,
} from '#domain/insight';
import type { Context } from '../context.ts';
import { moment } from '../moment.ts';
import { table } from '../table.ts';

/** `muster insight refresh` */
export async function refresh(context: Context): Promise<void> {
  const result = await context.withDatabase((database) =>
    refreshInsight(database, new Date(), (done, of) =>
      context.progress.show(`insight  ${done}/${of} issues`),
    ),
  );
  context.result(result, () => {
    const { matched, said, seconds } = result;
    context.say(
      `${matched} issues looked at again in what was imported, ${said} for what people said: ${seconds.exposures} s. Figures: ${seconds.figures} s.`,
    );
  });
}

/** `muster insight show` */
export async function show(context: Context): Promise<void> {
  const figures = await context.query(insightFigures);
  if (figures === null)
    throw new MusterError('NOT_FOUND', 'nothing has been reckoned yet (./muster insight refresh)');
  context.result(figures, () => {
    context.say(`As of ${figures.today}, from the revisions that were imported:\n`);
    context.say(channelTable(figures));
    const { share, decided, overdue } = figures.tenDays.year;
    context.say(
      share === null
        ? '\nTen days: nothing became public within a year while we watched.'
        : `\nTen days: ${Math.round(share * 100)} % of ${decided} within the last year; ${overdue} are open beyond it.`,
    );
    const { sharing } = figures;
    if (sharing !== null)
      context.say(`Bus factor of the year: ${sharing.year.busFactor} of ${sharing.year.people} people.`);
  });
}

function channelTable({ channels }: Figures): string {
  return table(
    ['channel', 'life cycle', 'newest', 'exposed', 'critical', 'high', 'unknown', 'beyond 10 days'],
    channels.map(({ channel, lifecycle, lastRevision, exposed, bySeverity, unknown, overdue }) => [
      ...[channel, lifecycle.replaceAll('_', ' '), lastRevision],
      ...[exposed, bySeverity.critical, bySeverity.high, unknown, overdue],
    ]),
  );
}

/** `muster insight compare` */
export async function compare(context: Context, channel: string, from: string, to?: string): Promise<void> {
  const comparison = await context.query((queries) =>
    compareRevisions(queries, channel, revision(from), to === undefined ? 'latest' : revision(to)),
  );
  context.result(comparison, () => {
    const { came, went, counts } = comparison;
    const day = (date: Date) => date.toISOString().slice(0, 10);
    context.say(`${channel} from ${day(comparison.from.committedAt)} to ${day(comparison.to.committedAt)}:`);
    context.say(
      `${counts.went} went, ${counts.came} came (${counts.cameWithPackages} with packages), ${counts.stayed} stayed.`,
    );
    for (const [words, issues] of [
      ['Went', went],
      ['Came', came],
    ] as const)
      if (issues.length > 0) context.say(`\n${words}\n${issueTable(issues)}`);
  });
}

function issueTable(issues: readonly ComparedIssue[]): string {
  return table(
    ['issue', 'severity', 'packages', 'title'],
    issues
      .slice(0, 40)
      .map(({ issue, severity, packages, title }) => [
        issue,
        severity ?? 'unrated',
        shownPackages(packages),
        title,
      ]),
  );
}

function shownPackages(packages: ComparedIssue['packages']): string {
  const [first, ...others] = packages.map(
    ({ attr, before, after }) => `${attr} ${before ?? '–'} → ${after ?? '–'}`,
  );
  return others.length === 0 ? (first ?? '') : `${first} and ${others.length} more`;
}

/** A day means the newest revision that is not younger; anything else is a commit. */
function revision(text: string): string | Date {
  if (!/^\d{4}-\d{2}-\d{2}/.test(text)) return text;
  const at = moment('revision', text);
  return at === undefined ? text : /T/.test(text) ? at : new Date(at.getTime() + 86_400_000 - 1);
}
