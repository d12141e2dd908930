import { MusterError } from '#base/errors';
import { isUrl } from '#base/formats';
import { type ImapCursor, type RawMessage, readImap, readMaildir, readMbox } from '#base/mail';

/** Where messages come from. */
export interface Mailbox {
  /** Its address without the password: how it is called. */
  name: string;
  /** The messages that came since the cursor, each with the cursor that holds once it is stored, where there is one. */
  read(cursor: unknown, now: Date): AsyncIterable<RawMessage & { cursor?: unknown }>;
  /** The cursor once all of it was read. */
  after(started: Date): unknown;
  /** A place in it can be that of another message another time. */
  shifting?: true;
}

/** File systems and clocks differ by seconds. */
const OVERLAP_MS = 300_000;

/**
 * `imaps://user:password@host/INBOX`, `imap://…`, `maildir:/var/mail/lists`, `mbox:/var/mail/archive`.
 *
 * @throws MusterError CONFIG_INVALID, without the password
 */
export function mailboxAt(address: string): Mailbox {
  if (address.startsWith('maildir:')) return maildirAt(address.slice('maildir:'.length));
  if (address.startsWith('mbox:')) return mboxAt(address.slice('mbox:'.length));
  if (!isUrl(address) || !/^imaps?:$/.test(new URL(address).protocol))
    throw new MusterError(
      'CONFIG_INVALID',
      'a mailbox is imaps://user:password@host/INBOX, maildir:/folder or mbox:/file',
    );
  const url = new URL(address);
  url.password = '';
  return {
    name: url.href,
    read: (cursor) => readImap(address, isImapCursor(cursor) ? cursor : null),
    after: () => null,
  };
}

/** The messages of an mbox file are all read each time: it may have been changed anywhere. */
export function mboxAt(path: string): Mailbox {
  return { name: `mbox:${path}`, read: () => readMbox(path), after: () => null, shifting: true };
}

export function maildirAt(path: string): Mailbox {
  return {
    name: `maildir:${path}`,
    read: (cursor) => readMaildir(path, since(cursor)),
    after: (started) => ({ since: started.getTime() }),
  };
}

function since(cursor: unknown): number {
  const { since: moment } = (cursor ?? {}) as { since?: unknown };
  return typeof moment === 'number' ? moment - OVERLAP_MS : 0;
}

function isImapCursor(cursor: unknown): cursor is ImapCursor {
  const { validity, uid } = (cursor ?? {}) as Partial<Record<keyof ImapCursor, unknown>>;
  return typeof validity === 'string' && typeof uid === 'number';
}
