import {
  type Comparator,
  comparatorFrom,
  compareNumerals,
  comparePadded,
  compareText,
  type Numeral,
  numeral,
  type Order,
} from './comparator.ts';

interface PythonVersion {
  epoch: Numeral;
  release: Numeral[];
  /** Kind of pre-release (a 1, b 2, rc 3) and its number; [0] where only `.dev` is given, [4] for none. */
  pre: Numeral[];
  /** -1 for none: before post0. */
  post: Numeral;
  /** Infinity for none: a `.dev` comes before what it leads to. */
  dev: Numeral;
  /** null for none, which is before any. */
  local: (Numeral | string)[] | null;
}

const KINDS = new Map([
  ['a', 1],
  ['alpha', 1],
  ['b', 2],
  ['beta', 2],
  ['c', 3],
  ['rc', 3],
  ['pre', 3],
  ['preview', 3],
]);

const GRAMMAR = new RegExp(
  [
    '^v?(?:([0-9]+)!)?', // epoch
    '([0-9]+(?:\\.[0-9]+)*)', // release
    '(?:[._-]?(alpha|beta|preview|pre|a|b|c|rc)(?:[._-]?([0-9]+))?)?', // pre-release
    '(?:-([0-9]+)|([._-]?(?:post|rev|r))(?:[._-]?([0-9]+))?)?', // post-release
    '([._-]?dev(?:[._-]?([0-9]+))?)?', // development release
    '(?:\\+([a-z0-9]+(?:[._-][a-z0-9]+)*))?$', // local version
  ].join(''),
);

function parse(version: string): PythonVersion | null {
  const found = GRAMMAR.exec(version.trim().toLowerCase());
  if (found === null) return null;
  const [, epoch, release = '0', kind, pre, implicitPost, post, postNumber, dev, devNumber, local] = found;
  const hasPost = implicitPost !== undefined || post !== undefined;
  return {
    epoch: numeral(epoch ?? '0'),
    release: release.split('.').map(numeral),
    pre: preOf(kind, pre, hasPost, dev !== undefined),
    post: hasPost ? numeral(implicitPost ?? postNumber ?? '0') : -1,
    dev: dev === undefined ? Number.POSITIVE_INFINITY : numeral(devNumber ?? '0'),
    local:
      local === undefined
        ? null
        : local.split(/[._-]/).map((part) => (/^[0-9]+$/.test(part) ? numeral(part) : part)),
  };
}

function preOf(kind: string | undefined, number: string | undefined, hasPost: boolean, hasDev: boolean) {
  if (kind !== undefined) return [KINDS.get(kind) ?? 0, numeral(number ?? '0')];
  // 1.0.dev1 comes before 1.0a1, but 1.0.post1.dev1 after 1.0.
  return hasDev && !hasPost ? [0] : [4];
}

/** Numbers come after texts (PEP 440, "Local version identifiers"). */
function compareLocal(a: PythonVersion['local'], b: PythonVersion['local']): Order {
  if (a === null || b === null) return a === b ? 0 : a === null ? -1 : 1;
  for (let i = 0; i < a.length && i < b.length; i++) {
    const left = a[i] ?? 0;
    const right = b[i] ?? 0;
    if (typeof left === 'string' && typeof right === 'string') {
      const found = compareText(left, right);
      if (found !== 0) return found;
    } else if (typeof left === 'string' || typeof right === 'string') {
      return typeof left === 'string' ? -1 : 1;
    } else {
      const found = compareNumerals(left, right);
      if (found !== 0) return found;
    }
  }
  return compareNumerals(a.length, b.length);
}

function order(a: PythonVersion, b: PythonVersion): Order {
  return (
    compareNumerals(a.epoch, b.epoch) ||
    comparePadded(a.release, b.release) ||
    comparePadded(a.pre, b.pre) ||
    compareNumerals(a.post, b.post) ||
    compareNumerals(a.dev, b.dev) ||
    compareLocal(a.local, b.local)
  );
}

/** The order of Python packages (PEP 440, "Summary of permitted suffixes and relative ordering"), with its spellings. */
export const pep440: Comparator = comparatorFrom('pep440', parse, order);
