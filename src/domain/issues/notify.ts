import { type Effect, enqueueEffect, type Tx } from '#base/db';
import { addresseesOf, mailPaceOf } from '#domain/accounts';
import { insertNotices, type NewNotice, type NoticeReason } from './store-notices.ts';

/** Of what people get a mail, unless they chose otherwise (account settings, `mail`): what waits for them in person. */
export const MAIL_BY_DEFAULT: Readonly<Record<NoticeReason, boolean>> = {
  mention: true,
  decision: true,
  claim: true,
  lead: true,
  exploited: true,
  roundup: false,
  watch: false,
  // Who watches sources wants to know when one dies.
  alarm: true,
};

/** What the outbox holds for somebody who sends mail: one notice (kind `mail`). What it says is read when it is sent. */
export interface MailEffect {
  account: number;
  notice: number;
}

/** The same for all that somebody was told since the last time (kind `mail.digest`). */
export interface DigestEffect {
  account: number;
}

/** When mails go to those who want one a day: the next such moment after another one. */
export type NextDigest = (after: Date) => Date;

const SIX_IN_UTC: NextDigest = (after) => {
  const next = new Date(after);
  next.setUTCHours(6, 0, 0, 0);
  return next > after ? next : new Date(next.getTime() + 86_400_000);
};

/**
 * Tells people something, once each for an event and a reason: a notice, and by their preference a mail through the outbox.
 * Accounts that are disabled are told nothing.
 */
export async function notify(
  tx: Tx,
  notices: readonly NewNotice[],
  at = new Date(),
  nextDigest: NextDigest = SIX_IN_UTC,
): Promise<{ notices: number; mails: number }> {
  const people = new Map(
    (
      await addresseesOf(
        tx,
        notices.map(({ account }) => account),
      )
    ).map((each) => [each.id, each]),
  );
  const told = await insertNotices(
    tx,
    notices.filter(({ account }) => people.has(account)),
    at,
  );
  let mails = 0;
  for (const { id, account, reason } of told) {
    const person = people.get(account);
    if (person?.email == null || !wantsMail(person.settings, reason)) continue;
    const pace = mailPaceOf(person.settings);
    if (pace === 'never') continue;
    if (await enqueueEffect(tx, pace === 'daily' ? digest(account, nextDigest(at)) : single(account, id, at)))
      mails += 1;
  }
  return { notices: told.length, mails };
}

function single(account: number, notice: number, at: Date): Effect {
  const payload: MailEffect = { account, notice };
  return { key: `notice:${notice}`, kind: 'mail', payload: { ...payload }, dueAt: at };
}

/** One for each person and time: whatever else they are told until then goes into the same. */
function digest(account: number, dueAt: Date): Effect {
  const payload: DigestEffect = { account };
  const key = `digest:${account}:${dueAt.toISOString()}`;
  return { key, kind: 'mail.digest', payload: { ...payload }, dueAt };
}

/** Whether somebody wants a mail for that reason, as their settings say: `{"mail": {"watch": true}}`. */
export function wantsMail(settings: Readonly<Record<string, unknown>>, reason: NoticeReason): boolean {
  const { mail } = settings;
  const chosen =
    typeof mail === 'object' && mail !== null ? (mail as Record<string, unknown>)[reason] : undefined;
  return typeof chosen === 'boolean' ? chosen : MAIL_BY_DEFAULT[reason];
}
