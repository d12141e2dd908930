import type { Scheme, VersionRange, VersionStatement } from '#base/versions';

/**
 * A version statement as it is stored: half a million of them are mostly the names of their own fields otherwise. A string
 * is one exact version; else [min, max, flags], where flag 1 is "min exclusive" and 2 "max inclusive", and 0 stands for an
 * open end.
 */
export type PackedVersions = [Scheme, VersionStatement['otherwise'], PackedRange[], PackedRange[]];
type PackedRange = string | [string | 0, string | 0, number];

export function packVersions({ scheme, otherwise, affected, unaffected }: VersionStatement): PackedVersions {
  return [scheme, otherwise, affected.map(packRange), unaffected.map(packRange)];
}

/** The inverse of packVersions. */
export function unpackVersions(packed: PackedVersions): VersionStatement;
export function unpackVersions(packed: PackedVersions | null): VersionStatement | null;
export function unpackVersions(packed: PackedVersions | null): VersionStatement | null {
  if (packed === null) return null;
  const [scheme, otherwise, affected, unaffected] = packed;
  return { scheme, otherwise, affected: affected.map(unpackRange), unaffected: unaffected.map(unpackRange) };
}

function packRange({ min, minInclusive = true, max, maxInclusive = false }: VersionRange): PackedRange {
  if (min !== undefined && min === max && minInclusive && maxInclusive) return min;
  return [min ?? 0, max ?? 0, (minInclusive ? 0 : 1) | (maxInclusive ? 2 : 0)];
}

function unpackRange(packed: PackedRange): VersionRange {
  if (typeof packed === 'string') return { min: packed, max: packed, maxInclusive: true };
  const [min, max, flags] = packed;
  return {
    ...(min === 0 ? {} : { min }),
    ...((flags & 1) === 0 ? {} : { minInclusive: false }),
    ...(max === 0 ? {} : { max }),
    ...((flags & 2) === 0 ? {} : { maxInclusive: true }),
  };
}
