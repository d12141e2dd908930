import {
  type Comparator,
  comparatorFrom,
  compareNumerals,
  type Numeral,
  numeral,
  type Order,
} from './comparator.ts';

interface DebVersion {
  epoch: number;
  upstream: Run[];
  revision: Run[];
}

/** What is no digit up to the next digits, and the number that follows (0 where the text ends). */
interface Run {
  text: string;
  number: Numeral;
}

const GRAMMAR = /^(?:([0-9]{1,10}):)?([0-9][A-Za-z0-9.+~:-]*?)(?:-([A-Za-z0-9.+~]+))?$/;
const LARGEST_EPOCH = 2_147_483_647;

function parse(version: string): DebVersion | null {
  const found = GRAMMAR.exec(version);
  if (found === null) return null;
  const [, epoch = '0', upstream = '', revision = '0'] = found;
  // Two things that the grammar above cannot say: a colon needs an epoch before it, and a dash a revision after it.
  if ((found[1] === undefined && upstream.includes(':')) || upstream.endsWith('-')) return null;
  if (Number(epoch) > LARGEST_EPOCH) return null;
  return { epoch: Number(epoch), upstream: runs(upstream), revision: runs(revision) };
}

function runs(part: string): Run[] {
  const found: Run[] = [];
  for (const [, text = '', digits = ''] of part.matchAll(/([^0-9]*)([0-9]*)/g)) {
    if (text !== '' || digits !== '') found.push({ text, number: digits === '' ? 0 : numeral(digits) });
  }
  return found;
}

/** `~` before the end, the end before letters, letters before everything else. */
function weight(text: string, at: number): number {
  if (at >= text.length) return 0;
  const code = text.charCodeAt(at);
  if (code === 126) return -1;
  const letter = (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
  return letter ? code : code + 256;
}

function compareParts(a: readonly Run[], b: readonly Run[]): Order {
  const length = Math.max(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const left = a[i]?.text ?? '';
    const right = b[i]?.text ?? '';
    for (let at = 0; at < left.length || at < right.length; at++) {
      const difference = weight(left, at) - weight(right, at);
      if (difference !== 0) return difference < 0 ? -1 : 1;
    }
    const byNumber = compareNumerals(a[i]?.number ?? 0, b[i]?.number ?? 0);
    if (byNumber !== 0) return byNumber;
  }
  return 0;
}

function order(a: DebVersion, b: DebVersion): Order {
  if (a.epoch !== b.epoch) return a.epoch < b.epoch ? -1 : 1;
  const byUpstream = compareParts(a.upstream, b.upstream);
  return byUpstream !== 0 ? byUpstream : compareParts(a.revision, b.revision);
}

/**
 * The order of dpkg: `[epoch:]upstream[-revision]` (Debian Policy 5.6.12, deb-version(7)); agrees with
 * `dpkg --compare-versions`. Valid is what the policy allows: the upstream part starts with a digit.
 */
export const deb: Comparator = comparatorFrom('deb', parse, order);
