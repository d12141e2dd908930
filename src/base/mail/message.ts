import { createHash, hash } from 'node:crypto';
import { addressParser, decodeWords } from 'postal-mime';
import {
  decode,
  first,
  type Headers,
  MailProblem,
  type Part,
  readEntity,
  type SignedPart,
  textOf,
} from './mime.ts';
import { plainOfHtml } from './plain-of-html.ts';
import { remembering } from './remembering.ts';

/** Bytes of a message that are read at all. */
export const LARGEST_MESSAGE = 20 << 20;
/** Characters of text that are looked at, of all parts together. */
const LONGEST_TEXT = 2 << 20;
const LONGEST_SUBJECT = 500;
const MOST_REFERENCES = 50;
const MOST_PEOPLE = 100;

export interface Person {
  name: string;
  /** In lower case. */
  address: string;
}

/** A file that came with a message, or a text that is one. */
export interface Attachment {
  name: string;
  type: string;
  bytes: Buffer;
}

/** A message as people read it, and as threads are made of it. */
export interface Message {
  /** Hash over what makes it this message, whatever relays and mailboxes added: a copy has the same. 64 hexadecimal digits. */
  fingerprint: string;
  /** With its angle brackets; null where it has none. */
  messageId: string | null;
  /** What it says it answers, the oldest first. */
  references: string[];
  /** When its author sent it, in milliseconds; null where it does not say. */
  sentAt: number | null;
  from: Person | null;
  /** Everybody that it names as a recipient. */
  to: Person[];
  subject: string;
  /** The list that carried it, as `oss-security.lists.openwall.com`. */
  list: string | null;
  /** Every text of it one after the other, as plain text. */
  text: string;
  /** Some of it was left out: too much text, too many parts, too deep. */
  cut: boolean;
  attachments: Attachment[];
  signed: SignedWords[];
  /** There is a message in it, whose words stand among its own. */
  forwarded: boolean;
}

/** Something signed by PGP/MIME or S/MIME, and where its words stand in the text of the message. */
export interface SignedWords extends Omit<SignedPart, 'parts'> {
  from: number;
  to: number;
  /** It is all that the message holds. */
  whole: boolean;
}

/**
 * Reads a message. Never fails on what is merely malformed: no date, a charset that does not exist, a structure that ends
 * in the middle are read as far as they go.
 *
 * @throws MailProblem for what is no message, or exceeds what is read at all
 */
export function readMessage(raw: Buffer): Message {
  if (raw.length > LARGEST_MESSAGE)
    throw new MailProblem('too-large', 'byte 0', `${raw.length} bytes are more than ${LARGEST_MESSAGE}`);
  const { headers, parts, signed, forwarded, cut } = readEntity(raw);
  if (headers.size === 0) throw new MailProblem('bad-grammar', 'byte 0', 'there are no headers');
  const messageId = idsIn(first(headers, 'message-id') ?? '')[0] ?? null;
  const body = readParts(parts);
  const named = {
    messageId,
    references: referencesOf(headers, messageId),
    sentAt: dateOf(headers),
    from: peopleIn(headers, ['from', 'sender'])[0] ?? null,
    to: peopleIn(headers, ['to', 'cc']),
    subject: headerText(first(headers, 'subject') ?? '', LONGEST_SUBJECT),
  };
  return {
    ...named,
    fingerprint: fingerprintOf(named, body),
    list: listOf(headers),
    text: body.text,
    cut: cut || body.cut,
    attachments: body.attachments,
    signed: signed.map(({ parts: own, ...each }) => ({
      ...each,
      ...stretchOf(own, body.places),
      whole: !forwarded && !body.places.some(({ empty }, at) => !empty && (at < own.from || at >= own.to)),
    })),
    forwarded,
  };
}

/** Where the words of some parts stand in the text. */
function stretchOf(
  { from, to }: SignedPart['parts'],
  places: readonly PartPlace[],
): { from: number; to: number } {
  const own = places.slice(from, to).filter((place) => place.to > place.from);
  return { from: own[0]?.from ?? 0, to: own.at(-1)?.to ?? 0 };
}

