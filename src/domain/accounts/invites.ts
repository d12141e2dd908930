import { appendEvents, type Database, enqueueEffect, lockHistory, type Queries, type Tx } from '#base/db';
import { type Actor, INVITED_ROLES, mayAdminister } from '#domain/policies';
import { type Outcome, refused } from './answer.ts';
import { EMAIL_RULE, readEmail, readLine } from './checks.ts';
import { hashOf, isSecret, newSecret } from './secrets.ts';
import {
  type Invite,
  insertInvite,
  inviteBySecret,
  openInviteById,
  withdrawInviteRow,
} from './store-invites.ts';
import { insertMailedSecret } from './store-links.ts';

const FORBIDDEN = 'That takes the role of an admin.';
const DAY_MS = 86_400_000;
const INVITE_DAYS = 7;

/** What the outbox holds for the mail of an invitation (kind `mail.invite`). */
export interface InviteEffect {
  invite: number;
}

/** Where mail cannot go out, nothing is promised to go by it. */
export const NO_MAIL = 'No mail goes out from here, so hand the link over yourself.';

/**
 * Asks somebody in, who may then make one account with that role within a week.
 *
 * @param input.email where the link goes by mail; empty where whoever asks hands it over
 * @param mails whether mail goes out at all
 * @returns what the link has to hold, which is nowhere else; null where it goes by mail
 */
export async function makeInvite(
  database: Database,
  by: Actor,
  input: { note: string; role: string; email?: string },
  now: Date,
  { mails = false }: { mails?: boolean } = {},
): Promise<Outcome<{ id: number; secret: string | null }>> {
  if (!mayAdminister(by)) return refused('FORBIDDEN', FORBIDDEN);
  const note = readLine(input.note, 120);
  if (note === null) return refused('MALFORMED', 'Say for whom it is, in one line.', 'note');
  const role = INVITED_ROLES.find((each) => each === input.role);
  if (role === undefined)
    return refused('MALFORMED', `An invitation brings one of ${INVITED_ROLES.join(', ')}.`, 'role');
  const typed = input.email?.trim() ?? '';
  const email = typed === '' ? null : readEmail(typed);
  if (email === null && typed !== '') return refused('MALFORMED', EMAIL_RULE, 'email');
  if (email !== null && !mails) return refused('BARRED', NO_MAIL, 'email');
  const secret = email === null ? newSecret() : null;
  const expiresAt = new Date(now.getTime() + INVITE_DAYS * DAY_MS);
  const hash = secret === null ? null : hashOf(secret);
  const id = await database.transaction(async (tx) => {
    await lockHistory(tx);
    const made = await insertInvite(tx, { hash, email, note, role, by: by.id, at: now, expiresAt });
    const payload: InviteEffect = { invite: made };
    if (email !== null)
      await enqueueEffect(tx, {
        key: `invite:${made}`,
        kind: 'mail.invite',
        payload: { ...payload },
        dueAt: now,
      });
    await appendEvents(tx, [toldOfInvite(made, 'invited', by, { role, mailed: email !== null })], now);
    return made;
  });
  return { outcome: 'done', id, secret };
}

/**
 * Makes what the link of a mailed invitation has to hold, when the mail is written: it is nowhere else.
 *
 * @returns null where the invitation was used or withdrawn, ran out, or is handed over by somebody
 */
export async function writeInvite(
  queries: Queries | Tx,
  id: number,
  now: Date,
): Promise<{ secret: string; email: string; role: string; expiresAt: Date } | null> {
  const invite = await openInviteById(queries, id, now);
  if (invite === null || invite.email === null) return null;
  const { email, role, expiresAt } = invite;
  const secret = newSecret();
  await insertMailedSecret(queries, { hash: hashOf(secret), invite: id, expiresAt });
  return { secret, email, role, expiresAt };
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
