import type { Order } from './comparator.ts';
import { meant, type Position } from './contains.ts';
import { type End, lowerEnd, upperEnd } from './ends.ts';
import type { VersionRange } from './range.ts';

/** The range that ends last of those that end before a version, or the one that begins first after it. */
export interface Nearest {
  range: VersionRange;
  side: 'below' | 'above';
}

function standing(end: End, position: Position): Order | null {
  if (end.kind === 'version') return position.compareTo(end.version);
  return end.kind === 'line' ? position.compareToLine(end.numbers) : null;
}

function textOf(end: End): string {
  if (end.kind === 'version') return end.version;
  return end.kind === 'line' ? end.numbers.join('.') : '';
}

/** Of ranges that a version is outside of, the one that it lies closest after; else the one closest before. */
export function nearest(ranges: readonly VersionRange[], position: Position): Nearest | null {
  let below: VersionRange | null = null;
  let above: VersionRange | null = null;
  for (const range of ranges) {
    const wanted = meant(range);
    const max = upperEnd(wanted.max);
    const min = lowerEnd(wanted.min);
    const toMax = standing(max, position);
    if (toMax !== null && toMax >= 0) {
      if (below === null || position.compareEnds(textOf(max), textOf(upperEnd(meant(below).max))) === 1)
        below = range;
    } else if (standing(min, position) === -1) {
      if (above === null || position.compareEnds(textOf(min), textOf(lowerEnd(meant(above).min))) === -1)
        above = range;
    }
  }
  if (below !== null) return { range: below, side: 'below' };
  return above === null ? null : { range: above, side: 'above' };
}
