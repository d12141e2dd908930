import {
  type Comparator,
  comparatorFrom,
  comparePadded,
  compareText,
  LONGEST_VERSION,
  type Numeral,
  numeral,
  type Order,
} from './comparator.ts';
import { isSilent, SNAPSHOT, type Word, wordOf } from './generic-words.ts';
import { remember } from './remember.ts';

/** A word and the numbers after it: `rc1`, `p2`, `u`. */
interface Mark {
  word: Word;
  numbers: Numeral[];
}

/** An upstream version as the generic order reads it. */
export interface GenericVersion {
  /** A word before the first number that is more than a `v`: Asterisk's `c.1.6`, Chrome's `m11`. */
  lead: string;
  /** The numbers up to the first word. */
  numbers: Numeral[];
  marks: Mark[];
  /** Whether it says that it is older than the release it names. */
  early: boolean;
  /** Whether it is a calendar day and not a release: 2017-03-03, 20170303, unstable-2017-03-03, 0.0pre20170303. */
  day: boolean;
}

const VALID = /^[A-Za-z0-9.][A-Za-z0-9._+~:() -]*$/;
const DAY = /(?:19|20)[0-9]{2}([-.]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12][0-9]|3[01])(?![0-9])/y;
/** What a release and a commit id are told apart by: seven and more hexadecimal digits, letters among them. */
const COMMIT = /^g?(?=[0-9a-f]*[a-f])(?=[a-f]*[0-9])[0-9a-f]{7,40}$/;
const LEADING = /^(?:(?:version|ver|v|release|rel|r)[ ._-]*(?=[0-9]))/;

/** The version as the generic order reads it, or null for what is none (no number, a commit id, other characters). */
export const readGeneric: (version: string) => GenericVersion | null = (() => {
  const read = remember((text: string) => ({ value: parse(text) }));
  return (text: string) => read(text).value;
})();

function parse(text: string): GenericVersion | null {
  if (text.length > LONGEST_VERSION || !VALID.test(text)) return null;
  const version = text.toLowerCase().replace(LEADING, '');
  if (version.startsWith('unstable-')) {
    const parsed = parse(version.slice('unstable-'.length));
    return parsed?.day ? parsed : null;
  }
  return new Reader(java(version)).read();
}

/** Oracle's names of Java 5 to 8 have two spellings: 8u71 is what `java -version` calls 1.8.0_71. */
function java(version: string): string {
  const found = /^([5-8])u([0-9]+)(.*)$/.exec(version);
  return found === null ? version : `1.${found[1]}.0_${found[2]}${found[3]}`;
}

/** Goes over one version once, from left to right. */
class Reader {
  private readonly text: string;
  private at = 0;
  private readonly version: GenericVersion = { lead: '', numbers: [], marks: [], early: false, day: false };
  private seen = false;

  constructor(text: string) {
    this.text = text;
  }

  read(): GenericVersion | null {
    while (this.at < this.text.length) {
      const code = this.text.charCodeAt(this.at);
      if (isDigit(code)) {
        if (this.startsChunk() && this.readCommit()) continue;
        this.readNumber();
      } else if (isLetter(code)) {
        if (this.startsChunk() && this.readCommit()) continue;
        this.readWord();
      } else {
        this.at++;
      }
    }
    const { version } = this;
    if (!this.seen) return null;
    trim(version.numbers);
    for (const mark of version.marks) trim(mark.numbers);
    version.early = version.marks.some((mark) => mark.word.place < 0);
    return version.numbers.length === 0 ? unreleased(version) : version;
  }

  private startsChunk(): boolean {
    const before = this.text.charCodeAt(this.at - 1);
    return this.at === 0 || !(isDigit(before) || isLetter(before));
  }

