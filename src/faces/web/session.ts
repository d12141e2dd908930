import type { Context, Hono, MiddlewareHandler } from 'hono';
import { csrf } from 'hono/csrf';
import { HTTPException } from 'hono/http-exception';
import { TrieRouter } from 'hono/router/trie-router';
import { MusterError } from '#base/errors';
import {
  type RecognisedSession,
  recogniseSession,
  recogniseToken,
  type SessionRow,
  sessionValues,
  takeSession,
} from '#domain/accounts';
import { roleByToken } from '#domain/policies';
import { FRAGMENTS_HEADER, isReadAnew } from './live-fragments.ts';
import { RequestRefused } from './request-checks.ts';
import { keepSecret, readSecret } from './session-cookie.ts';
import type { Site } from './site.ts';
import { isWhoPending, leaveWhoToThePage, NOBODY, setWho, whoOf } from './who.ts';

/** Where this Muster is reached: as the settings say, else as it was asked. */
export function originOf(c: Context, { config }: Pick<Site, 'config'>): string {
  return new URL(config.publicUrl ?? c.req.url).origin;
}

/** Refuses forms where none is taken, before anybody asks whence they come. */
export function onlyKnownForms(app: Pick<Hono, 'routes'>): MiddlewareHandler {
  let known: TrieRouter<true> | null = null;
  return async (c, next) => {
    if (c.req.method === 'POST') {
      known ??= formsOf(app);
      if (known.match('POST', c.req.path)[0].length === 0)
        throw new RequestRefused(405, 'This address can be read; it takes no form.');
    }
    await next();
  };
}

function formsOf({ routes }: Pick<Hono, 'routes'>): TrieRouter<true> {
  const router = new TrieRouter<true>();
  for (const { method, path } of routes) if (method === 'POST') router.add(method, path, true);
  return router;
}

/**
 * Lets forms and scripts through that a page of ours sent, as browsers say (Sec-Fetch-Site, Origin). Requests with a token
 * need none of that: no browser adds it by itself.
 */
export function sameOrigin(site: Pick<Site, 'config'>): MiddlewareHandler {
  const check = csrf({ origin: (origin, c) => origin === originOf(c, site) });
  return async (c, next) => {
    // A mail program that stops mails has no page either: the link in the address says whose they are (RFC 8058).
    if (bearerOf(c) !== null || c.req.path === '/mail/stop') return next();
    try {
      return await check(c, next);
    } catch (error) {
      if (error instanceof HTTPException)
        throw new MusterError('FORBIDDEN', 'that was not sent from a page of this site, so it was not done');
      throw error;
    }
  };
}

/**
 * Finds out who asks, by the session's cookie or by a token: one query, none for visitors. What is sent to somebody who
 * is signed in is kept by nobody; what visitors get depends on their having no cookie.
 */
export function recognise(site: Pick<Site, 'config' | 'database' | 'now'>): MiddlewareHandler {
  return async (c, next) => {
    const token = bearerOf(c);
    if (token !== null) await byToken(c, site, token);
    else if (findsOutItself(c)) leaveWhoToThePage(c);
    else await bySession(c, site);
    await next();
    const { headers, status } = c.res;
    if (status === 401 && !headers.has('WWW-Authenticate')) headers.set('WWW-Authenticate', 'Bearer');
    if (whoOf(c).actor.account !== null || token !== null) headers.set('Cache-Control', 'private, no-store');
    // All that an answer depends on is said here: whoever sets a header from outside makes the answer anew, as a stream.
    const vary = headers.get('Vary') ?? '';
    for (const one of VARIES)
      if (!vary.toLowerCase().includes(one.toLowerCase())) headers.append('Vary', one);
  };
}

/**
 * A cache between that keeps what visitors get must not give it to whoever comes with a token, nor to a script that reads a
 * page anew because it has just changed.
 */
const VARIES = ['Cookie', 'Authorization', FRAGMENTS_HEADER, 'Accept-Encoding'];

/** Pages that ask all they show in one question ask there, too, whose session it is (askAs): one way to the database less. */
const FIND_OUT = [/^\/issues\/[A-Za-z]{2,8}-\d{4}-\d{1,9}(?:\.json)?$/, /^\/roundups\/[1-9]\d{0,5}$/];

function findsOutItself(c: Context): boolean {
  return c.req.method === 'GET' && !isReadAnew(c) && FIND_OUT.some((path) => path.test(c.req.path));
}

/**
 * Asks a page's question, with the session in it where nobody has found out yet who asks.
 *
 * @param ask is given the values of sessionReading; where the session is known they name none
 */
export async function askAs<T extends { session: SessionRow | null }>(
  c: Context,
  site: Pick<Site, 'config' | 'database' | 'now'>,
  ask: (values: ReturnType<typeof sessionValues>) => Promise<T>,
): Promise<T> {
  const now = site.now();
  if (!isWhoPending(c)) return ask(sessionValues(undefined, now));
  const secret = readSecret(c, site, 'session');
  const asked = await ask(sessionValues(secret, now));
  setSession(c, site, secret, await takeSession(site.database, secret, asked.session, now));
  return asked;
}

async function bySession(c: Context, site: Pick<Site, 'config' | 'database' | 'now'>): Promise<void> {
  const secret = readSecret(c, site, 'session');
  setSession(c, site, secret, await recogniseSession(site.database, secret, site.now()));
}

function setSession(
  c: Context,
  site: Pick<Site, 'config'>,
  secret: string | undefined,
  session: RecognisedSession | null,
): void {
  if (session === null || secret === undefined) {
    setWho(c, NOBODY);
    return;
  }
  const { account, handle, name, role, id } = session;
  setWho(c, {
    actor: { id: `person:${account}`, role, account },
    handle,
    name,
    session: id,
    scopes: null,
  });
  if (session.prolonged) keepSecret(c, site, 'session', secret);
}

async function byToken(c: Context, site: Pick<Site, 'database' | 'now'>, token: string): Promise<void> {
  const found = await recogniseToken(site.database, token, site.now());
  if (found === null) {
    c.header('WWW-Authenticate', 'Bearer error="invalid_token"');
    throw new MusterError('UNAUTHENTICATED', 'that token opens nothing: it is unknown, revoked or too old');
  }
  const { account, handle, name, scopes } = found;
  const role = roleByToken(found, scopes, { changes: !['GET', 'HEAD'].includes(c.req.method) });
  if (role === null) {
    c.header('WWW-Authenticate', 'Bearer error="insufficient_scope"');
    throw new MusterError('FORBIDDEN', 'that token is for reading alone');
  }
  setWho(c, { actor: { id: `person:${account}`, role, account }, handle, name, session: null, scopes });
}

/** The token of a request; null where it has none. Other schemes are somebody else's (a proxy's password). */
function bearerOf(c: Context): string | null {
  const [, token] = /^Bearer\b(.*)$/i.exec(c.req.header('Authorization') ?? '') ?? [];
  return token?.trim() ?? null;
}
