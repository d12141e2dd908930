import type { VersionRange, VersionStatement } from './range.ts';

const SHOWN = 8;

/**
 * Which versions a report calls hit, as a reader would say it: "from 1.0.2 before 1.0.2k; 1.1.0c". Null where it says nothing.
 *
 * @param shown so many ranges are told, and of the others how many they are
 */
export function rangeWords(
  { affected, unaffected, otherwise }: VersionStatement,
  shown = SHOWN,
): string | null {
  const ends = new Set(affected.map(({ max, maxInclusive = false }) => (maxInclusive ? undefined : max)));
  // What begins where the affected versions end says nothing new.
  const others = unaffected.filter(
    ({ min, minInclusive = true, max }) => max !== undefined || !minInclusive || !ends.has(min),
  );
  const parts = [
    listed('', affected, shown),
    listed('not affected ', others, shown),
    otherwise === 'unknown' ? null : otherwise === 'affected' ? 'all others' : 'no others',
  ].filter((part) => part !== null);
  // "no others" alone says that nothing is hit.
  if (parts.length === 1 && parts[0] === 'no others') return 'none';
  if (parts.length === 1 && parts[0] === 'all others') return 'all';
  return parts.length === 0 ? null : parts.join('; ');
}

function listed(before: string, ranges: readonly VersionRange[], shown: number): string | null {
  if (ranges.length === 0) return null;
  const more = ranges.length - shown;
  const words = ranges.slice(0, shown).map((range) => before + oneRange(range));
  return [...words, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

/** "from 1.0.2 before 1.0.2k" */
export function oneRange({
  min,
  minInclusive = true,
  max,
  maxInclusive = false,
}: { [Part in keyof VersionRange]: VersionRange[Part] | undefined }): string {
  if (min !== undefined && min === max && maxInclusive) return min;
  const from = min === undefined ? '' : minInclusive ? `from ${min}` : `after ${min}`;
  const to = max === undefined ? '' : maxInclusive ? `up to ${max}` : `before ${max}`;
  return `${from} ${to}`.trim() || 'every version';
}
