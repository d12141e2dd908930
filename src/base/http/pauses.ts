/** Answers after which another attempt makes sense (RFC 9110, and 524 of a well-known proxy). */
const TRY_AGAIN = new Set([408, 425, 429, 500, 502, 503, 504, 520, 522, 524]);

export function isWorthAnother(status: number): boolean {
  return TRY_AGAIN.has(status);
}

/** No wait is longer, whatever the other side asks for: the next run comes anyway. */
export const LONGEST_PAUSE_MS = 300_000;

/**
 * How long to wait before the next attempt, in milliseconds: what the other side asked for, else twice as long each time, with
 * up to half of it taken off at random, so that not everybody comes back at once.
 *
 * @param attempt how many there were, from 1
 */
export function pauseBefore(
  attempt: number,
  { firstMs, askedMs = null, random = Math.random }: PauseOptions,
): number {
  const wanted = askedMs ?? firstMs * 2 ** (attempt - 1) * (1 - random() / 2);
  return Math.min(Math.max(0, wanted), LONGEST_PAUSE_MS);
}

export interface PauseOptions {
  firstMs: number;
  /** `Retry-After`. */
  askedMs?: number | null;
  random?: () => number;
}

/** `Retry-After`: seconds or a date (RFC 9110, section 10.2.3), in milliseconds from now; null where it is neither. */
export function retryAfter(value: string | null, now = Date.now()): number | null {
  if (value === null) return null;
  const ms = /^\d{1,9}$/.test(value) ? Number(value) * 1000 : Date.parse(value) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : null;
}
