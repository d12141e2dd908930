import type { Comparator, Numeral, Order } from './comparator.ts';
import { compareToLine, lowerEnd, sharesLine, upperEnd } from './ends.ts';
import type { VersionRange } from './range.ts';
import { readRangeText } from './range-text.ts';
import { remember } from './remember.ts';

/** How one version stands to the versions that ranges name; null wherever that cannot be known. */
export interface Position {
  /** Whether the ranges are a distribution's and the version is upstream's. */
  readonly translated: boolean;
  compareTo(end: string): Order | null;
  compareToLine(line: readonly Numeral[]): Order | null;
  /** Whether the version is of the line of releases that an end belongs to. */
  sharesLine(end: string): boolean | null;
  /** Two ends of ranges among themselves. */
  compareEnds(a: string, b: string): Order | null;
}

/** The position of a version in one order; ends that are no versions of that order are beyond knowing. */
export function positionIn(comparator: Comparator, version: string): Position {
  // Methods, since tsx names every function inside a function anew at each call, which costs more than the comparison.
  return {
    translated: false,
    compareTo(end) {
      return compareValid(comparator, version, end);
    },
    compareToLine(line) {
      return compareToLine(version, line);
    },
    sharesLine(end) {
      return sharesLine(version, end);
    },
    compareEnds(a, b) {
      return compareValid(comparator, a, b);
    },
  };
}

function compareValid(comparator: Comparator, a: string, b: string): Order | null {
  return comparator.isValid(a) && comparator.isValid(b) ? comparator.compare(a, b) : null;
}

const textRange = remember((text: string): { range: VersionRange | null } => ({
  range: readRangeText(text),
}));

/** The range that is meant: an "exact version" that reads `>= 1.2, < 1.3` is that range. */
export function meant(range: VersionRange): VersionRange {
  if (!isExact(range) || range.min === undefined) return range;
  return textRange(range.min).range ?? range;
}

/** Whether the range is one version. */
export function isExact(range: VersionRange): boolean {
  return (
    range.min !== undefined &&
    range.min === range.max &&
    range.maxInclusive === true &&
    range.minInclusive !== false
  );
}

function aboveMin(range: VersionRange, position: Position): boolean | null {
  const end = lowerEnd(range.min);
  // A lower end that says nothing ("unspecified") with an upper one that does is how old records write "all before".
  if (end.kind === 'open' || end.kind === 'silent') return true;
  const order = end.kind === 'line' ? position.compareToLine(end.numbers) : position.compareTo(end.version);
  if (order === null) return null;
  return order > 0 || (order === 0 && range.minInclusive !== false);
}

function belowMax(range: VersionRange, position: Position): boolean | null {
  const end = upperEnd(range.max);
  switch (end.kind) {
    case 'open':
      return true;
    case 'silent':
      return null;
    case 'line': {
      const order = position.compareToLine(end.numbers);
      if (order !== 0) return order === null ? null : order < 0;
      // The star is infinity (CVE record format, `lessThan`), so that even "before 5.10.*" takes in the line; x is not so clear.
      return end.infinite || range.maxInclusive === true || null;
    }
    case 'version': {
      const order = position.compareTo(end.version);
      if (order === null) return null;
      return order < 0 || (order === 0 && range.maxInclusive === true);
    }
  }
}

/** Ends that stand the wrong way round are a slip of the source: nothing follows from such a range. */
function isInverted(range: VersionRange, position: Position): boolean {
  const min = lowerEnd(range.min);
  const max = upperEnd(range.max);
  if (min.kind !== 'version' || max.kind !== 'version') return false;
  return position.compareEnds(min.version, max.version) === 1;
}

/** Whether a position is in a range; null where the range, or how the version stands to it, tells nothing. */
export function within(range: VersionRange, position: Position): boolean | null {
  const wanted = meant(range);
  const above = aboveMin(wanted, position);
  const below = belowMax(wanted, position);
  if (above === false || below === false) return isInverted(wanted, position) ? null : false;
  // Nothing said at either end is no statement on every version: "n/a" to "n/a".
  if (lowerEnd(wanted.min).kind === 'silent' && upperEnd(wanted.max).kind !== 'version') return null;
  return above === null || below === null ? null : true;
}

/**
 * Whether a version is in a range by one order: true, false, or null where that is not said (an end such as
 * "unspecified" or "n/a") or cannot be read (a version of another form).
 *
 * An end that is missing or `*` is open, as is a lower end of "0" or of nothing said. `5.10.*` and `5.10.x` stand for
 * all of 5.10: as an upper end everything up to its last release, as a lower end from its first.
 */
export function contains(range: VersionRange, version: string, comparator: Comparator): boolean | null {
  return within(range, positionIn(comparator, version));
}
