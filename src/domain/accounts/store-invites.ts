import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { INVITED_ROLES } from '#domain/policies';

export type InvitedRole = (typeof INVITED_ROLES)[number];

export interface Invite {
  id: number;
  note: string;
  role: InvitedRole;
  /** Where its link went by mail; null where somebody handed it over. */
  email: string | null;
  /** Actor. */
  madeBy: string;
  madeAt: Date;
  expiresAt: Date;
}

const COLUMNS = [
  'id',
  'note',
  'role',
  'email',
  'made_by as madeBy',
  'made_at as madeAt',
  'expires_at as expiresAt',
] as const;

function open(queries: Queries, now: Date) {
  return queries
    .selectFrom('account_invite')
    .select(COLUMNS)
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .where('expires_at', '>', now);
}

export async function openInvites(queries: Queries, now: Date): Promise<Invite[]> {
  return (await open(queries, now).orderBy('id').execute()) as Invite[];
}

export async function inviteBySecret(queries: Queries, hash: Buffer, now: Date): Promise<Invite | null> {
  const row = await open(queries, now)
    .where(
      sql<boolean>`(secret_hash = ${hash} or id in (select invite from account_mailed_secret where hash = ${hash}))`,
    )
    .executeTakeFirst();
  return row === undefined ? null : (row as Invite);
}

export async function openInviteById(queries: Queries, id: number, now: Date): Promise<Invite | null> {
  const row = await open(queries, now).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : (row as Invite);
}

export async function insertInvite(
  tx: Tx,
  invite: {
    hash: Buffer | null;
    email: string | null;
    note: string;
    role: InvitedRole;
    by: string;
    at: Date;
    expiresAt: Date;
  },
): Promise<number> {
  const { id } = await tx
    .insertInto('account_invite')
    .values({
      secret_hash: invite.hash,
      email: invite.email,
      note: invite.note,
      role: invite.role,
      made_by: invite.by,
      made_at: invite.at,
      expires_at: invite.expiresAt,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function useInviteRow(tx: Tx, id: number, account: number, at: Date): Promise<void> {
  await tx
    .updateTable('account_invite')
    .set({ used_by: account, used_at: at })
    .where('id', '=', id)
    .execute();
}

/** @returns whether there was one to withdraw */
export async function withdrawInviteRow(tx: Tx, id: number, at: Date): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('account_invite')
    .set({ withdrawn_at: at })
    .where('id', '=', id)
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
