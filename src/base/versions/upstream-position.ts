import type { Comparator, Order, OrderedScheme } from './comparator.ts';
import { comparatorOf } from './comparators.ts';
import type { Position } from './contains.ts';
import { compareToLine, sharesLine } from './ends.ts';
import {
  base,
  compareAsNix,
  compareGeneric,
  type GenericVersion,
  generic,
  isYear,
  readGeneric,
} from './generic.ts';
import { isPackaged, type Packaged, unpack } from './packaged.ts';
import { atPrecisionOf, coarser } from './upstream-version.ts';

/**
 * How to look at an upstream version: by the order of the range; as Nix would; or without a part that nobody can place
 * (a state of the repository, an unknown word).
 */
export type Reading = 'range' | 'nix' | 'base';

/** An upstream version that is held against the ranges of one statement. */
export interface Subject {
  version: string;
  /** As the generic order reads it. */
  read: GenericVersion | null;
  /** Coarser readings, see `atPrecisionOf`. */
  others: readonly string[];
  /** Set as soon as a version was compared that says of itself that it is older than its release. */
  early: boolean;
  /** Whether it has a part that nobody can place. */
  uncertain: boolean;
}

export function subject(version: string, pname: string | undefined): Subject {
  const read = readGeneric(version);
  const uncertain = read !== null && base(read) !== read;
  return { version, read, others: coarser(version, pname), early: false, uncertain };
}

/** Where an upstream version stands to the ends of ranges of a scheme that is upstream's own or a distribution's. */
export function upstreamPosition(subject: Subject, scheme: OrderedScheme, reading: Reading): Position {
  const own = comparatorOf(scheme);
  return {
    translated: isPackaged(scheme),
    compareTo(end) {
      const packaged = unpack(end, scheme);
      if (packaged === null) return compareUpstream(subject, end, own, reading);
      return own.isValid(end) ? comparePackaged(subject, packaged, reading) : null;
    },
    compareToLine(line) {
      return compareToLine(subject.version, line);
    },
    sharesLine(end) {
      return sharesLine(subject.version, unpack(end, scheme)?.upstream ?? end);
    },
    compareEnds(a, b) {
      return compareEnds(a, b, own);
    },
  };
}

function comparePackaged(subject: Subject, packaged: Packaged, reading: Reading): Order | null {
  const order = compareUpstream(subject, packaged.upstream, generic, reading);
  if (order === null || packaged.first) return order;
  // The distribution fixed what it had; upstream's release of that number is what it had before.
  if (order === 0) return -1;
  // Whether later releases of upstream have the distribution's patch is not said.
  return order === 1 ? null : order;
}

/** In their own order where both are of its form; else in the generic one, since `semver` is often said and seldom meant. */
function compareEnds(a: string, b: string, own: Comparator): Order | null {
  if (own !== generic && own.isValid(a) && own.isValid(b)) return own.compare(a, b);
  const left = readGeneric(a);
  const right = readGeneric(b);
  return left === null || right === null ? null : compareGeneric(left, right);
}

function compareUpstream(subject: Subject, end: string, own: Comparator, reading: Reading): Order | null {
  const version = atPrecisionOf(end, subject.version, subject.others);
  const left = version === subject.version ? subject.read : readGeneric(version);
  const right = readGeneric(end);
  if (left === null || right === null) {
    return own.isValid(version) && own.isValid(end) ? own.compare(version, end) : null;
  }
  if (!areComparable(left, right)) return null;
  if (left.early || right.early) subject.early = true;
  if (reading === 'nix') return compareAsNix(left, right);
  if (reading === 'base') return compareGeneric(base(left), right);
  return own === generic ? compareGeneric(left, right) : compareEnds(version, end, own);
}

/** A day and a release number have no order between them, nor have numbers of unlike series (Asterisk's c.1.6 and 1.6). */
function areComparable(a: GenericVersion, b: GenericVersion): boolean {
  if (a.lead !== b.lead) return false;
  if (a.day === b.day) return true;
  const other = a.day ? b : a;
  return isYear(other.numbers[0] ?? 0) || isNothing(other);
}

/** Zero is before everything, days too. */
function isNothing(version: GenericVersion): boolean {
  return version.numbers.length === 0 && version.marks.length === 0;
}
