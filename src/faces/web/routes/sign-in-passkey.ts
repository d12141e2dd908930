import type { Context, Hono } from 'hono';
import { MusterError } from '#base/errors';
import { beginPasskeySignIn, signInByPasskey } from '#domain/accounts';
import { partyOf } from '../relying-party.ts';
import { networkOf } from '../remote-address.ts';
import { isJson, readJson } from '../request-body.ts';
import { fromOf, refuseJson } from '../session-answer.ts';
import { pageAfter } from '../session-guard.ts';
import type { Site } from '../site.ts';
import { enterBy, sendSignIn } from './sign-in.ts';

/** `POST /sign-in/passkey/options` and `POST /sign-in/passkey`: what a script of ours asks; a browser without it has the other means. */
export function signInPasskeyRoutes(app: Hono, site: Site): void {
  app.post('/sign-in/passkey/options', async (c) => {
    const begun = await beginPasskeySignIn(site.database, requireParty(c, site), networkOf(c), site.now());
    if (begun.outcome === 'refused') return refuseJson(c, begun);
    c.header('Cache-Control', 'no-store');
    return c.json(begun.options);
  });

  app.post('/sign-in/passkey', async (c) => {
    if (!isJson(c))
      return sendSignIn(c, site, {
        to: '/',
        refusal: {
          outcome: 'refused',
          code: 'MALFORMED',
          why: 'Passkeys need JavaScript. Sign in by other means.',
          field: null,
          afterSeconds: null,
        },
      });
    const { answer, to } = (await readJson(c)) as { answer?: unknown; to?: unknown };
    const party = requireParty(c, site);
    const outcome = await signInByPasskey(site.database, party, answer, fromOf(c, site), site.now());
    if (outcome.outcome === 'refused') return refuseJson(c, outcome);
    return enterBy(c, site, outcome.secret, pageAfter(typeof to === 'string' ? to : null));
  });
}

/** @throws MusterError USAGE where browsers make no passkeys */
export function requireParty(c: Context, site: Site) {
  const party = partyOf(c, site);
  if (party === null)
    throw new MusterError(
      'USAGE',
      'passkeys work where this Muster has a name and https (the setting publicUrl)',
    );
  return party;
}
