import type { Lifecycle } from '#domain/channels';
import type { Severity } from '#domain/sources';
import { daysBetween, type Span } from './exposure.ts';
import type {
  ChannelCounts,
  CountedSeverity,
  ExposureLine,
  ListLines,
  ReckonedFigures,
  TenDayFigures,
  WindowCounts,
} from './figures.ts';
import { countOverTime, monthly } from './over-time.ts';
import { clockFigures, GOAL_DAYS, median, type Race, rollingShare } from './ten-days.ts';

/** A channel whose package sets we know. */
export interface ReckonedChannel {
  name: string;
  lifecycle: Lifecycle;
  endOfLife: string | null;
  firstRevision: string;
  lastRevision: string;
  revisions: number;
}

/** An issue that a channel was exposed to, or may have been. */
export interface ReckonedExposure {
  issue: string;
  title: string;
  severity: Severity | null;
  opened: string;
  exposed: readonly Span[];
  unknown: readonly Span[];
  hit: string[];
  looked: boolean;
}

export type ByChannel = readonly { channel: ReckonedChannel; exposures: readonly ReckonedExposure[] }[];

const SEVERITY_ORDER: readonly (Severity | null)[] = ['critical', 'high', 'medium', 'low', 'none', null];
const RANKS = new Map(SEVERITY_ORDER.map((severity, rank) => [severity, rank]));

const isOpen = (spans: readonly Span[]) => spans.at(-1)?.to === null;
const isPast = ({ lifecycle }: ReckonedChannel) => lifecycle === 'end_of_life';

export function channelCounts(all: ByChannel, today: string): ChannelCounts[] {
  return all.map(({ channel, exposures }) => {
    const open = exposures.filter(({ exposed }) => isOpen(exposed));
    const bySeverity: Record<CountedSeverity, number> = {
      critical: 0,
      high: 0,
      medium: 0,
      low: 0,
      none: 0,
      unrated: 0,
    };
    for (const { severity } of open) bySeverity[severity ?? 'unrated'] += 1;
    const { name, ...rest } = channel;
    return {
      channel: name,
      ...rest,
      exposed: open.length,
      unknown: exposures.filter(({ exposed, unknown }) => !isOpen(exposed) && isOpen(unknown)).length,
      bySeverity,
      overdue: open.filter(({ exposed }) => daysBetween(exposed.at(-1)?.from ?? today, today) > GOAL_DAYS)
        .length,
      points: monthly(
        countOverTime(
          exposures.flatMap(({ exposed }) => exposed),
          channel.firstRevision,
          today,
        ),
      ),
    };
  });
}

export function exposureFigures(all: ByChannel, today: string): ReckonedFigures['exposure'] {
  const windows = all.map(({ channel, exposures }): WindowCounts => {
    const hit = exposures.filter(({ exposed }) => exposed.length > 0);
    const over = hit
      .filter(({ exposed }) => !isOpen(exposed))
      .map(({ exposed }) => exposed.reduce((sum, { from, to }) => sum + daysBetween(from, to ?? today), 0));
    const within = (days: number) => over.filter((each) => each <= days).length;
    return {
      channel: channel.name,
      issues: hit.length,
      open: hit.length - over.length,
      median: median(over),
      worst: over.length === 0 ? null : over.reduce((a, b) => Math.max(a, b)),
      upTo10: within(10),
      upTo30: within(30) - within(10),
      upTo90: within(90) - within(30),
      more: over.length - within(90),
    };
  });
  return { windows };
}

/**
 * The clock of every issue that became public while we watched a channel and before the channel's end. What was public
 * before its first revision is left out: nobody knows when it began there, or whether it was hurried.
 */
export function races({ channel, exposures }: ByChannel[number]): Race[] {
  return exposures.flatMap(({ issue, exposed }) => {
    const [first] = exposed;
    if (first === undefined || first.from <= channel.firstRevision) return [];
    if (channel.endOfLife !== null && first.from >= channel.endOfLife) return [];
    return [{ issue, channel: channel.name, opened: first.from, fixed: exposed.at(-1)?.to ?? null }];
  });
}

