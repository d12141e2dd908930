import { appendEvents, type Database, lockHistory, type Queries, type Tx } from '#base/db';
import { actorOf, type Holder, toldOf } from './account.ts';
import { type Outcome, refused } from './answer.ts';
import { hashOf, isSecret, newSecret } from './secrets.ts';
import {
  deleteSession,
  deleteSessionsOf,
  insertSession,
  type OpenSession,
  type SessionRow,
  sessionByHash,
  sessionsOf,
  touchSession,
} from './store-sessions.ts';

const DAY_MS = 86_400_000;
/** A session ends when it was not used for so long. */
export const SESSION_DAYS = 30;
/** That it was used is written down no more often than this. */
const TOUCH_AFTER_MS = 5 * 60_000;

/** How somebody signed in, and from what. */
export interface SessionStart {
  /** `password`, `passkey`, `recovery`, `sign-up`, or the provider. */
  means: string;
  /** "Firefox on Linux": for telling one's own sessions apart. */
  browser: string | null;
  /** What the browser's cookie held before: that session ends with the new one. */
  replaces: string | undefined;
}

/** Starts a session and tells of it. The caller has locked the history and knows that the account may sign in. */
export async function startSession(tx: Tx, account: Holder, start: SessionStart, now: Date): Promise<string> {
  const secret = newSecret();
  if (isSecret(start.replaces)) await deleteSession(tx, hashOf(start.replaces));
  await insertSession(tx, {
    hash: hashOf(secret),
    account: account.id,
    at: now,
    expiresAt: new Date(now.getTime() + SESSION_DAYS * DAY_MS),
    means: start.means,
    browser: start.browser,
  });
  const by = actorOf(account);
  await appendEvents(tx, [toldOf(account, 'signed_in', by, start.means, { means: start.means })], now);
  return secret;
}

/** Who a cookie stands for. */
export interface RecognisedSession extends SessionRow {
  /** Which of the account's sessions it is. */
  id: string;
  /** Its time was just prolonged: the cookie's has to be, too. */
  prolonged: boolean;
}

/** One query for every request, and every few minutes a second one that prolongs the session. */
export async function recogniseSession(
  database: Database,
  secret: string | undefined,
  now: Date,
): Promise<RecognisedSession | null> {
  if (!isSecret(secret)) return null;
  return takeSession(database, secret, await sessionByHash(database.pool, hashOf(secret), now), now);
}

/** What sessionReading asks for, of a cookie as it came. What is no secret of ours opens nothing. */
export function sessionValues(secret: string | undefined, now: Date): [Buffer, Date] {
  return [isSecret(secret) ? hashOf(secret) : Buffer.alloc(0), now];
}

/** A session as it was read, by whoever read it along with a page: recognised, and prolonged where it is time. */
export async function takeSession(
  database: Database,
  secret: string | undefined,
  row: SessionRow | null,
  now: Date,
): Promise<RecognisedSession | null> {
  if (row === null || !isSecret(secret)) return null;
  const hash = hashOf(secret);
  const prolonged = now.getTime() - row.seenAt.getTime() >= TOUCH_AFTER_MS;
  if (prolonged) {
    const expiresAt = new Date(now.getTime() + SESSION_DAYS * DAY_MS);
    await touchSession(database.queries, hash, { seenAt: now, expiresAt });
  }
  return { ...row, id: idOf(hash), prolonged };
}

/** A session as its owner sees it. */
export interface ListedSession extends Omit<OpenSession, 'hash'> {
  id: string;
}

export async function listSessions(queries: Queries, account: number, now: Date): Promise<ListedSession[]> {
  const rows = await sessionsOf(queries, account, now);
  return rows.map(({ hash, ...rest }) => ({ ...rest, id: idOf(hash) }));
}

/** Signing out. */
export async function endSession(database: Database, secret: string | undefined): Promise<void> {
  if (isSecret(secret)) await deleteSession(database.queries, hashOf(secret));
}

/** Ends one of one's own sessions from another one. */
export async function endSessionById(
  database: Database,
  account: Holder,
  id: string,
  now: Date,
): Promise<Outcome> {
  return database.transaction(async (tx): Promise<Outcome> => {
    await lockHistory(tx);
    const found = (await sessionsOf(tx, account.id, now)).find(({ hash }) => idOf(hash) === id);
    if (found === undefined) return refused('UNKNOWN', 'That session has ended already.');
    await deleteSession(tx, found.hash);
    const by = actorOf(account);
    await appendEvents(tx, [toldOf(account, 'sessions.ended', by, 'by hand', { sessions: 1 })], now);
    return { outcome: 'done' };
  });
}

/** Ends all of one's sessions but the one that asks. */
export async function endOtherSessions(
  database: Database,
  account: Holder,
  secret: string | undefined,
  now: Date,
): Promise<Outcome<{ sessions: number }>> {
  return database.transaction(async (tx): Promise<Outcome<{ sessions: number }>> => {
    await lockHistory(tx);
    const sessions = await deleteSessionsOf(tx, account.id, isSecret(secret) ? hashOf(secret) : null);
    if (sessions > 0) {
      const by = actorOf(account);
      await appendEvents(tx, [toldOf(account, 'sessions.ended', by, 'by hand', { sessions })], now);
    }
    return { outcome: 'done', sessions };
  });
}

/** Enough of the hash to tell the sessions of one account apart. */
function idOf(hash: Buffer): string {
  return hash.toString('hex', 0, 8);
}
