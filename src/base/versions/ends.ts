import { comparePadded, type Numeral, numeral, type Order } from './comparator.ts';
import { readGeneric } from './generic.ts';
import { remember } from './remember.ts';

/** What the text at one end of a range says. */
export type End =
  /** No end: everything. */
  | { kind: 'open' }
  /** The source wrote something that tells nothing, such as "unspecified". */
  | { kind: 'silent' }
  | { kind: 'version'; version: string }
  /** A whole line of releases: 5.10.* or 6.x. `infinite` for the star, which stands for every later version of the line. */
  | { kind: 'line'; numbers: Numeral[]; infinite: boolean };

const OPEN: End = { kind: 'open' };
const SILENT: End = { kind: 'silent' };

const NOTHING_SAID = new Set([
  ...['', '-', '--', '?', 'n/a', 'na', 'none', 'null', 'nil', 'tbd', 'unknown', 'undefined'],
  ...['unspecified', 'not specified', 'not available', 'not applicable', 'not known', 'see references'],
]);
const EVERYTHING = new Set(['*', 'all', 'any', 'all versions', 'any version', 'all releases']);
const LINE = /^[vV]?([0-9]{1,15}(?:\.[0-9]{1,15}){0,9})(?:\.(?:[*xX]))+$/;

/** Whether a source wrote this where a version belongs, meaning that it has nothing to say ("n/a", "unspecified", "-"). */
export function saysNothing(text: string): boolean {
  return NOTHING_SAID.has(text.trim().toLowerCase());
}

const readText = remember((text: string): End => {
  // Some records repeat in the field what its name says: lessThan "< 2.6.13".
  const plain = text.trim().replace(/^(?:<=?|>=?|=)\s*/, '');
  if (saysNothing(plain)) return SILENT;
  if (EVERYTHING.has(plain.toLowerCase())) return OPEN;
  const line = LINE.exec(plain);
  if (line !== null) {
    return { kind: 'line', numbers: (line[1] ?? '').split('.').map(numeral), infinite: plain.endsWith('*') };
  }
  return { kind: 'version', version: plain };
});

/** The lower end. "0" is how CVE and OSV write "from the first version on", before every pre-release and day. */
export function lowerEnd(text: string | undefined): End {
  return text === undefined || text === '0' ? OPEN : readText(text);
}

export function upperEnd(text: string | undefined): End {
  return text === undefined ? OPEN : readText(text);
}

/** Where a version stands to a line: 0 is in it. null for a version whose numbers nobody can read. */
export function compareToLine(version: string, line: readonly Numeral[]): Order | null {
  const read = readGeneric(version);
  if (read === null || read.lead !== '' || read.day) return null;
  return comparePadded(read.numbers.slice(0, line.length), line);
}

/**
 * The numbers of the line of releases that a version belongs to: all but the last one (2.3.5 is of 2.3, 8.40 of 8), or all
 * of them where letters or patches count the releases (1.0.2k is of 1.0.2). Null for what is no release.
 */
export function lineOf(version: string): Numeral[] | null {
  const read = readGeneric(version);
  if (read === null || read.lead !== '' || read.day) return null;
  // Trailing zeros are of no account to the order, but 62.0 opens the line 62.
  const written = /^[^0-9]*([0-9]+(?:\.[0-9]+)*)/.exec(version)?.[1]?.split('.').map(numeral) ?? [];
  return read.marks.length > 0 ? written : written.slice(0, -1);
}

/** Whether the version is of the line of releases that an end belongs to; null where either has none. */
export function sharesLine(version: string, end: string): boolean | null {
  const line = lineOf(end);
  if (line === null) return null;
  const order = compareToLine(version, line);
  return order === null ? null : order === 0;
}
