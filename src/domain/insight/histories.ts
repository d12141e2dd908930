import type { Verdict } from '#base/versions';
import type { PackageHistory } from '#domain/matching';

/** Histories as they are stored: packages with the same one have it in common, for those of a kernel are hundreds. */
export type PackedHistories = [
  packages: string[],
  periods: [from: string, to: string | null, verdict: Verdict][],
][];

export function packHistories(histories: readonly PackageHistory[]): PackedHistories {
  const packed = new Map<string, PackedHistories[number]>();
  for (const { attr, periods } of histories) {
    const rows = periods.map(({ from, to, verdict }): PackedHistories[number][1][number] => [
      from,
      to,
      verdict,
    ]);
    const key = JSON.stringify(rows);
    const known = packed.get(key);
    if (known === undefined) packed.set(key, [[attr], rows]);
    else known[0].push(attr);
  }
  return [...packed.values()];
}

export function unpackHistories(packed: PackedHistories): PackageHistory[] {
  return packed.flatMap(([packages, rows]) =>
    packages.map((attr) => ({ attr, periods: rows.map(([from, to, verdict]) => ({ from, to, verdict })) })),
  );
}

/**
 * What was known of a channel's packages goes on with what they look like from a day on: what ran on ends there, and what
 * looks the same goes on. The result is that of looking at all of it anew. What never looked but safe is left out.
 *
 * @param now of the same channel, from that day on
 */
export function goOn(
  before: readonly PackageHistory[],
  day: string,
  now: readonly PackageHistory[],
): PackageHistory[] {
  const later = new Map(now.map(({ attr, periods }) => [attr, periods]));
  const attrs = new Set([...before.map(({ attr }) => attr), ...later.keys()]);
  const earlier = new Map(before.map(({ attr, periods }) => [attr, periods]));
  return [...attrs].flatMap((attr) => {
    const ended = (earlier.get(attr) ?? []).flatMap((period) => {
      if (period.from >= day) return [];
      return [period.to === null || period.to > day ? { ...period, to: day } : period];
    });
    const periods: PackageHistory['periods'] = ended.map((period) => ({ ...period }));
    for (const period of later.get(attr) ?? []) {
      const last = periods.at(-1);
      if (last !== undefined && last.to === period.from && last.verdict === period.verdict)
        last.to = period.to;
      else periods.push({ ...period });
    }
    return periods.every(({ verdict }) => verdict === 'not_affected') ? [] : [{ attr, periods }];
  });
}
