import { daysBetween } from './exposure.ts';

/** Within how many days of being public a problem is to be out of a supported channel (talk 20:29, linux-distros). */
export const GOAL_DAYS = 10;

/** One issue in one channel: when it became public, and when the channel was rid of it. */
export interface Race {
  issue: string;
  channel: string;
  opened: string;
  /** Null: it still is exposed. */
  fixed: string | null;
}

export interface ClockFigures {
  /** Races that are decided: over, or beyond the goal already. */
  decided: number;
  within: number;
  /** within / decided; null where none is decided. */
  share: number | null;
  /** Of those that are over, in days. */
  median: number | null;
  /** Still exposed, and longer than the goal. */
  overdue: number;
  /** Still exposed, and within it: nobody knows yet. */
  running: number;
}

/** How the ten-day clock stands, over races that began in a stretch of time. */
export function clockFigures(races: readonly Race[], today: string): ClockFigures {
  const over = races.flatMap(({ opened, fixed }) =>
    fixed === null ? [] : [Math.max(0, daysBetween(opened, fixed))],
  );
  const ages = races.flatMap(({ opened, fixed }) => (fixed === null ? [daysBetween(opened, today)] : []));
  const overdue = ages.filter((days) => days > GOAL_DAYS).length;
  const within = over.filter((days) => days <= GOAL_DAYS).length;
  const decided = over.length + overdue;
  return {
    decided,
    within,
    share: decided === 0 ? null : within / decided,
    median: median(over),
    overdue,
    running: ages.length - overdue,
  };
}

/** The share within the goal over the twelve months before the first day of each month. */
export function rollingShare(
  races: readonly Race[],
  from: string,
  today: string,
): { month: string; share: number | null; decided: number }[] {
  const out: { month: string; share: number | null; decided: number }[] = [];
  const [year = 0, month = 1] = from.split('-').map(Number);
  for (let n = 0; ; n += 1) {
    const end = new Date(Date.UTC(year, month - 1 + n, 1)).toISOString().slice(0, 10);
    if (end > today) break;
    const start = new Date(Date.UTC(year, month - 13 + n, 1)).toISOString().slice(0, 10);
    // As it looked on that day: what was fixed later was still open then.
    const then = races
      .filter(({ opened }) => opened >= start && opened < end)
      .map((race) => (race.fixed !== null && race.fixed > end ? { ...race, fixed: null } : race));
    const { share, decided } = clockFigures(then, end);
    out.push({ month: end.slice(0, 7), share, decided });
  }
  return out;
}

/** The middle one; null of none. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [a = 0, b = 0] = [sorted[middle - 1], sorted[middle]];
  return sorted.length % 2 === 1 ? b : (a + b) / 2;
}
