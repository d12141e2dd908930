import { appendEvents, eventById, lockHistory, type Tx } from '#base/db';
import { canonicalJson } from '#base/formats';
import {
  type CarriedValue,
  type Change,
  carryValues,
  type Editables,
  editables,
  type FieldState,
  keepAsProposal,
  type Moved,
  moveProposals,
  openProposalsOn,
  touchOf,
} from '#domain/proposals';
import { type Claim, editableIssue, holderOf } from './editable-issue.ts';
import { editablePackage } from './editable-package.ts';
import { editableStatus } from './editable-status.ts';
import { compareIssueIds } from './keep-ids.ts';
import { takeBackDismissal } from './propose-dismissals.ts';
import { onIssue, type Said, saidOf, saidOn, touchOn } from './said.ts';
import { parseBoxId } from './status.ts';
import { clearSaid, moveTalk, talkedAbout } from './store-carry.ts';
import { carryLooks } from './store-looks.ts';
import { copyWatches } from './store-watches.ts';

/** Who carries, and when. */
export interface Carrier {
  actor: string;
  at: Date;
}

/** What people say of issues. */
export const SAID_KINDS: Editables = editables([editablePackage, editableStatus, editableIssue]);

const NEVER: FieldState = { value: null, version: 0 };

/**
 * People's work on issues that became part of others goes with them: statuses, fields, claims, packages, comments, watches
 * and open proposals. Where both hold something different, what is there stays, and the other becomes an open proposal in
 * its author's name: nothing is lost. Of two issues of which only one was dismissed, neither is: that one may have been is
 * proposed anew. Both histories tell of it.
 *
 * To be called when the redirects stand, in the same transaction. Takes the lock on the history.
 */
export async function carryWork(
  tx: Tx,
  moves: readonly { from: string; to: string }[],
  carrier: Carrier,
): Promise<void> {
  if (moves.length === 0) return;
  await lockHistory(tx);
  const froms = moves.map(({ from }) => from);
  const said = await saidOf(tx, froms);
  const talked = await talkedAbout(tx, froms);
  const proposed = new Set((await openProposalsOn(tx, froms.map(pageOf))).flatMap(({ topics }) => topics));
  const dismissed = await dismissedAmong(
    tx,
    moves.map(({ to }) => to),
  );
  const inOrder = [...moves].sort((a, b) => compareIssueIds(a.from, b.from));
  for (const { from, to } of inOrder) {
    const own = said.get(from) ?? [];
    const worth = own.length > 0 || talked.has(from) || proposed.has(pageOf(from)) || dismissed.has(to);
    if (worth) await carryOne(tx, { from, to, own }, carrier);
  }
}

async function carryOne(
  tx: Tx,
  { from, to, own }: { from: string; to: string; own: readonly Said[] },
  { actor, at }: Carrier,
): Promise<void> {
  const carrying = { kinds: SAID_KINDS, actor, cause: `${from} is part of ${to} now`, at };
  await takeBackDismissal(tx, { from, to }, at);
  const proposed = (await openProposalsOn(tx, [pageOf(from)])).flatMap(({ changes }) => changes);
  const states = await statesOn(tx, to, [
    ...own,
    ...proposed.map(({ kind, id }) => ({ kind, id, issue: from })),
  ]);
  const stateOf = (each: Said) => states.get(touchOn(to, each)) ?? NEVER;
  const carried: CarriedValue[] = [];
  const kept: { author: string; change: Change }[] = [];
  for (const each of own.filter((one) => one.value !== null && !isOver(one, at))) {
    const now = stateOf(each);
    const change = saidOn(to, each, now);
    if (now.value === null && each.field !== 'dismissed')
      carried.push({ change, before: now, author: each.by, setAt: each.at, event: each.version });
    else if (!same(now.value, each.value))
      kept.push({ author: each.by, change: { ...change, carried: each.version } });
  }
  const lifted = await liftDismissal(tx, to, own, states);
  if (lifted !== null) {
    carried.push({ ...lifted.value, author: actor, setAt: at });
    kept.push(lifted.anew);
  }
  const versions = await carryValues(tx, carried, carrying);
  for (const [index, { change }] of carried.entries())
    states.set(touchOf(change), { value: change.value, version: versions[index] ?? 0 });
  const proposals = await keepAll(
    tx,
    kept,
    `said of ${from} before it became part of ${to}`,
    states,
    carrying,
  );
  const moved = await moveProposals(
    tx,
    { from: pageOf(from), to: pageOf(to) },
    moveChange(from, to, own, states),
    carrying,
  );
  const comments = await moveTalk(tx, from, to);
  const watches = await copyWatches(tx, pageOf(from), pageOf(to), true);
  const boxes = carried.flatMap(({ change: { kind, id } }) =>
    kind === 'status' ? (parseBoxId(id) ?? []) : [],
  );
  await carryLooks(tx, from, to, boxes);
  await clearSaid(tx, from);
  const counts = { values: carried.length, comments, watches, moved, proposals };
  await appendEvents(
    tx,
    [
      event(from, 'issue.work_carried', carrying, { to, ...counts }),
      event(to, 'issue.work_received', carrying, { from, ...counts }),
    ],
    at,
  );
}

