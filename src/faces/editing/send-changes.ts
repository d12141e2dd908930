import type { Database } from '#base/db';
import { MusterError } from '#base/errors';
import { type Limit, takeFromBucket } from '#domain/accounts';
import type { Actor, TeamRules } from '#domain/policies';
import { type Answer, type ChangeSet, MOST_CHANGES, submit } from '#domain/proposals';
import { unknownNames } from './check-names.ts';
import { EDITABLES } from './kinds.ts';

export interface SendOptions {
  rules: TeamRules;
  /** Kept for somebody to decide on although its author may decide it. */
  onlyPropose?: boolean;
  at?: Date;
}

/** How much somebody may propose at once: a long page in one go, and then somebody has to decide. */
const PROPOSING: Limit = { capacity: 300, perSeconds: 600 };

/** Sends a change set the way that every face does: names are checked by the rooms that know them, the rest by `submit`. @throws MusterError RATE_LIMITED */
export async function sendChanges(
  database: Database,
  actor: Actor,
  changeSet: ChangeSet,
  options: SendOptions,
): Promise<Answer> {
  await limitProposing(database, actor, options.at ?? new Date());
  // A longer one is refused by `submit`, without looking at it.
  const refusals =
    changeSet.changes.length > MOST_CHANGES ? [] : await unknownNames(database.queries, changeSet.changes);
  if (refusals.length > 0) return { outcome: 'refused', refusals };
  return submit(database, actor, changeSet, { ...options, kinds: EDITABLES });
}

/** Holds whoever only proposes to what others can decide. @throws MusterError RATE_LIMITED */
export async function limitProposing({ queries }: Database, actor: Actor, now: Date): Promise<void> {
  if (actor.role !== 'contributor') return;
  const wait = await takeFromBucket(queries, `changes:${actor.id}`, PROPOSING, now);
  if (wait !== null)
    throw new MusterError('RATE_LIMITED', `that is a lot for others to decide; go on in ${wait} seconds`);
}
