import type { Context } from 'hono';
import { type Actor, type Scope, VISITOR } from '#domain/policies';

/** Who asks, as a page needs to know them. */
export interface Who {
  actor: Actor;
  /** Without the `@`; null for a visitor. */
  handle: string | null;
  name: string | null;
  /** Which of their sessions it is; null for visitors and for tokens. */
  session: string | null;
  /** What the token they came with is for; null where there is none. */
  scopes: readonly Scope[] | null;
}

/** A visitor. */
export const NOBODY: Who = { actor: VISITOR, handle: null, name: null, session: null, scopes: null };

/** Who sent this request: a person with a session or a token, else a visitor. */
export function whoOf(c: Context): Who {
  const who = c.get('who') as Who | typeof PENDING | undefined;
  // A page that forgot to ask would show everybody what visitors see.
  if (who === PENDING) throw new Error('who sent this is asked for before it is known (askAs)');
  return who ?? NOBODY;
}

const PENDING = Symbol('whoever asks is found out with the page');

/** Says that the page itself finds out who sent this request. */
export function leaveWhoToThePage(c: Context): void {
  c.set('who', PENDING);
}

export function isWhoPending(c: Context): boolean {
  return c.get('who') === PENDING;
}

/** Says who sent this request, for everything behind. */
export function setWho(c: Context, who: Who): void {
  c.set('who', who);
}
