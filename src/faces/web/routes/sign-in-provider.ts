import type { Context, Hono } from 'hono';
import { MusterError } from '#base/errors';
import {
  comeBackFrom,
  keepForSignUp,
  linkIdentity,
  type Outcome,
  type Provider,
  type Refused,
  sendToProvider,
  signInByIdentity,
} from '#domain/accounts';
import { ACCOUNT_ADDRESS, withQuery } from '../list-addresses.ts';
import { networkOf } from '../remote-address.ts';
import { originOf } from '../session.ts';
import { fromOf } from '../session-answer.ts';
import { dropSecret, keepSecret, readSecret } from '../session-cookie.ts';
import { pageAfter, personOf, type SignedInPerson, sendToSignIn } from '../session-guard.ts';
import { isTicket } from '../session-ticket.ts';
import type { Site } from '../site.ts';
import { sendAccount } from './account.ts';
import { sendNotFound } from './not-found.ts';
import { enterBy, sendSignIn } from './sign-in.ts';

/**
 * `/sign-in/with/github` leads away, `…/back` is where one comes back to. `/account/identities/github/add` leads away as
 * well, to link. They are links, not forms: our policy lets forms lead nowhere else.
 */
export function signInProviderRoutes(app: Hono, site: Site): void {
  app.get('/sign-in/with/:provider', async (c) => {
    const provider = providerOf(c, site);
    if (provider === null) return sendNotFound(c, site);
    const invite = c.req.query('invite') ?? null;
    return leave(c, site, provider, { to: pageAfter(c.req.query('to')), link: null, invite });
  });

  app.get('/account/identities/:provider/add', async (c) => {
    const provider = providerOf(c, site);
    if (provider === null) return sendNotFound(c, site);
    const person = personOf(c);
    if (person === null) return sendToSignIn(c);
    // Another site could lead here by a link: only our own page knows this session's ticket.
    if (!isTicket(c, site, provider, c.req.query('ticket') ?? ''))
      throw new MusterError('FORBIDDEN', 'begin on the page of your account');
    return leave(c, site, provider, { to: ACCOUNT_ADDRESS, link: person, invite: null });
  });

  app.get('/sign-in/with/:provider/back', async (c) => {
    const provider = providerOf(c, site);
    if (provider === null) return sendNotFound(c, site);
    const back = await tried(site, () =>
      comeBackFrom(
        site.database,
        provider,
        {
          redirect: redirectOf(c, site, provider),
          query: new URL(c.req.url).search,
          secret: readSecret(c, site, 'step'),
        },
        site.now(),
      ),
    );
    dropSecret(c, site, 'step');
    if (back.outcome === 'refused') return sendSignIn(c, site, { to: '/', refusal: back });
    const { identity, to, link, invite } = back;
    if (link !== null) {
      const person = personOf(c);
      const outcome =
        person === null || person.id !== link
          ? refuse('FORBIDDEN', 'You were signed out, or are somebody else now: nothing was linked.')
          : await linkIdentity(site.database, person, identity, site.now());
      if (outcome.outcome === 'refused')
        return person === null
          ? sendSignIn(c, site, { to: ACCOUNT_ADDRESS, refusal: outcome })
          : sendAccount(c, site, person, { form: 'identity', refusal: outcome });
      c.header('Cache-Control', 'no-store');
      return c.redirect(withQuery(to, { done: 'linked' }), 303);
    }
    const outcome = await signInByIdentity(site.database, identity, fromOf(c, site), site.now());
    if (outcome.outcome === 'refused') return sendSignIn(c, site, { to, refusal: outcome });
    if (outcome.outcome === 'done') return enterBy(c, site, outcome.secret, to);
    keepSecret(c, site, 'step', await keepForSignUp(site.database, { identity, to, invite }, site.now()));
    c.header('Cache-Control', 'no-store');
    return c.redirect('/sign-in/new', 303);
  });
}

async function leave(
  c: Context,
  site: Site,
  provider: Provider,
  { to, link, invite }: { to: string; link: SignedInPerson | null; invite: string | null },
): Promise<Response> {
  const sent = await tried(site, () =>
    sendToProvider(
      site.database,
      provider,
      { redirect: redirectOf(c, site, provider), to, link: link?.id ?? null, invite, address: networkOf(c) },
      site.now(),
    ),
  );
  if (sent.outcome === 'refused')
    return link === null
      ? sendSignIn(c, site, { to, refusal: sent })
      : sendAccount(c, site, link, { form: 'identity', refusal: sent });
  keepSecret(c, site, 'step', sent.secret);
  c.header('Cache-Control', 'no-store');
  return c.redirect(sent.url, 303);
}

/** What the provider or the way to it refused is said to whoever waits, and logged for whoever set it up. */
async function tried<T extends object>(site: Site, work: () => Promise<Outcome<T>>): Promise<Outcome<T>> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof MusterError)) throw error;
    if (error.code !== 'FETCH_FAILED' && error.code !== 'UNAUTHENTICATED') throw error;
    site.log.warn({ err: error }, 'signing in with a provider failed');
    return error.code === 'FETCH_FAILED'
      ? refuse('BARRED', 'That provider does not answer just now. Try again, or sign in by other means.')
      : refuse('WRONG', 'That provider did not vouch for you. Begin again, or sign in by other means.');
  }
}

function refuse(code: Refused['code'], why: string): Refused {
  return { outcome: 'refused', code, why, field: null, afterSeconds: null };
}

function providerOf(c: Context, site: Site): Provider | null {
  return site.providers.find(({ id }) => id === c.req.param('provider')) ?? null;
}

function redirectOf(c: Context, site: Site, { id }: Provider): string {
  return `${originOf(c, site)}/sign-in/with/${id}/back`;
}
