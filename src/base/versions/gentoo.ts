import {
  type Comparator,
  comparatorFrom,
  compareNumerals,
  compareText,
  type Numeral,
  numeral,
  type Order,
} from './comparator.ts';

/** Below 0 before the plain release, above 0 after it (PMS, algorithm 3.5 and 3.6). */
const SUFFIXES = new Map([
  ['alpha', -4],
  ['beta', -3],
  ['pre', -2],
  ['rc', -1],
  ['p', 1],
]);

interface Suffix {
  place: number;
  number: Numeral;
}

interface GentooVersion {
  /** Digits as written: a leading zero changes how they are compared. */
  numbers: string[];
  letter: string;
  suffixes: Suffix[];
  revision: Numeral;
}

const GRAMMAR = /^([0-9]+(?:\.[0-9]+)*)([a-z]?)((?:_(?:alpha|beta|pre|rc|p)[0-9]*)*)(?:-r([0-9]+))?$/;

function parse(version: string): GentooVersion | null {
  const found = GRAMMAR.exec(version);
  if (found === null) return null;
  const [, numbers = '', letter = '', suffixes = '', revision = '0'] = found;
  return {
    numbers: numbers.split('.'),
    letter,
    suffixes: [...suffixes.matchAll(/_([a-z]+)([0-9]*)/g)].map(([, name = '', digits = '']) => ({
      place: SUFFIXES.get(name) ?? 0,
      number: digits === '' ? 0 : numeral(digits),
    })),
    revision: numeral(revision),
  };
}

function compareNumbers(a: readonly string[], b: readonly string[]): Order {
  for (let i = 0; i < a.length && i < b.length; i++) {
    const left = a[i] ?? '';
    const right = b[i] ?? '';
    const fraction = i > 0 && (left.startsWith('0') || right.startsWith('0'));
    const found = fraction
      ? compareText(left.replace(/0+$/, ''), right.replace(/0+$/, ''))
      : compareNumerals(numeral(left), numeral(right));
    if (found !== 0) return found;
  }
  return compareNumerals(a.length, b.length);
}

function compareSuffixes(a: readonly Suffix[], b: readonly Suffix[]): Order {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const byPlace = compareNumerals(a[i]?.place ?? 0, b[i]?.place ?? 0);
    if (byPlace !== 0) return byPlace;
    const byNumber = compareNumerals(a[i]?.number ?? 0, b[i]?.number ?? 0);
    if (byNumber !== 0) return byNumber;
  }
  return 0;
}

function order(a: GentooVersion, b: GentooVersion): Order {
  return (
    compareNumbers(a.numbers, b.numbers) ||
    compareText(a.letter, b.letter) ||
    compareSuffixes(a.suffixes, b.suffixes) ||
    compareNumerals(a.revision, b.revision)
  );
}

/**
 * The order of Gentoo: `number{.number}{letter}{_suffix{number}}{-r#}` (Package Manager Specification, 3.2 and 3.3).
 * A version of another form is not valid.
 */
export const gentoo: Comparator = comparatorFrom('gentoo', parse, order);
