import type { Context, Hono } from 'hono';
import { type Refused, recoveryOf, SHORTEST_PASSWORD, useRecovery } from '#domain/accounts';
import { makeFrame } from '../frame.ts';
import { htmlDocument } from '../layout.tsx';
import { ACCOUNT_ADDRESS, withQuery } from '../list-addresses.ts';
import { RecoverPage } from '../pages/recover.tsx';
import { readFields, wantsJson } from '../request-body.ts';
import { fromOf, problemOf, refuseJson, statusOf } from '../session-answer.ts';
import type { Site } from '../site.ts';
import { enterBy } from './sign-in.ts';

/** `/recover?link=…`: looking at it uses nothing up (mail programs look at links, too); setting the password does. */
export function recoverRoutes(app: Hono, site: Site): void {
  app.get('/recover', (c) => sendRecover(c, site, c.req.query('link') ?? ''));

  app.post('/recover', async (c) => {
    const form = await readFields(c);
    const secret = form.get('link') ?? '';
    const password = form.get('password') ?? '';
    const outcome = await useRecovery(site.database, { secret, password }, fromOf(c, site), site.now());
    if (outcome.outcome === 'refused')
      return wantsJson(c) ? refuseJson(c, outcome) : sendRecover(c, site, secret, outcome);
    return enterBy(c, site, outcome.secret, withQuery(ACCOUNT_ADDRESS, { done: 'recovered' }));
  });
}

async function sendRecover(c: Context, site: Site, secret: string, refusal?: Refused): Promise<Response> {
  const recovery = await recoveryOf(site.database.queries, secret, site.now());
  c.header('Cache-Control', 'no-store');
  const page = RecoverPage({
    frame: await makeFrame(c, site, { json: false }),
    secret,
    handle: recovery?.handle ?? null,
    shortestPassword: SHORTEST_PASSWORD,
    problem: refusal === undefined ? null : problemOf('recover', refusal),
  });
  const status = refusal === undefined ? (recovery === null ? 404 : 200) : statusOf(c, refusal);
  return c.html(htmlDocument(page), status);
}
