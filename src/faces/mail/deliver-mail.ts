import { type Database, type Effect, enqueueEffect, Undeliverable } from '#base/db';
import { MusterError } from '#base/errors';
import type { Mailer } from '#base/mail';
import {
  type AddressEffect,
  type Addressee,
  accountById,
  addressChangeOf,
  addresseesOf,
  type ConfirmEffect,
  type InviteEffect,
  type Limit,
  mailPaceOf,
  makeMailLink,
  type RecoveryEffect,
  takeFromBucket,
  writeInvite,
  writeRecovery,
} from '#domain/accounts';
import {
  answerToSend,
  type DigestEffect,
  forgetAddressee,
  type IntakeEffect,
  type MailEffect,
  markMailed,
  type NextDigest,
  noticesToMail,
  wantsMail,
} from '#domain/issues';
import {
  addressLetter,
  confirmLetter,
  digestLetter,
  intakeLetter,
  inviteLetter,
  type Letter,
  noticeLetter,
  type Places,
  recoveryLetter,
} from './words.ts';

/** What mails are sent with. */
export interface MailWorld {
  database: Database;
  mailer: Mailer;
  places: Places;
  nextDigest: NextDigest;
  now?: () => Date;
}

/** Every kind of effect that is a mail. */
export const MAIL_KINDS = [
  'mail',
  'mail.digest',
  'mail.confirm',
  'mail.address',
  'mail.invite',
  'mail.recovery',
  'mail.intake',
];

/** Beyond that a person's notices wait for a digest. */
const EACH_AT_ONCE: Limit = { capacity: 20, perSeconds: 3600 };
/** What nobody could be mailed of for that long is in no mail any more; the pages still have it. */
const OLDEST_MS = 7 * 86_400_000;

/** Who carries out the mails in the outbox, by kind. Each throws Undeliverable where trying again cannot help. */
export function mailDeliverers(world: MailWorld): Record<string, (effect: Effect) => Promise<void>> {
  return {
    mail: (effect) => deliverNotice(world, effect),
    'mail.digest': (effect) => deliverDigest(world, effect),
    'mail.confirm': (effect) => deliverConfirmation(world, effect),
    'mail.address': (effect) => deliverAddressChange(world, effect),
    'mail.invite': (effect) => deliverInvite(world, effect),
    'mail.recovery': (effect) => deliverRecovery(world, effect),
    'mail.intake': (effect) => deliverAnswer(world, effect),
  };
}

async function deliverNotice(world: MailWorld, { key, payload }: Effect): Promise<void> {
  const { database, places } = world;
  const { account, notice: id } = payload as unknown as MailEffect;
  const now = world.now?.() ?? new Date();
  const person = await addressee(database, account);
  const [notice] = person === null ? [] : await noticesToMail(database.queries, account, { only: id });
  if (person === null || notice === undefined || !wantsMail(person.settings, notice.reason)) return;
  // Chosen since it was enqueued.
  const tooMany =
    mailPaceOf(person.settings) === 'daily' ||
    (await takeFromBucket(database.queries, `mail:${account}`, EACH_AT_ONCE, now)) !== null;
  if (tooMany) {
    await laterInOne(world, account, now);
    return;
  }
  const stop = await stopLink(world, person, now);
  await send(world, key, person.email, noticeLetter(notice, places, stop), stop);
  await markMailed(database.queries, [notice.id], now);
}

async function deliverDigest(world: MailWorld, { key, payload }: Effect): Promise<void> {
  const { database, places } = world;
  const { account } = payload as unknown as DigestEffect;
  const now = world.now?.() ?? new Date();
  const person = await addressee(database, account);
  if (person === null) return;
  const since = new Date(now.getTime() - OLDEST_MS);
  const notices = (await noticesToMail(database.queries, account, { since })).filter(({ reason }) =>
    wantsMail(person.settings, reason),
  );
  if (notices.length === 0) return;
  const stop = await stopLink(world, person, now);
  await send(world, key, person.email, digestLetter(notices, places, stop), stop);
  await markMailed(
    database.queries,
    notices.map(({ id }) => id),
    now,
  );
}

