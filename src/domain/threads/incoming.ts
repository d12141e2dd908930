import { hash } from 'node:crypto';
import {
  idHash,
  idsQuoted,
  isOrphan,
  type KnownKey,
  type Message,
  mayBeSigned,
  mentionsIn,
  type Posting,
  remembering,
  type Signature,
  signaturesOf,
  subjectKey,
} from '#base/mail';
import type { ProductFinder } from './find-products.ts';
import type { MailingList } from './lists.ts';
import { type Fact, idsOf, recognise } from './recognise.ts';

/** A message that was read, on its way into the store. */
export interface Incoming {
  posting: Posting;
  orphan: boolean;
  list: MailingList;
  fromName: string;
  fromAddress: string;
  subject: string;
  facts: Fact[];
  signatures: Signature[];
  bytes: Buffer;
}

/** What is kept in mind while messages are read: how products are recognised, and whose signatures are checked. */
export interface ReadingMeans {
  findProducts: ProductFinder;
  keys: readonly KnownKey[];
}

/** What is stored of a message, and what places it in a thread. */
export async function incomingOf(
  message: Message,
  list: MailingList,
  bytes: Buffer,
  { findProducts, keys }: ReadingMeans,
): Promise<Incoming> {
  const ids = idsOf(message);
  const posting = postingOf(message, ids);
  return {
    posting,
    orphan: isOrphan(posting),
    list,
    fromName: message.from?.name ?? '',
    fromAddress: message.from?.address ?? '',
    subject: message.subject,
    facts: recognise(message, ids, findProducts, list),
    signatures: mayBeSigned(message) ? await signaturesOf(message, keys) : [],
    bytes,
  };
}

/** Words and addresses are hashed: they are only ever compared, and what is redacted stands in one place less. */
function postingOf(message: Message, ids: readonly string[]): Posting {
  const { fingerprint, messageId, references, sentAt, subject, from, to, text } = message;
  const compared = comparedSubject(subject);
  const named = references.length > 0 ? references : idsQuoted(text);
  return {
    key: fingerprint,
    id: messageId === null ? fingerprint.slice(0, 32) : idHash(messageId),
    references: named.map(idHash),
    sentAt,
    subject: compared,
    from: from === null ? '' : short(from.address),
    // Only an answer without references is placed by these.
    to: compared.reply && named.length === 0 ? to.map(({ address }) => short(address)) : [],
    mentions: mentionsIn(text, ids),
  };
}

const short = remembering(20_000, (text) => hash('sha256', text, 'hex').slice(0, 16));

const comparedSubject = remembering(5000, (subject): Posting['subject'] => {
  const { exact, stem, ...key } = subjectKey(subject);
  return { ...key, exact: exact === '' ? '' : short(exact), stem: short(stem) };
});
