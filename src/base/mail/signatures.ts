import type { PublicKey } from 'openpgp';
import { MusterError } from '#base/errors';
import type { Message, SignedWords } from './message.ts';
import { issuerOf } from './signature-issuer.ts';

/**
 * What a signature comes to. `unknown_key`: it is one, by a key that we do not have; `unreadable`: it is none that can be
 * read; `bad`: the words are not those that were signed; `unchecked`: of a kind that we do not check (S/MIME, whose trust rests
 * on authorities), or one that the library does not judge.
 */
export type SignatureState = 'good' | 'bad' | 'unknown_key' | 'unreadable' | 'unchecked';

export interface Signature {
  kind: 'clear' | 'pgp_mime' | 'smime';
  state: SignatureState;
  /** The key that it says made it: its id, 16 hexadecimal digits in capitals; null where it names none. */
  keyId: string | null;
  /** Whose key that is, as we were told with the key; null where we do not have it. */
  signer: string | null;
  /** All that the message holds is signed by it: else there are words or files beside it that nobody signed. */
  whole: boolean;
}

/** A key of somebody whose signatures are checked. */
export interface KnownKey {
  /** In capitals, without blanks. */
  fingerprint: string;
  /** Ids of the key and of its parts that may sign. */
  keyIds: string[];
  /** The key itself, armoured. */
  armored: string;
  /** As it names its owner. */
  owner: string;
}

const MOST_SIGNATURES = 5;
const LONGEST_SIGNED = 2 << 20;
const LONGEST_KEY = 1 << 20;
const BEGIN = '-----BEGIN PGP SIGNED MESSAGE-----';
const SIGNATURE = '-----BEGIN PGP SIGNATURE-----';
const END = '-----END PGP SIGNATURE-----';

/** The library is large, and most messages are not signed. */
const library = () => import('openpgp');

/** What of a message signatures are looked for in. */
export type SignedMessage = Pick<Message, 'signed' | 'text' | 'forwarded' | 'attachments'>;

/** Whether there is anything in a message for `signaturesOf` to look at. */
export function mayBeSigned({ signed, text }: Pick<Message, 'signed' | 'text'>): boolean {
  return signed.length > 0 || text.includes(BEGIN);
}

/**
 * Every signature of a message, the outermost first, each checked where its key is known: of PGP/MIME (RFC 3156) over the
 * exact bytes of the signed part, clear-signed texts (RFC 9580, section 7) over the text once its transfer encoding is
 * undone, also those that somebody forwards within another message.
 */
export async function signaturesOf(message: SignedMessage, keys: readonly KnownKey[]): Promise<Signature[]> {
  const found: Signature[] = [];
  for (const one of signedIn(message)) {
    const checked =
      'text' in one
        ? await checkClear(one, keys)
        : one.part.kind === 'smime'
          ? SMIME
          : await checkDetached(one.part, keys);
    found.push({ ...checked, whole: one.whole });
  }
  return found;
}

/** Where the words stand in the text of a message that each of its signatures is of, in the order of `signaturesOf`. */
export function signedStretches(message: SignedMessage): { from: number; to: number }[] {
  return signedIn(message).map(({ from, to }) => ({ from, to }));
}

type Checked = Omit<Signature, 'whole'>;

const SMIME: Checked = { kind: 'smime', state: 'unchecked', keyId: null, signer: null };

interface Stretch {
  from: number;
  to: number;
  /** Nothing else is in the message. */
  whole: boolean;
}
type SignedStretch = (Stretch & { part: SignedWords }) | (Stretch & ClearSigned);

function signedIn({ signed, text, forwarded, attachments }: SignedMessage): SignedStretch[] {
  const parts = signed.slice(0, MOST_SIGNATURES).map((part) => {
    const { from, to, whole } = part;
    return { from, to, whole, part };
  });
  const alone = !forwarded && attachments.length === 0;
  const blocks = clearSigned(text, MOST_SIGNATURES - parts.length).map((block) => ({
    ...block,
    whole: alone && text.slice(0, block.from).trim() === '' && text.slice(block.to).trim() === '',
  }));
  return [...parts, ...blocks];
}

/** A clear-signed text, from its first line to its last. */
interface ClearSigned {
  from: number;
  to: number;
  text: string;
  /** The signature; null where the block is not as it has to be. */
  armor: string | null;
}

/** Lines that anybody may have put between the first line and the words would be shown as signed. */
const HASHES = /^Hash: [\w, -]{1,100}$/;
/** What the library takes for the beginning of a line, and we do not (a message's text has no carriage return). */
const OTHER_LINES = ['\u2028-----', '\u2029-----'];

/**
 * The clear-signed texts of a message. Their words are what stands before the first line that begins with five dashes
 * (others are escaped), and that has to be the one which begins the signature: the library takes any such line for it, and
 * leaves out what follows.
 */
function clearSigned(text: string, most: number): ClearSigned[] {
  const found: ClearSigned[] = [];
  for (let at = lineOf(text, BEGIN, 0); at !== -1 && found.length < most; ) {
    const end = lineOf(text, END, at);
    if (end === -1) break;
    const to = end + END.length;
    if (to - at <= LONGEST_SIGNED) found.push(clearSignedOf(text.slice(at, to), at));
    at = lineOf(text, BEGIN, to);
  }
  return found;
}

