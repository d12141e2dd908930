import { appendEvents, type Database, lockHistory, type Queries, type Tx } from '#base/db';
import { type Actor, machine, mayAdminister, mayAskRecovery, mayGrantRecovery } from '#domain/policies';
import { type Account, actorOf, toldOf } from './account.ts';
import { limited, type Outcome, type Refused, refused } from './answer.ts';
import { readHandle, readLine } from './checks.ts';
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
} from './store.ts';
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

/**
 * Grants what another admin asked for.
 *
 * @returns what the link has to hold: valid for a day, once, and nowhere else
 */
export async function grantRecovery(
  database: Database,
  by: Actor,
  id: number,
  now: Date,
): Promise<Outcome<{ secret: string; handle: string }>> {
  return database.transaction(async (tx): Promise<Outcome<{ secret: string; handle: string }>> => {
    await lockHistory(tx);
    const recovery = await recoveryById(tx, id);
    if (!mayAdminister(by)) return refused('FORBIDDEN', 'That takes the role of an admin.');
    if (recovery === null || recovery.grantedBy !== null) return refused('UNKNOWN', GONE);
    if (!mayGrantRecovery(by, recovery))
      return refused(
        'FORBIDDEN',
        'Whoever asked, or whose account it is, cannot grant it: that is for a second admin.',
      );
    return { outcome: 'done', secret: await grant(tx, recovery, by, now), handle: recovery.handle };
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
  const expiresAt = new Date(now.getTime() + VALID_MS);
  // An earlier link that was not used opens nothing any more.
  await withdrawRecoveriesOf(tx, recovery.account, now, recovery.id);
  await grantRecoveryRow(tx, recovery.id, { by: by.id, at: now, hash: hashOf(secret), expiresAt });
  const account = { id: recovery.account, handle: recovery.handle };
  const payload = { recovery: recovery.id, askedBy: recovery.askedBy };
  await appendEvents(tx, [toldOf(account, 'recovery.granted', by, recovery.reason, payload)], now);
  return secret;
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
