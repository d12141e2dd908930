// What tests of threads share. Loaded by tests alone.
import type { Database } from '#base/db';
import type { RawMessage } from '#base/mail';
import { knownLists } from './lists.ts';
import type { Mailbox } from './mailboxes.ts';
import { type MailSynced, type MailSyncOptions, syncMailbox } from './sync-mail.ts';

const LIST = 'oss-security.lists.openwall.com';

/** A message of a list that is read. */
export interface SampleMail {
  id?: string;
  from?: string;
  to?: string;
  subject?: string;
  date?: string;
  answers?: readonly string[];
  body?: string;
  list?: string | null;
}

export function sampleMail(mail: SampleMail): Buffer {
  const { id, from = 'Ada <ada@a.example>', to, subject = 'a subject', date = '2017-06-19T10:00:00Z' } = mail;
  const { answers = [], body = 'words\n', list = LIST } = mail;
  const headers = [
    ...(list === null ? [] : [`List-Id: <${list}>`]),
    `From: ${from}`,
    ...(to === undefined ? [] : [`To: ${to}`]),
    ...(id === undefined ? [] : [`Message-ID: <${id}@a.example>`]),
    ...(date === '' ? [] : [`Date: ${new Date(date).toUTCString()}`]),
    ...(answers.length === 0
      ? []
      : [`References: ${answers.map((each) => `<${each}@a.example>`).join(' ')}`]),
    `Subject: ${subject}`,
  ];
  return Buffer.from(`${headers.join('\n')}\n\n${body}`);
}

/** A mailbox that holds some bytes. */
export function mailboxOf(messages: readonly Buffer[]): Mailbox {
  return {
    name: 'sample',
    async *read(): AsyncGenerator<RawMessage> {
      for (const [index, bytes] of messages.entries()) yield { kind: 'message', place: String(index), bytes };
    },
    after: () => null,
  };
}

export async function takeInMails(
  database: Database,
  mails: readonly (SampleMail | Buffer)[],
  options: Partial<MailSyncOptions> = {},
): Promise<MailSynced> {
  const messages = mails.map((mail) => (Buffer.isBuffer(mail) ? mail : sampleMail(mail)));
  return syncMailbox(database, mailboxOf(messages), { lists: knownLists(), ...options });
}