export function tenDayFigures(all: ByChannel, today: string): TenDayFigures {
  const yearAgo = `${Number(today.slice(0, 4)) - 1}${today.slice(4)}`;
  const byChannel = all.map((each) => ({ channel: each.channel.name, races: races(each) }));
  const every = byChannel.flatMap(({ races: some }) => some);
  const begin = every.reduce((first, { opened }) => (opened < first ? opened : first), today);
  return {
    year: clockFigures(
      every.filter(({ opened }) => opened >= yearAgo),
      today,
    ),
    channels: byChannel.map(({ channel, races: some }) => ({ channel, ...clockFigures(some, today) })),
    rolling: every.length === 0 ? [] : rollingShare(every, begin, today),
  };
}

export function coverageFigures(all: ByChannel): ReckonedFigures['coverage'] {
  const open = all.map(({ channel, exposures }) => ({
    channel,
    exposures: exposures.filter(({ exposed, unknown }) => isOpen(exposed) || isOpen(unknown)),
  }));
  const channels = open.map(({ channel, exposures }) => {
    const untouched = exposures.filter(({ looked }) => !looked);
    const hit = untouched.filter(({ exposed }) => isOpen(exposed)).length;
    return {
      channel: channel.name,
      lifecycle: channel.lifecycle,
      open: exposures.length,
      looked: exposures.length - untouched.length,
      untouchedHit: hit,
      untouchedUnknown: untouched.length - hit,
    };
  });
  return { channels };
}

/** A line of a list before it has words. */
interface OpenLine {
  issue: string;
  channel: string;
  severity: Severity | null;
  since: string;
  looked: boolean;
}

/** What is open in channels that are not past their end. */
function openLines(all: ByChannel): OpenLine[] {
  const lines: OpenLine[] = [];
  for (const { channel, exposures } of all) {
    if (isPast(channel)) continue;
    for (const { issue, severity, exposed, looked } of exposures) {
      const last = exposed.at(-1);
      if (last !== undefined && last.to === null)
        lines.push({ issue, channel: channel.name, severity, since: last.from, looked });
    }
  }
  return lines;
}

/** What is open, by what names it: open longest first; and what nobody looked at, the gravest and oldest first. */
export function openLists(all: ByChannel): Pick<ListLines, 'longest' | 'untouched'> {
  const lines = openLines(all);
  const older = (a: OpenLine, b: OpenLine) => (a.since < b.since ? -1 : a.since > b.since ? 1 : 0);
  const named = (sorted: OpenLine[]) => sorted.map(({ issue, channel }) => `${issue} ${channel}`);
  const byName = (a: OpenLine, b: OpenLine) => (a.channel < b.channel ? -1 : a.channel > b.channel ? 1 : 0);
  return {
    longest: named(lines.toSorted((a, b) => older(a, b) || byGravity(a, b) || byName(a, b))),
    untouched: named(
      lines
        .filter(({ looked }) => !looked)
        .sort((a, b) => bySeverity(a, b) || older(a, b) || byIssue(a, b) || byName(a, b)),
    ),
  };
}

/** What is open in some channel that is not past its end, and became public longer ago than so many days: the oldest first. */
export function openSince(all: ByChannel, today: string, days: number): { issue: string; years: number }[] {
  const ages = new Map<string, { issue: string; opened: string; severity: Severity | null; age: number }>();
  for (const { channel, exposures } of all) {
    if (isPast(channel)) continue;
    for (const { issue, opened, severity, exposed } of exposures) {
      if (!isOpen(exposed) || ages.has(issue)) continue;
      const age = daysBetween(opened, today);
      if (age > days) ages.set(issue, { issue, opened, severity, age });
    }
  }
  return [...ages.values()]
    .sort((a, b) => (a.opened < b.opened ? -1 : a.opened > b.opened ? 1 : byGravity(a, b)))
    .map(({ issue, age }) => ({ issue, years: Math.floor(age / 365.25) }));
}

/** The graver of two. */
export function worseSeverity(a: Severity | null, b: Severity | null): Severity | null {
  return SEVERITY_ORDER.indexOf(a) <= SEVERITY_ORDER.indexOf(b) ? a : b;
}

type Graded = Pick<ExposureLine, 'severity' | 'issue'>;

/** Of some lines the gravest first, then by id. */
export function byGravity(a: Graded, b: Graded): number {
  return bySeverity(a, b) || byIssue(a, b);
}

function bySeverity(a: Graded, b: Graded): number {
  return a.severity === b.severity ? 0 : (RANKS.get(a.severity) ?? 9) - (RANKS.get(b.severity) ?? 9);
}

function byIssue(a: Graded, b: Graded): number {
  return a.issue < b.issue ? -1 : a.issue > b.issue ? 1 : 0;
}
