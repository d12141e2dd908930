import { sql } from 'kysely';
import { type Queries, storableJson, type Tx } from '#base/db';
import type { KnownKey, Signature } from '#base/mail';
import type { RawAddress } from '#domain/sources';

/** Up to where a mailbox has been read; null where it never was. */
export async function cursorOf(queries: Queries, name: string): Promise<unknown> {
  const row = await queries
    .selectFrom('mailbox')
    .select('cursor')
    .where('name', '=', name)
    .executeTakeFirst();
  return row?.cursor ?? null;
}

/** Writes down how far a mailbox was read, or how that went. */
export async function rememberMailbox(
  tx: Tx,
  name: string,
  { cursor, error, at }: { cursor?: unknown; error: string | null; at: Date },
): Promise<void> {
  const json = cursor === undefined ? null : JSON.stringify(cursor);
  await sql`insert into mailbox (name, cursor, last_run, last_error) values (${name}, ${json}::jsonb, ${at}, ${error})
    on conflict (name) do update set cursor = coalesce(excluded.cursor, mailbox.cursor), last_run = excluded.last_run,
      last_error = excluded.last_error`.execute(tx);
}

export async function insertKey(tx: Tx, key: KnownKey, by: string): Promise<void> {
  const row = { fingerprint: key.fingerprint, key_ids: key.keyIds, armored: key.armored, owner: key.owner };
  const { fingerprint: _, ...changed } = row;
  await tx
    .insertInto('mail_key')
    .values({ ...row, added_by: by })
    .onConflict((conflict) => conflict.column('fingerprint').doUpdateSet(changed))
    .execute();
}

/** @returns the ids of the key that went; null where there was none */
export async function deleteKey(tx: Tx, fingerprint: string): Promise<string[] | null> {
  const row = await tx
    .deleteFrom('mail_key')
    .where('fingerprint', '=', fingerprint)
    .returning('key_ids as keyIds')
    .executeTakeFirst();
  return row?.keyIds ?? null;
}

/** Messages that say they are signed by one of those keys, some at a time. */
export async function mailsSignedBy(
  queries: Queries,
  keyIds: readonly string[],
  { after, limit }: { after: number; limit: number },
): Promise<({ id: number; thread: number } & RawAddress)[]> {
  const { rows } = await sql<
    { id: number; thread: number } & RawAddress
  >`select m.id, m.thread, m.raw, m.pack from mail m
    where m.id > ${after} and m.signatures is not null and m.redacted_at is null and exists (
      select from json_array_elements(m.signatures) s where s->>'keyId' = any(${[...keyIds]}::text[]))
    order by m.id limit ${limit}`.execute(queries);
  return rows;
}

export async function updateSignatures(
  tx: Tx,
  checked: readonly { id: number; signatures: Signature[] }[],
): Promise<void> {
  await sql`update mail m set signatures = r.signatures
    from json_to_recordset(${storableJson(checked)}::json) as r(id bigint, signatures json) where m.id = r.id`.execute(
    tx,
  );
}

/** The patches of a message, as its facts have them. */
export async function patchesOf(queries: Queries, id: number): Promise<string[]> {
  const { rows } = await sql<{ value: string }>`select f->>1 as value
    from mail m cross join lateral json_array_elements(m.facts) f
    where m.id = ${id} and f->>0 = 'patch'`.execute(queries);
  return rows.map(({ value }) => value);
}

/** Forgets the words of a message, and whose they were. That it was there stays, so that it does not come again. */
export async function forgetMail(tx: Tx, id: number, at: Date): Promise<void> {
  await sql`update mail m set from_name = null, from_address = null, subject = null, redacted_at = ${at},
      posting = (m.posting::jsonb || '{"from": "", "to": [], "mentions": []}')::json,
      facts = (select coalesce(json_agg(f), '[]') from json_array_elements(m.facts) f where f->>0 <> 'patch'),
      signatures = null
    where id = ${id}`.execute(tx);
}
