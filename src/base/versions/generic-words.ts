/**
 * The words in upstream versions and what each says of its place. Collected from the 75,000 names of three nixpkgs
 * channels and the 850,000 CPE names of 34,677 NVD records; a word that is not here comes after the release, and
 * whether it changes what is affected counts as not known (see `base` in generic.ts).
 */
export interface Word {
  /** Below 0 before the release, above 0 after it, least first. */
  place: number;
  /** The spelling that stands for all spellings of one word. */
  text: string;
  /** Whether the word tells a maintenance release of the same line, so that it is certain where the version stands. */
  certain: boolean;
}

/** Before the release, in this order: a snapshot without any state reached, test versions, what is nearly it. */
const BEFORE: readonly (readonly string[])[] = [
  ['dev', 'devel', 'nightly'],
  ['prealpha'],
  ['alpha'],
  ['beta'],
  // MySQL's gamma, OpenVPN's and Dovecot's test, the technology previews of Oracle and JBoss.
  ['gamma', 'test', 'ea', 'tp'],
  ['milestone'],
  ['pre', 'prerelease', 'preview'],
  ['rc', 'cr', 'candidate'],
  // Maven's: what is about to become the release.
  ['snapshot'],
];

/** A state of a repository some time after the release: before the next patch or letter. */
const SNAPSHOTS = ['git', 'svn', 'cvs', 'hg', 'bzr', 'darcs', 'scm', 'unstable'];

/** A later release of the same numbers. `p` stands among the letters: OpenSSL has 1.0.2o, 1.0.2p, 1.0.2q. */
const AFTER: readonly (readonly string[])[] = [
  ['p', 'pl', 'patch', 'patchlevel'],
  ['sp', 'servicepack'],
  ['post'],
  ['hotfix', 'fix'],
  ['fp', 'fixpack'],
  ['cu'],
  ['build'],
  ['cert'],
  ['maintenance'],
];

/** Words that only say that it is the release, or for whom it is packed. */
const SILENT = [
  ...['final', 'ga', 'release', 'rel', 'stable', 'gold', 'version', 'ver', 'v'],
  // Lines of Firefox and ISC, editions of Docker and GitLab.
  ...['esr', 'esv', 'lts', 'ce', 'ee', 'oss'],
];

export const SNAPSHOT: Word = { place: 1, text: 'git', certain: false };
/** Where the letters and all words after the release stand; among themselves by text. */
const LATER = 2;

const WORDS = new Map<string, Word>([
  ...BEFORE.flatMap((spellings, i) =>
    spellings.map((word): [string, Word] => [
      word,
      { place: i - BEFORE.length, text: spellings[0] ?? word, certain: true },
    ]),
  ),
  ...SNAPSHOTS.map((word): [string, Word] => [word, SNAPSHOT]),
  ...AFTER.flatMap((spellings) =>
    spellings.map((word): [string, Word] => [
      word,
      { place: LATER, text: spellings[0] ?? word, certain: true },
    ]),
  ),
]);

const QUIET = new Set(SILENT);

/** Whether the word says nothing of the order. */
export function isSilent(word: string): boolean {
  return QUIET.has(word);
}

/** What the word says of the order. One or two letters that are no word are letter releases (1.0.2u, 1.0.2zg). */
export function wordOf(word: string): Word {
  return WORDS.get(word) ?? { place: LATER, text: word, certain: word.length <= 2 };
}
