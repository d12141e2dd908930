import type { Context, Hono } from 'hono';
import {
  inviteOf,
  keptForSignUp,
  type ProvedIdentity,
  type Refused,
  SHORTEST_PASSWORD,
  type SignUpMeans,
  signUp,
} from '#domain/accounts';
import { maySignUp } from '#domain/policies';
import { makeFrame } from '../frame.ts';
import { htmlDocument } from '../layout.tsx';
import { withQuery } from '../list-addresses.ts';
import { SignUpPage } from '../pages/sign-up.tsx';
import { readFields, wantsJson } from '../request-body.ts';
import { fromOf, problemOf, refuseJson, statusOf } from '../session-answer.ts';
import { dropSecret, readSecret } from '../session-cookie.ts';
import { pageAfter } from '../session-guard.ts';
import type { Site } from '../site.ts';
import { whoOf } from '../who.ts';
import { enterBy } from './sign-in.ts';

/** `/sign-up` (`?invite=…` of a link), and `/sign-in/new` for whoever comes from a provider without having an account. */
export function signUpRoutes(app: Hono, site: Site): void {
  app.get('/sign-up', async (c) => {
    const to = pageAfter(c.req.query('to'));
    c.header('Cache-Control', 'no-store');
    if (whoOf(c).actor.account !== null) return c.redirect(to, 303);
    return sendSignUp(c, site, { to, invite: c.req.query('invite'), identity: null });
  });

  app.get('/sign-up.json', (c) => {
    c.header('Cache-Control', 'no-store');
    return c.json({ signUp: site.config.signUp, shortestPassword: SHORTEST_PASSWORD });
  });

  app.post('/sign-up', async (c) => {
    const form = await readFields(c);
    return make(c, site, form, { password: form.get('password') ?? '' }, pageAfter(form.get('to')));
  });

  app.get('/sign-in/new', async (c) => {
    const kept = await keptOf(c, site, { take: false });
    c.header('Cache-Control', 'no-store');
    if (kept === null) return c.redirect('/sign-in', 303);
    return sendSignUp(c, site, { to: kept.to, invite: kept.invite ?? undefined, identity: kept.identity });
  });

  app.post('/sign-in/new', async (c) => {
    const form = await readFields(c);
    const kept = await keptOf(c, site, { take: false });
    c.header('Cache-Control', 'no-store');
    if (kept === null) return c.redirect('/sign-in', 303);
    if (kept.invite !== null) form.set('invite', kept.invite);
    return make(c, site, form, { identity: kept.identity }, kept.to);
  });
}

async function make(
  c: Context,
  site: Site,
  form: URLSearchParams,
  means: SignUpMeans,
  to: string,
): Promise<Response> {
  const typed = {
    handle: form.get('handle') ?? '',
    name: form.get('name') ?? '',
    email: form.get('email') ?? '',
  };
  const invite = form.get('invite') ?? undefined;
  const outcome = await signUp(
    site.database,
    { ...typed, invite, means },
    site.config.signUp,
    fromOf(c, site),
    site.now(),
  );
  if (outcome.outcome === 'refused') {
    if (wantsJson(c)) return refuseJson(c, outcome);
    const identity = 'identity' in means ? means.identity : null;
    return sendSignUp(c, site, { to, invite, identity, typed, refusal: outcome });
  }
  if ('identity' in means) {
    await keptOf(c, site, { take: true });
    dropSecret(c, site, 'step');
  }
  return enterBy(c, site, outcome.secret, to);
}

function keptOf(c: Context, site: Site, how: { take: boolean }) {
  return keptForSignUp(site.database, readSecret(c, site, 'step'), site.now(), how);
}

async function sendSignUp(
  c: Context,
  site: Site,
  shown: {
    to: string;
    invite: string | undefined;
    identity: ProvedIdentity | null;
    typed?: { handle: string; name: string; email: string };
    refusal?: Refused;
  },
): Promise<Response> {
  const { to, identity, refusal } = shown;
  const secret = shown.invite ?? '';
  const invite = await inviteOf(site.database.queries, secret, site.now());
  const may = maySignUp(site.config.signUp, { invited: invite !== null });
  const typed = shown.typed ?? {
    handle: identity?.label ?? '',
    name: identity?.displayName ?? '',
    email: identity?.email ?? invite?.email ?? '',
  };
  const page = SignUpPage({
    frame: await makeFrame(c, site, { json: identity === null }),
    to,
    handle: typed.handle.slice(0, 80),
    name: typed.name.slice(0, 200),
    email: typed.email.slice(0, 300),
    invite: invite === null ? null : { secret, role: invite.role },
    by:
      identity === null
        ? null
        : {
            label: site.providers.find(({ id }) => id === identity.name)?.label ?? identity.name,
            as: identity.label,
          },
    providers:
      identity !== null || !may
        ? []
        : site.providers.map(({ id, label }) => ({
            label,
            href: withQuery(`/sign-in/with/${id}`, {
              to: to === '/' ? '' : to,
              invite: invite === null ? '' : secret,
            }),
          })),
    closed: may ? null : WHY_CLOSED[secret === '' ? site.config.signUp : 'used'],
    shortestPassword: SHORTEST_PASSWORD,
    signIn: withQuery('/sign-in', to === '/' ? {} : { to }),
    problem: refusal === undefined ? null : problemOf('sign-up', refusal),
  });
  return c.html(htmlDocument(page), refusal === undefined ? (may ? 200 : 403) : statusOf(c, refusal));
}

const WHY_CLOSED = {
  open: '',
  invite: 'Accounts are made by invitation here. Reading and reporting need none.',
  closed: 'Accounts are made by the admins here. Reading and reporting need none.',
  used: 'This invitation was used, withdrawn, or is too old. Ask for another one.',
} as const;