  /** A commit id says that it is some state after the release. One that stands alone has no place in any order. */
  private readCommit(): boolean {
    const end = this.endOf((code) => isDigit(code) || isLetter(code));
    if (end - this.at < 7) return false;
    const chunk = this.text.slice(this.at, end);
    if (!COMMIT.test(chunk) || /^(?:19|20)[0-9]{6}[a-f]$/.test(chunk)) return false;
    this.at = end;
    if (this.seen) this.version.marks.push({ word: SNAPSHOT, numbers: [] });
    return true;
  }

  private readNumber(): void {
    if (this.readDay()) return;
    const end = this.endOf(isDigit);
    this.current().push(numeral(this.text.slice(this.at, end)));
    this.at = end;
    this.seen = true;
  }

  /** A day is the whole version, or says when after the release the state was taken: 0.5.3-2016-09-28. */
  private readDay(): boolean {
    DAY.lastIndex = this.at;
    const day = DAY.exec(this.text)?.[0];
    if (day === undefined) return false;
    const { numbers, marks } = this.version;
    const last = marks.at(-1);
    const afterSnapshot = last?.word === SNAPSHOT && last.numbers.length === 0;
    const first = !this.seen && marks.length === 0;
    const dashed = /[-+_]/.test(this.text[this.at - 1] ?? '');
    if (!first && !afterSnapshot && !(dashed && marks.length === 0)) return false;
    const parts = day.replace(/[-.]/g, '');
    const date = [Number(parts.slice(0, 4)), Number(parts.slice(4, 6)), Number(parts.slice(6))];
    if (first) {
      numbers.push(...date);
      this.version.day = true;
    } else if (afterSnapshot) {
      last.numbers.push(...date);
    } else {
      marks.push({ word: SNAPSHOT, numbers: date });
    }
    this.at += day.length;
    this.seen = true;
    return true;
  }

  private readWord(): void {
    const end = this.endOf(isLetter);
    const word = this.text.slice(this.at, end);
    const numberFollows = isDigit(this.text.charCodeAt(end));
    this.at = end;
    if (isSilent(word)) return;
    if (!this.seen) {
      this.version.lead += word;
      return;
    }
    const released = this.version.marks.length === 0;
    // Java's updates are a further number: 1.8.0_71, 1.8.0 update 71, 1.8.0u71.
    if (released && numberFollows && (word === 'u' || word === 'update' || word === 'upd')) return;
    if (word === 'update' && released && /^[ _.-][0-9]/.test(this.text.slice(end, end + 2))) return;
    this.version.marks.push({ word: wordOf(numberFollows && released ? longer(word) : word), numbers: [] });
  }

  private current(): Numeral[] {
    return this.version.marks.at(-1)?.numbers ?? this.version.numbers;
  }

  private endOf(belongs: (code: number) => boolean): number {
    let end = this.at;
    while (end < this.text.length && belongs(this.text.charCodeAt(end))) end++;
    return end;
  }
}

/** Where nothing was released yet the day is all that the version says: 0-unstable-2024-01-01, 0.0pre20160820. */
function unreleased(version: GenericVersion): GenericVersion {
  const [first = 0, month = 0, day = 0] = version.marks.at(0)?.numbers ?? [];
  if (version.lead !== '') return version;
  const written = /^((?:19|20)[0-9]{2})(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])$/.exec(String(first));
  const numbers =
    written === null ? [first, month, day] : [Number(written[1]), Number(written[2]), Number(written[3])];
  return isYear(numbers[0] ?? 0) && (numbers[1] ?? 0) > 0
    ? { lead: '', numbers, marks: [], early: false, day: true }
    : version;
}

/** Right after the release and before a number these letters are words: 3.8.0b3 is a beta, 1.0.2b a letter release. */
function longer(letter: string): string {
  return letter === 'a' ? 'alpha' : letter === 'b' ? 'beta' : letter === 'm' ? 'milestone' : letter;
}

