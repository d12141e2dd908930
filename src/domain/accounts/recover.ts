import { appendEvents, type Database, enqueueEffect, lockHistory, type Queries, type Tx } from '#base/db';
import { type Actor, machine, mayAdminister, mayAskRecovery, mayGrantRecovery } from '#domain/policies';
import { type Account, actorOf, toldOf } from './account.ts';
import { limited, type Outcome, type Refused, refused } from './answer.ts';
import { readHandle, readLine } from './checks.ts';
import { NO_MAIL } from './invites.ts';
import { hashPassword } from './password.ts';
import { problemOfPassword } from './password-rules.ts';
import { hashOf, isSecret, newSecret } from './secrets.ts';
import { startSession } from './sessions.ts';
import { type From, limitAddress, type SignedIn } from './sign-in.ts';
import {
  accountByHandle,
  accountById,
  countOtherAdmins,
  dropMeans,
  putPassword,
  setGithub,
  updateAccount,
} from './store.ts';
import { dropAddressChange, dropConfirmations, insertMailedSecret } from './store-links.ts';
import {
  grantRecoveryRow,
  insertRecovery,
  type Recovery,
  recoveryById,
  recoveryBySecret,
  useRecoveryRow,
  withdrawRecoveriesOf,
  withdrawRecoveryRow,
} from './store-recoveries.ts';
import { deleteSessionsOf } from './store-sessions.ts';
import { revokeTokensOf } from './store-tokens.ts';

/** How long the link opens the account. */
const VALID_MS = 86_400_000;
const GONE = 'That recovery was granted, used or withdrawn already.';

/** Asks for a way back into somebody's account. It opens nothing until another admin grants it. */
export async function askRecovery(
  database: Database,
  by: Actor,
  handle: string,
  reason: string,
  now: Date,
): Promise<Outcome<{ id: number }>> {
  if (!mayAdminister(by)) return refused('FORBIDDEN', 'That takes the role of an admin.');
  const cause = readLine(reason, 300);
  if (cause === null)
    return refused(
      'MALFORMED',
      'Say in one line how you know that it is them: the other admin decides by it.',
      'reason',
    );
  return database.transaction(async (tx): Promise<Outcome<{ id: number }>> => {
    await lockHistory(tx);
    const account = await toRecover(tx, by, handle);
    if ('outcome' in account) return account;
    const id = await insertRecovery(tx, { account: account.id, askedBy: by.id, at: now, reason: cause });
    if (id === null) return refused('BARRED', 'A recovery of that account waits for another admin already.');
    await appendEvents(tx, [toldOf(account, 'recovery.asked', by, cause, { recovery: id })], now);
    return { outcome: 'done', id };
  });
}

/** What the outbox holds for the mail with a way back in (kind `mail.recovery`). */
export interface RecoveryEffect {
  recovery: number;
}

/** What came of a grant: a link to hand over, or the address to which one goes by mail. */
export interface Granted {
  handle: string;
  /** What the link has to hold: valid for a day, once, and nowhere else. Null where it goes by mail. */
  secret: string | null;
  email: string | null;
}

/**
 * Grants what another admin asked for.
 *
 * @param byMail the link goes to the account's confirmed address, instead of to whoever grants
 */
export async function grantRecovery(
  database: Database,
  by: Actor,
  id: number,
  now: Date,
  { byMail = false, mails = byMail }: { byMail?: boolean; mails?: boolean } = {},
): Promise<Outcome<Granted>> {
  return database.transaction(async (tx): Promise<Outcome<Granted>> => {
    await lockHistory(tx);
    const recovery = await recoveryById(tx, id);
    if (!mayAdminister(by)) return refused('FORBIDDEN', 'That takes the role of an admin.');
    if (recovery === null || recovery.grantedBy !== null) return refused('UNKNOWN', GONE);
    if (!mayGrantRecovery(by, recovery))
      return refused(
        'FORBIDDEN',
        'Whoever asked, or whose account it is, cannot grant it: that is for a second admin.',
      );
    const { handle, reachable } = recovery;
    if (!byMail) return { outcome: 'done', handle, secret: await grant(tx, recovery, by, now), email: null };
    if (!mails) return refused('BARRED', NO_MAIL);
    if (reachable === null)
      return refused('BARRED', `Nobody has shown that @${handle} gets mail anywhere: hand the link over.`);
    await grantByMail(tx, recovery, reachable, by, now);
    return { outcome: 'done', handle, secret: null, email: reachable };
  });
}