async function deliverConfirmation(world: MailWorld, { key, payload }: Effect): Promise<void> {
  const { database, places } = world;
  const { account, email } = payload as unknown as ConfirmEffect;
  const found = await accountById(database.queries, account);
  const now = world.now?.() ?? new Date();
  // Another address by now, or confirmed already.
  if (found === null || found.emailConfirmedAt !== null) return;
  const secret = await makeMailLink(database.queries, { account, email, purpose: 'confirm' }, now);
  if (secret === null) return;
  await send(world, key, email, confirmLetter(found.handle, secret, places));
}

async function deliverAddressChange(world: MailWorld, { key, payload }: Effect): Promise<void> {
  const { database, places } = world;
  const { account, side, email } = payload as unknown as AddressEffect;
  const now = world.now?.() ?? new Date();
  const found = await accountById(database.queries, account);
  const change = await addressChangeOf(database.queries, account, now);
  // Another one was asked for by now, or this one is done.
  if (found === null || change === null || (side === 'arrive' && change.email !== email)) return;
  const secret = await makeMailLink(database.queries, { account, email, purpose: side }, now);
  if (secret === null) return;
  await send(
    world,
    key,
    email,
    addressLetter({ handle: found.handle, side, to: change.email }, secret, places),
  );
}

async function deliverInvite(world: MailWorld, { key, payload }: Effect): Promise<void> {
  const { invite } = payload as unknown as InviteEffect;
  const written = await writeInvite(world.database.queries, invite, world.now?.() ?? new Date());
  // Used or withdrawn.
  if (written === null) return;
  await send(world, key, written.email, inviteLetter(written, world.places));
}

async function deliverRecovery(world: MailWorld, { key, payload }: Effect): Promise<void> {
  const { recovery } = payload as unknown as RecoveryEffect;
  const written = await writeRecovery(world.database.queries, recovery, world.now?.() ?? new Date());
  // Used, withdrawn, or for an address that is not the account's any more.
  if (written === null) return;
  await send(world, key, written.email, recoveryLetter(written, world.places));
}

async function deliverAnswer(world: MailWorld, { key, payload }: Effect): Promise<void> {
  const { intake, version } = payload as unknown as IntakeEffect;
  const { queries } = world.database;
  const answer = await answerToSend(queries, { id: intake, version });
  // Decided anew since, or erased.
  if (answer === null) return;
  const now = world.now?.() ?? new Date();
  try {
    // An address is not kept for a mail server that never comes back.
    if (now.getTime() - answer.decidedAt.getTime() > OLDEST_MS)
      throw new Undeliverable('the answer could not go out for a week');
    await send(world, key, answer.email, intakeLetter(answer, world.places));
  } catch (error) {
    if (error instanceof Undeliverable) await forgetAddressee(queries, intake);
    throw error;
  }
  await forgetAddressee(queries, intake);
}

/** Somebody who can get mail and wants it; null for everybody else. */
async function addressee(
  { queries }: Database,
  account: number,
): Promise<(Addressee & { email: string }) | null> {
  const [person] = await addresseesOf(queries, [account]);
  if (person?.email == null || mailPaceOf(person.settings) === 'never') return null;
  return { ...person, email: person.email };
}

/** What cannot go out now goes into one mail with whatever else there is. */
async function laterInOne({ database, nextDigest }: MailWorld, account: number, now: Date): Promise<void> {
  const dueAt = nextDigest(now);
  const payload: DigestEffect = { account };
  const key = `digest:${account}:${dueAt.toISOString()}`;
  await database.transaction((tx) =>
    enqueueEffect(tx, { key, kind: 'mail.digest', payload: { ...payload }, dueAt }),
  );
}

async function stopLink(
  { database, places }: MailWorld,
  { id, email }: { id: number; email: string },
  now: Date,
): Promise<string> {
  const secret = await makeMailLink(database.queries, { account: id, email, purpose: 'stop' }, now);
  if (secret === null) throw new Error(`the address of account ${id} changed just now`);
  return `${places.origin}/mail/stop?link=${secret}`;
}

async function send(
  { mailer }: MailWorld,
  key: string,
  to: string,
  { subject, text, html }: Letter,
  stop?: string,
): Promise<void> {
  try {
    await mailer.send({ key, to, subject, text, html, ...(stop === undefined ? {} : { stop }) });
  } catch (error) {
    if (error instanceof MusterError && error.code === 'MAIL_REFUSED')
      throw new Undeliverable(error.message, { cause: error });
    throw error;
  }
}
