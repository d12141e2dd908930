import type { Queries, Tx } from '#base/db';

export interface LinkedIdentity {
  provider: string;
  subject: string;
  label: string | null;
  createdAt: Date;
  usedAt: Date | null;
}

export async function accountOfIdentity(
  queries: Queries,
  provider: string,
  subject: string,
): Promise<number | null> {
  const row = await queries
    .selectFrom('account_identity')
    .select('account')
    .where('provider', '=', provider)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return row?.account ?? null;
}

export async function identitiesOf(queries: Queries, account: number): Promise<LinkedIdentity[]> {
  return queries
    .selectFrom('account_identity')
    .select(['provider', 'subject', 'label', 'created_at as createdAt', 'used_at as usedAt'])
    .where('account', '=', account)
    .orderBy('created_at')
    .execute();
}

export async function insertIdentity(
  tx: Tx,
  identity: { provider: string; subject: string; account: number; label: string | null; at: Date },
): Promise<void> {
  await tx
    .insertInto('account_identity')
    .values({
      provider: identity.provider,
      subject: identity.subject,
      account: identity.account,
      label: identity.label,
      created_at: identity.at,
      used_at: identity.at,
    })
    .execute();
}

export async function useIdentity(
  tx: Tx,
  { provider, subject, label, at }: { provider: string; subject: string; label: string | null; at: Date },
): Promise<void> {
  await tx
    .updateTable('account_identity')
    .set({ used_at: at, label })
    .where('provider', '=', provider)
    .where('subject', '=', subject)
    .execute();
}

/** @returns whether there was one */
export async function deleteIdentity(
  tx: Tx,
  account: number,
  provider: string,
  subject: string,
): Promise<boolean> {
  const { numDeletedRows } = await tx
    .deleteFrom('account_identity')
    .where('account', '=', account)
    .where('provider', '=', provider)
    .where('subject', '=', subject)
    .executeTakeFirst();
  return numDeletedRows > 0n;
}
