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

/** Of ranges that a version is outside of, the one that it is closest to on the side that is asked for, else on the other. */
export function nearest(
  ranges: readonly VersionRange[],
  position: Position,
  side: Nearest['side'],
): Nearest | null {
  let below: VersionRange | null = null;
  let above: VersionRange | null = null;
  for (const range of ranges) {
    const wanted = meant(range);
    const max = upperEnd(wanted.max);
    const min = lowerEnd(wanted.min);
    const toMax = standing(max, position);
    // A version of the line that is the end is not past it.
    if (toMax === 1 || (toMax === 0 && max.kind === 'version')) {
      if (below === null || position.compareEnds(textOf(max), textOf(upperEnd(meant(below).max))) === 1)
        below = range;
    } else if (standing(min, position) === -1) {
      if (above === null || position.compareEnds(textOf(min), textOf(lowerEnd(meant(above).min))) === -1)
        above = range;
    }
  }
  if (below !== null && (side === 'below' || above === null)) return { range: below, side: 'below' };
  return above === null ? null : { range: above, side: 'above' };
}
