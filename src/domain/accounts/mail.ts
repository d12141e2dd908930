import { appendEvents, type Database, enqueueEffect, lockHistory, type Queries, type Tx } from '#base/db';
import { type Account, actorOf, toldOf } from './account.ts';
import { limited, type Outcome, refused } from './answer.ts';
import { LIMITS, takeFromBucket } from './rate-limit.ts';
import { hashOf, isSecret, newSecret } from './secrets.ts';
import { accountById, putSettings, updateAccount } from './store.ts';
import {
  addressChangeOf,
  confirmSide,
  dropAddressChange,
  dropConfirmations,
  insertMailLink,
  type MailLink,
  type MailPurpose,
  mailLinkByHash,
  putAddressChange,
} from './store-links.ts';

/** How often somebody wants mail of what happens: each at once, one a day, or never. */
export const MAIL_PACES = ['at_once', 'daily', 'never'] as const;
export type MailPace = (typeof MAIL_PACES)[number];

/** What the outbox holds for each of the two mails of a change of address (kind `mail.address`). */
export interface AddressEffect {
  account: number;
  side: 'leave' | 'arrive';
  /** To whom: the old address, or the new one. */
  email: string;
}

/** What the outbox holds for a mail that shows whether an address is its account's (kind `mail.confirm`). */
export interface ConfirmEffect {
  account: number;
  email: string;
}

/** How long a link is good: an address is confirmed in a few days, and mails are kept for years. */
const VALID_DAYS = { confirm: 3, leave: 3, arrive: 3, stop: 400 } as const satisfies Record<
  MailPurpose,
  number
>;
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
 * Begins a change of a confirmed address: it stays as it is until whoever reads mail there says so, and whoever reads mail
 * at the new one. Otherwise somebody at an open screen could lead the way back in to themselves.
 *
 * @param email null where there is to be none
 */
export async function beginAddressChange(
  tx: Tx,
  account: Pick<Account, 'id' | 'email'>,
  email: string | null,
  now: Date,
): Promise<void> {
  await dropConfirmations(tx, account.id);
  const expiresAt = new Date(now.getTime() + VALID_DAYS.leave * DAY_MS);
  await putAddressChange(tx, account.id, { email, at: now, expiresAt });
  const sides = [['leave', account.email] as const, ['arrive', email] as const];
  for (const [side, to] of sides) {
    if (to === null) continue;
    const payload: AddressEffect = { account: account.id, side, email: to };
    const key = `address:${account.id}:${side}:${now.getTime()}`;
    await enqueueEffect(tx, { key, kind: 'mail.address', payload: { ...payload }, dueAt: now });
  }
}

/**
 * Makes what a link in a mail has to hold, when that mail is written: it is nowhere else. Each mail has one of its own.
 *
 * @returns null where the account is closed, or has another address by now (with `arrive`: is to get another one)
 */
export async function makeMailLink(
  queries: Queries,
  { account, email, purpose }: { account: number; email: string; purpose: MailPurpose },
  now: Date,
): Promise<string | null> {
  const found = await accountById(queries, account);
  if (found === null || found.disabledAt !== null) return null;
  const own = purpose === 'arrive' ? (await addressChangeOf(queries, account, now))?.email : found.email;
  if (own !== email) return null;
  const secret = newSecret();
  const expiresAt = new Date(now.getTime() + VALID_DAYS[purpose] * DAY_MS);
  await insertMailLink(queries, { hash: hashOf(secret), account, purpose, email, at: now, expiresAt });
  return secret;
}

/** What a link is for, if it is for one of these; null where it opens nothing. Looking at it uses nothing up. */
export async function mailLinkOf(
  queries: Queries,
  secret: string | undefined,
  purposes: readonly MailPurpose[],
  now: Date,
): Promise<MailLink | null> {
  const link = isSecret(secret) ? await mailLinkByHash(queries, hashOf(secret), now) : null;
  return link !== null && purposes.includes(link.purpose) ? link : null;
}

/** Links that say of an address whose it is. */
export const ADDRESS_PURPOSES = ['confirm', 'leave', 'arrive'] as const satisfies readonly MailPurpose[];

/**
 * Whoever has the link reads mail to the address: it is confirmed, if it still is the account's. Of a change it is one side;
 * `waits` says that the other one is still to come.
 */
export async function confirmAddress(
  database: Database,
  secret: string | undefined,
  now: Date,
): Promise<Outcome<{ handle: string; waits: boolean }>> {
  type Confirmed = Outcome<{ handle: string; waits: boolean }>;
  return database.transaction(async (tx): Promise<Confirmed> => {
    await lockHistory(tx);
    const link = await mailLinkOf(tx, secret, ADDRESS_PURPOSES, now);
    const account = link === null ? null : await accountById(tx, link.account);
    if (link === null || account === null) return refused('UNKNOWN', GONE);
    if (link.purpose === 'leave' || link.purpose === 'arrive') {
      const waits = await confirmOneSide(tx, account, link.purpose, now);
      return waits === null ? refused('UNKNOWN', GONE) : { outcome: 'done', handle: account.handle, waits };
    }
    if (account.email !== link.email) return refused('UNKNOWN', GONE);
    await updateAccount(tx, account.id, { emailConfirmedAt: now });
    await dropConfirmations(tx, account.id);
    await appendEvents(tx, [toldOf(account, 'address.confirmed', actorOf(account), 'by mail')], now);
    return { outcome: 'done', handle: account.handle, waits: false };
  });
}

/** @returns whether the other side is still to come; null where nothing is to be changed any more */
async function confirmOneSide(
  tx: Tx,
  account: Account,
  side: 'leave' | 'arrive',
  now: Date,
): Promise<boolean | null> {
  await confirmSide(tx, account.id, side, now);
  const change = await addressChangeOf(tx, account.id, now);
  if (change === null) return null;
  const { email, oldConfirmedAt, newConfirmedAt } = change;
  if (oldConfirmedAt === null || (newConfirmedAt === null && email !== null)) return true;
  await updateAccount(tx, account.id, { email, emailConfirmedAt: email === null ? null : now });
  await dropAddressChange(tx, account.id);
  await dropConfirmations(tx, account.id);
  await appendEvents(tx, [toldOf(account, 'address.changed', actorOf(account), 'by mail')], now);
  return false;
}

/** Stops mails of what happens, for whoever has a link of one: that is asked of no one to sign in first. */
export async function stopMail(
  database: Database,
  secret: string | undefined,
  now: Date,
): Promise<Outcome<{ handle: string }>> {
  const link = await mailLinkOf(database.queries, secret, ['stop'], now);
  if (link === null) return refused('UNKNOWN', 'This link is too old. Sign in to choose what you get.');
  await putSettings(database.queries, link.account, { mailPace: 'never' satisfies MailPace });
  return { outcome: 'done', handle: link.handle };
}
