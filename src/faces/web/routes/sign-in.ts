import type { Context, Hono } from 'hono';
import { endSession, type Refused, signInByPassword } from '#domain/accounts';
import { makeFrame } from '../frame.ts';
import { htmlDocument } from '../layout.tsx';
import { withQuery } from '../list-addresses.ts';
import { SignInPage, type SignInPageProps } from '../pages/sign-in.tsx';
import { partyOf } from '../relying-party.ts';
import { readFields, wantsJson } from '../request-body.ts';
import { fromOf, problemOf, refuseJson, statusOf } from '../session-answer.ts';
import { dropSecret, keepSecret, readSecret } from '../session-cookie.ts';
import { pageAfter } from '../session-guard.ts';
import type { Site } from '../site.ts';
import { whoOf } from '../who.ts';

/** `/sign-in` by password, and `/sign-out`. */
export function signInRoutes(app: Hono, site: Site): void {
  app.get('/sign-in', async (c) => {
    const to = pageAfter(c.req.query('to'));
    c.header('Cache-Control', 'no-store');
    if (whoOf(c).actor.account !== null) return c.redirect(to, 303);
    return sendSignIn(c, site, { to, handle: '', said: SAID[c.req.query('done') ?? ''] ?? null });
  });

  app.get('/sign-in.json', (c) => {
    const { to, handle, problem, said, ...means } = signInData(c, site, { to: '/' });
    c.header('Cache-Control', 'no-store');
    return c.json({ password: true, ...means });
  });

  app.post('/sign-in', async (c) => {
    const form = await readFields(c);
    const to = pageAfter(form.get('to'));
    const handle = form.get('handle') ?? '';
    const password = form.get('password') ?? '';
    const outcome = await signInByPassword(site.database, { handle, password }, fromOf(c, site), site.now());
    if (outcome.outcome === 'refused')
      return wantsJson(c)
        ? refuseJson(c, outcome)
        : sendSignIn(c, site, { to, handle: handle.slice(0, 80), refusal: outcome });
    return enterBy(c, site, outcome.secret, to);
  });

  app.post('/sign-out', async (c) => {
    await endSession(site.database, readSecret(c, site, 'session'));
    dropSecret(c, site, 'session');
    c.header('Cache-Control', 'no-store');
    return c.redirect(withQuery('/sign-in', { done: 'out' }), 303);
  });
}

const SAID: Readonly<Record<string, string>> = { out: 'You are signed out.' };

/** Signed in: the cookie, and on to the page that was meant. */
export function enterBy(c: Context, site: Site, secret: string, to: string): Response {
  keepSecret(c, site, 'session', secret);
  c.header('Cache-Control', 'no-store');
  return wantsJson(c) ? c.json({ to }) : c.redirect(to, 303);
}

interface Shown {
  to: string;
  handle?: string;
  said?: string | null;
  refusal?: Refused;
}

/** The page, again where something was refused. */
export async function sendSignIn(c: Context, site: Site, shown: Shown): Promise<Response> {
  c.header('Cache-Control', 'no-store');
  const status = shown.refusal === undefined ? 200 : statusOf(c, shown.refusal);
  const page = SignInPage({
    frame: await makeFrame(c, site, { json: c.req.path === '/sign-in' }),
    ...signInData(c, site, shown),
  });
  return c.html(htmlDocument(page), status);
}

function signInData(
  c: Context,
  site: Site,
  { to, handle = '', said = null, refusal }: Shown,
): Omit<SignInPageProps, 'frame'> {
  const after = to === '/' ? {} : { to };
  return {
    to,
    handle,
    passkeys: partyOf(c, site) !== null,
    providers: site.providers.map(({ id, label }) => ({
      label,
      href: withQuery(`/sign-in/with/${id}`, after),
    })),
    signUp: site.config.signUp === 'open' ? withQuery('/sign-up', after) : null,
    problem: refusal === undefined ? null : problemOf('sign-in', refusal),
    said,
  };
}
