import {
  appendEvents,
  type Database,
  eventById,
  type LoggedEvent,
  lockHistory,
  type NewEvent,
  type Tx,
} from '#base/db';
import { canonicalJson } from '#base/formats';
import type { Actor, Permission, TeamRules } from '#domain/policies';
import type { Answer, Conflict, Made, Refusal } from './answer.ts';
import {
  type Change,
  type Editable,
  type Editables,
  type FieldState,
  type FieldValue,
  touchOf,
  type Written,
} from './editable.ts';
import { decideProposalRow, insertProposal, markStale, type Proposal, proposalByKey } from './store.ts';

/** Fields that are to change together, each with the version that its author saw. */
export interface ChangeSet {
  changes: readonly Change[];
  /** Chosen by the sender, among their own: sent again under the same key it is the same change set, and is answered as it was. */
  key?: string | undefined;
  /** Why, in the author's words. */
  remark?: string | undefined;
}

export interface SubmitOptions {
  kinds: Editables;
  rules: TeamRules;
  /** Kept for somebody to decide on although its author may decide it. */
  onlyPropose?: boolean;
  at?: Date;
}

/** Most changes in one set: what one may tick at once on the longest page. */
export const MOST_CHANGES = 2000;

const NEVER: FieldState = { value: null, version: 0 };

/**
 * The one path of every change. All of it is made or nothing: fields that changed since their author saw them, and now
 * hold something else, answer with what it was, theirs and yours; a field that holds the value already counts as made.
 * Whoever has no right to decide leaves a proposal.
 */
export async function submit(
  database: Database,
  actor: Actor,
  changeSet: ChangeSet,
  options: SubmitOptions,
): Promise<Answer> {
  return database.transaction(async (tx) => submitIn(tx, actor, changeSet, options));
}

/** The same in a transaction of the caller's, who has not locked anything before. */
export async function submitIn(
  tx: Tx,
  actor: Actor,
  changeSet: ChangeSet,
  options: SubmitOptions,
): Promise<Answer> {
  await lockHistory(tx);
  if (changeSet.key !== undefined) {
    const earlier = await proposalByKey(tx, actor.id, changeSet.key);
    if (earlier !== null) return sameAgain(earlier);
  }
  const changes = changeSet.changes.map(asSent);
  const checked = await check(tx, actor, changes, options);
  if ('outcome' in checked) return checked;
  const { steps, permission } = checked;
  const proposes = permission === 'propose' || options.onlyPropose === true;
  const kept = proposes ? notProposed(changes, options.kinds) : [];
  if (kept.length > 0) return { outcome: 'refused', refusals: kept };
  const at = options.at ?? new Date();
  const common = {
    key: changeSet.key ?? null,
    author: actor.id,
    changes,
    touches: changes.map(touchOf),
    topics: topicsOf(changes, options.kinds),
    remark: changeSet.remark ?? null,
    at,
  };
  if (proposes) {
    const waitsFor = permission === 'propose' && actor.role !== 'contributor' ? 'second_opinion' : 'decision';
    const id = await insertProposal(tx, { ...common, state: 'open', waitsFor });
    await appendEvents(tx, [proposed(id, actor.id, common.topics)], at);
    return { outcome: 'proposed', proposal: id, waitsFor };
  }
  const id = await insertProposal(tx, { ...common, state: 'accepted', waitsFor: null });
  const made = await make(tx, steps, options.kinds, {
    actor: actor.id,
    author: actor.id,
    proposal: id,
    cause: 'edit',
    remark: changeSet.remark ?? null,
    at,
    undoes: null,
  });
  return { outcome: 'accepted', proposal: id, made };
}

/** What somebody may say of a change, and no more. */
export function asSent({ kind, id, field, value, saw }: Change): Change {
  return { kind, id, field, value, saw };
}

/** A change that may be made, and what it replaces. */
export interface Step {
  change: Change;
  before: FieldState;
  /** The event that this one takes back, where not all of them take back the same one. */
  undoes?: number;
}

/** Why, by whom and as part of what changes are made. */
export interface Making {
  /** Who decides. */
  actor: string;
  /** Whose idea it was. */
  author: string;
  proposal: number | null;
  /** A word for what led to it. Never what people wrote: the history could not forget it. */
  cause: string;
  /** Why, in somebody's words. */
  remark: string | null;
  at: Date;
  undoes: number | null;
  /** The event on another thing that said the same, where it was carried over from there. */
  carried?: number;
}

interface Checking {
  /** No step is barred that leads back. */
  takingBack?: boolean;
  /** Whether somebody else wants that very change, too. */
  agreed?: (change: Change) => boolean;
}

/** Whether changes may be made, under the lock that keeps them true until the transaction ends. */
export async function check(
  tx: Tx,
  actor: Actor,
  changes: readonly Change[],
  { kinds, rules }: SubmitOptions,
  { takingBack = false, agreed = () => false }: Checking = {},
): Promise<
  Exclude<Answer, { outcome: 'accepted' | 'proposed' }> | { steps: Step[]; permission: Permission }
