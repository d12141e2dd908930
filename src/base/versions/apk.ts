import {
  type Comparator,
  comparatorFrom,
  compareNumerals,
  compareText,
  numeral,
  type Order,
} from './comparator.ts';

/** In the order of apk: below 0 before the plain release, above 0 after it. */
const SUFFIXES = new Map([
  ['alpha', -4],
  ['beta', -3],
  ['pre', -2],
  ['rc', -1],
  ['cvs', 1],
  ['svn', 2],
  ['git', 3],
  ['hg', 4],
  ['p', 5],
]);

/** Of two versions that part at some place the one with the higher rank there is newer; the end is 0. */
const RANK = { before: -1, revision: 1, hash: 2, suffixNumber: 3, suffix: 4, letter: 5, number: 6 } as const;

interface Token {
  rank: number;
  /** Digits, a letter, a hash, or '' for a suffix. */
  text: string;
  /** Place of a suffix among the suffixes. */
  place: number;
}

const GRAMMAR =
  /^([0-9]+(?:\.[0-9]+)*)(?:([a-z])([0-9]*))?((?:_(?:alpha|beta|pre|rc|cvs|svn|git|hg|p)[0-9]*)*)(?:~([0-9a-f]+))?(?:-r([0-9]+))?$/;

function parse(version: string): Token[] | null {
  const found = GRAMMAR.exec(version);
  if (found === null) return null;
  const [, numbers = '', letter, afterLetter = '', suffixes = '', hash, revision] = found;
  const tokens: Token[] = numbers.split('.').map((text) => token(RANK.number, text));
  if (letter !== undefined) tokens.push(token(RANK.letter, letter));
  // Older releases of Alpine wrote sudo's 1.8.31p1 as it is; apk 2 reads it, apk 3 refuses it.
  if (afterLetter !== '') tokens.push(token(RANK.number, afterLetter));
  for (const [, name = '', digits = ''] of suffixes.matchAll(/_([a-z]+)([0-9]*)/g)) {
    const place = SUFFIXES.get(name) ?? 0;
    tokens.push({ rank: place < 0 ? RANK.before : RANK.suffix, text: '', place });
    if (digits !== '') tokens.push(token(RANK.suffixNumber, digits));
  }
  if (hash !== undefined) tokens.push(token(RANK.hash, hash));
  if (revision !== undefined) tokens.push(token(RANK.revision, revision));
  return tokens;
}

function token(rank: number, text: string): Token {
  return { rank, text, place: 0 };
}

function compareTokens(a: Token, b: Token, first: boolean): Order {
  switch (a.rank) {
    case RANK.letter:
    case RANK.hash:
      return compareText(a.text, b.text);
    case RANK.before:
    case RANK.suffix:
      return compareNumerals(a.place, b.place);
    default:
      // A later number with a leading zero is a decimal fraction: 1.05 < 1.1.
      if (!first && a.rank === RANK.number && (a.text.startsWith('0') || b.text.startsWith('0'))) {
        return compareText(a.text, b.text);
      }
      return compareNumerals(numeral(a.text), numeral(b.text));
  }
}

function order(a: readonly Token[], b: readonly Token[]): Order {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a[i];
    const right = b[i];
    const byRank = (left?.rank ?? 0) - (right?.rank ?? 0);
    if (byRank !== 0) return byRank < 0 ? -1 : 1;
    if (left === undefined || right === undefined) continue;
    const found = compareTokens(left, right, i === 0);
    if (found !== 0) return found;
  }
  return 0;
}

/**
 * The order of Alpine: `number{.number}{letter{number}}{_suffix{number}}{~hash}{-r#}` (apk-package(5), apk-tools
 * `src/version.c`). A version of another form is not valid.
 */
export const apk: Comparator = comparatorFrom('apk', parse, order);
