import { appendEvents, lockHistory, type Tx } from '#base/db';
import { type Change, type Editables, type FieldState, touchOf, type Written } from './editable.ts';
import { insertProposal, markStale } from './store.ts';
import { openProposalsOn, rewriteProposal } from './store-carry.ts';
import { kindOf, proposed, told, topicsOf } from './submit.ts';

/** What somebody said of one thing, to be said of another that it has become. */
export interface CarriedValue {
  /** On the other thing, where it `before` held nothing. */
  change: Change;
  before: FieldState;
  author: string;
  setAt: Date;
  /** The event that set it where it comes from. */
  event: number;
}

/** Who carries, and when. */
export interface Carrying {
  kinds: Editables;
  actor: string;
  /** "NSI-2017-0044 is part of NSI-2017-0043 now" */
  cause: string;
  at: Date;
}

/**
 * Says of one thing what people had said of another: new entries of the history, with the credit and the time of those who
 * said it, and the entry that it comes from.
 *
 * @returns the new version of each, in their order
 */
export async function carryValues(
  tx: Tx,
  values: readonly CarriedValue[],
  { kinds, actor, cause, at }: Carrying,
): Promise<number[]> {
  if (values.length === 0) return [];
  const first = await appendEvents(
    tx,
    values.map(({ change, before, author, event }) =>
      told({ change, before }, kindOf(kinds, change), {
        actor,
        author,
        proposal: null,
        cause,
        remark: null,
        at,
        undoes: null,
        carried: event,
      }),
    ),
    at,
  );
  const written = values.map(
    ({ change, before, author, setAt }, index): Written => ({
      ...change,
      before,
      version: first + index,
      undoes: null,
      actor: author,
      at: setAt,
    }),
  );
  for (const [name, kind] of kinds) {
    const own = written.filter((change) => change.kind === name);
    if (own.length > 0) await kind.write(tx, own);
  }
  await markStale(
    tx,
    values.map(({ change }) => touchOf(change)),
    at,
    null,
  );
  return written.map(({ version }) => version);
}

/** Keeps changes for somebody to decide on, in their author's name: what could not be made without losing somebody else's word. */
export async function keepAsProposal(
  tx: Tx,
  { author, changes, remark, topics }: KeptProposal,
  { kinds, actor, at }: Carrying,
): Promise<number> {
  await lockHistory(tx);
  const shown = topics ?? topicsOf(changes, kinds);
  const id = await insertProposal(tx, {
    key: null,
    author,
    changes: [...changes],
    touches: changes.map(touchOf),
    topics: [...shown],
    remark,
    state: 'open',
    waitsFor: 'decision',
    at,
  });
  await appendEvents(tx, [proposed(id, actor, shown)], at);
  return id;
}

interface KeptProposal {
  author: string;
  changes: readonly Change[];
  remark: string;
  /** Pages on which it shows, where the caller knows better than its kinds. */
  topics?: readonly string[];
}

/** Where a change of an open proposal belongs now; `stale` where what it saw is no longer what is there. */
export type Moved = { change: Change; stale: boolean };

/**
 * Moves open proposals from one thing's page to that of the thing which it has become. Where two changes of one proposal
 * then touch the same field, the one that was there stays and the other goes into a proposal of its own.
 *
 * @returns how many were moved
 */
export async function moveProposals(
  tx: Tx,
  pages: { from: string; to: string },
  move: (change: Change) => Moved,
  carrying: Carrying,
): Promise<number> {
  const proposals = await openProposalsOn(tx, [pages.from]);
  for (const { id, author, remark, changes: before, topics: shown } of proposals) {
    const moved = before.map((was) => ({ ...move(was), stays: touchOf(move(was).change) === touchOf(was) }));
    const byTouch = new Map<string, Moved>();
    const second: Change[] = [];
    // What stays in place comes first, so that it wins over what arrives.
    for (const { change, stale } of [...moved].sort((a, b) => Number(b.stays) - Number(a.stays))) {
      if (byTouch.has(touchOf(change))) second.push(change);
      else byTouch.set(touchOf(change), { change, stale });
    }
    const changes = [...byTouch.values()].map(({ change }) => change);
    const topics = [...new Set(shown.map((topic) => (topic === pages.from ? pages.to : topic)))];
    const stale = [...byTouch.values()].some((each) => each.stale);
    await rewriteProposal(tx, id, {
      changes,
      touches: changes.map(touchOf),
      topics,
      staleAt: stale ? carrying.at : null,
    });
    const { actor, cause, at } = carrying;
    const event = await appendEvents(
      tx,
      [
        {
          entity: 'proposal',
          entityId: String(id),
          type: 'proposal.moved',
          actor,
          cause,
          payload: { proposal: id },
          topics,
        },
      ],
      at,
    );
    const apart = second.map((change) => ({ ...change, carried: event }));
    if (apart.length > 0)
      await keepAsProposal(tx, { author, changes: apart, remark: remark ?? cause, topics }, carrying);
  }
  return proposals.length;
}