/** What became of a part. */
interface PartPlace {
  /** Where it stands in the text; nowhere where both are the same. */
  from: number;
  to: number;
  /** It says nothing: a signature, or blanks. */
  empty: boolean;
}

interface Body {
  text: string;
  attachments: Attachment[];
  cut: boolean;
  /** Of each part. */
  places: PartPlace[];
}

function readParts(parts: readonly Part[]): Body {
  const texts: string[] = [];
  const attachments: Attachment[] = [];
  const places: PartPlace[] = [];
  let left = LONGEST_TEXT;
  let cut = false;
  let at = 0;
  for (const part of parts) {
    const { type, charset } = part;
    if (type.endsWith('/pgp-signature') || type.includes('pkcs7-signature')) {
      places.push({ from: at, to: at, empty: true });
      continue;
    }
    const bytes = decode(part.body, part.encoding);
    if (!isWords(part)) {
      attachments.push({ name: nameOf(part.name, attachments.length), type, bytes });
      places.push({ from: at, to: at, empty: false });
      continue;
    }
    if (part.doubled) {
      places.push({ from: at, to: at, empty: false });
      continue;
    }
    // One byte more than there is room for: so it shows that something was cut.
    const text = textOf(bytes.subarray(0, left + 1), charset);
    cut ||= text.length > left || bytes.length > left;
    const words = (type === 'text/html' ? plainOfHtml(text) : text).slice(0, left);
    const plain = words.includes('\r') ? words.replace(/\r\n?/g, '\n') : words;
    texts.push(plain);
    places.push({ from: at, to: at + plain.length, empty: plain.trim() === '' });
    at += plain.length + 1;
    left = Math.max(left - text.length, 0);
  }
  return { text: texts.join('\n'), attachments, cut, places };
}

/** Names of texts that people read; what else has a name is a file. */
const NAME_OF_WORDS = /^[^.]*$|\.(?:txt|text|asc|md|rst)$/i;
const NAME_OF_PATCH = /\.(?:patch|diff|dpatch|debdiff)\./i;

/** Whether a part is something to read where it stands: a text that is not attached, also one that was given a name. */
function isWords({ type, name, attached }: Part): boolean {
  if (attached || !type.startsWith('text/')) return false;
  return name === null || (type === 'text/plain' && NAME_OF_WORDS.test(name) && !NAME_OF_PATCH.test(name));
}

/** What a file is called: the last part of its name, without anything that means something to a shell or a browser. */
function nameOf(name: string | null, index: number): string {
  const last =
    headerText(name ?? '', 300)
      .split(/[/\\]/)
      .at(-1) ?? '';
  const plain = last
    .replace(/[^\p{L}\p{N}._+-]+/gu, '_')
    .replace(/^[._]+/, '')
    .slice(0, 120)
    .replace(HALF, '');
  return plain === '' ? `part-${index + 1}` : plain;
}

/** Over its words, and over all that places it in a thread: two that differ in that are two. */
function fingerprintOf(
  named: Pick<Message, 'messageId' | 'references' | 'sentAt' | 'from' | 'to' | 'subject'>,
  { text, attachments }: Body,
): string {
  const { messageId, references, sentAt, from, to, subject } = named;
  const people = [from?.address ?? '', ...to.map(({ address }) => address)].join(' ');
  const parts = [messageId ?? '', references.join(' '), String(sentAt), people, subject, text.trim()];
  const head = parts.join('\n');
  if (attachments.length === 0) return hash('sha256', head, 'hex');
  const sum = createHash('sha256').update(head);
  for (const { name, bytes } of attachments) sum.update(`\n${name}\n`).update(bytes);
  return sum.digest('hex');
}

/** Half of a character: what is cut can end in one. */
const HALF = /\p{Cs}$/u;
/** White space other than one blank, and characters that are none. */
const UNEVEN = /\s\s|[^\S ]|\p{Cc}/u;

/** What stands in a header for people to read: encoded words undone (RFC 2047), on one line. */
function headerText(value: string, limit: number): string {
  const short = value.slice(0, limit * 8);
  const text = short.includes('=?') ? decodeWords(short) : short;
  const even = (UNEVEN.test(text) ? text.replace(/[\s\p{Cc}]+/gu, ' ') : text).trim();
  return even.length <= limit ? even : even.slice(0, limit).replace(HALF, '');
}

