import type { Queries, Tx } from '#base/db';

export interface Passkey {
  /** Credential id, base64url. */
  id: string;
  name: string;
  transports: string[];
  createdAt: Date;
  usedAt: Date | null;
}

export async function passkeysOf(queries: Queries, account: number): Promise<Passkey[]> {
  return queries
    .selectFrom('passkey')
    .select(['id', 'name', 'transports', 'created_at as createdAt', 'used_at as usedAt'])
    .where('account', '=', account)
    .orderBy('created_at')
    .execute();
}

/** What is needed to check a signature of it. */
export async function passkeyById(
  queries: Queries,
  id: string,
): Promise<{ account: number; publicKey: Buffer; counter: number; transports: string[] } | null> {
  const row = await queries
    .selectFrom('passkey')
    .select(['account', 'public_key as publicKey', 'counter', 'transports'])
    .where('id', '=', id)
    .executeTakeFirst();
  return row ?? null;
}

/** @returns false where somebody has one of that id */
export async function insertPasskey(
  tx: Tx,
  passkey: {
    id: string;
    account: number;
    publicKey: Uint8Array;
    counter: number;
    transports: readonly string[];
    name: string;
    at: Date;
  },
): Promise<boolean> {
  const row = await tx
    .insertInto('passkey')
    .values({
      id: passkey.id,
      account: passkey.account,
      public_key: Buffer.from(passkey.publicKey),
      counter: passkey.counter,
      transports: [...passkey.transports],
      name: passkey.name,
      created_at: passkey.at,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  return row !== undefined;
}

export async function usePasskey(tx: Tx, id: string, counter: number, at: Date): Promise<void> {
  await tx.updateTable('passkey').set({ counter, used_at: at }).where('id', '=', id).execute();
}

/** @returns false where that account has none of that id */
export async function nameOfPasskey(tx: Tx, account: number, id: string, name: string): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('passkey')
    .set({ name })
    .where('id', '=', id)
    .where('account', '=', account)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** @returns its name; null where that account has none of that id */
export async function deletePasskey(tx: Tx, account: number, id: string): Promise<string | null> {
  const row = await tx
    .deleteFrom('passkey')
    .where('id', '=', id)
    .where('account', '=', account)
    .returning('name')
    .executeTakeFirst();
  return row?.name ?? null;
}