function trim(numbers: Numeral[]): void {
  while (numbers.at(-1) === 0) numbers.pop();
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

/** Lower case: the text is. */
function isLetter(code: number): boolean {
  return code >= 97 && code <= 122;
}

export function isYear(number: Numeral): boolean {
  return number >= 1970 && number <= 2099;
}

/** `release` is where a version without further marks stands; Nix knows only `pre` before it. */
function place(mark: Mark | undefined, asNix: boolean): number {
  if (mark === undefined) return 0;
  const { place: own, text } = mark.word;
  if (!asNix) return own;
  return text === 'pre' ? -1 : own < 0 ? 2 : own;
}

function compareMarks(a: Mark | undefined, b: Mark | undefined, asNix: boolean): Order {
  const left = place(a, asNix);
  const right = place(b, asNix);
  if (left !== right) return left < right ? -1 : 1;
  if (a === undefined || b === undefined) return 0;
  return compareText(a.word.text, b.word.text) || comparePadded(a.numbers, b.numbers);
}

function compare(a: GenericVersion, b: GenericVersion, asNix: boolean): Order {
  const byLead = compareText(a.lead, b.lead);
  if (byLead !== 0) return byLead;
  const byNumbers = comparePadded(a.numbers, b.numbers);
  if (byNumbers !== 0) return byNumbers;
  for (let i = 0; i < a.marks.length || i < b.marks.length; i++) {
    const found = compareMarks(a.marks[i], b.marks[i], asNix);
    if (found !== 0) return found;
  }
  return 0;
}

/**
 * What Nix says of two upstream versions, freed of what are defects of its order and not opinions: trailing zeros,
 * numbers over 2³¹−1, `_` and `+` as texts, upper case. What is left is one real difference from the generic order:
 * to Nix only `pre` comes before the release, so that 1.0rc1 is newer than 1.0.
 */
export function compareAsNix(a: GenericVersion, b: GenericVersion): Order {
  return compare(a, b, true);
}

/** The generic order on what `readGeneric` and `base` give. */
export function compareGeneric(a: GenericVersion, b: GenericVersion): Order {
  return compare(a, b, false);
}

/**
 * The order of upstream releases that CVE records rest on where they say nothing of it. Every rule, and why:
 *
 * - Numbers have any length, and trailing zeros do not count: 153.0 is 153.0.0 (a scanner cried wolf over it).
 * - `.` `-` `_` `+` `~` `:` brackets and spaces separate alike: 1.8.0_71, 6.9.7-4, 12.6(2), CPE's `1.0:rc1`.
 * - Upper case, a leading `v`, `r` or `release-`, and words that only say "released" (`final`, `esr`) do not count.
 * - All numbers up to the first word come first, so that 1.0.1 is newer than 1.0a and 1.1 newer than 1.0.9p9.
 * - dev < prealpha < alpha < beta < gamma, test < milestone < pre < rc < snapshot < the release; `a`, `b` and `m` mean
 *   alpha, beta and milestone only straight before a number (3.8.0b3), since 1.0.2b is a letter release.
 * - The release < a state of the repository (`+git2016…`, a day, a commit id) < letters and patches by text, so that
 *   1.0.2u < 1.0.2zg (OpenSSL) and 7.4 < 7.4p1 (OpenSSH); unknown words stand among the letters.
 * - `u71` and `update71` after the numbers are a further number (Java), and Java's 8u71 is 1.8.0_71.
 * - A day is three numbers however it is written: 20170303, 2017-03-03, unstable-2017-03-03.
 *
 * Valid is what has a number, no characters but these, and is not just a commit id.
 */
export const generic: Comparator = comparatorFrom('generic', readGeneric, compareGeneric);

/**
 * The version without what nobody can place for certain: a state of the repository after the release, or a word that
 * is not known. The same object where there is nothing of that kind.
 */
export function base(version: GenericVersion): GenericVersion {
  const uncertain = version.marks.findIndex((mark) => !mark.word.certain);
  return uncertain === -1 ? version : { ...version, marks: version.marks.slice(0, uncertain) };
}
