import type { CopyRows } from '#base/db';
import type { Scheme, VersionRange, VersionStatement } from '#base/versions';

/**
 * A version statement as it is stored: half a million of them are mostly the names of their own fields otherwise. A string
 * is one exact version; else [min, max, flags], where flag 1 is "min exclusive" and 2 "max inclusive", and 0 stands for an
 * open end.
 */
export type PackedVersions = [Scheme, VersionStatement['otherwise'], PackedRange[], PackedRange[]];
type PackedRange = string | [string | 0, string | 0, number];

/** Writes a statement as the JSON of its PackedVersions into a field of a row. */
export function writeVersions(rows: CopyRows, statement: VersionStatement): void {
  rows.openText();
  rows.put('["');
  rows.put(statement.scheme);
  rows.put('","');
  rows.put(statement.otherwise);
  rows.put('",');
  writeRanges(rows, statement.affected);
  rows.put(',');
  writeRanges(rows, statement.unaffected);
  rows.put(']');
  rows.closeText();
}

function writeRanges(rows: CopyRows, ranges: readonly VersionRange[]): void {
  rows.put('[');
  for (let index = 0; index < ranges.length; index++) {
    if (index > 0) rows.put(',');
    const range = ranges[index];
    if (range !== undefined) writeRange(rows, range);
  }
  rows.put(']');
}

function writeRange(
  rows: CopyRows,
  { min, minInclusive = true, max, maxInclusive = false }: VersionRange,
): void {
  if (min !== undefined && min === max && minInclusive && maxInclusive) {
    rows.quote(min);
    return;
  }
  rows.put('[');
  if (min === undefined) rows.put('0');
  else rows.quote(min);
  rows.put(',');
  if (max === undefined) rows.put('0');
  else rows.quote(max);
  rows.put(minInclusive ? (maxInclusive ? ',2]' : ',0]') : maxInclusive ? ',3]' : ',1]');
}

/** The inverse of writeVersions. */
export function unpackVersions(packed: PackedVersions): VersionStatement;
export function unpackVersions(packed: PackedVersions | null): VersionStatement | null;
export function unpackVersions(packed: PackedVersions | null): VersionStatement | null {
  if (packed === null) return null;
  const [scheme, otherwise, affected, unaffected] = packed;
  return { scheme, otherwise, affected: affected.map(unpackRange), unaffected: unaffected.map(unpackRange) };
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