/** Takes back what was asked for or granted, as long as it was not used. */
export async function withdrawRecovery(
  database: Database,
  by: Actor,
  id: number,
  now: Date,
): Promise<Outcome> {
  if (!mayAdminister(by)) return refused('FORBIDDEN', 'That takes the role of an admin.');
  return database.transaction(async (tx): Promise<Outcome> => {
    await lockHistory(tx);
    const recovery = await recoveryById(tx, id);
    if (recovery === null) return refused('UNKNOWN', GONE);
    await withdrawRecoveryRow(tx, id, now);
    const account = { id: recovery.account, handle: recovery.handle };
    await appendEvents(tx, [toldOf(account, 'recovery.withdrawn', by, 'by hand', { recovery: id })], now);
    return { outcome: 'done' };
  });
}

/**
 * Whoever has the machine itself asks; an admin grants. Only where nobody else could grant it is it granted at once:
 * they could read and write the database anyway, and so it is told.
 *
 * @returns what the link has to hold; null where an admin has to grant it first
 */
export async function recoverByOperator(
  database: Database,
  by: Actor,
  handle: string,
  reason: string,
  now: Date,
): Promise<Outcome<{ id: number; secret: string | null }>> {
  const asked = await askRecovery(database, by, handle, reason, now);
  if (asked.outcome === 'refused') return asked;
  return database.transaction(async (tx): Promise<Outcome<{ id: number; secret: string | null }>> => {
    await lockHistory(tx);
    const recovery = await recoveryById(tx, asked.id);
    if (recovery === null || recovery.grantedBy !== null) return refused('UNKNOWN', GONE);
    const others = await countOtherAdmins(tx, recovery.account);
    if (others > 0) return { outcome: 'done', id: asked.id, secret: null };
    const secret = await grant(tx, recovery, machine('recovery'), now);
    return { outcome: 'done', id: asked.id, secret };
  });
}

/**
 * Makes what the link of a mailed recovery has to hold, when the mail is written: it is nowhere else.
 *
 * @returns null where it was used, withdrawn or ran out, or the account has another address by now
 */
export async function writeRecovery(
  queries: Queries,
  id: number,
  now: Date,
): Promise<{ secret: string; email: string; handle: string; expiresAt: Date } | null> {
  const recovery = await recoveryById(queries, id);
  if (recovery === null || recovery.expiresAt === null || recovery.expiresAt <= now) return null;
  const { email, handle, expiresAt, reachable } = recovery;
  if (email === null || reachable !== email) return null;
  const secret = newSecret();
  await insertMailedSecret(queries, { hash: hashOf(secret), recovery: id, expiresAt });
  return { secret, email, handle, expiresAt };
}

/** Whose account a link opens. */
export async function recoveryOf(
  queries: Queries,
  secret: string | undefined,
  now: Date,
): Promise<Recovery | null> {
  return isSecret(secret) ? recoveryBySecret(queries, hashOf(secret), now) : null;
}

/**
 * Uses a link: everything that opened the account before is void (password, passkeys, linked identities, sessions,
 * tokens), for who knows who has it; a new password is set, and a session begins.
 */
