import {
  type Database,
  eventById,
  eventsById,
  eventsCarriedFrom,
  eventsCausedBy,
  eventsOf,
  eventsOfProposal,
  eventsRemarking,
  eventsSaying,
  type LoggedEvent,
  lockHistory,
  redactEvent,
  remarkIn,
  type Tx,
} from '#base/db';
import { MusterError } from '#base/errors';
import { type Actor, mayRedact } from '#domain/policies';
import { type Editables, type FieldValue, type Forgotten, touchOf } from './editable.ts';
import { proposalById } from './store.ts';
import { eraseChanges, type ForgottenChanges } from './store-carry.ts';
import { closeProposal } from './submit.ts';

export interface RedactOptions {
  kinds: Editables;
  /** Forgets what else was made of those events: notices, rows of a search. */
  copies?: readonly ((tx: Tx, events: readonly number[]) => Promise<void>)[];
  at?: Date;
}

export interface Redacted {
  /** Entries that hold nothing any more: the one asked for, and those that said the same. */
  events: number[];
  /** Other entries about the same field that still hold words: an edited text was said more than once. */
  others: number[];
}

/** What an entry tells of a field. */
interface Telling {
  event: number;
  kind: string;
  id: string;
  field: string;
  value: FieldValue | undefined;
  proposal: number | null;
}

/**
 * Erases what one entry of the history says, for good: its payload and salt, what the field holds where that is it still,
 * what was carried over or set again from it, the change sets and whatever else was made of it. The chain still holds, and
 * the history says who did it and why.
 *
 * @throws MusterError NOT_FOUND, FORBIDDEN, USAGE without a reason
 */
export async function redact(
  database: Database,
  actor: Actor,
  event: number,
  reason: string,
  options: RedactOptions,
): Promise<Redacted> {
  if (!mayRedact(actor)) throw new MusterError('FORBIDDEN', 'redacting takes somebody of the security role');
  if (reason.trim() === '')
    throw new MusterError('USAGE', 'a redaction needs a reason: the history keeps it');
  return database.transaction(async (tx) => {
    await lockHistory(tx);
    const entry = await eventById(tx, event);
    if (entry === null) throw new MusterError('NOT_FOUND', `there is no entry ${event} in the history`);
    const set = entry.type.startsWith('proposal.') ? Number(entry.entityId) : null;
    const asked = set === null ? [event] : [event, ...(await eventsOfProposal(tx, set))];
    const copies = await withCopies(tx, asked, options.kinds);
    const events = [...copies.keys()].sort((a, b) => a - b);
    const tellings = [...copies.values()].flatMap((each) => tellingOf(each) ?? []);
    await eraseFields(tx, tellings, events, options.kinds);
    for (const telling of tellings) await eraseSets(tx, ofTelling(telling, events), options, actor);
    if (set !== null) {
      const whole = { touches: await touchesOf(tx, set), value: undefined, proposals: [set], events };
      await eraseSets(tx, whole, options, actor);
    }
    for (const erase of options.copies ?? []) await erase(tx, events);
    for (const [id, { cause }] of [...copies].sort(([a], [b]) => a - b))
      await redactEvent(tx, id, { actor: actor.id, reason: reason.trim(), cause: isWords(cause) });
    return { events, others: await othersOf(tx, tellings, entry) };
  });
}

/** Causes that Muster itself gives; whatever else stands there somebody may have written. */
const PLAIN =
  /^(?:by hand|by mail|closed|comment|decision|edit|form|import|match|opened|proposal|redaction|schedule|sign-up)$|^(?:entry|proposal|undo of entry|undo of proposal|rule|parser) [\w.-]{1,20}$|^NSI-[\d-]+ (?:is part of|was part of) NSI-[\d-]+(?: now)?$/;

function isWords(cause: string): boolean {
  return !PLAIN.test(cause);
}

function tellingOf({ id: event, payload }: LoggedEvent): Telling | null {
  const { kind, id, field, value, proposal } = payload ?? {};
  if (typeof kind !== 'string' || typeof id !== 'string' || typeof field !== 'string') return null;
  return {
    event,
    kind,
    id,
    field,
    value: value as FieldValue | undefined,
    proposal: typeof proposal === 'number' ? proposal : null,
  };
}

/** Those entries and every one that says the same: set again, carried over to another thing or from there, part of one story. */
async function withCopies(
  tx: Tx,
  events: readonly number[],
  kinds: Editables,
): Promise<Map<number, LoggedEvent>> {
  const found = new Map<number, LoggedEvent>();
  for (let next = [...events]; next.length > 0; ) {
    const entries = [...(await eventsById(tx, next)).values()].filter(({ id }) => !found.has(id));
    for (const entry of entries) found.set(entry.id, entry);
    next = [];
    for (const entry of entries) {
      next.push(...(await eventsCarriedFrom(tx, entry.id)));
      if (typeof entry.payload?.carried === 'number') next.push(entry.payload.carried);
      // Why a way back in was asked for is told again when it is granted, and when it is used.
      if (isWords(entry.cause)) next.push(...(await eventsCausedBy(tx, entry)));
      const remark = remarkIn(entry);
      if (remark !== null) next.push(...(await eventsRemarking(tx, remark)));
      const telling = tellingOf(entry);
      if (telling === null) continue;
      // Null is said of many fields, and says nothing.
      if (telling.value !== undefined && telling.value !== null)
        next.push(...(await eventsSaying(tx, telling)));
      if (kinds.get(telling.kind)?.story === true)
        next.push(...(await eventsOf(tx, entry.entity, entry.entityId)).map(({ id }) => id));
    }
    next = next.filter((id) => !found.has(id));
  }
  return found;
}

async function eraseFields(
  tx: Tx,
  tellings: readonly Telling[],
  events: readonly number[],
  kinds: Editables,
): Promise<void> {
  for (const [name, kind] of kinds) {
    const own = tellings.filter((telling) => telling.kind === name);
    const forgotten = new Map(
      own.map(({ id, field }): [string, Forgotten] => [`${id} ${field}`, { id, field, events }]),
    );
    if (forgotten.size > 0) await kind.erase?.(tx, [...forgotten.values()]);
  }
}

function ofTelling(telling: Telling, events: readonly number[]): ForgottenChanges {
  const { value, proposal } = telling;
  return {
    events,
    touches: [touchOf(telling)],
    value: value ?? undefined,
    proposals: proposal === null ? [] : [proposal],
  };
}

/** Erases them from change sets; one that was open is closed, for nobody can see any more what it proposed. */
async function eraseSets(
  tx: Tx,
  forgotten: ForgottenChanges,
  { at = new Date() }: RedactOptions,
  actor: Actor,
): Promise<void> {
  for (const id of await eraseChanges(tx, forgotten)) {
    const proposal = await proposalById(tx, id);
    if (proposal?.state !== 'open') continue;
    await closeProposal(tx, proposal, {
      state: 'rejected',
      by: actor.id,
      at,
      reason: '(redacted)',
      amended: null,
    });
  }
}

async function touchesOf(tx: Tx, proposal: number): Promise<string[]> {
  const found = await proposalById(tx, proposal);
  return [...(found?.changes ?? []), ...(found?.amended ?? [])].map(touchOf);
}

async function othersOf(tx: Tx, tellings: readonly Telling[], entry: LoggedEvent): Promise<number[]> {
  const touched = new Set(tellings.map(touchOf));
  return (await eventsOf(tx, entry.entity, entry.entityId)).flatMap((each) => {
    const telling = tellingOf(each);
    return telling !== null && telling.value !== null && touched.has(touchOf(telling)) ? [each.id] : [];
  });
}
