import { appendEvents, type Database, enqueueEffect, lockHistory, type Queries } from '#base/db';
import { actorOf, toldOf } from './account.ts';
import { limited, type Outcome, refused } from './answer.ts';
import { LIMITS, takeFromBucket } from './rate-limit.ts';
import { hashOf, isSecret, newSecret } from './secrets.ts';
import { accountById, putSettings, updateAccount } from './store.ts';
import {
  dropConfirmations,
  insertMailLink,
  type MailLink,
  type MailPurpose,
  mailLinkByHash,
} from './store-links.ts';

/** How often somebody wants mail of what happens: each at once, one a day, or never. */
export const MAIL_PACES = ['at_once', 'daily', 'never'] as const;
export type MailPace = (typeof MAIL_PACES)[number];

/** What the outbox holds for a mail that shows whether an address is its account's (kind `mail.confirm`). */
export interface ConfirmEffect {
  account: number;
  email: string;
}

/** How long a link is good: an address is confirmed in a few days, and mails are kept for years. */
const VALID_DAYS = { confirm: 3, stop: 400 } as const satisfies Record<MailPurpose, number>;
const DAY_MS = 86_400_000;
const GONE = 'This link was used, is too old, or was sent to an address that is not yours any more.';

/** How often somebody wants mail, as they chose; at once where they never did. */
export function mailPaceOf(settings: Readonly<Record<string, unknown>>): MailPace {
  return MAIL_PACES.find((pace) => pace === settings.mailPace) ?? 'at_once';
}

/** Asks for a mail to one's own address, with a link that confirms it. */
export async function askConfirmation(
  database: Database,
  { id }: { id: number },
  now: Date,
): Promise<Outcome<{ email: string }>> {
  const account = await accountById(database.queries, id);
  if (account === null) return refused('UNKNOWN', 'There is no such account.');
  const { email } = account;
  if (email === null) return refused('BARRED', 'Your account has no address. Add one first.', 'email');
  if (account.emailConfirmedAt !== null)
    return refused('BARRED', 'Your address is confirmed already.', 'email');
  const wait = await takeFromBucket(database.queries, `confirm:${id}`, LIMITS.confirmation, now);
  if (wait !== null) return limited(wait);
  const payload: ConfirmEffect = { account: id, email };
  const key = `confirm:${id}:${now.getTime()}`;
  await database.transaction((tx) =>
    enqueueEffect(tx, { key, kind: 'mail.confirm', payload: { ...payload }, dueAt: now }),
  );
  return { outcome: 'done', email };
}

/**
 * Makes what a link in a mail has to hold, when that mail is written: it is nowhere else. Each mail has one of its own.
 *
 * @returns null where the account is closed, or has another address by now
 */
export async function makeMailLink(
  queries: Queries,
  { account, email, purpose }: { account: number; email: string; purpose: MailPurpose },
  now: Date,
): Promise<string | null> {
  const found = await accountById(queries, account);
  if (found === null || found.disabledAt !== null || found.email !== email) return null;
  const secret = newSecret();
  const expiresAt = new Date(now.getTime() + VALID_DAYS[purpose] * DAY_MS);
  await insertMailLink(queries, { hash: hashOf(secret), account, purpose, email, at: now, expiresAt });
  return secret;
}

/** What a link is for; null where it opens nothing. Looking at it uses nothing up. */
export async function mailLinkOf(
  queries: Queries,
  secret: string | undefined,
  purpose: MailPurpose,
  now: Date,
): Promise<MailLink | null> {
  const link = isSecret(secret) ? await mailLinkByHash(queries, hashOf(secret), now) : null;
  return link?.purpose === purpose ? link : null;
}

/** Whoever has the link reads mail to the address: it is confirmed, if it still is the account's. */
export async function confirmAddress(
  database: Database,
  secret: string | undefined,
  now: Date,
): Promise<Outcome<{ handle: string }>> {
  return database.transaction(async (tx): Promise<Outcome<{ handle: string }>> => {
    await lockHistory(tx);
    const link = await mailLinkOf(tx, secret, 'confirm', now);
    const account = link === null ? null : await accountById(tx, link.account);
    if (link === null || account === null || account.email !== link.email) return refused('UNKNOWN', GONE);
    await updateAccount(tx, account.id, { emailConfirmedAt: now });
    await dropConfirmations(tx, account.id);
    await appendEvents(tx, [toldOf(account, 'address.confirmed', actorOf(account), 'by mail')], now);
    return { outcome: 'done', handle: account.handle };
  });
}

/** Stops mails of what happens, for whoever has a link of one: that is asked of no one to sign in first. */
export async function stopMail(
  database: Database,
  secret: string | undefined,
  now: Date,
): Promise<Outcome<{ handle: string }>> {
  const link = await mailLinkOf(database.queries, secret, 'stop', now);
  if (link === null) return refused('UNKNOWN', 'This link is too old. Sign in to choose what you get.');
  await putSettings(database.queries, link.account, { mailPace: 'never' satisfies MailPace });
  return { outcome: 'done', handle: link.handle };
}
