import { enqueueEffect, type Tx } from '#base/db';
import { addresseesOf } from '#domain/accounts';
import { insertNotices, type NewNotice, type NoticeReason } from './store-notices.ts';

/** Of what people get a mail, unless they chose otherwise (account settings, `mail`): what waits for them in person. */
export const MAIL_BY_DEFAULT: Readonly<Record<NoticeReason, boolean>> = {
  mention: true,
  decision: true,
  claim: true,
  lead: true,
  roundup: false,
  watch: false,
};

/** What the outbox holds for somebody who sends mail (kind `mail`). `topic` leads to the page to look at. */
export interface MailEffect {
  account: number;
  to: string;
  subject: string;
  topic: string;
  reason: NoticeReason;
}

/**
 * Tells people something, once each for an event and a reason: a notice, and by their preference a mail through the outbox.
 * Accounts that are disabled are told nothing.
 */
export async function notify(
  tx: Tx,
  notices: readonly NewNotice[],
  at = new Date(),
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
  for (const { id, account, reason, topic, words } of told) {
    const person = people.get(account);
    if (person?.email == null || !wantsMail(person.settings, reason)) continue;
    const payload: MailEffect = { account, to: person.email, subject: words, topic, reason };
    await enqueueEffect(tx, { key: `notice:${id}`, kind: 'mail', payload: { ...payload }, dueAt: at });
    mails += 1;
  }
  return { notices: told.length, mails };
}

/** Whether somebody wants a mail for that reason, as their settings say: `{"mail": {"watch": true}}`. */
export function wantsMail(settings: Readonly<Record<string, unknown>>, reason: NoticeReason): boolean {
  const { mail } = settings;
  const chosen =
    typeof mail === 'object' && mail !== null ? (mail as Record<string, unknown>)[reason] : undefined;
  return typeof chosen === 'boolean' ? chosen : MAIL_BY_DEFAULT[reason];
}
