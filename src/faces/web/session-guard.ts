import type { Context } from 'hono';
import { MusterError } from '#base/errors';
import { atLeast, type Role } from '#domain/policies';
import { ownAddress } from './components/addresses.ts';
import { whoOf } from './who.ts';

/** Somebody who sits before a browser and is signed in. */
export interface SignedInPerson {
  id: number;
  handle: string;
  name: string;
  role: Role;
  /** Which of their sessions it is. */
  session: string;
}

/** Who is signed in here; null for visitors. @throws MusterError FORBIDDEN for tokens: how an account is entered is no business of theirs */
export function personOf(c: Context): SignedInPerson | null {
  const { actor, handle, name, session, scopes } = whoOf(c);
  if (scopes !== null)
    throw new MusterError('FORBIDDEN', 'a token cannot change how its account is entered; sign in for that');
  if (actor.account === null || handle === null || session === null) return null;
  return { id: actor.account, handle, name: name ?? handle, role: actor.role, session };
}

/** The same for what only they may ask. @throws MusterError UNAUTHENTICATED, FORBIDDEN */
export function requirePerson(c: Context, role: Role = 'contributor'): SignedInPerson {
  const person = personOf(c);
  if (person === null) throw new MusterError('UNAUTHENTICATED', 'sign in first, and send it again');
  if (!atLeast(person, role)) throw new MusterError('FORBIDDEN', `that takes the role of ${article(role)}`);
  return person;
}

/** Where one signs in and comes back to this page. */
export function signInAddress(path: string): string {
  return path === '/' || path.startsWith('/sign-') ? '/sign-in' : `/sign-in?to=${encodeURIComponent(path)}`;
}

/** Leads a visitor who came to a page of people's own to where they sign in. Programs are told that it takes an account. */
export function sendToSignIn(c: Context): Response {
  const { pathname, search } = new URL(c.req.url);
  if (pathname.endsWith('.json'))
    throw new MusterError('UNAUTHENTICATED', 'that is for people who are signed in');
  c.header('Cache-Control', 'no-store');
  return c.redirect(signInAddress(pathname + search), 303);
}

/** Where to go after signing in: a page of ours and nothing else, whatever was asked for. */
export function pageAfter(asked: string | null | undefined): string {
  const path = asked ?? '';
  if (path.length > 2000 || /[\p{Cc}\\]/u.test(path) || !path.startsWith('/')) return '/';
  // As browsers read it: `/../..//evil.example` leads elsewhere only once the dots are gone.
  const { host, pathname, search, hash } = new URL(ownAddress(path), 'http://own.invalid');
  if (host !== 'own.invalid' || /^\/sign-(?:in|up|out)\b/.test(pathname)) return '/';
  return ownAddress(`${pathname}${search}${hash}`);
}

function article(role: Role): string {
  return `${role === 'admin' ? 'an' : 'a'} ${role === 'security' ? 'member of the security team' : role}`;
}
