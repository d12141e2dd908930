/**
 * How versions of a range are ordered. CVE records say it by `versionType`, distributions by what they are;
 * `generic` is the order of upstream releases that nobody described further, `git` has no order at all.
 */
export const SCHEMES = [
  'generic',
  'nix',
  'deb',
  'rpm',
  'apk',
  'gentoo',
  'semver',
  'pep440',
  'maven',
  'git',
] as const;
export type Scheme = (typeof SCHEMES)[number];

/** From `min` to `max`; a missing end is open. One exact version is `min` = `max`, both inclusive. */
export interface VersionRange {
  min?: string;
  /** Default true. */
  minInclusive?: boolean;
  max?: string;
  /** Default false: most sources say "before". */
  maxInclusive?: boolean;
}

/** What one report says of the versions of one product with respect to one vulnerability. */
export interface VersionStatement {
  scheme: Scheme;
  affected: VersionRange[];
  /** Ranges that the report calls fixed or not affected; they win over `affected`. */
  unaffected: VersionRange[];
  /**
   * What it says of versions in none of the ranges. Sources that only list what is hit leave `unknown`: then `judge` still
   * clears versions past an upper end that is excluded, since that end is the fix, and no others.
   */
  otherwise: 'affected' | 'unaffected' | 'unknown';
}

/** Three-valued: what nobody can know is `unknown`, never `not_affected`. */
export type Verdict = 'affected' | 'not_affected' | 'unknown';
