import type { PublicKey } from 'openpgp';
import { MusterError } from '#base/errors';
import type { Message } from './message.ts';
import type { SignedPart } from './mime.ts';
import { issuerOf } from './signature-issuer.ts';

/**
 * What a signature comes to. `unknown_key`: it is one, by a key that we do not have; `unreadable`: it is none that can be
 * read; `unchecked`: of a kind that we do not check (S/MIME, whose trust rests on authorities).
 */
export type SignatureState = 'good' | 'bad' | 'unknown_key' | 'unreadable' | 'unchecked';

export interface Signature {
  kind: 'clear' | 'pgp_mime' | 'smime';
  state: SignatureState;
  /** The key that it says made it: its id, 16 hexadecimal digits in capitals; null where it names none. */
  keyId: string | null;
  /** Whose key that is, as we were told with the key; null where we do not have it. */
  signer: string | null;
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
const END = '-----END PGP SIGNATURE-----';

/** The library is large, and most messages are not signed. */
const library = () => import('openpgp');

/** Whether there is anything in a message for `signaturesOf` to look at. */
export function mayBeSigned({ signed, text }: Pick<Message, 'signed' | 'text'>): boolean {
  return signed.length > 0 || text.includes(BEGIN);
}

/**
 * Every signature of a message, the outermost first, each checked where its key is known: of PGP/MIME (RFC 3156) over the
 * exact bytes of the signed part, clear-signed texts (RFC 9580, section 7) over the text once its transfer encoding is
 * undone, also those that somebody forwards within another message.
 */
export async function signaturesOf(
  message: Pick<Message, 'signed' | 'text'>,
  keys: readonly KnownKey[],
): Promise<Signature[]> {
  const found: Signature[] = [];
  for (const part of message.signed.slice(0, MOST_SIGNATURES))
    found.push(part.kind === 'smime' ? SMIME : await checkDetached(part, keys));
  for (const text of clearSigned(message.text)) {
    if (found.length >= MOST_SIGNATURES) break;
    found.push(await checkClear(text, keys));
  }
  return found;
}

const SMIME: Signature = { kind: 'smime', state: 'unchecked', keyId: null, signer: null };

function clearSigned(text: string): string[] {
  const found: string[] = [];
  for (
    let at = text.indexOf(BEGIN);
    at !== -1 && found.length < MOST_SIGNATURES;
    at = text.indexOf(BEGIN, at)
  ) {
    const end = text.indexOf(END, at);
    if (end === -1) break;
    // Quoted ones (`> -----BEGIN`) are somebody's talk of it.
    if (at === 0 || text[at - 1] === '\n') found.push(text.slice(at, end + END.length));
    at = end + END.length;
  }
  return found.filter(({ length }) => length <= LONGEST_SIGNED);
}

async function checkDetached(part: SignedPart, keys: readonly KnownKey[]): Promise<Signature> {
  if (part.signed.length > LONGEST_SIGNED) return unreadable('pgp_mime');
  const armored = part.signature.toString('latin1');
  return await check('pgp_mime', issuerOf(armored), keys, async (verificationKeys, date) => {
    const { createMessage, readSignature, verify } = await library();
    const signature = await readSignature({ armoredSignature: armored.slice(armored.indexOf('-----BEGIN')) });
    const message = await createMessage({ binary: new Uint8Array(withCrlf(part.signed)) });
    return verify({ message, signature, verificationKeys, date });
  });
}

async function checkClear(text: string, keys: readonly KnownKey[]): Promise<Signature> {
  return await check('clear', issuerOf(text), keys, async (verificationKeys, date) => {
    const { readCleartextMessage, verify } = await library();
    return verify({
      message: await readCleartextMessage({ cleartextMessage: text }),
      verificationKeys,
      date,
    });
  });
}

function unreadable(kind: Signature['kind']): Signature {
  return { kind, state: 'unreadable', keyId: null, signer: null };
}

interface Checked {
  signatures: { verified: Promise<true>; signature: Promise<{ packets: { created: Date | null }[] }> }[];
}

async function check(
  kind: Signature['kind'],
  keyId: string | null,
  keys: readonly KnownKey[],
  verify: (keys: PublicKey[], date: Date | null) => Promise<Checked>,
): Promise<Signature> {
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
  } catch {
    return { ...result, state: 'bad' };
  }
}

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