> {
  const refusals = shapeOf(changes, kinds);
  if (refusals.length > 0) return { outcome: 'refused', refusals };
  const states = await readStates(tx, changes, kinds);
  const steps: Step[] = [];
  const conflicts: Conflict[] = [];
  let permission: Permission = 'apply';
  for (const change of changes) {
    const kind = kindOf(kinds, change);
    const thing = states.get(change.kind)?.get(change.id);
    const refuse = (code: Refusal['code'], why: string) =>
      refusals.push({ kind: change.kind, id: change.id, field: change.field, code, why });
    const before = thing?.[change.field] ?? NEVER;
    const may = kind.may(actor, change, before, agreed(change) ? { ...rules, secondOpinion: false } : rules);
    if (may === 'refuse' && (thing !== undefined || kind.hidden === true)) {
      refuse('FORBIDDEN', 'it takes an account that may propose');
      continue;
    }
    if (thing === undefined) {
      refuse('UNKNOWN', `there is no ${change.kind} ${change.id}`);
      continue;
    }
    if (may === 'propose') permission = 'propose';
    const same = canonicalJson(before.value) === canonicalJson(change.value);
    if (before.version !== change.saw && !same && !(await sawEmptied(tx, change, before))) {
      conflicts.push(await conflictOf(tx, change, before));
      continue;
    }
    const bar = same || takingBack ? null : (kind.bar?.(change, before) ?? null);
    if (bar === null) steps.push({ change, before });
    else refuse('BARRED', bar);
  }
  if (refusals.length > 0) return { outcome: 'refused', refusals };
  if (conflicts.length > 0) return { outcome: 'conflict', conflicts };
  return { steps, permission };
}

/** Makes changes that were checked: tells of each in the history, writes it, and marks proposals that it overtook. */
export async function make(
  tx: Tx,
  steps: readonly Step[],
  kinds: Editables,
  making: Making,
): Promise<Made[]> {
  const real = steps.filter(
    ({ change, before }) => canonicalJson(before.value) !== canonicalJson(change.value),
  );
  const first = await appendEvents(
    tx,
    real.map((step) => told(step, kindOf(kinds, step.change), making)),
    making.at,
  );
  const written = real.map(
    ({ change, before, undoes }, index): Written => ({
      ...change,
      before,
      version: first + index,
      undoes: undoes ?? making.undoes,
      actor: making.actor,
      at: making.at,
    }),
  );
  for (const [name, kind] of kinds) {
    const ofKind = written.filter((change) => change.kind === name);
    if (ofKind.length > 0) await kind.write(tx, ofKind);
  }
  if (written.length > 0) await markStale(tx, written.map(touchOf), making.at, making.proposal);
  const versions = new Map(written.map((change) => [touchOf(change), change.version]));
  return steps.map(({ change, before }) => ({
    ...change,
    before: before.value,
    version: versions.get(touchOf(change)) ?? before.version,
    changed: versions.has(touchOf(change)),
  }));
}

/** The pages that changes show on. */
export function topicsOf(changes: readonly Change[], kinds: Editables): string[] {
  return [
    ...new Set(
      changes.flatMap((change) => {
        const { entity, entityId, topics } = kindOf(kinds, change).history(change.id);
        return [`${entity}:${entityId}`, ...topics];
      }),
    ),
  ];
}

/** Records what became of a proposal, in its row and in the history. */
export async function closeProposal(
  tx: Tx,
  proposal: Proposal,
  decision: Parameters<typeof decideProposalRow>[2],
): Promise<void> {
  await decideProposalRow(tx, proposal.id, decision);
  await appendEvents(
    tx,
    [
      {
        entity: 'proposal',
        entityId: String(proposal.id),
        type: `proposal.${decision.state}`,
        actor: decision.by,
        cause: 'decision',
        payload: {
          proposal: proposal.id,
          author: proposal.author,
          amended: decision.amended !== null,
          ...(decision.reason === null ? {} : { reason: decision.reason }),
        },
        topics: [...proposal.topics, 'proposals:open'],
      },
    ],
    decision.at,
  );
}

/** That somebody proposed something; what, stands in the proposal. */
export function proposed(id: number, actor: string, topics: readonly string[]): NewEvent {
  return {
    entity: 'proposal',
    entityId: String(id),
    type: 'proposal.made',
    actor,
    cause: 'proposal',
    payload: { proposal: id },
    topics: [...topics, 'proposals:open'],
  };
}

