import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';

/** A way back in, asked for and not used yet. */
export interface Recovery {
  id: number;
  account: number;
  handle: string;
  name: string;
  /** Actor. */
  askedBy: string;
  askedAt: Date;
  reason: string;
  grantedBy: string | null;
  expiresAt: Date | null;
  /** Where its link went by mail; null where it was not granted yet, or somebody handed it over. */
  email: string | null;
  /** An address that is shown to be theirs: a link can go there. */
  reachable: string | null;
}

const COLUMNS = [
  'r.id',
  'r.account',
  'a.handle',
  'a.name',
  'r.asked_by as askedBy',
  'r.asked_at as askedAt',
  'r.reason',
  'r.granted_by as grantedBy',
  'r.expires_at as expiresAt',
  'r.email',
] as const;

function recoveries(queries: Queries) {
  return queries
    .selectFrom('account_recovery as r')
    .innerJoin('account as a', 'a.id', 'r.account')
    .select(COLUMNS)
    .select(sql<string | null>`case when a.email_confirmed_at is not null then a.email end`.as('reachable'))
    .where('r.used_at', 'is', null)
    .where('r.withdrawn_at', 'is', null);
}

/** Those that wait for another admin, and those whose link is valid. */
export async function openRecoveries(queries: Queries, now: Date): Promise<Recovery[]> {
  return recoveries(queries)
    .where(({ eb, or }) => or([eb('r.expires_at', 'is', null), eb('r.expires_at', '>', now)]))
    .orderBy('r.id')
    .execute();
}

export async function recoveryById(queries: Queries, id: number): Promise<Recovery | null> {
  return (await recoveries(queries).where('r.id', '=', id).executeTakeFirst()) ?? null;
}

/** That of a link, as long as it is valid. Of an account that was disabled it opens nothing. */
export async function recoveryBySecret(queries: Queries, hash: Buffer, now: Date): Promise<Recovery | null> {
  const row = await recoveries(queries)
    .where(
      sql<boolean>`(r.secret_hash = ${hash} or r.id in (select recovery from account_mailed_secret where hash = ${hash}))`,
    )
    .where('r.expires_at', '>', now)
    .where('a.disabled_at', 'is', null)
    .executeTakeFirst();
  return row ?? null;
}

/** @returns null where one waits already */
export async function insertRecovery(
  tx: Tx,
  recovery: { account: number; askedBy: string; at: Date; reason: string },
): Promise<number | null> {
  const row = await tx
    .insertInto('account_recovery')
    .values({
      account: recovery.account,
      asked_by: recovery.askedBy,
      asked_at: recovery.at,
      reason: recovery.reason,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row?.id ?? null;
}

export async function grantRecoveryRow(
  tx: Tx,
  id: number,
  grant: { by: string; at: Date; hash: Buffer | null; email: string | null; expiresAt: Date },
): Promise<void> {
  await tx
    .updateTable('account_recovery')
    .set({
      granted_by: grant.by,
      granted_at: grant.at,
      secret_hash: grant.hash,
      email: grant.email,
      expires_at: grant.expiresAt,
    })
    .where('id', '=', id)
    .execute();
}

export async function useRecoveryRow(tx: Tx, id: number, at: Date): Promise<void> {
  await tx.updateTable('account_recovery').set({ used_at: at }).where('id', '=', id).execute();
}

/** Ends what is open of an account, but for one. */
export async function withdrawRecoveriesOf(
  tx: Tx,
  account: number,
  at: Date,
  except: number | null = null,
): Promise<void> {
  let query = tx
    .updateTable('account_recovery')
    .set({ withdrawn_at: at })
    .where('account', '=', account)
    .where('used_at', 'is', null)
    .where('withdrawn_at', 'is', null);
  if (except !== null) query = query.where('id', '<>', except);
  await query.execute();
}

export async function withdrawRecoveryRow(tx: Tx, id: number, at: Date): Promise<void> {
  await tx.updateTable('account_recovery').set({ withdrawn_at: at }).where('id', '=', id).execute();
}
