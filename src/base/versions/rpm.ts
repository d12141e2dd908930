import {
  type Comparator,
  comparatorFrom,
  compareNumerals,
  compareText,
  type Numeral,
  numeral,
  type Order,
} from './comparator.ts';

/** `~` and `^` stand for themselves; other texts are letters only. */
type Segment = Numeral | string;

interface RpmVersion {
  epoch: Numeral;
  version: Segment[];
  /** null where there is none: that is older than any release. */
  release: Segment[] | null;
}

const GRAMMAR = /^(?:([0-9]*):)?([A-Za-z0-9._+~^-]*?)(?:-([A-Za-z0-9._+~^]*))?$/;

function parse(text: string): RpmVersion | null {
  const found = GRAMMAR.exec(text);
  if (found === null) return null;
  const [, epoch = '', version = '', release] = found;
  if (!/[A-Za-z0-9]/.test(version)) return null;
  return {
    epoch: epoch === '' ? 0 : numeral(epoch),
    version: segments(version),
    release: release === undefined ? null : segments(release),
  };
}

/** Everything else only separates: 1.0 and 1_0 are one version to rpm. */
function segments(part: string): Segment[] {
  return (part.match(/[0-9]+|[A-Za-z]+|[~^]/g) ?? []).map((run) => (/^[0-9]/.test(run) ? numeral(run) : run));
}

/** rpmvercmp read as an order: `~`, the end, `^`, letters, numbers. */
function rank(segment: Segment | undefined): number {
  if (segment === undefined) return 1;
  if (typeof segment !== 'string') return 4;
  return segment === '~' ? 0 : segment === '^' ? 2 : 3;
}

function compareSegments(a: readonly Segment[], b: readonly Segment[]): Order {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a[i];
    const right = b[i];
    const byRank = rank(left) - rank(right);
    if (byRank !== 0) return byRank < 0 ? -1 : 1;
    if (typeof left === 'string' && typeof right === 'string') {
      const byText = compareText(left, right);
      if (byText !== 0) return byText;
    } else if (typeof left !== 'string' && typeof right !== 'string') {
      const byNumber = compareNumerals(left ?? 0, right ?? 0);
      if (byNumber !== 0) return byNumber;
    }
  }
  return 0;
}

function order(a: RpmVersion, b: RpmVersion): Order {
  const byEpoch = compareNumerals(a.epoch, b.epoch);
  if (byEpoch !== 0) return byEpoch;
  const byVersion = compareSegments(a.version, b.version);
  if (byVersion !== 0) return byVersion;
  if (a.release === null || b.release === null) {
    return a.release === b.release ? 0 : a.release === null ? -1 : 1;
  }
  return compareSegments(a.release, b.release);
}

/**
 * The order of rpm: `[epoch:]version[-release]`, each part by rpmvercmp with `~` (before) and `^` (a snapshot after)
 * (rpm-version(7); rpm `rpmio/rpmvercmp.c`, `rpmver.c`). A missing epoch is 0, a missing release the oldest.
 * Valid is what has at least one letter or digit in its version part.
 */
export const rpm: Comparator = comparatorFrom('rpm', parse, order);
