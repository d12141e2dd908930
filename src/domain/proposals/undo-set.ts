import { type Database, eventsById, eventsOf, type LoggedEvent, lockHistory, type Tx } from '#base/db';
import { MusterError } from '#base/errors';
import type { Actor } from '#domain/policies';
import type { Answer } from './answer.ts';
import type { Change, Editables, FieldValue } from './editable.ts';
import { proposalById } from './store.ts';
import { check, kindOf, make, readStates, type Step, type SubmitOptions } from './submit.ts';

/**
 * Takes a whole change set back: every field that it set is what it was before, in one go or not at all. What somebody has
 * built on since answers with the conflict. What the set found as it wanted it, it did not change, and stays.
 *
 * @throws MusterError NOT_FOUND; TRANSITION_BARRED where it was never accepted; FORBIDDEN
 */
export async function undoSet(
  database: Database,
  actor: Actor,
  proposal: number,
  options: SubmitOptions,
): Promise<Answer> {
  return database.transaction(async (tx) => {
    await lockHistory(tx);
    const set = await proposalById(tx, proposal);
    if (set === null) throw new MusterError('NOT_FOUND', `there is no change set ${proposal}`);
    if (set.state !== 'accepted')
      throw new MusterError(
        'TRANSITION_BARRED',
        `change set ${proposal} is ${set.state}: nothing was made of it`,
      );
    const made = await eventsOfSet(tx, proposal, set.amended ?? set.changes, options.kinds);
    const earlier = await eventsById(
      tx,
      made.map(({ was }) => was).filter((was) => was !== 0),
    );
    const changes = made.map(({ change, event, was }): Change => {
      const value = was === 0 ? null : earlier.get(was)?.payload?.value;
      if (value === undefined)
        throw new MusterError('NOT_FOUND', `what entry ${event} replaced is no longer known`);
      return { ...change, value: value as FieldValue, saw: event };
    });
    const checked = await check(tx, actor, changes, options, { takingBack: true });
    if ('outcome' in checked) return checked;
    if (checked.permission !== 'apply')
      throw new MusterError('FORBIDDEN', 'taking back what others see takes a triager; propose it instead');
    const steps = checked.steps.map((step): Step => ({ ...step, undoes: step.change.saw }));
    const done = await make(tx, steps, options.kinds, {
      actor: actor.id,
      author: actor.id,
      proposal: null,
      cause: `undo of proposal ${proposal}`,
      remark: null,
      at: options.at ?? new Date(),
      undoes: null,
    });
    return { outcome: 'accepted', proposal: null, made: done };
  });
}

interface Told {
  change: Change;
  event: number;
  was: number;
}

/** The entries by which a change set was made. Most often they are what the fields hold still. */
async function eventsOfSet(
  tx: Tx,
  proposal: number,
  changes: readonly Change[],
  kinds: Editables,
): Promise<Told[]> {
  const known = changes.filter(({ kind }) => kinds.has(kind));
  const states = await readStates(tx, known, kinds);
  const version = (change: Change) => states.get(change.kind)?.get(change.id)?.[change.field]?.version ?? 0;
  const current = await eventsById(
    tx,
    known.map(version).filter((id) => id !== 0),
  );
  const told: Told[] = [];
  for (const change of known) {
    const holds = current.get(version(change));
    const own = isOf(holds, proposal, change) ? holds : await searchFor(tx, proposal, change, kinds);
    if (own !== undefined) told.push({ change, event: own.id, was: Number(own.payload?.was ?? 0) });
  }
  return told;
}

async function searchFor(tx: Tx, proposal: number, change: Change, kinds: Editables) {
  const { entity, entityId } = kindOf(kinds, change).history(change.id);
  return (await eventsOf(tx, entity, entityId)).find((event) => isOf(event, proposal, change));
}

function isOf(event: LoggedEvent | undefined, proposal: number, { kind, id, field }: Change): boolean {
  const told = event?.payload;
  return told?.proposal === proposal && told.kind === kind && told.id === id && told.field === field;
}
