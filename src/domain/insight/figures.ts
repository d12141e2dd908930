import type { Lifecycle } from '#domain/channels';
import type { Severity } from '#domain/sources';
import type { LoadFigures } from './load-sharing.ts';
import type { Point } from './over-time.ts';
import type { ClockFigures } from './ten-days.ts';

/** Severities as they are counted: what nobody rated is a class of its own. */
export type CountedSeverity = Severity | 'unrated';

/** A channel in figures, as of its newest revision and the day of reckoning. */
export interface ChannelCounts {
  channel: string;
  lifecycle: Lifecycle;
  endOfLife: string | null;
  /** Days of its first and newest revision, and how many there are. */
  firstRevision: string;
  lastRevision: string;
  revisions: number;
  /** Issues that it is exposed to now, and those of which nobody can say. */
  exposed: number;
  unknown: number;
  bySeverity: Record<CountedSeverity, number>;
  /** Exposed for longer than the ten days. */
  overdue: number;
  /** The number of issues that it was exposed to, monthly; it holds until the next point. */
  points: Point[];
}

/** For how long a channel was exposed. */
export interface WindowCounts {
  channel: string;
  /** Issues that it was exposed to at some time, and of those still. */
  issues: number;
  open: number;
  /** Days; of those that are over. Null where none is. */
  median: number | null;
  worst: number | null;
  /** Of those that are over, by days: up to 10, 30, 90, and more. */
  upTo10: number;
  upTo30: number;
  upTo90: number;
  more: number;
}

/** An issue in a channel, as a line of a list. */
export interface ExposureLine {
  issue: string;
  title: string;
  severity: Severity | null;
  channel: string;
  packages: string[];
  /** ISO days: when it became public, and since when the channel is exposed. */
  opened: string;
  since: string;
  days: number;
}

export interface ExposureFigures {
  windows: WindowCounts[];
  /** Exposed longest, of channels that are not past their end; the first few. */
  longest: ExposureLine[];
}

export interface ClockOfChannel extends ClockFigures {
  channel: string;
}

export interface TenDayFigures {
  /** Over what became public within a year before the day of reckoning, in channels that were not past their end then. */
  year: ClockFigures;
  channels: ClockOfChannel[];
  rolling: { month: string; share: number | null; decided: number }[];
}

export interface CoverageOfChannel {
  channel: string;
  lifecycle: Lifecycle;
  /** Issues that it is exposed to or may be. */
  open: number;
  looked: number;
  /** Of those that nobody looked at: what looks hit, and what nobody can say. */
  untouchedHit: number;
  untouchedUnknown: number;
}

export interface CoverageFigures {
  channels: CoverageOfChannel[];
  /** What nobody looked at, the gravest and oldest first; of channels that are not past their end; the first few. */
  untouched: ExposureLine[];
}

export interface LoadStretch extends LoadFigures {
  /** ISO days, the last one exclusive. */
  from: string;
  to: string;
}

/** Null where nobody ever did anything. */
export interface SharingFigures {
  quarter: LoadStretch;
  year: LoadStretch;
}

/** A package that nobody maintains, and that some channel ships exposed. */
export interface Unmaintained {
  package: string;
  channels: string[];
  issues: number;
  worst: Severity | null;
}

export interface UnmaintainedFigures {
  /** The first few. */
  packages: Unmaintained[];
  /** Packages that are exposed in those channels at all. */
  exposed: number;
}

/** Announced elsewhere long ago, and still open here. */
export interface StillLacking extends ExposureLine {
  /** Who announced a fix, with the day of the first one of each. */
  fixedBy: { source: string; id: string; day: string }[];
}

export interface LackingFigures {
  /** How many, by how many years ago the first of the others announced it. */
  byYears: { years: number; issues: number }[];
  lines: StillLacking[];
}

/** The long lists: how many lines each has. A page shows the first few, its files all of them. */
export type ListTotals = Record<ListName, number>;

export type ListName = 'longest' | 'untouched' | 'unmaintained' | 'lacking';

/** Everything that the page shows. What nobody knows anything of yet is null or empty. */
export interface Figures {
  /** ISO day. */
  today: string;
  channels: ChannelCounts[];
  exposure: ExposureFigures;
  tenDays: TenDayFigures;
  coverage: CoverageFigures;
  sharing: SharingFigures | null;
  unmaintained: UnmaintainedFigures;
  lacking: LackingFigures;
  totals: ListTotals;
}

/** The figures as they are stored: of the lists only how long they are. */
export interface ReckonedFigures extends Omit<Figures, 'exposure' | 'coverage' | 'unmaintained' | 'lacking'> {
  exposure: Omit<ExposureFigures, 'longest'>;
  coverage: Omit<CoverageFigures, 'untouched'>;
  unmaintained: Omit<UnmaintainedFigures, 'packages'>;
  lacking: Omit<LackingFigures, 'lines'>;
}

/** Lines of the lists by what names them, in their order. */
export type ListLines = Record<ListName, string[]>;
