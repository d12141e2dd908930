import type { Span } from './exposure.ts';

/** A number that holds from a day until the next point. */
export interface Point {
  day: string;
  value: number;
}

/**
 * How many of the stretches cover each day, as the points where the number changes, from `from` on; the last point is at
 * `to`. A stretch without an end counts to the last day: an end-of-life channel stays exposed.
 */
export function countOverTime(spans: readonly Span[], from: string, to: string): Point[] {
  const steps = new Map<string, number>();
  const step = (day: string, by: number) => steps.set(day, (steps.get(day) ?? 0) + by);
  for (const span of spans) {
    if (span.to !== null && span.to <= from) continue;
    if (span.from > to) continue;
    step(span.from < from ? from : span.from, 1);
    if (span.to !== null && span.to <= to) step(span.to, -1);
  }
  let value = 0;
  const points: Point[] = [];
  if (!steps.has(from)) points.push({ day: from, value: 0 });
  for (const [day, by] of [...steps].sort(([a], [b]) => (a < b ? -1 : 1))) {
    value += by;
    if (points.at(-1)?.value !== value || points.length === 0) points.push({ day, value });
  }
  if (points.at(-1)?.day !== to) points.push({ day: to, value });
  return points;
}

/** The value that holds on a day; 0 before the first point. */
export function valueOn(points: readonly Point[], day: string): number {
  let value = 0;
  for (const point of points) {
    if (point.day > day) break;
    value = point.value;
  }
  return value;
}

/** As many points as a plot can show: the values on the first day of each month, and the last one. */
export function monthly(points: readonly Point[]): Point[] {
  const [first, last] = [points[0], points.at(-1)];
  if (first === undefined || last === undefined) return [];
  const out: Point[] = [first];
  const [year, month] = first.day.split('-').map(Number);
  for (let n = 1; ; n += 1) {
    const day = new Date(Date.UTC(year ?? 0, (month ?? 1) - 1 + n, 1)).toISOString().slice(0, 10);
    if (day >= last.day) break;
    out.push({ day, value: valueOn(points, day) });
  }
  return last.day === first.day ? out : [...out, last];
}
