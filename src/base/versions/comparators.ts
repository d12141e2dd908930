import { apk } from './apk.ts';
import type { Comparator, OrderedScheme } from './comparator.ts';
import { deb } from './deb.ts';
import { generic } from './generic.ts';
import { gentoo } from './gentoo.ts';
import { maven } from './maven.ts';
import { nix } from './nix.ts';
import { pep440 } from './pep440.ts';
import type { Scheme } from './range.ts';
import { rpm } from './rpm.ts';
import { semver } from './semver.ts';

const COMPARATORS: Record<OrderedScheme, Comparator> = {
  generic,
  nix,
  deb,
  rpm,
  apk,
  gentoo,
  semver,
  pep440,
  maven,
};

/** The comparator of a scheme; null for `git`, whose commits have no order without their repository. */
export function comparatorOf(scheme: OrderedScheme): Comparator;
export function comparatorOf(scheme: Scheme): Comparator | null;
export function comparatorOf(scheme: Scheme): Comparator | null {
  return scheme === 'git' ? null : COMPARATORS[scheme];
}
