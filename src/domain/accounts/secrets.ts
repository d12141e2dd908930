import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits, base64url: what a cookie or a link holds. Only its hash is stored. */
export function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** Whether a text has the form of one; what has not is looked up nowhere. */
export function isSecret(text: string | undefined): text is string {
  return text !== undefined && /^[A-Za-z0-9_-]{43}$/.test(text);
}

/** SHA-256. Enough for what has 256 bits of its own; passwords need more (password.ts). */
export function hashOf(secret: string): Buffer {
  return createHash('sha256').update(secret).digest();
}
