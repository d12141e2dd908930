import type { Context } from 'hono';
import { type Actor, VISITOR } from '#domain/policies';

/** Who asks, as a page needs to know them. */
export interface Who {
  actor: Actor;
  /** `@handle`; null for a visitor. */
  handle: string | null;
  name: string | null;
}

const NOBODY: Who = { actor: VISITOR, handle: null, name: null };

/** Who sent this request: a person with a session or a token, else a visitor. */
export function whoOf(c: Context): Who {
  return (c.get('who') as Who | undefined) ?? NOBODY;
}

/** Says who sent this request, for everything behind. */
export function setWho(c: Context, who: Who): void {
  c.set('who', who);
}
