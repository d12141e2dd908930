import type { Scheme } from './range.ts';
import { remember } from './remember.ts';

export type Order = -1 | 0 | 1;

/** Every scheme that has an order: all but `git`. */
export type OrderedScheme = Exclude<Scheme, 'git'>;

/** One order of versions. */
export interface Comparator {
  readonly scheme: OrderedScheme;
  /** Whether the text is a version in this order's own grammar. */
  isValid(version: string): boolean;
  /**
   * -1 where `a` is older, 0 where the order sees no difference, 1 where `a` is newer. Total on all texts: what is
   * no version of this order comes before everything that is (and by code points among its like), so that sorting
   * never fails; whoever draws conclusions asks `isValid` first.
   */
  compare(a: string, b: string): Order;
}

/** Longer texts are no versions (the longest of 75,000 nixpkgs packages has 64 characters). */
export const LONGEST_VERSION = 256;

/** A comparator from a grammar and an order on what it reads; each text is parsed once. */
export function comparatorFrom<P extends object>(
  scheme: OrderedScheme,
  parse: (version: string) => P | null,
  order: (a: P, b: P) => Order,
): Comparator {
  const parsed = remember((version: string) => ({
    value: version.length > LONGEST_VERSION ? null : parse(version),
  }));
  return {
    scheme,
    isValid: (version) => parsed(version).value !== null,
    compare(a, b) {
      if (a === b) return 0;
      const left = parsed(a).value;
      const right = parsed(b).value;
      if (left !== null && right !== null) return order(left, right);
      if (left !== null) return 1;
      return right === null ? compareText(a, b) : -1;
    },
  };
}

/** By code points, which is also the order of UTF-8 bytes that the package managers compare by. */
export function compareText(a: string, b: string): Order {
  if (a === b) return 0;
  // UTF-16 order is code point order except where surrogates meet U+E000 and above.
  if (!/[\ud800-\udfff]/.test(a) && !/[\ud800-\udfff]/.test(b)) return a < b ? -1 : 1;
  return sign(Buffer.compare(Buffer.from(a), Buffer.from(b)));
}

/** A number of any length; up to 15 digits it is a double, which is exact and ten times as fast. */
export type Numeral = number | bigint;

/** The number that these ASCII digits write. */
export function numeral(digits: string): Numeral {
  return digits.length <= 15 ? Number(digits) : shortest(BigInt(digits));
}

function shortest(value: bigint): Numeral {
  return value <= 999_999_999_999_999n ? Number(value) : value;
}

export function compareNumerals(a: Numeral, b: Numeral): Order {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Two lists of numbers, the shorter one continued with zeros. */
export function comparePadded(a: readonly Numeral[], b: readonly Numeral[]): Order {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a[i] ?? 0;
    const y = b[i] ?? 0;
    if (x < y) return -1;
    if (x > y) return 1;
  }
  return 0;
}

function sign(value: number): Order {
  return value < 0 ? -1 : value > 0 ? 1 : 0;
}
