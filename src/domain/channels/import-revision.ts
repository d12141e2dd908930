import { appendEvents, type Database } from '#base/db';
import { MusterError } from '#base/errors';
import { checkChannelName, guessLifecycle } from './channel.ts';
import type { EntryProblem } from './package-entry.ts';
import type { PackageSet } from './package-set.ts';
import { planPeriods } from './periods.ts';
import { deltaContent, factsOf, type RevisionContent, wholeContent } from './revision-content.ts';
import {
  applyPeriods,
  factsAt,
  insertFacts,
  lockChannel,
  mergeContacts,
  mergeSourceUrls,
  refreshFigures,
  removePeriods,
  revisionsOf,
  type StoredRevision,
  saveRevision,
} from './store.ts';

/** A package set and what it belongs to. */
export interface RevisionInput {
  /** Name of the channel; a new one is made, supported unless its name says unstable. */
  channel: string;
  /** 7 to 64 hexadecimal digits. */
  commit: string;
  committedAt: Date;
  set: PackageSet;
  /**
   * Patch file names by attribute, of the whole set (also with a delta); what is not in it has none. Without it a delta
   * keeps the patches of its base for packages whose version it does not change.
   */
  patches?: ReadonlyMap<string, readonly string[]> | null;
  sourceUrls?: ReadonlyMap<string, string> | null;
  /** Of a delta: commit (or its beginning) of an imported revision of the channel that it builds on. */
  base?: string | null;
  /** Take this content where the commit was imported with another one. */
  replace?: boolean;
  /** Who does it and why, for the history. */
  by?: { actor: string; cause: string };
}

export interface ImportResult {
  /** `unchanged`: this very set was imported before. */
  outcome: 'imported' | 'replaced' | 'unchanged';
  channel: string;
  commit: string;
  committedAt: Date;
  /** Number of packages in the set. */
  packages: number;
  /** Against the revision before it, in the order of commits. */
  added: number;
  removed: number;
  changed: number;
  /** Entries that could not be read. */
  problems: readonly EntryProblem[];
}

const BY = { actor: 'machine:channels', cause: 'import' };

/**
 * Imports one revision of a channel: all of it in one transaction, with one event `channel.revision_imported`. Revisions
 * may come in any order; the same periods come out. Only what changed against its neighbours makes rows.
 *
 * @throws MusterError CONFLICT where the commit was imported with another content or date (unless `replace`), or another
 *   commit has the same date; NOT_FOUND where the base of a delta was not imported; USAGE where input is not usable
 */
export async function importRevision(database: Database, input: RevisionInput): Promise<ImportResult> {
  checkInput(input);
  const { channel, commit, committedAt, set } = input;
  // A whole set is hashed before the lock is taken.
  const ready = set.form === 'delta' ? null : wholeContent(set, input.patches ?? null);
  return await database.transaction(async (tx) => {
    const { isNew } = await lockChannel(tx, channel, guessLifecycle(channel));
    const revisions = await revisionsOf(tx, channel);
    const content = ready ?? (await deltaContent(tx, input, revisions));
    const known = revisions.find((one) => one.commit === commit);
    const outcome = outcomeOf(input, known, content);
    await mergeSourceUrls(tx, urlRows(input));
    await mergeContacts(
      tx,
      set.packages.flatMap(({ maintainers }) => maintainers),
      committedAt,
    );
    const result = {
      outcome,
      channel,
      commit,
      committedAt,
      packages: content.facts.size,
      problems: set.problems,
    };
    if (outcome === 'unchanged') return { ...result, added: 0, removed: 0, changed: 0 };

    const others = revisions.filter((one) => one !== known);
    const same = others.find((one) => one.committedAt.getTime() === committedAt.getTime());
    if (same !== undefined) {
      throw new MusterError(
        'CONFLICT',
        `${channel} has another revision of ${committedAt.toISOString()}: ${same.commit}, not ${commit}; one of the two dates is wrong`,
      );
    }
    if (known !== undefined)
      await removePeriods(tx, channel, known.committedAt, dateAfter(others, known.committedAt));
    const previous = others.findLast((one) => one.committedAt < committedAt);
    const next = dateAfter(others, committedAt);
    const changes = planPeriods(content.facts, {
      before: previous === undefined ? null : await factsAt(tx, channel, previous.committedAt),
      after: next === null ? null : await factsAt(tx, channel, next),
    });
    await insertFacts(tx, factsOf(content, changes));
    await applyPeriods(tx, channel, committedAt, next, changes);
    await saveRevision(tx, {
      channel,
      commit,
      committedAt,
      packages: content.facts.size,
      patchesKnown: content.patchesKnown,
      contentHash: content.hash,
    });
    if (changes.begin.length > 5000) await refreshFigures(tx);
    const { added, removed, changed } = changes;
    await appendEvents(tx, [
      {
        entity: 'channel',
        entityId: channel,
        type: 'channel.revision_imported',
        ...(input.by ?? BY),
        payload: {
          outcome,
          commit,
          committedAt: committedAt.toISOString(),
          packages: content.facts.size,
          added,
          removed,
          changed,
          problems: set.problems.length,
          newChannel: isNew,
        },
      },
    ]);
    return { ...result, added, removed, changed };
  });
}

function dateAfter(revisions: readonly StoredRevision[], date: Date): Date | null {
  return revisions.find((one) => one.committedAt > date)?.committedAt ?? null;
}

/** Whether this is new, known already, or to take the place of what is known. */
function outcomeOf(
  input: RevisionInput,
  known: StoredRevision | undefined,
  content: RevisionContent,
): ImportResult['outcome'] {
  if (known === undefined) return 'imported';
  const sameDate = known.committedAt.getTime() === input.committedAt.getTime();
  if (sameDate && known.contentHash === content.hash) return 'unchanged';
  if (input.replace === true) return 'replaced';
  const what = sameDate
    ? `another content (${known.packages} packages${known.patchesKnown ? '' : ' without a list of patches'}; now ${content.facts.size}${content.patchesKnown ? '' : ' without one'})`
    : `another date (${known.committedAt.toISOString()})`;
  throw new MusterError(
    'CONFLICT',
    `${input.channel} at ${input.commit} was imported with ${what}; replace it if the new one is right`,
  );
}

function urlRows({ set, sourceUrls }: RevisionInput): { attr: string; version: string; url: string }[] {
  return set.packages.flatMap(({ attr, version }) => {
    const url = sourceUrls?.get(attr);
    return url === undefined ? [] : [{ attr, version, url }];
  });
}

function checkInput({ channel, commit, committedAt }: RevisionInput): void {
  checkChannelName(channel);
  if (!/^[0-9a-f]{7,64}$/.test(commit))
    throw new MusterError('USAGE', `"${commit}" is not a commit: 7 to 64 hexadecimal digits`);
  if (Number.isNaN(committedAt.getTime())) throw new MusterError('USAGE', `the commit ${commit} has no date`);
}
