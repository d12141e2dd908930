import { sql } from 'kysely';
import type { Tx } from '#base/db';

/** Why a way back in was asked for. */
export async function forgetReason(tx: Tx, recovery: number): Promise<void> {
  await tx.updateTable('account_recovery').set({ reason: '(redacted)' }).where('id', '=', recovery).execute();
}

/** For whom an invitation was, and where it went. */
export async function forgetInvite(tx: Tx, invite: number): Promise<void> {
  await sql`update account_invite set note = '(redacted)', email = case when email is not null then '(redacted)' end
    where id = ${invite}`.execute(tx);
}