/** `Name <address>,`, `"Other, name" <address>` or a mere address. */
const SIMPLE_PERSON =
  /\s{0,4}(?:(?:"([^"\\]{0,100})"|([\w .+-]{0,100}))\s{0,4}<([\w.+=-]{1,100}@[\w.-]{1,200})>|([\w.+=-]{1,100}@[\w.-]{1,200}))\s{0,4}(?:,|$)/y;

function peopleIn(headers: Headers, names: readonly string[]): Person[] {
  const people: Person[] = [];
  for (const name of names) {
    for (const value of headers.get(name) ?? []) {
      if (people.length >= MOST_PEOPLE) return people;
      people.push(...peopleOf(value.slice(0, 20_000)).slice(0, MOST_PEOPLE - people.length));
    }
  }
  return people;
}

function peopleOf(value: string): Person[] {
  const simple = simplePeople(value);
  if (simple !== null) return simple;
  return addressParser(value, { flatten: true }).flatMap(({ name, address }) =>
    address === undefined || address === ''
      ? []
      : [{ name: headerText(name, 200), address: address.slice(0, 300).toLowerCase() }],
  );
}

/** Most people are named as simply as that, and the library takes twenty times as long; null where one is not. */
function simplePeople(value: string): Person[] | null {
  const people: Person[] = [];
  for (SIMPLE_PERSON.lastIndex = 0; SIMPLE_PERSON.lastIndex < value.length; ) {
    const match = SIMPLE_PERSON.exec(value);
    if (match === null) return null;
    const [, quoted, plain = '', named, bare = ''] = match;
    people.push({ name: (quoted ?? plain).trim(), address: (named ?? bare).toLowerCase() });
  }
  return people;
}

const ID = /<[^\s<>]{1,400}>/g;

function idsIn(value: string): string[] {
  return value.slice(0, 50_000).match(ID) ?? [];
}

/** References, then In-Reply-To where that tells another one; of too many the first, which names the thread, and the last ones. */
function referencesOf(headers: Headers, own: string | null): string[] {
  const [given] = headers.get('references') ?? [];
  const replied = idsIn(first(headers, 'in-reply-to') ?? '');
  // It answers one message: further ids there are people's addresses.
  const ids = new Set([...idsIn(given ?? ''), ...replied.slice(0, 1)]);
  if (own !== null) ids.delete(own);
  const all = [...ids];
  return all.length <= MOST_REFERENCES
    ? all
    : [...all.slice(0, 1), ...all.slice(all.length - MOST_REFERENCES + 1)];
}

/** The author's date; where there is none that can be read, when the first relay took it. */
function dateOf(headers: Headers): number | null {
  const sent = momentOf(first(headers, 'date') ?? '');
  if (sent !== null) return sent;
  const received = headers.get('received')?.at(-1) ?? '';
  return momentOf(received.slice(received.lastIndexOf(';') + 1));
}

/** From the first mail that there was to a little after now: what is outside has a wrong clock, or is meant to stand above all. */
const EARLIEST = Date.UTC(1982, 0, 1);
const LATEST = Date.UTC(2100, 0, 1);

function momentOf(text: string): number | null {
  const plain = text
    .slice(0, 200)
    .replace(/\([^()]*\)/g, '')
    .trim();
  if (!/\d/.test(plain)) return null;
  const moment = Date.parse(plain);
  return moment >= EARLIEST && moment < LATEST ? moment : null;
}

/** `List-Id: Some words <name.of.list>` (RFC 2919); ezmlm and Mailman both write it. */
function listOf(headers: Headers): string | null {
  const value = first(headers, 'list-id');
  if (value === undefined) return null;
  const [, id] = /<([^\s<>]{1,200})>\s*$/.exec(value.slice(0, 2000)) ?? [];
  return (id ?? (/^[\w.-]{3,200}$/.test(value) ? value : null))?.toLowerCase() ?? null;
}

/** Ids are compared by their hashes: 32 hexadecimal digits. Each message is named by all that follow it. */
export const idHash = remembering(20_000, (id) => hash('sha256', id, 'hex').slice(0, 32));