/** What the other issue holds of what is said of this one, and whether it was dismissed. */
async function statesOn(
  tx: Tx,
  to: string,
  own: readonly { kind: string; id: string; issue: string }[],
): Promise<Map<string, FieldState>> {
  const states = new Map<string, FieldState>();
  for (const [kind, editable] of SAID_KINDS) {
    const ids = own.filter((each) => each.kind === kind).map(({ id, issue }) => onIssue(id, issue, to));
    for (const [id, fields] of await editable.read(tx, [...new Set(kind === 'issue' ? [...ids, to] : ids)]))
      for (const [field, state] of Object.entries(fields)) states.set(touchOf({ kind, id, field }), state);
  }
  return states;
}

/**
 * An issue that was dismissed takes in one that was not: what nobody dismissed must not vanish with it. So the dismissal is
 * lifted, and proposed anew by who made it.
 */
async function liftDismissal(
  tx: Tx,
  to: string,
  own: readonly Said[],
  states: ReadonlyMap<string, FieldState>,
) {
  const field = { kind: 'issue', id: to, field: 'dismissed' };
  const now = states.get(touchOf(field)) ?? NEVER;
  const both = own.some((each) => each.field === 'dismissed' && each.value !== null);
  if (now.value === null || both) return null;
  const event = await eventById(tx, now.version);
  const author = event?.payload?.author;
  return {
    value: { change: { ...field, value: null, saw: now.version }, before: now, event: now.version },
    anew: {
      author: typeof author === 'string' ? author : (event?.actor ?? 'machine:unknown'),
      change: { ...field, value: now.value, saw: now.version, carried: now.version },
    },
  };
}

/** One proposal for each author. @returns their numbers */
async function keepAll(
  tx: Tx,
  kept: readonly { author: string; change: Change }[],
  remark: string,
  states: ReadonlyMap<string, FieldState>,
  carrying: Parameters<typeof keepAsProposal>[2],
): Promise<number[]> {
  const proposals: number[] = [];
  for (const author of new Set(kept.map((each) => each.author))) {
    const changes = kept
      .filter((each) => each.author === author)
      .map(({ change }) => ({ ...change, saw: states.get(touchOf(change))?.version ?? change.saw }));
    proposals.push(await keepAsProposal(tx, { author, changes, remark }, carrying));
  }
  return proposals;
}

/** Where a change of an open proposal belongs, and whether its author saw what is there now. */
function moveChange(
  from: string,
  to: string,
  own: readonly Said[],
  states: ReadonlyMap<string, FieldState>,
): (change: Change) => Moved {
  const before = new Map(own.map((each) => [touchOf(each), each]));
  return (change) => {
    const id = onIssue(change.id, from, to);
    if (id === change.id) return { change, stale: false };
    const moved = { ...change, id };
    // Of other rooms' things they themselves know where they are now.
    if (!SAID_KINDS.has(change.kind)) return { change: moved, stale: false };
    const was = before.get(touchOf(change));
    const now = states.get(touchOf(moved)) ?? NEVER;
    const current = change.saw === (was?.version ?? 0) && same(was?.value ?? null, now.value);
    return current
      ? { change: { ...moved, saw: now.version }, stale: false }
      : { change: moved, stale: true };
  };
}

