/** Whether a value from outside is an object with keys. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** One value or a list of them, of which some may be lists themselves, as one list. Nothing, and null, are an empty one. */
export function flat(value: unknown): unknown[] {
  return value === undefined || value === null ? [] : [value].flat(2);
}

/**
 * A text that PostgreSQL can hold (no NUL, no half of a surrogate pair), trimmed and cut at `limit` characters.
 * Null where it is no text or there is nothing in it.
 */
export function text(value: unknown, limit: number): string | null {
  if (typeof value !== 'string') return null;
  const clean = value.replaceAll('\0', '\ufffd').replace(HALF_PAIRS, '\ufffd');
  return clean.slice(0, limit).replace(CUT_PAIR, '').trim() || null;
}

const HALF_PAIRS = /\p{Cs}/gu;
/** What cutting leaves of a pair. */
const CUT_PAIR = /\p{Cs}$/u;
