import type { Database, Queries } from '#base/db';
import { latestRevisions, packageOutlines, type Revision, revisionAt } from '#domain/channels';
import { issuesChangedSince } from '#domain/issues';
import type { MatchPackage } from './package-names.ts';
import { type ChannelPackages, changedNames, packageReader } from './package-set.ts';
import {
  lockMatching,
  type MatchingState,
  markDue,
  matchingState,
  namesAsked,
  recordSeen,
  type SeenRevision,
} from './store-state.ts';

/** The packages of every channel's newest revision. */
export interface LoadedPackages {
  revisions: Readonly<Record<string, SeenRevision>>;
  channels: ChannelPackages[];
  /** Makes packages of other revisions, the same objects where they are the same. */
  read: ReturnType<typeof packageReader>;
}

/** The newest revision of every channel, in a form that can be compared. */
export async function newestRevisions(queries: Queries): Promise<Record<string, SeenRevision>> {
  return Object.fromEntries((await latestRevisions(queries)).map((one) => [one.channel, seen(one)]));
}

function seen({ commit, committedAt, importedAt }: Revision): SeenRevision {
  return { commit, committedAt: committedAt.toISOString(), importedAt: importedAt.toISOString() };
}

export function sameRevisions(
  a: Readonly<Record<string, SeenRevision>>,
  b: Readonly<Record<string, SeenRevision>>,
): boolean {
  const names = new Set([...Object.keys(a), ...Object.keys(b)]);
  return [...names].every((channel) => sameRevision(a[channel], b[channel]));
}

function sameRevision(a: SeenRevision | undefined, b: SeenRevision | undefined): boolean {
  return a?.commit === b?.commit && a?.importedAt === b?.importedAt;
}

export async function loadPackages(queries: Queries): Promise<LoadedPackages> {
  const revisions = await newestRevisions(queries);
  const read = packageReader();
  const names = Object.keys(revisions).sort();
  const outlines = await packageOutlines(
    queries,
    names.map((channel) => ({ channel, committedAt: new Date(revisions[channel]?.committedAt ?? 0) })),
  );
  const channels = names.map((channel, index) => ({ channel, packages: read(outlines[index] ?? []) }));
  return { revisions, channels, read };
}

/**
 * Decides which issues are due: those that came out otherwise, those that look for packages which changed, and where the
 * matcher is another one, all of them. What is due stays so until it was matched, however often a run is cut off.
 *
 * @param packages null where the caller has seen that none changed
 * @returns number of the run that may match them
 */
export async function planMatching(
  database: Database,
  packages: LoadedPackages | null,
  matcherVersion: number,
): Promise<number> {
  for (;;) {
    const before = await matchingState(database.queries);
    const everything = before.matcherVersion !== matcherVersion;
    const due =
      packages === null || everything ? [] : await dueForPackages(database.queries, before, packages);
    const run = await database.transaction(async (tx) => {
      const state = await lockMatching(tx);
      // Somebody else has decided meanwhile: what is new is to be told against that.
      if (state.run !== before.run) return null;
      const { issues, computation } = await issuesChangedSince(tx, state.issuesSeen);
      const revisions = packages?.revisions ?? state.revisions;
      const nothing = issues.length === 0 && sameRevisions(revisions, state.revisions) && !everything;
      if (nothing) return state.run;
      await markDue(tx, issues);
      await markDue(tx, everything ? 'all' : due);
      await recordSeen(tx, { run: state.run + 1, issuesSeen: computation, revisions, matcherVersion });
      return state.run + 1;
    });
    if (run !== null) return run;
  }
}

/** Issues that look for packages which are not what they were when it was last decided. */
async function dueForPackages(
  queries: Queries,
  state: MatchingState,
  { revisions, channels, read }: LoadedPackages,
): Promise<string[] | 'all'> {
  const asked = await namesAsked(queries);
  if (asked.length === 0) return [];
  const changed = new Set<string>();
  for (const { channel, packages } of channels) {
    const [old, now] = [state.revisions[channel], revisions[channel]];
    if (sameRevision(old, now)) continue;
    const before = await packagesBefore(queries, channel, old, read);
    if (before === null) return 'all';
    for (const name of changedNames(before, packages)) changed.add(name);
  }
  if (Object.keys(state.revisions).some((channel) => revisions[channel] === undefined)) return 'all';
  return asked.filter(({ names }) => names.some((name) => changed.has(name))).map(({ issue }) => issue);
}

/** What a channel had at an earlier revision; null where that was imported again since, and nobody knows it any more. */
async function packagesBefore(
  queries: Queries,
  channel: string,
  revision: SeenRevision | undefined,
  read: LoadedPackages['read'],
): Promise<readonly MatchPackage[] | null> {
  if (revision === undefined) return [];
  const committedAt = new Date(revision.committedAt);
  const stored = await revisionAt(queries, channel, committedAt);
  if (!sameRevision(seen(stored), revision)) return null;
  const [outlines = []] = await packageOutlines(queries, [{ channel, committedAt }]);
  return read(outlines);
}
