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

const NOBODY: Who = { actor: VISITOR, handle: null, name: null, session: null, scopes: null };

/** Who sent this request: a person with a session or a token, else a visitor. */
export function whoOf(c: Context): Who {
  return (c.get('who') as Who | undefined) ?? NOBODY;
}

/** Says who sent this request, for everything behind. */
export function setWho(c: Context, who: Who): void {
  c.set('who', who);
}
