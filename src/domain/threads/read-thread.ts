import type { Queries } from '#base/db';
import { readMessage, type Signature } from '#base/mail';
import { rawReader } from '#domain/sources';
import { type FoundPatch, findPatches } from './find-patches.ts';
import { mailById, mailsOf, type ThreadMail } from './store-reading.ts';

/** A stretch of a message: what its author wrote, what they quote, or what only means something to programs. */
export interface Passage {
  kind: 'words' | 'quoted' | 'patch' | 'armor';
  text: string;
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
  patches: { number: number; name: string; text: string | null; bytes: number }[];
  /** What else came with it: named, and not given out. */
  attachments: { name: string; type: string; bytes: number }[];
  /** Too long to be shown whole. */
  cut: boolean;
  redacted: boolean;
}

/** Characters of a message that a page shows, and of a patch. */
const LONGEST = 60_000;

/** Messages of a thread by their dates, read from their raw bytes. */
export async function readMails(
  queries: Queries,
  thread: number,
  page: { offset: number; limit: number },
): Promise<ReadableMail[]> {
  const mails = await mailsOf(queries, thread, page);
  const read = rawReader(queries);
  const readable: ReadableMail[] = [];
  for (const mail of mails)
    readable.push(asReadable(mail, mail.redactedAt === null ? await read(mail) : null));
  return readable;
}

function asReadable(mail: ThreadMail, bytes: Buffer | null): ReadableMail {
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
  return {
    ...common,
    passages: passagesOf(message.text.slice(0, LONGEST), patches),
    patches: patches.map(({ name, text, bytes: own }, index) => ({
      number: index + 1,
      name,
      text: text === null ? null : text.slice(0, LONGEST),
      bytes: own.length,
    })),
    attachments: message.attachments
      .filter(({ name }) => !ofFiles.has(name))
      .map(({ name, type, bytes: own }) => ({ name, type, bytes: own.length })),
    cut: message.cut || message.text.length > LONGEST,
    redacted: false,
  };
}

/** Text in stretches of one kind; of signatures only that they are there. */
function passagesOf(text: string, patches: readonly FoundPatch[]): Passage[] {
  const passages: Passage[] = [];
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

function pushLines(passages: Passage[], text: string): void {
  let armor = false;
  let last: Passage | null = null;
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

/** A patch of a message, by its number from 1; null where there is none. */
export async function patchOf(queries: Queries, mail: number, number: number): Promise<FoundPatch | null> {
  const stored = await mailById(queries, mail);
  if (stored === null || stored.redactedAt !== null) return null;
  const bytes = await rawReader(queries)(stored);
  return bytes === null ? null : (findPatches(readMessage(bytes))[number - 1] ?? null);
}
