import type { Queries } from '#base/db';
import { takeTokens } from './store-limits.ts';

/** How often something may be done: so many at once, and as many again in that time. */
export interface Limit {
  capacity: number;
  perSeconds: number;
}

/** Limits of everything that costs us, or that somebody might try over and over. */
export const LIMITS = {
  /** Passwords tried on one account, from wherever; a passkey opens it all the same. */
  passwordOfAccount: { capacity: 10, perSeconds: 900 },
  /** Sign-ins of any kind begun from one address. */
  signInFromAddress: { capacity: 30, perSeconds: 600 },
  signUpFromAddress: { capacity: 5, perSeconds: 3600 },
  recoveryFromAddress: { capacity: 10, perSeconds: 600 },
  /** Password changes ask for the present one: that is a guess, too. */
  passwordChange: { capacity: 5, perSeconds: 900 },
  /** Mails that confirm an address: whoever has it may not have asked for them. */
  confirmation: { capacity: 3, perSeconds: 3600 },
} as const satisfies Record<string, Limit>;

/**
 * Takes one from a bucket, unless it is empty. The bucket is in the database, so that several processes share it.
 *
 * @returns null where there was one, else how many seconds until there is one again
 */
export async function takeFromBucket(
  queries: Queries,
  bucket: string,
  limit: Limit,
  now: Date,
): Promise<number | null> {
  const left = await takeTokens(queries, bucket, limit, now);
  if (left === null) return null;
  return Math.max(1, Math.ceil(((1 - left) * limit.perSeconds) / limit.capacity));
}