function clearSignedOf(text: string, from: number): ClearSigned {
  const block = { from, to: from + text.length, text, armor: null };
  const dashes = text.indexOf('\n-----');
  const armor = text.slice(dashes + 1);
  const blank = text.search(/\n[ \t]*(?=\n)/);
  const head = text.slice(0, Math.max(blank, 0)).split('\n');
  const wellFormed =
    lineAt(armor, 0) === SIGNATURE &&
    armor.indexOf('\n-----') === armor.length - END.length - 1 &&
    blank !== -1 &&
    blank <= dashes &&
    head[0]?.trimEnd() === BEGIN &&
    head.slice(1).every((line) => HASHES.test(line.trimEnd())) &&
    !OTHER_LINES.some((beginning) => text.includes(beginning));
  return wellFormed ? { ...block, armor } : block;
}

/** Where a line begins that begins so. Quoted ones (`> -----BEGIN`) are somebody's talk of it, and escaped ones (`- -----`) words. */
function lineOf(text: string, beginning: string, from: number): number {
  for (let at = text.indexOf(beginning, from); at !== -1; at = text.indexOf(beginning, at + 1))
    if (at === 0 || text[at - 1] === '\n') return at;
  return -1;
}

function lineAt(text: string, from: number): string {
  const end = text.indexOf('\n', from);
  return (end === -1 ? text.slice(from) : text.slice(from, end)).trimEnd();
}

async function checkDetached(part: SignedWords, keys: readonly KnownKey[]): Promise<Checked> {
  if (part.signed.length > LONGEST_SIGNED) return unreadable('pgp_mime');
  const whole = part.signature.toString('latin1');
  const armored = whole.slice(Math.max(lineOf(whole, SIGNATURE, 0), 0));
  return await check('pgp_mime', issuerOf(armored), keys, async (verificationKeys, date) => {
    const { createMessage, readSignature, verify } = await library();
    const signature = await readSignature({ armoredSignature: armored });
    const message = await createMessage({ binary: new Uint8Array(withCrlf(part.signed)) });
    return verify({ message, signature, verificationKeys, date });
  });
}

async function checkClear({ text, armor }: ClearSigned, keys: readonly KnownKey[]): Promise<Checked> {
  return await check(
    'clear',
    armor === null ? null : issuerOf(armor),
    keys,
    async (verificationKeys, date) => {
      const { readCleartextMessage, verify } = await library();
      return verify({
        message: await readCleartextMessage({ cleartextMessage: text }),
        verificationKeys,
        date,
      });
    },
  );
}

function unreadable(kind: Signature['kind']): Checked {
  return { kind, state: 'unreadable', keyId: null, signer: null };
}

interface Verified {
  signatures: { verified: Promise<true>; signature: Promise<{ packets: { created: Date | null }[] }> }[];
}

async function check(
  kind: Signature['kind'],
  keyId: string | null,
  keys: readonly KnownKey[],
  verify: (keys: PublicKey[], date: Date | null) => Promise<Verified>,
): Promise<Checked> {
  if (keyId === null) return unreadable(kind);
  const key = keys.find(({ keyIds }) => keyIds.includes(keyId));
  if (key === undefined) return { kind, state: 'unknown_key', keyId, signer: null };
  const { readKey } = await library();
  const publicKey = await readKey({ armoredKey: key.armored });
  const result = { kind, keyId, signer: key.owner };
  try {
    // Judged as of when it was made: a key that has expired since signed well then.
    const first = await verify([publicKey], null);
    const made = (await first.signatures[0]?.signature)?.packets[0]?.created ?? null;
    const { signatures } = await verify([publicKey], made);
    await signatures[0]?.verified;
    return { ...result, state: signatures.length > 0 ? 'good' : 'unreadable' };
  } catch (error) {
    return BROKEN.test(String(error))
      ? { ...result, state: 'bad' }
      : { kind, keyId, signer: null, state: 'unchecked' };
  }
}

/**
 * What the library says (openpgp 6.3) where the words are not those that were signed. Whatever else it objects to (SHA-1, a
 * key that was revoked, what it does not know) says nothing of them.
 */
const BROKEN = /Signed digest did not match|Signature verification failed/;

/** Line ends as they were signed (RFC 3156, section 5): mailboxes keep them as they like. */
function withCrlf(bytes: Buffer): Buffer {
  return Buffer.from(bytes.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
}

/** Public keys in an armoured text. @throws MusterError FILE_MALFORMED where there is none, or more than one text can hold */
export async function readKeys(text: string): Promise<KnownKey[]> {
  if (text.length > LONGEST_KEY) throw new MusterError('FILE_MALFORMED', 'that is too long for a key');
  const { readKeys: read } = await library();
  try {
    const keys = await read({ armoredKeys: text });
    return keys.map((key) => ({
      fingerprint: key.getFingerprint().toUpperCase(),
      keyIds: key.getKeys().map((each) => each.getKeyID().toHex().toUpperCase()),
      armored: key.toPublic().armor(),
      owner: (key.getUserIDs()[0] ?? key.getKeyID().toHex().toUpperCase())
        .replace(/\p{Cc}+/gu, ' ')
        .slice(0, 200),
    }));
  } catch (cause) {
    throw new MusterError('FILE_MALFORMED', `no public key can be read there: ${(cause as Error).message}`, {
      cause,
    });
  }
}
