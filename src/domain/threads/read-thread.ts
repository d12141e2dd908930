import type { Queries } from '#base/db';
import { type Message, readMessage, type Signature, signedStretches } from '#base/mail';
import { rawReader } from '#domain/sources';
import { type FoundPatch, findPatches } from './find-patches.ts';
import { mailById, mailsOf, type ThreadMail } from './store-reading.ts';

/** A stretch of a message: what its author wrote, what they quote, or what only means something to programs. */
export interface Passage {
  kind: 'words' | 'quoted' | 'patch' | 'armor';
  text: string;
  /** Who signed it, and that holds; null where nobody whose key we have did. */
  signer: string | null;
}

/** A message as people read it: plain text, whatever it came as. */
export interface ReadableMail {
  id: number;
  list: string;
  sentAt: Date | null;
  from: { name: string; address: string } | null;
  subject: string | null;
  signatures: Signature[];
  passages: Passage[];
  /** Downloaded by their numbers, from 1. */
  patches: ReadablePatch[];
  /** What else came with it: named, and not given out. */
  attachments: { name: string; type: string; bytes: number }[];
  /** Too long to be shown whole. */
  cut: boolean;
  redacted: boolean;
}

export interface ReadablePatch {
  number: number;
  name: string;
  /** Null where it is packed, and where no room is left. */
  text: string | null;
  bytes: number;
  packed: boolean;
  /** It stands among the passages. */
  inText: boolean;
}

/** Characters of the text of a message that are given out, and of a patch. */
const LONGEST = 60_000;
/** Of a message with all of its patches, and of all messages that are read at once. */
const MOST_OF_MESSAGE = 120_000;
const MOST_AT_ONCE = 600_000;

/** Room for characters. */
class Room {
  #left: number;
  constructor(left: number) {
    this.#left = left;
  }
  get left(): number {
    return this.#left;
  }
  take(text: string): string {
    const taken = text.slice(0, Math.max(this.#left, 0));
    this.#left -= taken.length;
    return taken;
  }
}

/** Messages of a thread by their dates, read from their raw bytes. */
export async function readMails(
  queries: Queries,
  thread: number,
  page: { offset: number; limit: number },
): Promise<ReadableMail[]> {
  const mails = await mailsOf(queries, thread, page);
  const read = rawReader(queries);
  const readable: ReadableMail[] = [];
  let left = MOST_AT_ONCE;
  for (const mail of mails) {
    const room = new Room(Math.min(left, MOST_OF_MESSAGE));
    const before = room.left;
    readable.push(asReadable(mail, mail.redactedAt === null ? await read(mail) : null, room));
    left -= before - room.left;
  }
  return readable;
}

function asReadable(mail: ThreadMail, bytes: Buffer | null, room: Room): ReadableMail {
  const { id, list, sentAt, fromName, fromAddress, subject, signatures } = mail;
  const from =
    fromAddress === null && fromName === null ? null : { name: fromName ?? '', address: fromAddress ?? '' };
  const common = { id, list, sentAt, from, subject, signatures };
  if (bytes === null)
    return {
      ...common,
      passages: [],
      patches: [],
      attachments: [],
      cut: false,
      redacted: mail.redactedAt !== null,
    };
  const message = readMessage(bytes);
  const patches = findPatches(message);
  const ofFiles = new Set(patches.map(({ name }) => name));
  const shown = room.take(message.text.slice(0, LONGEST));
  const passages = passagesOf(shown, patches, signedBy(message, signatures));
  const standing = new Set(passages.flatMap(({ kind, text }) => (kind === 'patch' ? [text] : [])));
  return {
    ...common,
    passages,
    patches: patches.map(({ name, text, bytes: own }, index) => ({
      number: index + 1,
      name,
      text: text === null || room.left === 0 ? null : room.take(text.slice(0, LONGEST)),
      bytes: own.length,
      packed: text === null,
      inText: text !== null && standing.has(text.trimEnd()),
    })),
    attachments: message.attachments
      .filter(({ name }) => !ofFiles.has(name))
      .map(({ name, type, bytes: own }) => ({ name, type, bytes: own.length })),
    cut: message.cut || message.text.length > shown.length,
    redacted: false,
  };
}

/** A stretch of the text of a message that somebody signed. */
interface SignedBy {
  from: number;
  to: number;
  signer: string;
}

function signedBy(message: Message, signatures: readonly Signature[]): SignedBy[] {
  const stretches = signedStretches(message);
  return signatures.flatMap(({ state, signer }, index) => {
    const stretch = stretches[index];
    return state === 'good' && signer !== null && stretch !== undefined ? [{ ...stretch, signer }] : [];
  });
}

/** Text in stretches of one kind, and signed by one; of signatures only that they are there. */
function passagesOf(text: string, patches: readonly FoundPatch[], signed: readonly SignedBy[]): Passage[] {
  const edges = signed.flatMap(({ from, to }) => [from, to]).filter((edge) => edge > 0 && edge < text.length);
  const cuts = [...new Set([0, ...edges, text.length])].sort((a, b) => a - b);
  return cuts.slice(0, -1).flatMap((from, index) => {
    const to = cuts[index + 1] ?? text.length;
    const signer = signed.find((each) => each.from <= from && to <= Math.min(each.to, text.length))?.signer;
    return passagesIn(text.slice(from, to), patches).map((passage) => ({
      ...passage,
      signer: signer ?? null,
    }));
  });
}

type Unsigned = Omit<Passage, 'signer'>;

function passagesIn(text: string, patches: readonly FoundPatch[]): Unsigned[] {
  const passages: Unsigned[] = [];
  const inText = patches.flatMap((patch) =>
    patch.text !== null && text.includes(patch.text.trimEnd()) ? [patch.text.trimEnd()] : [],
  );
  let rest = text;
  for (const patch of inText) {
    const at = rest.indexOf(patch);
    if (at === -1) continue;
    pushLines(passages, rest.slice(0, at));
    passages.push({ kind: 'patch', text: patch });
    rest = rest.slice(at + patch.length);
  }
  pushLines(passages, rest);
  return passages.filter((passage) => passage.text.trim() !== '');
}

function pushLines(passages: Unsigned[], text: string): void {
  let armor = false;
  let last: Unsigned | null = null;
  for (const line of text.split('\n')) {
    if (/^-----BEGIN PGP (?:SIGNATURE|PUBLIC KEY BLOCK)-----/.test(line)) armor = true;
    const header = /^-----BEGIN PGP SIGNED MESSAGE-----|^Hash: [A-Z0-9, -]{3,40}$/.test(line);
    const kind = armor || header ? 'armor' : line.startsWith('>') ? 'quoted' : 'words';
    // An empty line belongs to what it stands in.
    const same: boolean =
      last !== null && (last.kind === kind || (line.trim() === '' && last.kind !== 'armor'));
    if (last !== null && same) last.text += `\n${line}`;
    else {
      last = { kind, text: line };
      passages.push(last);
    }
    if (/^-----END PGP (?:SIGNATURE|PUBLIC KEY BLOCK)-----/.test(line)) armor = false;
  }
}

/** A patch of a message of a thread, by its number from 1; null where there is none. */
export async function patchOf(
  queries: Queries,
  { thread, mail, number }: { thread: number; mail: number; number: number },
): Promise<FoundPatch | null> {
  const stored = await mailById(queries, mail);
  if (stored === null || stored.thread !== thread || stored.redactedAt !== null) return null;
  const bytes = await rawReader(queries)(stored);
  return bytes === null ? null : (findPatches(readMessage(bytes))[number - 1] ?? null);
}
