import type { Order, OrderedScheme } from './comparator.ts';
import { isExact, meant, type Position, within } from './contains.ts';
import { type End, lowerEnd, upperEnd } from './ends.ts';
import { readGeneric } from './generic.ts';
import type { Nearest } from './nearest.ts';
import { unpack } from './packaged.ts';
import type { Verdict, VersionRange, VersionStatement } from './range.ts';
import type { Reading } from './upstream-position.ts';

/** Longer versions are cut: a reason is a line on a page. */
const LONGEST = 80;

function short(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

function textOf(end: End): string | null {
  if (end.kind === 'version') return short(end.version);
  return end.kind === 'line' ? `${end.numbers.join('.')}.*` : null;
}

/** Why a version is in a range: "1.0.1 ≤ 1.0.1t < 1.0.1u, generic order". */
export function inRange(
  version: string,
  range: VersionRange,
  cleared: boolean,
  order: OrderedScheme,
): string {
  const state = cleared ? 'not affected' : 'affected';
  const wanted = meant(range);
  if (isExact(wanted))
    return `${short(version)} is listed as ${state} (${short(wanted.min ?? '')}), ${order} order`;
  const min = textOf(lowerEnd(wanted.min));
  const max = textOf(upperEnd(wanted.max));
  if (min === null && max === null) return `every version is listed as ${state}`;
  const lower = min === null ? '' : `${min} ${wanted.minInclusive === false ? '<' : '≤'} `;
  const upper = max === null ? '' : ` ${wanted.maxInclusive === true ? '≤' : '<'} ${max}`;
  const told = cleared ? ', listed as not affected' : max === null ? ', with no end named' : '';
  return `${lower}${short(version)}${upper}${told}, ${order} order`;
}

/** Why a version that is in no range is what it is: "1.0.2k ≥ 1.0.2k, where the affected versions end, generic order". */
export function outside(
  version: string,
  near: Nearest | null,
  verdict: Verdict,
  order: OrderedScheme,
): string {
  const own = short(version);
  if (near === null) {
    if (verdict === 'unknown') return `the source says nothing of ${own}`;
    return `${own} is in none of the ranges of the source, which calls all others ${verdict.replace('_', ' ')}`;
  }
  const { side } = near;
  const range = meant(near.range);
  // `otherwise` affected: the range is one of the unaffected ones, and so its beginning is the fix.
  if (verdict === 'affected') {
    return side === 'above'
      ? `${own} < ${textOf(lowerEnd(range.min))}, the next version that is not affected, ${order} order`
      : `${own} is after the versions that are not affected (to ${textOf(upperEnd(range.max))}), ${order} order`;
  }
  if (side === 'above') {
    const doubt = verdict === 'unknown' ? ', and of earlier ones the source says nothing' : '';
    return `${own} < ${textOf(lowerEnd(range.min))}, where the affected versions begin${doubt}, ${order} order`;
  }
  const end = textOf(upperEnd(range.max));
  const doubt = verdict === 'unknown' ? ', and of later ones the source says nothing' : '';
  const inclusive = range.maxInclusive === true || upperEnd(range.max).kind === 'line';
  return `${own} ${inclusive ? '>' : '≥'} ${end}, where the affected versions end${doubt}, ${order} order`;
}

/** Why two ways to look at a version come to different verdicts: the first end at which they part. */
export function conflict(
  version: string,
  statement: VersionStatement,
  position: Position,
  other: Position,
  order: OrderedScheme,
  reading: Reading,
): string {
  const own = short(version);
  for (const end of endsOf(statement)) {
    const here = position.compareTo(end);
    const there = other.compareTo(end);
    if (here === there || here === null || there === null) continue;
    if (reading === 'base') {
      return `nobody can say on which side of a change after ${short(end)} the state ${own} is`;
    }
    return `${own} ${symbol(here)} ${short(end)} in ${order} order, but ${symbol(there)} in Nix order`;
  }
  return `${own} stands differently to the ranges in ${order} order and in Nix order`;
}

/** Why nothing can be said: the first range that cannot be held against the version. */
export function undecided(
  version: string,
  statement: VersionStatement,
  position: Position,
  order: OrderedScheme,
): string {
  const own = short(version);
  for (const range of [...statement.affected, ...statement.unaffected]) {
    if (within(range, position) !== null) continue;
    const wanted = meant(range);
    for (const end of [lowerEnd(wanted.min), upperEnd(wanted.max)]) {
      if (end.kind === 'version' && position.compareTo(end.version) === null) {
        return incomparable(own, end.version, order);
      }
    }
    const max = upperEnd(wanted.max);
    if (max.kind === 'version') return `the range ends at ${short(max.version)}, before it begins`;
  }
  return `the source names no version that ${own} could be held against`;
}

function incomparable(version: string, end: string, order: OrderedScheme): string {
  const packaged = unpack(end, order);
  if (packaged !== null && !packaged.first && readGeneric(packaged.upstream) !== null) {
    return `${version} > ${short(packaged.upstream)}, but ${short(end)} may be a patch of the distribution's own, ${order} order`;
  }
  const days = [version, packaged?.upstream ?? end].map((text) => readGeneric(text)?.day);
  if (days[0] !== undefined && days[1] !== undefined && days[0] !== days[1]) {
    const [day, release] = days[0] ? [version, short(end)] : [short(end), version];
    return `${day} is a day and ${release} a release: there is no order between them`;
  }
  return `${version} and ${short(end)} are not versions of one form`;
}

function endsOf(statement: VersionStatement): string[] {
  const ranges = [...statement.unaffected, ...statement.affected].map(meant);
  return ranges
    .flatMap((range) => [lowerEnd(range.min), upperEnd(range.max)])
    .flatMap((end) => (end.kind === 'version' ? [end.version] : []));
}

function symbol(order: Order): string {
  return order < 0 ? '<' : order > 0 ? '>' : '=';
}
