import { appendEvents, type Database, lockHistory } from '#base/db';
import { type Account, actorOf, toldOf } from './account.ts';
import { limited, type Outcome, refused } from './answer.ts';
import { EMAIL_RULE, NAME_RULE, readEmail, readName } from './checks.ts';
import { beginAddressChange } from './mail.ts';
import { hashPassword, isPassword } from './password.ts';
import { problemOfPassword } from './password-rules.ts';
import { LIMITS, takeFromBucket } from './rate-limit.ts';
import { type SessionStart, startSession } from './sessions.ts';
import { accountById, passwordOf, putPassword, updateAccount } from './store.ts';
import { dropAddressChange } from './store-links.ts';
import { withdrawRecoveriesOf } from './store-recoveries.ts';
import { deleteSessionsOf } from './store-sessions.ts';

/**
 * Sets name and address of one's own account; an empty address takes it off. Where mail goes out, a confirmed address is
 * changed by mail to both (`asked`): until both have answered it stays.
 */
export async function setProfile(
  database: Database,
  account: Pick<Account, 'id'>,
  input: { name: string; email: string },
  now: Date,
  { mails = false }: { mails?: boolean } = {},
): Promise<Outcome<{ asked: boolean }>> {
  const name = readName(input.name);
  if (name === null) return refused('MALFORMED', NAME_RULE, 'name');
  const email = input.email.trim() === '' ? null : readEmail(input.email);
  if (email === null && input.email.trim() !== '') return refused('MALFORMED', EMAIL_RULE, 'email');
  return database.transaction(async (tx): Promise<Outcome<{ asked: boolean }>> => {
    await lockHistory(tx);
    const before = await accountById(tx, account.id);
    if (before === null) return refused('UNKNOWN', 'There is no such account.');
    const asks = mails && before.emailConfirmedAt !== null && before.email !== email;
    if (asks) {
      const wait = await takeFromBucket(tx, `confirm:${account.id}`, LIMITS.confirmation, now);
      if (wait !== null) return limited(wait);
      await beginAddressChange(tx, before, email, now);
    } else if (before.email === email) {
      // Thought better of: what was asked for before is void.
      await dropAddressChange(tx, account.id);
    }
    const sets = before.email !== email && !asks;
    const fields = [
      ...(before.name === name ? [] : ['name']),
      ...(sets ? ['email'] : []),
      ...(asks ? ['email asked'] : []),
    ];
    if (fields.length === 0) return { outcome: 'done', asked: false };
    await updateAccount(tx, account.id, { name, ...(sets ? { email, emailConfirmedAt: null } : {}) });
    await appendEvents(tx, [toldOf(before, 'profile.set', actorOf(before), 'by hand', { fields })], now);
    return { outcome: 'done', asked: asks };
  });
}

/**
 * Sets the password of one's own account. Whoever has one says it first; every session ends, and a new one begins for
 * whoever asked.
 *
 * @returns what the cookie has to hold now
 */
export async function setPassword(
  database: Database,
  account: Pick<Account, 'id'>,
  { present, next }: { present: string; next: string },
  start: Omit<SessionStart, 'means'>,
  now: Date,
): Promise<Outcome<{ secret: string }>> {
  const { queries } = database;
  const wait = await takeFromBucket(queries, `password:${account.id}`, LIMITS.passwordChange, now);
  if (wait !== null) return limited(wait);
  const [before, stored] = await Promise.all([
    accountById(queries, account.id),
    passwordOf(queries, account.id),
  ]);
  if (before === null) return refused('UNKNOWN', 'There is no such account.');
  const tooLong = Buffer.byteLength(present) > 1024;
  if (stored !== null && (tooLong || !(await isPassword(stored, present))))
    return refused('WRONG', 'That is not your present password.', 'present');
  const problem = problemOfPassword(next, before);
  if (problem !== null) return refused('MALFORMED', problem, 'next');
  const hash = await hashPassword(next);
  return database.transaction(async (tx): Promise<Outcome<{ secret: string }>> => {
    await lockHistory(tx);
    if ((await passwordOf(tx, account.id)) !== stored)
      return refused('WRONG', 'It was changed from elsewhere just now.', 'present');
    await putPassword(tx, account.id, hash, now);
    const sessions = await deleteSessionsOf(tx, account.id, null);
    await withdrawRecoveriesOf(tx, account.id, now);
    await appendEvents(tx, [toldOf(before, 'password.set', actorOf(before), 'by hand', { sessions })], now);
    const secret = await startSession(tx, before, { ...start, means: 'password' }, now);
    return { outcome: 'done', secret };
  });
}
