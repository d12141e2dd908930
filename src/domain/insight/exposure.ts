import type { Verdict } from '#base/versions';
import type { StatusWord } from '#domain/issues';

/** A stretch of days, from the first one up to another, exclusive; null: still. ISO days. */
export interface Span {
  from: string;
  to: string | null;
}

/** A package of an issue in one channel: which state of it the channel had when, and what is known of each. */
export interface BoxHistory {
  /** In order, without overlap. */
  periods: readonly (Span & { verdict: Verdict })[];
  /** What people said of the box, and since when. */
  status: { word: StatusWord; since: string } | null;
}

/**
 * When a channel was exposed to an issue through one package: from the day on which the problem became public, or the
 * package came in, up to the revision that brought the fix. What people decided outranks what versions say:
 *
 * - `not_affected`: never.
 * - `fixed`: whatever was not seen to be safe counts up to the fix: the first state that looks safe, else the day on which
 *   they said so.
 * - `affected` and its stages: whatever was not seen to be safe counts, and the present state in any case.
 * - `under_investigation`, or nothing: what looks affected counts; what is unknown does not, and is counted apart.
 *
 * @param opened ISO day on which the problem became public
 */
export function exposureOf({ periods, status }: BoxHistory, opened: string): Span[] {
  const word = status?.word ?? null;
  if (word === 'not_affected') return [];
  const decided = word !== null && word !== 'under_investigation';
  const last = periods.length - 1;
  const spans = periods.flatMap(({ from, to, verdict }, index) => {
    const stillSo = decided && word !== 'fixed' && index === last;
    const counts = verdict === 'affected' || stillSo || (decided && verdict === 'unknown');
    return counts ? clip({ from, to }, opened) : [];
  });
  const merged = union(spans);
  return word === 'fixed' && status !== null ? merged.flatMap((span) => until(span, status.since)) : merged;
}

/** Stretches as few as may be: those that touch or overlap become one. In order. */
export function union(spans: readonly Span[]): Span[] {
  const sorted = [...spans].sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : 0));
  const merged: Span[] = [];
  for (const span of sorted) {
    const last = merged.at(-1);
    if (last === undefined || (last.to !== null && span.from > last.to)) merged.push({ ...span });
    else if (last.to !== null && (span.to === null || span.to > last.to)) last.to = span.to;
  }
  return merged;
}

/** What of some stretches is in none of others; all in order, each list without overlap. */
export function without(spans: readonly Span[], others: readonly Span[]): Span[] {
  return spans.flatMap(({ from, to }) => {
    const left: Span[] = [];
    let start = from;
    for (const other of others) {
      if (to !== null && other.from >= to) break;
      if (other.to !== null && other.to <= start) continue;
      if (other.from > start) left.push({ from: start, to: other.from });
      if (other.to === null) return left;
      start = other.to;
    }
    return to !== null && start >= to ? left : [...left, { from: start, to }];
  });
}

/** Days between two ISO days. */
export function daysBetween(from: string, to: string): number {
  return dayNumber(to) - dayNumber(from);
}

/** There are some thousands of days, and each is asked for again and again. */
const NUMBERS = new Map<string, number>();

function dayNumber(day: string): number {
  const known = NUMBERS.get(day);
  if (known !== undefined) return known;
  const number = Math.round(Date.parse(day) / 86_400_000);
  if (NUMBERS.size > 50_000) NUMBERS.clear();
  NUMBERS.set(day, number);
  return number;
}

/** The part of a stretch that lies on a day or later. */
export function clip({ from, to }: Span, opened: string): Span[] {
  const start = from > opened ? from : opened;
  return to !== null && to <= start ? [] : [{ from: start, to }];
}

function until({ from, to }: Span, end: string): Span[] {
  if (from >= end) return [];
  return [{ from, to: to === null || to > end ? end : to }];
}
