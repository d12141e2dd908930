import {
  type Comparator,
  comparatorFrom,
  compareNumerals,
  compareText,
  type Numeral,
  numeral,
  type Order,
} from './comparator.ts';

/** Known qualifiers in their order; '' is the release itself. Others come after all of these, alphabetically. */
const QUALIFIERS = ['alpha', 'beta', 'milestone', 'rc', 'snapshot', '', 'sp'];
const RELEASE = QUALIFIERS.indexOf('');
const ALIASES = new Map([
  ['cr', 'rc'],
  ['ga', ''],
  ['final', ''],
  ['release', ''],
]);
const SHORT = new Map([
  ['a', 'alpha'],
  ['b', 'beta'],
  ['m', 'milestone'],
]);

/** A number or a qualifier (`place` among the known ones, `text` where it is not known). */
interface Token {
  /** 0 qualifier, 1 number after a hyphen, 2 number after a dot: the order of unlike tokens. */
  kind: 0 | 1 | 2;
  number: Numeral;
  place: number;
  text: string;
}

function parse(version: string): Token[] | null {
  if (!/^[A-Za-z0-9._+-]+$/.test(version) || !/[0-9]/.test(version)) return null;
  const tokens: Token[] = [];
  let hyphen = false;
  let wasNumber: boolean | null = null;
  for (const [run] of version.toLowerCase().matchAll(/[0-9]+|[a-z+]+|[._-]/g)) {
    if (run === '.' || run === '_' || run === '-') {
      // Two separators in a row have an empty token between them, which reads as 0.
      if (wasNumber === null) tokens.push(number('0', hyphen));
      hyphen = run !== '.';
      wasNumber = null;
    } else if (/^[0-9]/.test(run)) {
      tokens.push(number(run, wasNumber === false || hyphen));
      // Only where a number follows at once are a, b and m short for something.
      const before = tokens.at(-2);
      if (wasNumber === false && before !== undefined) lengthen(before);
      wasNumber = true;
    } else {
      tokens.push(qualifier(run));
      wasNumber = false;
    }
  }
  return trimmed(tokens);
}

function number(digits: string, hyphen: boolean): Token {
  return { kind: hyphen ? 1 : 2, number: numeral(digits), place: 0, text: '' };
}

function qualifier(text: string): Token {
  const place = QUALIFIERS.indexOf(ALIASES.get(text) ?? text);
  return {
    kind: 0,
    number: 0,
    place: place === -1 ? QUALIFIERS.length : place,
    text: place === -1 ? text : '',
  };
}

function lengthen(token: Token): void {
  const long = SHORT.get(token.text);
  if (long !== undefined) Object.assign(token, qualifier(long));
}

/** Zeros and release words at the end, and before each hyphen or qualifier, say nothing: 1.0-alpha is 1-alpha. */
function trimmed(tokens: readonly Token[]): Token[] {
  const kept: Token[] = [];
  for (const token of tokens) {
    if (token.kind !== 2) dropNull(kept);
    kept.push(token);
  }
  dropNull(kept);
  return kept;
}

function dropNull(tokens: Token[]): void {
  for (let last = tokens.at(-1); last !== undefined && isNull(last); last = tokens.at(-1)) tokens.pop();
}

function isNull(token: Token): boolean {
  return token.kind === 0 ? token.place === RELEASE : token.number === 0;
}

/** Where one version has ended: only the qualifiers before the release are less than the end. */
function compareToEnd(token: Token): Order {
  return token.kind === 0 && token.place < RELEASE ? -1 : 1;
}

function order(a: readonly Token[], b: readonly Token[]): Order {
  for (let i = 0; i < a.length || i < b.length; i++) {
    const left = a[i];
    const right = b[i];
    if (left === undefined) return right === undefined ? 0 : compareToEnd(right) === 1 ? -1 : 1;
    if (right === undefined) return compareToEnd(left);
    if (left.kind !== right.kind) return left.kind < right.kind ? -1 : 1;
    const found =
      compareNumerals(left.number, right.number) ||
      compareNumerals(left.place, right.place) ||
      compareText(left.text, right.text);
    if (found !== 0) return found;
  }
  return 0;
}

/**
 * The order of Maven (POM reference, "Version Order Specification", as of Maven 3.9: a qualifier after a dot is one
 * after a hyphen). Valid is what has a digit and only letters, digits and `. _ + -`.
 */
export const maven: Comparator = comparatorFrom('maven', parse, order);
