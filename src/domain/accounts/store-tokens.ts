import type { Database, Queries, Tx } from '#base/db';
import type { Role, Scope } from '#domain/policies';

/** Who a token stands for. */
export interface TokenRow {
  id: number;
  account: number;
  handle: string;
  name: string;
  role: Role;
  scopes: Scope[];
  usedAt: Date | null;
}

/** One prepared statement: it runs before every request with a token. */
export async function tokenByHash(pool: Database['pool'], hash: Buffer, now: Date): Promise<TokenRow | null> {
  const { rows } = await pool.query<TokenRow>({
    name: 'token_by_hash',
    text: `select t.id, t.account, a.handle, a.name, a.role, t.scopes, t.used_at as "usedAt"
      from api_token t join account a on a.id = t.account
      where t.hash = $1 and t.revoked_at is null and (t.expires_at is null or t.expires_at > $2) and a.disabled_at is null`,
    values: [hash, now],
  });
  return rows[0] ?? null;
}

export async function touchToken(queries: Queries, id: number, usedAt: Date): Promise<void> {
  await queries.updateTable('api_token').set({ used_at: usedAt }).where('id', '=', id).execute();
}

export async function insertToken(
  tx: Tx,
  token: {
    hash: Buffer;
    account: number;
    name: string;
    scopes: readonly Scope[];
    at: Date;
    expiresAt: Date | null;
  },
): Promise<number> {
  const { id } = await tx
    .insertInto('api_token')
    .values({
      hash: token.hash,
      account: token.account,
      name: token.name,
      scopes: [...token.scopes],
      created_at: token.at,
      expires_at: token.expiresAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export interface ApiToken {
  id: number;
  name: string;
  scopes: Scope[];
  createdAt: Date;
  usedAt: Date | null;
  expiresAt: Date | null;
}

/** Tokens that still open something, the newest first. */
export async function tokensOf(queries: Queries, account: number, now: Date): Promise<ApiToken[]> {
  const rows = await queries
    .selectFrom('api_token')
    .select([
      'id',
      'name',
      'scopes',
      'created_at as createdAt',
      'used_at as usedAt',
      'expires_at as expiresAt',
    ])
    .where('account', '=', account)
    .where('revoked_at', 'is', null)
    .where(({ eb, or }) => or([eb('expires_at', 'is', null), eb('expires_at', '>', now)]))
    .orderBy('id', 'desc')
    .execute();
  return rows as ApiToken[];
}

/** @returns its name; null where that account has no such token, or no longer */
export async function revokeTokenRow(tx: Tx, account: number, id: number, at: Date): Promise<string | null> {
  const row = await tx
    .updateTable('api_token')
    .set({ revoked_at: at })
    .where('id', '=', id)
    .where('account', '=', account)
    .where('revoked_at', 'is', null)
    .returning('name')
    .executeTakeFirst();
  return row?.name ?? null;
}

/** @returns how many were revoked */
export async function revokeTokensOf(tx: Tx, account: number, at: Date): Promise<number> {
  const { numUpdatedRows } = await tx
    .updateTable('api_token')
    .set({ revoked_at: at })
    .where('account', '=', account)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return Number(numUpdatedRows);
}
