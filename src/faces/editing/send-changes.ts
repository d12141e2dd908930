import type { Database } from '#base/db';
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

/** Sends a change set the way that every face does: names are checked by the rooms that know them, the rest by `submit`. */
export async function sendChanges(
  database: Database,
  actor: Actor,
  changeSet: ChangeSet,
  options: SendOptions,
): Promise<Answer> {
  // A longer one is refused by `submit`, without looking at it.
  const refusals =
    changeSet.changes.length > MOST_CHANGES ? [] : await unknownNames(database.queries, changeSet.changes);
  if (refusals.length > 0) return { outcome: 'refused', refusals };
  return submit(database, actor, changeSet, { ...options, kinds: EDITABLES });
}
