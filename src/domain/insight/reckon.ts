import type { Lifecycle } from '#domain/channels';
import type { Severity } from '#domain/sources';
import { daysBetween, type Span } from './exposure.ts';
import type {
  ChannelCounts,
  CountedSeverity,
  CoverageFigures,
  ExposureFigures,
  ExposureLine,
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
/** Lines of a list on the page. */
const LINES = 50;

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

export function exposureFigures(all: ByChannel, today: string): ExposureFigures {
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
  const longest = all
    .filter(({ channel }) => !isPast(channel))
    .flatMap(({ channel, exposures }) =>
      exposures
        .filter(({ exposed }) => isOpen(exposed))
        .map((each) => lineOf(channel, each, each.exposed, today)),
    )
    .sort((a, b) => b.days - a.days || byGravity(a, b))
    .slice(0, LINES);
  return { windows, longest };
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

export function coverageFigures(all: ByChannel, today: string): CoverageFigures {
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
  const untouched = open
    .filter(({ channel }) => !isPast(channel))
    .flatMap(({ channel, exposures }) =>
      exposures
        .filter(({ looked, exposed }) => !looked && isOpen(exposed))
        .map((each) => lineOf(channel, each, each.exposed, today)),
    )
    .sort((a, b) => byGravity(a, b) || b.days - a.days)
    .slice(0, LINES);
  return { channels, untouched };
}

/** What has been open here for longer than so many days after others announced it; one line an issue, the oldest first. */
export function openSince(all: ByChannel, today: string, days: number): (ExposureLine & { years: number })[] {
  const lines = new Map<string, ExposureLine & { years: number }>();
  for (const { channel, exposures } of all) {
    if (isPast(channel)) continue;
    for (const each of exposures) {
      const age = daysBetween(each.opened, today);
      if (!isOpen(each.exposed) || age <= days) continue;
      const known = lines.get(each.issue);
      const line = { ...lineOf(channel, each, each.exposed, today), years: Math.floor(age / 365.25) };
      if (known === undefined) lines.set(each.issue, line);
      else {
        known.channel = `${known.channel}, ${channel.name}`;
        known.packages = [...new Set([...known.packages, ...line.packages])].sort();
      }
    }
  }
  return [...lines.values()].sort((a, b) =>
    a.opened < b.opened ? -1 : a.opened > b.opened ? 1 : byGravity(a, b),
  );
}

/** The graver of two. */
export function worseSeverity(a: Severity | null, b: Severity | null): Severity | null {
  return SEVERITY_ORDER.indexOf(a) <= SEVERITY_ORDER.indexOf(b) ? a : b;
}

/** Of some lines the gravest first, then by id. */
export function byGravity(
  a: Pick<ExposureLine, 'severity' | 'issue'>,
  b: Pick<ExposureLine, 'severity' | 'issue'>,
): number {
  const gravity = SEVERITY_ORDER.indexOf(a.severity) - SEVERITY_ORDER.indexOf(b.severity);
  return gravity || (a.issue < b.issue ? -1 : 1);
}

function lineOf(
  channel: ReckonedChannel,
  { issue, title, severity, opened, hit }: ReckonedExposure,
  spans: readonly Span[],
  today: string,
): ExposureLine {
  const since = spans.at(-1)?.from ?? opened;
  const packages = hit.slice(0, 20);
  return {
    issue,
    title,
    severity,
    channel: channel.name,
    packages,
    opened,
    since,
    days: daysBetween(since, today),
  };
}
