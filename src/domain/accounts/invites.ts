import { appendEvents, type Database, lockHistory, type Queries } from '#base/db';
import { type Actor, INVITED_ROLES, mayAdminister } from '#domain/policies';
import { type Outcome, refused } from './answer.ts';
import { readLine } from './checks.ts';
import { hashOf, isSecret, newSecret } from './secrets.ts';
import { type Invite, insertInvite, inviteBySecret, withdrawInviteRow } from './store-invites.ts';

const FORBIDDEN = 'That takes the role of an admin.';
const DAY_MS = 86_400_000;
const INVITE_DAYS = 7;

/**
 * Asks somebody in, who may then make one account with that role within a week.
 *
 * @returns what the link has to hold; it is nowhere else
 */
export async function makeInvite(
  database: Database,
  by: Actor,
  input: { note: string; role: string },
  now: Date,
): Promise<Outcome<{ id: number; secret: string }>> {
  if (!mayAdminister(by)) return refused('FORBIDDEN', FORBIDDEN);
  const note = readLine(input.note, 120);
  if (note === null) return refused('MALFORMED', 'Say for whom it is, in one line.', 'note');
  const role = INVITED_ROLES.find((each) => each === input.role);
  if (role === undefined)
    return refused('MALFORMED', `An invitation brings one of ${INVITED_ROLES.join(', ')}.`, 'role');
  const secret = newSecret();
  const expiresAt = new Date(now.getTime() + INVITE_DAYS * DAY_MS);
  const id = await database.transaction(async (tx) => {
    await lockHistory(tx);
    const made = await insertInvite(tx, { hash: hashOf(secret), note, role, by: by.id, at: now, expiresAt });
    await appendEvents(tx, [toldOfInvite(made, 'invited', by, { role })], now);
    return made;
  });
  return { outcome: 'done', id, secret };
}

export async function withdrawInvite(database: Database, by: Actor, id: number, now: Date): Promise<Outcome> {
  if (!mayAdminister(by)) return refused('FORBIDDEN', FORBIDDEN);
  return database.transaction(async (tx): Promise<Outcome> => {
    await lockHistory(tx);
    if (!(await withdrawInviteRow(tx, id, now)))
      return refused('UNKNOWN', 'There is no such invitation any more.');
    await appendEvents(tx, [toldOfInvite(id, 'invite.withdrawn', by)], now);
    return { outcome: 'done' };
  });
}

/** Nobody has an account by it yet. */
function toldOfInvite(id: number, type: string, by: Actor, payload: Record<string, unknown> = {}) {
  return {
    entity: 'account',
    entityId: `invite-${id}`,
    type: `account.${type}`,
    actor: by.id,
    cause: 'by hand',
    payload,
  };
}

/** The invitation of a link, as long as it is good. */
export async function inviteOf(
  queries: Queries,
  secret: string | undefined,
  now: Date,
): Promise<Invite | null> {
  return isSecret(secret) ? inviteBySecret(queries, hashOf(secret), now) : null;
}