export async function useRecovery(
  database: Database,
  { secret, password }: { secret: string; password: string },
  from: From,
  now: Date,
): Promise<Outcome<SignedIn>> {
  const wait = await limitAddress(database, 'recoveryFromAddress', from.address, now);
  if (wait !== null) return limited(wait);
  const gone = refused(
    'UNKNOWN',
    'This link was used, withdrawn, or is older than a day. Ask an admin for another.',
  );
  const found = await recoveryOf(database.queries, secret, now);
  const account = found === null ? null : await accountById(database.queries, found.account);
  if (found === null || account === null) return gone;
  const problem = problemOfPassword(password, account);
  if (problem !== null) return refused('MALFORMED', problem, 'password');
  const hash = await hashPassword(password);
  return database.transaction(async (tx): Promise<Outcome<SignedIn>> => {
    await lockHistory(tx);
    const recovery = await recoveryOf(tx, secret, now);
    if (recovery === null) return gone;
    await useRecoveryRow(tx, recovery.id, now);
    await withdrawRecoveriesOf(tx, account.id, now);
    await dropMeans(tx, account.id);
    await setGithub(tx, account.id, null);
    await dropAddressChange(tx, account.id);
    await dropConfirmations(tx, account.id);
    // Handed over, it shows nothing of who reads mail to the address: that is a way in as well, and is void, too.
    if (recovery.email === null) await updateAccount(tx, account.id, { emailConfirmedAt: null });
    await putPassword(tx, account.id, hash, now);
    const sessions = await deleteSessionsOf(tx, account.id, null);
    const tokens = await revokeTokensOf(tx, account.id, now);
    const payload = { recovery: recovery.id, sessions, tokens };
    await appendEvents(
      tx,
      [toldOf(account, 'recovery.used', actorOf(account), recovery.reason, payload)],
      now,
    );
    const start = { means: 'recovery', browser: from.browser, replaces: from.replaces };
    return { outcome: 'done', account, secret: await startSession(tx, account, start, now) };
  });
}

async function grant(tx: Tx, recovery: Recovery, by: Actor, now: Date): Promise<string> {
  const secret = newSecret();
  await putGrant(tx, recovery, { hash: hashOf(secret), email: null }, by, now);
  return secret;
}

async function grantByMail(tx: Tx, recovery: Recovery, email: string, by: Actor, now: Date): Promise<void> {
  await putGrant(tx, recovery, { hash: null, email }, by, now);
  const payload: RecoveryEffect = { recovery: recovery.id };
  const key = `recovery:${recovery.id}`;
  await enqueueEffect(tx, { key, kind: 'mail.recovery', payload: { ...payload }, dueAt: now });
}

async function putGrant(
  tx: Tx,
  recovery: Recovery,
  { hash, email }: { hash: Buffer | null; email: string | null },
  by: Actor,
  now: Date,
): Promise<void> {
  const expiresAt = new Date(now.getTime() + VALID_MS);
  // An earlier link that was not used opens nothing any more.
  await withdrawRecoveriesOf(tx, recovery.account, now, recovery.id);
  await grantRecoveryRow(tx, recovery.id, { by: by.id, at: now, hash, email, expiresAt });
  const account = { id: recovery.account, handle: recovery.handle };
  const payload = { recovery: recovery.id, askedBy: recovery.askedBy, mailed: email !== null };
  await appendEvents(tx, [toldOf(account, 'recovery.granted', by, recovery.reason, payload)], now);
}

async function toRecover(tx: Tx, by: Actor, typed: string): Promise<Account | Refused> {
  const handle = readHandle(typed);
  const account = handle === null ? null : await accountByHandle(tx, handle);
  if (account === null)
    return refused('UNKNOWN', `There is no account @${handle ?? typed.slice(0, 40)}.`, 'handle');
  if (account.disabledAt !== null) return refused('BARRED', 'That account is closed. Open it again first.');
  if (!mayAskRecovery(by, account))
    return refused('FORBIDDEN', 'Nobody asks for their own account: another admin does.');
  return account;
}
