import { appendEvents, type Database, lockHistory, type Tx } from '#base/db';
import { type Actor, mayAdminister, ROLES } from '#domain/policies';
import { type Account, toldOf } from './account.ts';
import { type Outcome, type Refused, refused } from './answer.ts';
import { readHandle, readLine } from './checks.ts';
import { accountByHandle, countOtherAdmins, updateAccount } from './store.ts';
import { withdrawRecoveriesOf } from './store-recoveries.ts';
import { deleteSessionsOf } from './store-sessions.ts';
import { revokeTokensOf } from './store-tokens.ts';

const FORBIDDEN = 'That takes the role of an admin.';
const LAST = 'They are the last admin: make somebody else one first.';

/** Gives an account another role. What they have under way goes on with it at once. */
export async function setRole(
  database: Database,
  by: Actor,
  handle: string,
  { role, reason }: { role: string; reason: string },
  now: Date,
): Promise<Outcome<{ account: Account }>> {
  const wanted = ROLES.find((each) => each === role && each !== 'visitor');
  if (wanted === undefined || wanted === 'visitor')
    return refused('MALFORMED', 'There is no such role to give.', 'role');
  return administer(database, by, handle, async (tx, account) => {
    if (account.role === wanted) return { outcome: 'done', account };
    if (
      account.role === 'admin' &&
      account.disabledAt === null &&
      (await countOtherAdmins(tx, account.id)) === 0
    )
      return refused('BARRED', LAST, 'role');
    await updateAccount(tx, account.id, { role: wanted });
    const cause = readLine(reason, 300) ?? 'by hand';
    await appendEvents(tx, [toldOf(account, 'role.set', by, cause, { role: wanted })], now);
    return { outcome: 'done', account: { ...account, role: wanted } };
  });
}

/** Closes an account: its sessions end, its tokens open nothing any more. What they did stays theirs. */
export async function disableAccount(
  database: Database,
  by: Actor,
  handle: string,
  reason: string,
  now: Date,
): Promise<Outcome<{ account: Account }>> {
  const cause = readLine(reason, 300);
  if (cause === null)
    return refused('MALFORMED', 'Say why, in one line: it stands in the history.', 'reason');
  return administer(database, by, handle, async (tx, account) => {
    if (account.disabledAt !== null) return { outcome: 'done', account };
    if (account.role === 'admin' && (await countOtherAdmins(tx, account.id)) === 0)
      return refused('BARRED', LAST);
    await updateAccount(tx, account.id, { disabledAt: now });
    const sessions = await deleteSessionsOf(tx, account.id, null);
    const tokens = await revokeTokensOf(tx, account.id, now);
    await withdrawRecoveriesOf(tx, account.id, now);
    await appendEvents(tx, [toldOf(account, 'disabled', by, cause, { sessions, tokens })], now);
    return { outcome: 'done', account: { ...account, disabledAt: now } };
  });
}

/** Opens it again, with the role that it had. */
export async function enableAccount(
  database: Database,
  by: Actor,
  handle: string,
  now: Date,
): Promise<Outcome<{ account: Account }>> {
  return administer(database, by, handle, async (tx, account) => {
    if (account.disabledAt === null) return { outcome: 'done', account };
    await updateAccount(tx, account.id, { disabledAt: null });
    await appendEvents(tx, [toldOf(account, 'enabled', by, 'by hand', { role: account.role })], now);
    return { outcome: 'done', account: { ...account, disabledAt: null } };
  });
}

/** Runs a deed of an admin's on an account, under the lock that keeps everybody else's out. */
async function administer(
  database: Database,
  by: Actor,
  handle: string,
  deed: (tx: Tx, account: Account) => Promise<Outcome<{ account: Account }>>,
): Promise<Outcome<{ account: Account }>> {
  if (!mayAdminister(by)) return refused('FORBIDDEN', FORBIDDEN);
  return database.transaction(async (tx) => {
    await lockHistory(tx);
    const account = await accountOf(tx, handle);
    return 'outcome' in account ? account : deed(tx, account);
  });
}

async function accountOf(tx: Tx, typed: string): Promise<Account | Refused> {
  const handle = readHandle(typed);
  const account = handle === null ? null : await accountByHandle(tx, handle);
  return account ?? refused('UNKNOWN', `There is no account @${handle ?? typed.slice(0, 40)}.`, 'handle');
}
