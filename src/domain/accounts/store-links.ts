import type { Queries, Tx } from '#base/db';

/** What a link in a mail is for. */
export type MailPurpose = 'confirm' | 'stop';

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

/** Links that confirm another address of that account open nothing any more. */
export async function dropConfirmations(tx: Tx, account: number): Promise<void> {
  await tx
    .deleteFrom('account_mail_link')
    .where('account', '=', account)
    .where('purpose', '=', 'confirm')
    .execute();
}

export async function dropMailLinksBefore(queries: Queries, now: Date): Promise<void> {
  await queries.deleteFrom('account_mail_link').where('expires_at', '<=', now).execute();
}
