import { appendEvents, type Database, lockHistory, type Tx } from '#base/db';
import { machine } from '#domain/policies';
import { type Account, toldOf } from './account.ts';
import { limited, type Outcome, refused } from './answer.ts';
import { readHandle } from './checks.ts';
import { hashPassword, isOutdated, isPassword } from './password.ts';
import { LIMITS, takeFromBucket } from './rate-limit.ts';
import { hashOf } from './secrets.ts';
import { type SessionStart, startSession } from './sessions.ts';
import { accountByHandle, accountById, accountWithPassword, passwordOf, rehash } from './store.ts';
import { fillBucket } from './store-limits.ts';
import { sweep } from './sweep.ts';

/** Where somebody signs in from. */
export interface From {
  /** Of the network, for limits: nowhere stored but hashed, and gone within a day. */
  address: string;
  browser: string | null;
  /** What the browser's cookie held before. */
  replaces: string | undefined;
}

/** Signed in: whom, and what the cookie has to hold. */
export interface SignedIn {
  account: Account;
  secret: string;
}

const WRONG = 'Handle and password do not fit together.';

/** Takes one from what this address may begin; every way of signing in asks it first. */
export async function limitAddress(
  database: Database,
  limit: 'signInFromAddress' | 'signUpFromAddress' | 'recoveryFromAddress',
  address: string,
  now: Date,
): Promise<number | null> {
  await sweep(database, now);
  return takeFromBucket(database.queries, bucketOf(limit, address), LIMITS[limit], now);
}

/**
 * Signs in with handle and password. An account that is not there, one without a password and a wrong password give the
 * same answer after the same work.
 */
export async function signInByPassword(
  database: Database,
  { handle: typed, password }: { handle: string; password: string },
  from: From,
  now: Date,
): Promise<Outcome<SignedIn>> {
  const { queries } = database;
  const wait = await limitAddress(database, 'signInFromAddress', from.address, now);
  if (wait !== null) return limited(wait);
  const handle = readHandle(typed);
  const bucket = bucketOf('passwordOfAccount', handle ?? typed.slice(0, 200));
  const hold = await takeFromBucket(queries, bucket, LIMITS.passwordOfAccount, now);
  if (hold !== null) {
    if (handle !== null) await tellLimit(database, handle, now);
    return limited(hold);
  }
  // What no password can be costs no work; that says nothing of any account.
  if (password === '' || Buffer.byteLength(password) > 1024) return refused('WRONG', WRONG, 'password');
  const found = handle === null ? null : await accountWithPassword(queries, handle);
  const right = await isPassword(found?.hash ?? null, password);
  if (!right || found === null || found.hash === null || found.account.disabledAt !== null)
    return refused('WRONG', WRONG, 'password');
  const { hash } = found;
  const signedIn = await enter(database, found.account.id, { ...from, means: 'password' }, now, {
    // Changed while we looked: then it was another password.
    still: async (tx) => (await passwordOf(tx, found.account.id)) === hash,
  });
  if (signedIn === null) return refused('WRONG', WRONG, 'password');
  await fillBucket(queries, bucket);
  if (isOutdated(hash)) await rehash(queries, found.account.id, hash, await hashPassword(password));
  return { outcome: 'done', ...signedIn };
}

/**
 * Starts a session for an account that has shown who it is.
 *
 * @returns null where it cannot sign in any more, or `still` says that what was shown no longer holds
 */
export async function enter(
  database: Database,
  id: number,
  start: SessionStart,
  now: Date,
  { still = async () => true }: { still?: (tx: Tx) => Promise<boolean> } = {},
): Promise<SignedIn | null> {
  return database.transaction(async (tx) => {
    await lockHistory(tx);
    const account = await accountById(tx, id);
    if (account === null || account.disabledAt !== null || !(await still(tx))) return null;
    return { account, secret: await startSession(tx, account, start, now) };
  });
}

/** That somebody tries passwords on an account is told in its history, once a day. */
async function tellLimit(database: Database, handle: string, now: Date): Promise<void> {
  const daily = { capacity: 1, perSeconds: 86_400 };
  if ((await takeFromBucket(database.queries, bucketOf('told', handle), daily, now)) !== null) return;
  const account = await accountByHandle(database.queries, handle);
  if (account === null) return;
  const told = toldOf(account, 'sign_in.limited', machine('sign-in'), 'too many wrong passwords');
  await database.transaction((tx) => appendEvents(tx, [told], now));
}

/** Buckets are named by a hash: whoever reads the table learns no address, and no name is too long. */
function bucketOf(kind: string, of: string): string {
  return `${kind}:${hashOf(of).toString('base64url').slice(0, 22)}`;
}
