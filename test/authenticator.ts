import { createHash, createSign, type KeyObject } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { makeKeyPair } from './key-pairs.ts';

/** A security key of software, for tests: it makes what a browser would send (WebAuthn Level 3, section 6). */
export interface Authenticator {
  id: string;
  /** Counts each use; set it back to be a copy of itself. */
  counter: number;
  register(challenge: string, change?: Forged): object;
  signIn(challenge: string, change?: Forged & { userHandle?: string }): object;
}

/** What an attacker would change. */
interface Forged {
  origin?: string;
  party?: string;
  type?: string;
  /** Present and verified by default. */
  flags?: number;
  crossOrigin?: boolean;
}

const PRESENT = 0x01;
const VERIFIED = 0x04;
const WITH_KEY = 0x40;

export function makeAuthenticator({ origin, party }: { origin: string; party: string }): Authenticator {
  const { publicKey, privateKey } = makeKeyPair('P-256');
  const rawId = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
  const id = rawId.toString('base64url');
  const clientData = (type: string, challenge: string, change: Forged) =>
    Buffer.from(
      JSON.stringify({
        type: change.type ?? type,
        challenge,
        origin: change.origin ?? origin,
        crossOrigin: change.crossOrigin ?? false,
      }),
    );
  const self: Authenticator = {
    id,
    counter: 0,
    register(challenge, change = {}) {
      const length = Buffer.alloc(2);
      length.writeUInt16BE(rawId.length);
      const authData = Buffer.concat([
        head(change.party ?? party, (change.flags ?? PRESENT | VERIFIED) | WITH_KEY, self.counter),
        Buffer.alloc(16),
        length,
        rawId,
        coseKey(publicKey),
      ]);
      const attestation = new Map<string, unknown>([
        ['fmt', 'none'],
        ['attStmt', new Map()],
        ['authData', new Uint8Array(authData)],
      ]);
      return {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: clientData('webauthn.create', challenge, change).toString('base64url'),
          attestationObject: encode(attestation),
          transports: ['usb'],
        },
      };
    },
    signIn(challenge, change = {}) {
      self.counter += 1;
      const authData = head(change.party ?? party, change.flags ?? PRESENT | VERIFIED, self.counter);
      const data = clientData('webauthn.get', challenge, change);
      const signed = createSign('sha256')
        .update(authData)
        .update(createHash('sha256').update(data).digest())
        .sign(privateKey);
      return {
        id,
        rawId: id,
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: data.toString('base64url'),
          authenticatorData: authData.toString('base64url'),
          signature: signed.toString('base64url'),
          ...(change.userHandle === undefined ? {} : { userHandle: change.userHandle }),
        },
      };
    },
  };
  return self;
}

/** Whose data it is, what the person did, and how often it was used (section 6.1). */
function head(party: string, flags: number, counter: number): Buffer {
  const count = Buffer.alloc(4);
  count.writeUInt32BE(counter);
  return Buffer.concat([createHash('sha256').update(party).digest(), Buffer.from([flags]), count]);
}

/** ES256 in COSE (RFC 9053, section 2.1). */
function coseKey(publicKey: KeyObject): Buffer {
  const { x = '', y = '' } = publicKey.export({ format: 'jwk' });
  const key = new Map<number, unknown>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, new Uint8Array(Buffer.from(x, 'base64url'))],
    [-3, new Uint8Array(Buffer.from(y, 'base64url'))],
  ]);
  return Buffer.from(isoCBOR.encode(key as Parameters<typeof isoCBOR.encode>[0]));
}

function encode(value: Map<string, unknown>): string {
  return Buffer.from(isoCBOR.encode(value as Parameters<typeof isoCBOR.encode>[0])).toString('base64url');
}
