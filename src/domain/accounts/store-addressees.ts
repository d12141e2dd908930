import { sql } from 'kysely';
import type { Queries } from '#base/db';
import type { Role } from '#domain/policies';

/** Somebody who can be told something. */
export interface Addressee {
  id: number;
  handle: string;
  role: Exclude<Role, 'visitor'>;
  /** Null where no mail has been shown to reach them. */
  email: string | null;
  /** What they have chosen for themselves. */
  settings: Record<string, unknown>;
}

/** Those of the accounts that can sign in; of nobody else anybody is told anything. */
export async function addresseesOf(queries: Queries, ids: readonly number[]): Promise<Addressee[]> {
  if (ids.length === 0) return [];
  const { rows } = await sql<Addressee>`select id, handle, role, settings,
      case when email_confirmed_at is not null then email end as email
    from account where id = any(${[...new Set(ids)]}::bigint[]) and disabled_at is null order by id`.execute(
    queries,
  );
  return rows;
}

/** Accounts by their handles, in lower case; unknown and disabled ones are left out. */
export async function accountsCalled(
  queries: Queries,
  handles: readonly string[],
): Promise<Map<string, number>> {
  if (handles.length === 0) return new Map();
  const { rows } = await sql<{ id: number; handle: string }>`select id, handle from account
    where handle = any(${[...new Set(handles)]}::text[]) and disabled_at is null`.execute(queries);
  return new Map(rows.map(({ handle, id }) => [handle, id]));
}

/** Everybody who may decide, for what concerns them all. */
export async function accountsOfRole(queries: Queries, roles: readonly Role[]): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from account where role = any(${roles}::text[])
    and disabled_at is null order by id`.execute(queries);
  return rows.map(({ id }) => id);
}
