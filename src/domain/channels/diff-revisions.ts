import type { Queries } from '#base/db';
import { type At, revisionAt } from './read-packages.ts';
import type { Revision } from './store.ts';
import { differingStates, type PackageState, type StatePair } from './store-reading.ts';

/** A package whose version, patches or known vulnerabilities are not what they were. */
export interface PackageChange {
  attr: string;
  before: PackageState;
  after: PackageState;
  /** Patches by name. Both empty where one of the revisions came without a list of patches: then nothing is known of them. */
  patchesAdded: string[];
  patchesRemoved: string[];
}

export interface RevisionDiff {
  from: Revision;
  to: Revision;
  added: (PackageState & { attr: string })[];
  removed: (PackageState & { attr: string })[];
  changed: PackageChange[];
  /** How many packages differ in nothing but description, homepage, maintainers and the like. */
  otherwise: number;
}

/** What changed in a channel between two revisions. @throws MusterError as `revisionAt` */
export async function diffRevisions(
  queries: Queries,
  channel: string,
  from: At,
  to: At,
): Promise<RevisionDiff> {
  const [older, newer] = await Promise.all([
    revisionAt(queries, channel, from),
    revisionAt(queries, channel, to),
  ]);
  const pairs = await differingStates(queries, channel, older.committedAt, newer.committedAt);
  return { from: older, to: newer, ...compareStates(pairs, older.patchesKnown && newer.patchesKnown) };
}

/** Sorts differing states into what is new, gone and changed. */
export function compareStates(
  pairs: readonly StatePair[],
  patchesKnown: boolean,
): Omit<RevisionDiff, 'from' | 'to'> {
  const diff: Omit<RevisionDiff, 'from' | 'to'> = { added: [], removed: [], changed: [], otherwise: 0 };
  for (const { attr, before, after } of pairs) {
    if (before === null && after !== null) diff.added.push({ attr, ...after });
    if (before !== null && after === null) diff.removed.push({ attr, ...before });
    if (before === null || after === null) continue;
    const patchesAdded = patchesKnown ? without(after.patches, before.patches) : [];
    const patchesRemoved = patchesKnown ? without(before.patches, after.patches) : [];
    const same =
      before.version === after.version &&
      before.pname === after.pname &&
      patchesAdded.length + patchesRemoved.length === 0 &&
      before.knownVulnerabilities.join('\n') === after.knownVulnerabilities.join('\n');
    if (same) diff.otherwise += 1;
    else diff.changed.push({ attr, before, after, patchesAdded, patchesRemoved });
  }
  return diff;
}

function without(all: readonly string[], some: readonly string[]): string[] {
  const known = new Set(some);
  return all.filter((one) => !known.has(one));
}
