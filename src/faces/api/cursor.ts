import type { z } from 'zod';
import { MusterError } from '#base/errors';

/** Where a list goes on, as one word that nobody has to understand. */
export function cursorOf(place: readonly (string | number)[]): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** @throws MusterError USAGE where it is none of ours */
export function placeOf<T>(cursor: string | undefined, schema: z.ZodType<T>): T | null {
  if (cursor === undefined) return null;
  const parsed = schema.safeParse(jsonIn(Buffer.from(cursor, 'base64url').toString('utf8')));
  if (!parsed.success)
    throw new MusterError('USAGE', 'that cursor leads nowhere: take it from "next", as it is');
  return parsed.data;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The first `limit` of what was read with one more, and where it goes on. */
export function pageOf<T>(
  read: readonly T[],
  limit: number,
  placeAfter: (last: T) => readonly (string | number)[],
): { items: T[]; next: string | null } {
  const items = read.slice(0, limit);
  const last = items.at(-1);
  return { items, next: read.length > limit && last !== undefined ? cursorOf(placeAfter(last)) : null };
}
