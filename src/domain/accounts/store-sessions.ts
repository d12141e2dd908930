import type { Database, Queries, Reading, Tx } from '#base/db';
import type { Role } from '#domain/policies';

/** Who a cookie stands for, as every request needs to know it. */
export interface SessionRow {
  account: number;
  handle: string;
  name: string;
  role: Role;
  seenAt: Date;
}

/** One prepared statement: it runs before every page of everybody who is signed in. */
export async function sessionByHash(
  pool: Database['pool'],
  hash: Buffer,
  now: Date,
): Promise<SessionRow | null> {
  const { rows } = await pool.query<SessionRow>({
    name: 'session_by_hash',
    text: `select s.account, a.handle, a.name, a.role, s.seen_at as "seenAt"
      from session s join account a on a.id = s.account
      where s.hash = $1 and s.expires_at > $2 and a.disabled_at is null`,
    values: [hash, now],
  });
  return rows[0] ?? null;
}

/** The same within a page's own question (base/db, together.ts): the hash is the value `$place`, the moment the next one. */
export function sessionReading(place: number): Reading<SessionRow | null> {
  return {
    sql: `select json_build_array(s.account, a.handle, a.name, a.role, s.seen_at)
      from session s join account a on a.id = s.account
      where s.hash = $${place}::bytea and s.expires_at > $${place + 1}::timestamptz and a.disabled_at is null`,
    read: (json) => {
      if (json === null) return null;
      const [account, handle, name, role, seenAt] = json as [number, string, string, Role, string];
      return { account, handle, name, role, seenAt: new Date(seenAt) };
    },
  };
}

export async function touchSession(
  queries: Queries,
  hash: Buffer,
  { seenAt, expiresAt }: { seenAt: Date; expiresAt: Date },
): Promise<void> {
  await queries
    .updateTable('session')
    .set({ seen_at: seenAt, expires_at: expiresAt })
    .where('hash', '=', hash)
    .execute();
}

export async function insertSession(
  tx: Tx,
  session: {
    hash: Buffer;
    account: number;
    at: Date;
    expiresAt: Date;
    means: string;
    browser: string | null;
  },
): Promise<void> {
  await tx
    .insertInto('session')
    .values({
      hash: session.hash,
      account: session.account,
      created_at: session.at,
      seen_at: session.at,
      expires_at: session.expiresAt,
      means: session.means,
      browser: session.browser,
    })
    .execute();
}

export interface OpenSession {
  hash: Buffer;
  createdAt: Date;
  seenAt: Date;
  expiresAt: Date;
  means: string;
  browser: string | null;
}

export async function sessionsOf(queries: Queries, account: number, now: Date): Promise<OpenSession[]> {
  return queries
    .selectFrom('session')
    .select([
      'hash',
      'created_at as createdAt',
      'seen_at as seenAt',
      'expires_at as expiresAt',
      'means',
      'browser',
    ])
    .where('account', '=', account)
    .where('expires_at', '>', now)
    .orderBy('seen_at', 'desc')
    .execute();
}

export async function deleteSession(queries: Queries, hash: Buffer): Promise<void> {
  await queries.deleteFrom('session').where('hash', '=', hash).execute();
}

/** @returns how many were ended */
export async function deleteSessionsOf(tx: Tx, account: number, except: Buffer | null): Promise<number> {
  let query = tx.deleteFrom('session').where('account', '=', account);
  if (except !== null) query = query.where('hash', '<>', except);
  const { numDeletedRows } = await query.executeTakeFirst();
  return Number(numDeletedRows);
}

export async function dropSessionsBefore(queries: Queries, now: Date): Promise<void> {
  await queries.deleteFrom('session').where('expires_at', '<=', now).execute();
}
