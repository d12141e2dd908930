import type { Queries } from '#base/db';
import type { Verdict } from '#base/versions';
import { outlinesOver, type Revision } from '#domain/channels';
import type { IssueToMatch } from '#domain/issues';
import { issueMatcher, unite } from './match-issue.ts';
import { matchable } from './matchable.ts';
import { type MatchPackage, namesOf } from './package-names.ts';
import { packageReader, packageSet } from './package-set.ts';

/** From one day up to another, exclusive; null: still. ISO days. */
export interface Run {
  from: string;
  to: string | null;
}

/** When which state of a package was in a channel. */
export type PackageRuns = ReadonlyMap<MatchPackage, readonly Run[]>;

/** What a package of an issue looked like in a channel over time. */
export interface PackageHistory {
  attr: string;
  /** In order, without overlap; neighbours differ. */
  periods: (Run & { verdict: Verdict })[];
}

/**
 * Every state that the packages of a channel had, with the days on which they had it. Of two revisions of one day the later
 * one counts.
 *
 * @param revisions of one channel, oldest first
 * @param read makes equal packages of several channels the same object
 */
export async function packageRuns(
  queries: Queries,
  revisions: readonly Revision[],
  read: ReturnType<typeof packageReader> = packageReader(),
): Promise<PackageRuns> {
  const days = revisions.map(({ committedAt }) => committedAt.toISOString().slice(0, 10));
  const lasting = revisions.filter((_, index) => days[index] !== days[index + 1]);
  const runs = new Map<MatchPackage, Run[]>();
  let present = new Map<MatchPackage, Run>();
  let place = 0;
  for await (const outlines of outlinesOver(queries, lasting)) {
    const day = lasting[place]?.committedAt.toISOString().slice(0, 10) ?? '';
    place += 1;
    const now = new Map<MatchPackage, Run>();
    for (const pkg of read(outlines)) {
      const before = present.get(pkg);
      const run = before ?? { from: day, to: null };
      now.set(pkg, run);
      if (before !== undefined) continue;
      const known = runs.get(pkg);
      if (known === undefined) runs.set(pkg, [run]);
      else known.push(run);
    }
    for (const [pkg, run] of present) if (!now.has(pkg)) run.to = day;
    present = now;
  }
  return runs;
}

/** What of it is on a day or later: as if the channel had begun then. */
export function runsFrom(runs: PackageRuns, day: string): PackageRuns {
  const later = new Map<MatchPackage, Run[]>();
  for (const [pkg, all] of runs) {
    const own = all.flatMap(({ from, to }) =>
      to !== null && to <= day ? [] : [{ from: from < day ? day : from, to }],
    );
    if (own.length > 0) later.set(pkg, own);
  }
  return later;
}

/** Names of the packages that began, ended or changed on a day or later. Only issues that ask for one of them may come out otherwise. */
export function namesChangedFrom(runs: PackageRuns, day: string): Set<string> {
  const changed = [...runs].filter(([, all]) =>
    all.some(({ from, to }) => from >= day || (to !== null && to >= day)),
  );
  return new Set(changed.flatMap(([pkg]) => [...namesOf(pkg)]));
}

/**
 * The matcher over time: for an issue, what each package looked like in each channel on each day, by what is known today of
 * both. The same verdicts as `rematch` gives for the newest revisions. A package that was safe all the time is left out.
 */
export function historyMatcher(
  channels: ReadonlyMap<string, PackageRuns>,
): (issue: IssueToMatch) => Map<string, PackageHistory[]> {
  // The matcher knows channels by name alone: each stretch of time of each channel is one to it.
  const stretches = new Map<string, { channel: string; run: Run }>();
  const sets = new Map<string, MatchPackage[]>();
  for (const [channel, runs] of channels) {
    for (const [pkg, all] of runs) {
      for (const run of all) {
        const key = `${channel} ${run.from} ${run.to ?? ''}`;
        const known = sets.get(key);
        if (known === undefined) {
          sets.set(key, [pkg]);
          stretches.set(key, { channel, run });
        } else known.push(pkg);
      }
    }
  }
  const match = issueMatcher(packageSet([...sets].map(([channel, packages]) => ({ channel, packages }))));

  return ({ id, products }) => {
    const found = unite(products.map((part) => match(matchable(id, part))));
    const histories = new Map<string, PackageHistory[]>();
    for (const { attr, verdict, channels: cells } of found) {
      if (verdict === 'not_affected') continue;
      const byChannel = new Map<string, PackageHistory['periods']>();
      for (const { channel: key, verdict: each } of cells) {
        const stretch = stretches.get(key);
        if (stretch === undefined) continue;
        const period = { ...stretch.run, verdict: each.verdict };
        const known = byChannel.get(stretch.channel);
        if (known === undefined) byChannel.set(stretch.channel, [period]);
        else known.push(period);
      }
      for (const [channel, periods] of byChannel) {
        if (periods.every((period) => period.verdict === 'not_affected')) continue;
        const list = histories.get(channel);
        const history = { attr, periods: joined(periods) };
        if (list === undefined) histories.set(channel, [history]);
        else list.push(history);
      }
    }
    return histories;
  };
}

/** In order; neighbours that look the same are one. */
function joined(periods: PackageHistory['periods']): PackageHistory['periods'] {
  const sorted = [...periods].sort((a, b) => (a.from < b.from ? -1 : 1));
  const out: PackageHistory['periods'] = [];
  for (const period of sorted) {
    const last = out.at(-1);
    if (last !== undefined && last.to === period.from && last.verdict === period.verdict) last.to = period.to;
    else out.push({ ...period });
  }
  return out;
}
