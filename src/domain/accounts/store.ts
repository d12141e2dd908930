import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { Account } from './account.ts';

const COLUMNS = [
  'account.id',
  'account.handle',
  'account.name',
  'account.email',
  'account.email_confirmed_at as emailConfirmedAt',
  'account.role',
  'account.github',
  'account.created_at as createdAt',
  'account.disabled_at as disabledAt',
] as const;

export async function accountByHandle(queries: Queries, handle: string): Promise<Account | null> {
  const row = await queries
    .selectFrom('account')
    .select(COLUMNS)
    .where('handle', '=', handle)
    .executeTakeFirst();
  return row === undefined ? null : (row as Account);
}

export async function accountById(queries: Queries, id: number): Promise<Account | null> {
  const row = await queries.selectFrom('account').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : (row as Account);
}

/** An account with the hash of its password, if it has one. */
export async function accountWithPassword(
  queries: Queries,
  handle: string,
): Promise<{ account: Account; hash: string | null } | null> {
  const row = await queries
    .selectFrom('account')
    .leftJoin('account_password', 'account_password.account', 'account.id')
    .select([...COLUMNS, 'account_password.hash'])
    .where('handle', '=', handle)
    .executeTakeFirst();
  if (row === undefined) return null;
  const { hash, ...account } = row;
  return { account: account as Account, hash };
}

export async function insertAccount(tx: Tx, account: Omit<Account, 'id' | 'disabledAt'>): Promise<number> {
  const { id } = await tx
    .insertInto('account')
    .values({
      handle: account.handle,
      name: account.name,
      email: account.email,
      email_confirmed_at: account.emailConfirmedAt,
      role: account.role,
      github: account.github,
      created_at: account.createdAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function updateAccount(
  tx: Tx,
  id: number,
  change: Partial<Pick<Account, 'name' | 'email' | 'emailConfirmedAt' | 'role' | 'disabledAt'>>,
): Promise<void> {
  const { emailConfirmedAt, disabledAt, ...rest } = change;
  await tx
    .updateTable('account')
    .set({
      ...rest,
      ...(emailConfirmedAt === undefined ? {} : { email_confirmed_at: emailConfirmedAt }),
      ...(disabledAt === undefined ? {} : { disabled_at: disabledAt }),
    })
    .where('id', '=', id)
    .execute();
}

/** A login at GitHub belongs to whoever GitHub last said: logins are given away again. Null takes it off. */
export async function setGithub(tx: Tx, id: number, login: string | null): Promise<void> {
  if (login !== null)
    await tx
      .updateTable('account')
      .set({ github: null })
      .where(sql<boolean>`lower(github) = lower(${login})`)
      .where('id', '<>', id)
      .execute();
  await tx.updateTable('account').set({ github: login }).where('id', '=', id).execute();
}

/** Admins that can sign in, but for one. */
export async function countOtherAdmins(queries: Queries, except: number): Promise<number> {
  const { count } = await queries
    .selectFrom('account')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('role', '=', 'admin')
    .where('disabled_at', 'is', null)
    .where('id', '<>', except)
    .executeTakeFirstOrThrow();
  return count;
}

export interface AccountSearch {
  /** Part of a handle or a name. */
  words?: string;
  /** With those that were disabled. */
  disabled?: boolean;
  limit: number;
  offset: number;
}

/** Accounts, those who may do most first. */
export async function listAccounts(
  queries: Queries,
  { words = '', disabled = false, limit, offset }: AccountSearch,
): Promise<{ rows: Account[]; total: number }> {
  let query = queries.selectFrom('account');
  if (!disabled) query = query.where('disabled_at', 'is', null);
  if (words !== '') {
    const pattern = `%${words.toLowerCase().replace(/[\\%_]/g, '\\$&')}%`;
    query = query.where(sql<boolean>`(handle like ${pattern} or lower(name) like ${pattern})`);
  }
  const [rows, { total }] = await Promise.all([
    query
      .select(COLUMNS)
      .orderBy(sql`array_position(array['admin', 'security', 'triager', 'contributor'], role)`)
      .orderBy('handle')
      .limit(limit)
      .offset(offset)
      .execute(),
    query.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ]);
  return { rows: rows as Account[], total };
}

/** What others call those accounts. */
export async function namesOf(
  queries: Queries,
  ids: readonly number[],
): Promise<{ id: number; handle: string; name: string }[]> {
  if (ids.length === 0) return [];
  return queries
    .selectFrom('account')
    .select(['id', 'handle', 'name'])
    .where('id', '=', sql<number>`any(${[...new Set(ids)]}::bigint[])`)
    .execute();
}

export async function passwordOf(queries: Queries, account: number): Promise<string | null> {
  const row = await queries
    .selectFrom('account_password')
    .select('hash')
    .where('account', '=', account)
    .executeTakeFirst();
  return row?.hash ?? null;
}

export async function passwordChangedAt(queries: Queries, account: number): Promise<Date | null> {
  const row = await queries
    .selectFrom('account_password')
    .select('changed_at')
    .where('account', '=', account)
    .executeTakeFirst();
  return row?.changed_at ?? null;
}

export async function putPassword(tx: Tx, account: number, hash: string, at: Date): Promise<void> {
  await tx
    .insertInto('account_password')
    .values({ account, hash, changed_at: at })
    .onConflict((conflict) => conflict.column('account').doUpdateSet({ hash, changed_at: at }))
    .execute();
}

/** The same password with more work behind it. */
export async function rehash(queries: Queries, account: number, from: string, to: string): Promise<void> {
  await queries
    .updateTable('account_password')
    .set({ hash: to })
    .where('account', '=', account)
    .where('hash', '=', from)
    .execute();
}

/** How an account can be entered: what may be taken off it has to leave one. */
export async function meansOf(
  queries: Queries,
  account: number,
): Promise<{ password: boolean; passkeys: number; identities: number }> {
  const { rows } = await sql<{ password: boolean; passkeys: number; identities: number }>`select
      exists (select from account_password where account = ${account}) as password,
      (select count(*) from passkey where account = ${account}) as passkeys,
      (select count(*) from account_identity where account = ${account}) as identities`.execute(queries);
  return rows[0] ?? { password: false, passkeys: 0, identities: 0 };
}

/** Takes away everything with which an account could be entered. */
export async function dropMeans(tx: Tx, account: number): Promise<void> {
  await tx.deleteFrom('account_password').where('account', '=', account).execute();
  await tx.deleteFrom('passkey').where('account', '=', account).execute();
  await tx.deleteFrom('account_identity').where('account', '=', account).execute();
}

/** What an account has chosen for itself: keyboard, theme. */
export async function settingsOf(queries: Queries, account: number): Promise<Record<string, unknown>> {
  const row = await queries
    .selectFrom('account')
    .select('settings')
    .where('id', '=', account)
    .executeTakeFirst();
  return (row?.settings ?? {}) as Record<string, unknown>;
}

/** Sets some of them; null forgets one. */
export async function putSettings(
  queries: Queries,
  account: number,
  settings: Readonly<Record<string, unknown>>,
): Promise<void> {
  await sql`update account set settings = jsonb_strip_nulls(settings || ${JSON.stringify(settings)}::jsonb)
    where id = ${account}`.execute(queries);
}
