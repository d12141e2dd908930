import type SemVer from 'semver/classes/semver.js';
import parseSemver from 'semver/functions/parse.js';
import { type Comparator, comparatorFrom, type Order } from './comparator.ts';

/** One to three numbers, then what semver knows after them. */
const TOLERANT =
  /^[vV=]?([0-9]{1,15})(?:\.([0-9]{1,15}))?(?:\.([0-9]{1,15}))?((?:-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?)$/;

function parse(version: string): SemVer | null {
  const found = TOLERANT.exec(version);
  if (found === null) return null;
  const [, major = '0', minor = '0', patch = '0', rest = ''] = found;
  const numbers = [major, minor, patch].map((digits) => String(Number(digits))).join('.');
  return parseSemver(`${numbers}${rest}`);
}

function order(a: SemVer, b: SemVer): Order {
  return a.compare(b);
}

/**
 * The order of Semantic Versioning 2.0.0, section 11 (build metadata do not count), by the library `semver`.
 * Tolerant of what CVE records call semver: a leading `v`, leading zeros, and one or two numbers instead of three
 * (`6.7` is 6.7.0, `6.12-rc1` is 6.12.0-rc1). Four numbers or `1.0.2k` are not valid.
 */
export const semver: Comparator = comparatorFrom('semver', parse, order);
