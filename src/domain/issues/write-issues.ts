import { appendEvents, lockHistory, type NewEvent, type Tx } from '#base/db';
import { atomKey, atomOfKey } from './bundle.ts';
import { carryWork, splitsOf, splitWork } from './carry-work.ts';
import {
  atomCounts,
  differs,
  issueRow,
  membershipRows,
  replaceableAtoms,
  replaceableMemberships,
} from './issue-rows.ts';
import { keepIds, renameAtoms } from './keep-ids.ts';
import type { Partition } from './partition.ts';
import type { StoredAtom, StoredMembership } from './store.ts';
import { ownMark, standingOwn } from './store-own.ts';
import { vulnerabilityFlaws } from './store-vulnerabilities.ts';
import {
  allAtoms,
  allIssues,
  allMemberships,
  endIssues,
  type IssueRow,
  lastNumbers,
  markChanged,
  redirectIssues,
  replaceAtoms,
  replaceMemberships,
  saveNumbers,
  upsertIssues,
} from './store-writing.ts';

/** Events of one call: their hashes and their rows are made in memory. */
const EVENTS = 5000;

/** What the issues were computed from, beside the partition itself. */
export interface Computed {
  partition: Partition;
  /** Number of the stored report by the id of its bundle. */
  reportIds: ReadonlyMap<string, number>;
  canonicalIds: ReadonlyMap<string, string>;
  /** Vulnerabilities of which something new was said. */
  spokenOf: readonly string[];
  /** Vulnerabilities with a number of ours that were grouped. */
  own: ReadonlySet<string>;
  /** Number of this computation. */
  computation: number;
  /** Stands in the history as the cause. */
  cause: string;
}

/**
 * Brings the stored issues to a partition. Only what differs is written; every issue that came out otherwise, or of whose
 * vulnerabilities something new is said, bears the computation's number. What people said goes with its issue.
 *
 * What differs is found before the history is locked: people who write meanwhile wait for the writing alone.
 */
export async function writeIssues(
  tx: Tx,
  computed: Computed,
): Promise<{ issues: number; opened: number; merged: number }> {
  const { partition, computation, cause } = computed;
  const basis = await basisOf(tx);
  let plan = await planIssues(tx, computed);
  // People's issues and words are written under this lock (decision 7): from here on they are as we read them.
  await lockHistory(tx);
  if ((await basisOf(tx)) !== basis) plan = await planIssues(tx, computed);
  const { kept, last, standing, known, rows, atoms, redirects, atomChanges, memberChanges, changed } = plan;
  await upsertIssues(tx, rows, computation);
  await replaceAtoms(tx, atomChanges.removed, atomChanges.put);
  await replaceMemberships(tx, memberChanges.removed, memberChanges.put);
  await redirectIssues(tx, redirects);
  await endIssues(tx, kept.ended);
  await saveNumbers(tx, last);
  await markChanged(tx, [...changed], computation);
  const fresh = rows.filter(({ id }) => !standing.has(id));
  const events = [
    ...fresh.map((row) => openedEvent(row, cause)),
    ...redirects.map((redirect) => mergedEvent(redirect, cause)),
  ];
  for (let start = 0; start < events.length; start += EVENTS)
    await appendEvents(tx, events.slice(start, start + EVENTS));
  const carrier = { actor: 'machine:grouping', at: new Date() };
  await carryWork(tx, redirects, carrier);
  const placed = atoms.map((atom) => ({ ...atom, key: atomKey(atom) }));
  await splitWork(tx, splitsOf(known, placed, new Set(kept.minted), kept.redirects), carrier);
  return { issues: partition.issues.length, opened: fresh.length, merged: redirects.length };
}

/**
 * What people's own issues can change of a plan while it is made: each of them takes a number or raises the mark. All else
 * that a plan is made from only whoever holds the lock on grouping writes.
 */
async function basisOf(tx: Tx): Promise<string> {
  const numbers = [...(await lastNumbers(tx))].sort(([a], [b]) => a - b);
  return JSON.stringify([await ownMark(tx), numbers]);
}

/** What is to be written. */
async function planIssues(tx: Tx, { partition, reportIds, canonicalIds, spokenOf, own }: Computed) {
  const late = new Set((await standingOwn(tx)).map(({ id }) => id).filter((id) => !own.has(id)));
  // What was numbered while we grouped is the next computation's.
  const before = (await allAtoms(tx)).filter(({ vulnerability }) => !late.has(vulnerability));
  const standing = new Map((await allIssues(tx)).map((issue) => [issue.id, issue]));
  const last = await lastNumbers(tx);
  const previous = new Map(before.map((atom) => [atomKey(atom), atom.issue]));
  const known = renameAtoms(previous, (key) => renamed(key, canonicalIds));
  const kept = keepIds(partition, known, (year) => {
    const number = (last.get(year) ?? 0) + 1;
    last.set(year, number);
    return number;
  });
  const flaws = await vulnerabilityFlaws(tx);
  const count = atomCounts(before);
  const rows: IssueRow[] = [];
  const atoms: StoredAtom[] = [];
  const members: StoredMembership[] = [];
  for (const [index, issue] of partition.issues.entries()) {
    const id = kept.ids[index];
    if (id === undefined) continue;
    for (const { product, vulnerability } of issue.atoms) atoms.push({ product, vulnerability, issue: id });
    members.push(...membershipRows(id, issue.members, reportIds));
    const row = issueRow(id, issue, flaws, (count.get(id) ?? 0) < issue.atoms.length);
    if (differs(standing.get(id), row)) rows.push(row);
  }
  const redirects = [...kept.redirects]
    .filter(([from]) => standing.has(from))
    .map(([from, to]) => ({ from, to }));
  const atomChanges = replaceableAtoms(before, atoms);
  const memberChanges = replaceableMemberships(await allMemberships(tx), members);
  const spoken = new Set(spokenOf.map((id) => canonicalIds.get(id) ?? id));
  const changed = new Set([
    ...atomChanges.touched,
    ...memberChanges.touched,
    ...atoms.filter(({ vulnerability }) => spoken.has(vulnerability)).map(({ issue }) => issue),
    ...redirects.map(({ from }) => from),
    ...kept.ended,
  ]);
  for (const { id } of rows) changed.delete(id);
  return { kept, last, standing, known, rows, atoms, redirects, atomChanges, memberChanges, changed };
}

/** The key of an atom under the canonical id of its vulnerability. */
function renamed(key: string, canonicalIds: ReadonlyMap<string, string>): string {
  const { product, vulnerability } = atomOfKey(key);
  return atomKey({ product, vulnerability: canonicalIds.get(vulnerability) ?? vulnerability });
}

function openedEvent({ id, product, title }: IssueRow, cause: string): NewEvent {
  return {
    entity: 'issue',
    entityId: id,
    type: 'issue.opened',
    actor: 'machine:grouping',
    cause,
    payload: { product, title },
  };
}

function mergedEvent({ from, to }: { from: string; to: string }, cause: string): NewEvent {
  return {
    entity: 'issue',
    entityId: from,
    type: 'issue.merged',
    actor: 'machine:grouping',
    cause,
    payload: { into: to },
  };
}
