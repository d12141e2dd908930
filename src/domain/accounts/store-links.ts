import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';

/** What a link in a mail is for: `leave` and `arrive` are the two sides of a change of address. */
export type MailPurpose = 'confirm' | 'stop' | 'leave' | 'arrive';

/** A link that a mail held, with the account as it is now. */
export interface MailLink {
  account: number;
  handle: string;
  purpose: MailPurpose;
  /** The address that it was sent to. */
  email: string;
}

export async function insertMailLink(
  queries: Queries,
  { hash, account, purpose, email, at, expiresAt }: MailLinkRow,
): Promise<void> {
  await queries
    .insertInto('account_mail_link')
    .values({ hash, account, purpose, email, made_at: at, expires_at: expiresAt })
    .execute();
}

interface MailLinkRow {
  hash: Buffer;
  account: number;
  purpose: MailPurpose;
  email: string;
  at: Date;
  expiresAt: Date;
}

/** That of a link, as long as it is good and its account is open. */
export async function mailLinkByHash(queries: Queries, hash: Buffer, now: Date): Promise<MailLink | null> {
  const row = await queries
    .selectFrom('account_mail_link as l')
    .innerJoin('account as a', 'a.id', 'l.account')
    .select(['l.account', 'a.handle', 'l.purpose', 'l.email'])
    .where('l.hash', '=', hash)
    .where('l.expires_at', '>', now)
    .where('a.disabled_at', 'is', null)
    .$castTo<MailLink>()
    .executeTakeFirst();
  return row ?? null;
}

/** Links about addresses of that account open nothing any more. */
export async function dropConfirmations(tx: Tx, account: number): Promise<void> {
  await tx
    .deleteFrom('account_mail_link')
    .where('account', '=', account)
    .where('purpose', 'in', ['confirm', 'leave', 'arrive'])
    .execute();
}

export async function dropMailLinksBefore(queries: Queries, now: Date): Promise<void> {
  await queries.deleteFrom('account_mail_link').where('expires_at', '<=', now).execute();
  await queries.deleteFrom('account_mailed_secret').where('expires_at', '<=', now).execute();
  await queries.deleteFrom('account_address_change').where('expires_at', '<=', now).execute();
}

/** A link, in a mail, to an invitation or a way back in. */
export async function insertMailedSecret(
  queries: Queries,
  row: { hash: Buffer; expiresAt: Date; invite?: number; recovery?: number },
): Promise<void> {
  const { hash, expiresAt, invite = null, recovery = null } = row;
  await queries
    .insertInto('account_mailed_secret')
    .values({ hash, invite, recovery, expires_at: expiresAt })
    .execute();
}

/** Another address that an account is to have. */
export interface AddressChange {
  /** Null: none. */
  email: string | null;
  expiresAt: Date;
  oldConfirmedAt: Date | null;
  newConfirmedAt: Date | null;
}

export async function addressChangeOf(
  queries: Queries,
  account: number,
  now: Date,
): Promise<AddressChange | null> {
  const row = await queries
    .selectFrom('account_address_change')
    .select([
      'email',
      'expires_at as expiresAt',
      'old_confirmed_at as oldConfirmedAt',
      'new_confirmed_at as newConfirmedAt',
    ])
    .where('account', '=', account)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row ?? null;
}

/** Begins a change of address; one that was asked for before is void. */
export async function putAddressChange(
  tx: Tx,
  account: number,
  { email, at, expiresAt }: { email: string | null; at: Date; expiresAt: Date },
): Promise<void> {
  await sql`insert into account_address_change (account, email, asked_at, expires_at)
    values (${account}, ${email}, ${at}, ${expiresAt})
    on conflict (account) do update set email = excluded.email, asked_at = excluded.asked_at,
      expires_at = excluded.expires_at, old_confirmed_at = null, new_confirmed_at = null`.execute(tx);
}

export async function confirmSide(
  tx: Tx,
  account: number,
  side: 'leave' | 'arrive',
  at: Date,
): Promise<void> {
  await tx
    .updateTable('account_address_change')
    .set(side === 'leave' ? { old_confirmed_at: at } : { new_confirmed_at: at })
    .where('account', '=', account)
    .execute();
}

export async function dropAddressChange(tx: Tx, account: number): Promise<void> {
  await tx.deleteFrom('account_address_change').where('account', '=', account).execute();
}
