import type { RecordLook } from './record-looks.ts';

/** What nobody has rated may be anything up to here: what turns out graver is news. */
const RANK = { none: 0, low: 1, medium: 2, high: 3, critical: 4, unrated: 1 } as const;

const SHOWN_RANGES = 4;

/**
 * What the records say otherwise than when somebody decided, with what they said before and what they say now: that a
 * number was rejected, or has come out; that a flaw is graver; that other versions are hit. That it is less grave than it was
 * thought to be takes nothing back of what was decided.
 *
 * @param mayBeHit whether our versions may be hit still: of what is safe either way other ranges are no news
 */
export function recordChanges(
  before: Readonly<Record<string, RecordLook>>,
  now: Readonly<Record<string, RecordLook>>,
  mayBeHit: boolean,
): string[] {
  const then = new Map(Object.entries(before));
  return Object.entries(now).flatMap(([id, look]) => {
    const was = then.get(id);
    return was === undefined ? [] : changesOf(id, was, look, mayBeHit);
  });
}

function changesOf(id: string, was: RecordLook, is: RecordLook, mayBeHit: boolean): string[] {
  if (is.state === 'rejected') return was.state === 'rejected' ? [] : [`${id} was rejected since`];
  const said: string[] = [];
  if (was.state !== is.state && is.state === 'published')
    said.push(`${id} is published now, ${was.state} then`);
  if (RANK[is.severity ?? 'unrated'] > RANK[was.severity ?? 'unrated'])
    said.push(`${id} is ${is.severity ?? 'unrated'} now, ${was.severity ?? 'unrated'} then`);
  if (mayBeHit && was.state === is.state && was.whole !== is.whole)
    said.push(
      same(was.ranges, is.ranges)
        ? `${id} affects other versions now than then, beyond those that are remembered in words`
        : `${id} affects ${listed(differing(is, was))} now, ${listed(differing(was, is))} then`,
    );
  return said;
}

function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((range, at) => range === b[at]);
}

/** Those that only one of them has; all of them where that is none. */
function differing({ ranges }: RecordLook, other: RecordLook): readonly string[] {
  const own = ranges.filter((range) => !other.ranges.includes(range));
  return own.length === 0 ? ranges : own;
}

function listed(ranges: readonly string[]): string {
  if (ranges.length === 0) return 'no versions that it names';
  const more = ranges.length - SHOWN_RANGES;
  return `${ranges.slice(0, SHOWN_RANGES).join(', ')}${more > 0 ? `, and ${more} more` : ''}`;
}
