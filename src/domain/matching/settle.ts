import { appendEvents, type Database, lockHistory, type Tx } from '#base/db';
import { canonicalJson } from '#base/formats';
import { standing, watchersOf } from '#domain/issues';
import { carryValues, editables, type FieldValue, keepAsProposal } from '#domain/proposals';
import { applyRules } from './apply-rules.ts';
import { editableSuggestion } from './editable-suggestion.ts';
import { planQueue, writeQueue } from './refresh-queue.ts';
import {
  clearDecision,
  decisionsOnStale,
  keepDecidedOn,
  readDecisions,
  suggestionsShown,
} from './store-decisions.ts';
import { suggestionsAfter } from './store-queue.ts';
import { freshSuggestions, lockSettling, recordSettling } from './store-settling.ts';

/** How many suggestions at a time: people who decide wait for no more than the writing of those. */
const BATCH = 250;

export interface Settled {
  /** False where the matcher has not run since. */
  ran: boolean;
  suppressed: number;
  returned: number;
  carried: number;
}

/**
 * After the matcher: what was decided of an issue's suggestions goes with it into another, rules are applied to what is new,
 * and the queue is written anew. Watchers of a package hear of what is new about it. To be called whenever the matcher may
 * have run; does nothing where it has not, and goes on where a process died.
 */
export async function settleSuggestions(database: Database, at = new Date()): Promise<Settled> {
  const begun = await database.transaction(async (tx) => {
    const state = await lockSettling(tx);
    const matched = state.matchedAt;
    if (matched === null || state.settledFor === matched) return null;
    await lockHistory(tx);
    const carried = await carryDecisions(tx, at);
    const rules = await applyRules(tx, { at });
    // Told once, also where a process died before the queue was written.
    if (state.settledFor !== null && state.begunFor !== matched) await tellOfFresh(tx, state.settledFor, at);
    await recordSettling(tx, 'begun_for', matched);
    return { ...state, ...rules, carried };
  });
  if (begun === null) return { ran: false, suppressed: 0, returned: 0, carried: 0 };
  await rewriteQueue(database);
  await database.transaction((tx) => recordSettling(tx, 'settled_for', begun.matchedAt));
  const { suppressed, returned, carried } = begun;
  return { ran: true, suppressed, returned, carried };
}

/**
 * Brings the whole queue up to date, some at a time: what waits comes in, what does not goes out. Most of it is as it was,
 * and is only looked at; people who decide wait for what is written.
 */
export async function rewriteQueue(database: Database): Promise<void> {
  for (let after = 0; ; ) {
    const batch = await suggestionsAfter(database.queries, after, BATCH);
    if (batch.length === 0) return;
    after = batch.at(-1) ?? after;
    const planned = await planQueue(database.queries, batch);
    if (planned.wrong.length > 0) await database.transaction((tx) => writeQueue(tx, planned));
  }
}

/**
 * What was decided of a suggestion whose issue became part of another is said of the same package there: as it was decided,
 * so that what has changed since asks for eyes again. Where something else was decided there, it becomes a proposal.
 */
async function carryDecisions(tx: Tx, at: Date): Promise<number> {
  const left = await decisionsOnStale(tx);
  const now = await standing(tx, [...new Set(left.map(({ id }) => id.slice(0, id.indexOf('/'))))]);
  let carried = 0;
  for (const { id, suggestion, value, version, by, at: setAt, decidedOn } of left) {
    const [from, attr] = [id.slice(0, id.indexOf('/')), id.slice(id.indexOf('/') + 1)];
    const to = now.get(from) ?? from;
    const [target] = to === from ? [] : await suggestionsShown(tx, [`${to}/${attr}`]);
    if (target === undefined) continue;
    const before = (await readDecisions(tx, [target.id])).get(target.id)?.decision ?? {
      value: null,
      version: 0,
    };
    const change = {
      kind: 'suggestion',
      id: target.id,
      field: 'decision',
      value: value as FieldValue,
      saw: before.version,
    };
    const cause = `${from} is part of ${to} now`;
    const carrying = { kinds: editables([editableSuggestion]), actor: 'machine:matching', cause, at };
    if (before.value === null) {
      await carryValues(tx, [{ change, before, author: by, setAt, event: version }], carrying);
      await keepDecidedOn(tx, target.suggestion, decidedOn);
      carried += 1;
    } else if (canonicalJson(before.value) !== canonicalJson(value)) {
      const remark = `decided of ${from} before it became part of ${to}`;
      await keepAsProposal(tx, { author: by, changes: [{ ...change, carried: version }], remark }, carrying);
    }
    await clearDecision(tx, suggestion);
  }
  return carried;
}

/** An entry of the history for what is new about a package that somebody watches; for all others it would be noise. */
async function tellOfFresh(tx: Tx, since: string, at: Date): Promise<void> {
  const fresh = await freshSuggestions(tx, since);
  const topicOf = ({ attr }: { attr: string }) => `package:${attr}`;
  const watched = new Set((await watchersOf(tx, [...new Set(fresh.map(topicOf))])).map(({ topic }) => topic));
  await appendEvents(
    tx,
    fresh
      .filter((each) => watched.has(topicOf(each)))
      .map(({ issue, attr }) => ({
        entity: 'issue',
        entityId: issue,
        type: 'suggestion.made',
        actor: 'machine:matching',
        cause: 'match',
        payload: { kind: 'suggestion', id: `${issue}/${attr}`, field: 'made' },
        topics: [`package:${attr}`, 'queue'],
      })),
    at,
  );
}
