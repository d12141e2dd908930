import { hash, parseOptions, verify } from '@node-rs/argon2';

/** argon2id (the library's default) as OWASP's cheat sheet has it (19 MiB, two passes): some 10 ms, off the main thread. */
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** A password as it is stored, in PHC form. */
export function hashPassword(password: string): Promise<string> {
  return hash(normal(password), COST);
}

let nobodys: Promise<string> | null = null;

/**
 * Whether it is the password behind a hash. Where there is no hash (no such account, or one without a password) the
 * answer is no, after the same work.
 */
export async function isPassword(stored: string | null, password: string): Promise<boolean> {
  nobodys ??= hashPassword('whoever has no password');
  const against = stored ?? (await nobodys);
  const right = await verify(against, normal(password)).catch(() => false);
  return right && stored !== null;
}

/** Whether a hash was made with less work than today's. */
export function isOutdated(stored: string): boolean {
  const { memoryCost, timeCost } = parseOptions(stored);
  return !stored.startsWith('$argon2id$') || memoryCost < COST.memoryCost || timeCost < COST.timeCost;
}

/** The same characters typed on another keyboard are the same password (NIST SP 800-63B-4, 3.1.1.2). */
function normal(password: string): string {
  return password.normalize('NFKC');
}
