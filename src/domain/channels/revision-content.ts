import type { Tx } from '#base/db';
import { MusterError } from '#base/errors';
import type { RevisionInput } from './import-revision.ts';
import { factHash, type PackageFact, setHash } from './package.ts';
import type { PackageSet } from './package-set.ts';
import type { PeriodChanges } from './periods.ts';
import { factsAt, factsByHash, patchesAt, type StoredRevision } from './store.ts';

type PatchList = ReadonlyMap<string, readonly string[]>;

/** All of the set of a revision, ready to be compared and stored. */
export interface RevisionContent {
  /** Hash of the fact of each attribute. */
  facts: Map<string, string>;
  /** By hash, the facts that came with the input or were made from it: no other can be new. */
  made: Map<string, PackageFact>;
  /** See `setHash`. */
  hash: string;
  patchesKnown: boolean;
}

/** The content of a file that has the whole set. */
export function wholeContent(set: PackageSet, patches: PatchList | null): RevisionContent {
  const facts = new Map<string, string>();
  const made = new Map<string, PackageFact>();
  for (const entry of set.packages) keep(facts, made, withPatches(entry, patches?.get(entry.attr) ?? []));
  return { facts, made, hash: setHash(facts.values()), patchesKnown: patches !== null };
}

/**
 * The content that a delta makes of its base: what is removed goes, what is listed is as listed, the rest is as it was,
 * but with the patches of the list, since a patch changes no entry of a set.
 *
 * @throws MusterError NOT_FOUND, USAGE
 */
export async function deltaContent(
  tx: Tx,
  input: RevisionInput,
  revisions: readonly StoredRevision[],
): Promise<RevisionContent> {
  const { channel, set } = input;
  const patches = input.patches ?? null;
  const base = findBase(input, revisions);
  const facts = await factsAt(tx, channel, base.committedAt);
  for (const attr of set.removed) facts.delete(attr);
  const old = await patchesAt(tx, channel, base.committedAt);
  const made = new Map<string, PackageFact>();
  const listed = new Set(set.packages.map(({ attr }) => attr));
  if (patches === null) {
    const before = await factsByHash(
      tx,
      set.packages.flatMap(({ attr }) => facts.get(attr) ?? []),
    );
    const versions = new Map(before.map(({ attr, version }) => [attr, version]));
    for (const entry of set.packages) {
      const same = versions.get(entry.attr) === entry.version;
      keep(facts, made, withPatches(entry, same ? (old.get(entry.attr) ?? []) : []));
    }
  } else {
    for (const entry of set.packages) keep(facts, made, withPatches(entry, patches.get(entry.attr) ?? []));
    const touched = [...new Set([...old.keys(), ...patches.keys()])].filter(
      (attr) => !listed.has(attr) && facts.has(attr) && !equal(old.get(attr) ?? [], patches.get(attr) ?? []),
    );
    for (const fact of await factsByHash(
      tx,
      touched.flatMap((attr) => facts.get(attr) ?? []),
    )) {
      keep(facts, made, withPatches(fact, patches.get(fact.attr) ?? []));
    }
  }
  return { facts, made, hash: setHash(facts.values()), patchesKnown: patches !== null };
}

/** The facts that new periods are about, by hash, as far as they can be new to the store. */
export function factsOf({ made }: RevisionContent, { begin }: PeriodChanges): Map<string, PackageFact> {
  const found = new Map<string, PackageFact>();
  for (const { fact } of begin) {
    const known = made.get(fact);
    if (known !== undefined) found.set(fact, known);
  }
  return found;
}

function keep(facts: Map<string, string>, made: Map<string, PackageFact>, fact: PackageFact): void {
  const hash = factHash(fact);
  facts.set(fact.attr, hash);
  made.set(hash, fact);
}

function withPatches(fact: PackageFact, patches: readonly string[]): PackageFact {
  return equal(fact.patches, patches) ? fact : { ...fact, patches };
}

function equal(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one, i) => one === b[i]);
}

function findBase(
  { channel, commit, base }: RevisionInput,
  revisions: readonly StoredRevision[],
): StoredRevision {
  if (!base)
    throw new MusterError('USAGE', `${commit} of ${channel} comes as a delta; say which commit it builds on`);
  const [found, second] = revisions.filter((one) => one.commit.startsWith(base) && one.commit !== commit);
  if (found === undefined)
    throw new MusterError(
      'NOT_FOUND',
      `${channel} has no revision ${base}, which ${commit} builds on; import that one first`,
    );
  if (second !== undefined)
    throw new MusterError('USAGE', `${channel} has several revisions that begin with ${base}`);
  return found;
}