/** A vulnerability or more went from one issue into a new one. */
export interface Split {
  from: string;
  to: string;
  vulnerabilities: readonly string[];
}

/**
 * A new issue that was part of another: both histories say so, whoever watched the one watches the other, and what was said
 * of the one is proposed for the other, by who said it: it need not be true of the part.
 */
export async function splitWork(tx: Tx, splits: readonly Split[], { actor, at }: Carrier): Promise<void> {
  if (splits.length === 0) return;
  await lockHistory(tx);
  const said = await saidOf(
    tx,
    splits.map(({ from }) => from),
  );
  for (const { from, to, vulnerabilities } of splits) {
    const carrying = { kinds: SAID_KINDS, actor, cause: `${to} was part of ${from}`, at };
    const boxes = (said.get(from) ?? []).filter(
      (each) => each.value !== null && (each.kind === 'status' || each.kind === 'package'),
    );
    const withStatus = new Set(
      boxes.filter(({ kind }) => kind === 'status').map(({ id }) => id.slice(0, id.lastIndexOf('/'))),
    );
    const kept = boxes
      // A status lists its package by itself.
      .filter(({ kind, id }) => kind === 'status' || !withStatus.has(id))
      .map((each) => ({
        author: each.by,
        change: { ...saidOn(to, each, NEVER), carried: each.version },
      }));
    const proposals = await keepAll(
      tx,
      kept,
      `said of ${from} before this was split off from it`,
      new Map(),
      carrying,
    );
    await copyWatches(tx, pageOf(from), pageOf(to), false);
    await appendEvents(
      tx,
      [
        event(to, 'issue.split_from', carrying, { from, vulnerabilities, proposals }),
        event(from, 'issue.split_off', carrying, { to, vulnerabilities }),
      ],
      at,
    );
  }
}

/**
 * Which new issues were part of which before: `known` is where each atom was (by its key of today), `redirects` where ids
 * lead that are no issue any more.
 */
export function splitsOf(
  known: ReadonlyMap<string, string>,
  atoms: readonly { key: string; vulnerability: string; issue: string }[],
  minted: ReadonlySet<string>,
  redirects: ReadonlyMap<string, string>,
): Split[] {
  const splits = new Map<string, { from: string; to: string; vulnerabilities: string[] }>();
  for (const { key, vulnerability, issue: to } of atoms) {
    const was = known.get(key);
    if (was === undefined || !minted.has(to)) continue;
    const from = redirects.get(was) ?? was;
    if (from === to) continue;
    const split = splits.get(`${from} ${to}`) ?? { from, to, vulnerabilities: [] };
    split.vulnerabilities.push(vulnerability);
    splits.set(`${from} ${to}`, split);
  }
  return [...splits.values()];
}

async function dismissedAmong(tx: Tx, issues: readonly string[]): Promise<Set<string>> {
  const states = await editableIssue.read(tx, [...new Set(issues)]);
  return new Set([...states].flatMap(([id, { dismissed }]) => (dismissed?.value == null ? [] : [id])));
}

/** A claim that has run out is nobody's any more. */
function isOver({ field, value }: Said, at: Date): boolean {
  return field === 'claim' && holderOf(value as Claim | null, at) === null;
}

function same(a: FieldState['value'], b: FieldState['value']): boolean {
  return canonicalJson(a) === canonicalJson(b);
}

function pageOf(issue: string): string {
  return `issue:${issue}`;
}

function event(issue: string, type: string, by: { actor: string; cause: string }, payload: object) {
  return {
    entity: 'issue',
    entityId: issue,
    type,
    actor: by.actor,
    cause: by.cause,
    payload: { ...payload },
  };
}