/** What the history keeps: the new value, and where the old one is told. It holds no copy of the old one, so that redaction reaches every copy. */
export function told({ change, before, undoes: own }: Step, kind: Editable, making: Making): NewEvent {
  const { entity, entityId, topics } = kind.history(change.id);
  const { proposal, author, remark, carried = change.carried } = making;
  const undoes = own ?? making.undoes;
  return {
    entity,
    entityId,
    type: change.field === 'value' ? `${change.kind}.set` : `${change.kind}.${change.field}.set`,
    actor: making.actor,
    cause: making.cause,
    payload: {
      kind: change.kind,
      id: change.id,
      field: change.field,
      value: change.value,
      was: before.version,
      proposal,
      ...(author === making.actor ? {} : { author }),
      ...(undoes === null ? {} : { undoes }),
      ...(remark === null ? {} : { remark }),
      ...(carried === undefined ? {} : { carried }),
    },
    topics,
  };
}

/** What can be said of changes without looking at what there is. */
function shapeOf(changes: readonly Change[], kinds: Editables): Refusal[] {
  const refusals: Refusal[] = [];
  const seen = new Set<string>();
  const refuse = ({ kind, id, field }: Change, code: Refusal['code'], why: string) =>
    refusals.push({ kind, id, field, code, why });
  if (changes.length > MOST_CHANGES) {
    const [first] = changes;
    if (first !== undefined)
      refuse(first, 'MALFORMED', `at most ${MOST_CHANGES} changes at once, not ${changes.length}`);
    return refusals;
  }
  for (const change of changes) {
    const schema = kinds.get(change.kind)?.fields[change.field];
    if (schema === undefined) {
      refuse(change, 'UNKNOWN', `there is no field ${change.field} of a ${change.kind}`);
      continue;
    }
    if (seen.has(touchOf(change))) refuse(change, 'MALFORMED', 'it is in the change set twice');
    seen.add(touchOf(change));
    const parsed = schema.safeParse(change.value);
    if (!parsed.success) {
      const why = parsed.error.issues.map(({ path, message }) => [...path.map(String), message].join(': '));
      refuse(change, 'MALFORMED', why.join('; '));
    }
  }
  return refusals;
}

/** The things that changes are about, as they stand: by kind, then by id. */
export async function readStates(tx: Tx, changes: readonly Change[], kinds: Editables) {
  const states = new Map<string, Awaited<ReturnType<Editable['read']>>>();
  for (const [name, kind] of kinds) {
    const ids = [...new Set(changes.filter((change) => change.kind === name).map(({ id }) => id))];
    if (ids.length > 0) states.set(name, await kind.read(tx, ids));
  }
  return states;
}

async function conflictOf(tx: Tx, change: Change, before: FieldState): Promise<Conflict> {
  const [theirs, seen] = await Promise.all([
    before.version === 0 ? null : eventById(tx, before.version),
    change.saw === 0 ? null : eventById(tx, change.saw),
  ]);
  return {
    kind: change.kind,
    id: change.id,
    field: change.field,
    was: change.saw === 0 ? null : valueTold(seen, change),
    theirs: before.value,
    yours: change.value,
    version: before.version,
    by: theirs?.actor ?? 'machine',
    at: theirs?.at ?? null,
  };
}

/**
 * What a field held as that entry tells; undefined where it tells of something else, for what somebody says they saw may be
 * any entry at all, or nothing any more.
 */
export function valueTold(
  entry: Pick<LoggedEvent, 'payload'> | null | undefined,
  { kind, field }: Pick<Change, 'kind' | 'field'>,
): FieldValue | undefined {
  const payload = entry?.payload;
  return payload?.kind === kind && payload.field === field ? (payload.value as FieldValue) : undefined;
}

/** What was emptied may bear no version any more (a box without a status): whoever saw that has seen what it holds. */
async function sawEmptied(tx: Tx, change: Change, before: FieldState): Promise<boolean> {
  if (before.version !== 0 || before.value !== null) return false;
  const seen = await eventById(tx, change.saw);
  return seen?.payload?.id === change.id && valueTold(seen, change) === null;
}

/** What cannot be proposed, since others would see that it is there. */
function notProposed(changes: readonly Change[], kinds: Editables): Refusal[] {
  const why = 'it is decided, and not proposed: proposals are seen by everybody';
  return changes
    .filter((change) => kindOf(kinds, change).hidden === true)
    .map(({ kind, id, field }) => ({ kind, id, field, code: 'FORBIDDEN', why }));
}

function sameAgain(earlier: Proposal): Answer {
  if (earlier.state !== 'accepted')
    return { outcome: 'proposed', proposal: earlier.id, waitsFor: earlier.waitsFor ?? 'decision' };
  return { outcome: 'accepted', proposal: earlier.id, made: [] };
}

/** @throws Error where there is no kind of that name: callers check it before */
export function kindOf(kinds: Editables, { kind }: Pick<Change, 'kind'>): Editable {
  const found = kinds.get(kind);
  if (found === undefined) throw new Error(`no kind ${kind}`);
  return found;
}
