import { shortChannelNames } from './channel-names.ts';
import { gateTitle } from './gate-name.ts';
import { plainLine } from './markdown-text.ts';
import type { RoundupLine, RoundupView } from './view.ts';

export interface SummaryOptions {
  /** Shows at most so many lines, whole projects, and says how many follow. All by default. */
  lines?: number;
}

/** "Roundup 31 · week of 2017-03-01 · 42 issues in 31 projects · 17 remaining, 25 completed" */
export function roundupHeadline(view: RoundupView): string {
  const projects = view.sections.length;
  return [
    ...(view.gate === undefined
      ? [`Roundup ${view.number}`, `week of ${view.coversUntil.slice(0, 10)}`]
      : [
          gateTitle({ channel: view.gate, release: view.release ?? '' }),
          `opened ${view.openedAt.slice(0, 10)}`,
        ]),
    `${counted(view.lines, 'issue')} in ${counted(projects, 'project')}`,
    `${view.remaining} remaining, ${view.completed} completed`,
  ].join(' · ');
}

/**
 * The roundup for a terminal: the headline, then a line for each issue with its severity, the channels that look hit
 * (`?` where nobody can say), who announced it and how many patches there are. Text from outside cannot steer the terminal.
 */
export function renderSummary(view: RoundupView, options: SummaryOptions = {}): string {
  const limit = options.lines ?? Number.POSITIVE_INFINITY;
  const names = shortChannelNames(view.channels.map(({ name }) => name));
  const parts = [roundupHeadline(view)];
  let shown = 0;
  for (const { product, lines } of view.sections) {
    if (shown > 0 && shown + lines.length > limit) break;
    const heading = `### ${plainLine(product, 60)} (${counted(lines.length, 'issue')})`;
    parts.push([heading, ...lines.map((line) => summaryLine(line, names))].join('\n'));
    shown += lines.length;
  }
  const more = view.sections.reduce((sum, { lines }) => sum + lines.length, 0) - shown;
  if (more > 0) parts.push(`… and ${counted(more, 'issue')} more`);
  return `${parts.join('\n\n')}\n`;
}

function summaryLine(line: RoundupLine, names: ReadonlyMap<string, string>): string {
  const channels = line.cells.flatMap(({ channel, verdict }) => {
    const name = plainLine(names.get(channel) ?? channel, 30);
    if (verdict === 'affected') return [name];
    return verdict === 'unknown' ? [`${name}?`] : [];
  });
  const ids = line.advisories.slice(0, 4).map(({ id }) => plainLine(id, 30));
  const rest = line.advisories.length > ids.length ? [`+${line.advisories.length - ids.length}`] : [];
  const announced = [
    [...ids, ...rest].join(' '),
    ...(line.patches.length > 0 ? [counted(line.patches.length, 'patch', 'patches')] : []),
  ].filter((part) => part !== '');
  const columns = [
    ` - [${line.done ? 'x' : ' '}] ${plainLine(line.issue, 30)} ${plainLine(line.title, 60).padEnd(44)}`,
    (line.severity ?? 'unknown').padEnd(8),
    channels.join(' ').padEnd(12),
    announced.join(' · '),
  ];
  return columns.join('  ').trimEnd();
}

function counted(count: number, one: string, many = `${one}s`): string {
  return `${count.toLocaleString('en')} ${count === 1 ? one : many}`;
}
