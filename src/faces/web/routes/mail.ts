import type { Context, Hono } from 'hono';
import {
  ADDRESS_PURPOSES,
  askConfirmation,
  confirmAddress,
  MAIL_PACES,
  mailLinkOf,
  putSettings,
  type Refused,
  stopMail,
} from '#domain/accounts';
import { NOTICE_REASONS } from '#domain/issues';
import { makeFrame } from '../frame.ts';
import { htmlDocument } from '../layout.tsx';
import { ACCOUNT_ADDRESS, withQuery } from '../list-addresses.ts';
import { MailLinkPage, type MailLinkState } from '../pages/mail-link.tsx';
import { readFields, wantsJson } from '../request-body.ts';
import { refuseJson, statusOf } from '../session-answer.ts';
import { requirePerson } from '../session-guard.ts';
import type { Site } from '../site.ts';
import { sendAccount } from './account.ts';

/**
 * `/account/mail`: what somebody wants mail of; `/mail/confirm` and `/mail/stop`: where links in mails lead. Looking at a
 * link changes nothing (mail programs look, too); its button does, and a mail program that POSTs to it (RFC 8058).
 */
export function mailRoutes(app: Hono, site: Site): void {
  const { database, now } = site;

  app.post('/account/mail', async (c) => {
    const person = requirePerson(c);
    const form = await readFields(c);
    const mailPace = MAIL_PACES.find((pace) => pace === form.get('pace')) ?? 'at_once';
    const wanted = new Set(form.getAll('reason'));
    const mail = Object.fromEntries(NOTICE_REASONS.map((reason) => [reason, wanted.has(reason)]));
    await putSettings(database.queries, person.id, { mailPace, mail });
    return done(c, 'mail');
  });

  app.post('/account/mail/confirm', async (c) => {
    const person = requirePerson(c);
    const outcome = await askConfirmation(database, person, now());
    if (outcome.outcome === 'done') return done(c, 'confirmation');
    if (wantsJson(c)) return refuseJson(c, outcome);
    return sendAccount(c, site, person, { form: 'mail', refusal: { ...outcome, field: null } });
  });

  app.get('/mail/confirm', (c) => sendLink(c, site, 'confirm'));
  app.post('/mail/confirm', async (c) => {
    const secret = (await readFields(c)).get('link') ?? '';
    return answer(c, site, 'confirm', await confirmAddress(database, secret, now()));
  });

  app.get('/mail/stop', (c) => sendLink(c, site, 'stop'));
  app.post('/mail/stop', async (c) => {
    // A mail program posts to the whole address; the form of the page brings the link along.
    const secret = (await readFields(c)).get('link') ?? c.req.query('link') ?? '';
    return answer(c, site, 'stop', await stopMail(database, secret, now()));
  });
}

function done(c: Context, what: string): Response {
  c.header('Cache-Control', 'no-store');
  return wantsJson(c) ? c.json({ done: what }) : c.redirect(withQuery(ACCOUNT_ADDRESS, { done: what }), 303);
}

type Purpose = MailLinkState['purpose'];

async function sendLink(c: Context, site: Site, purpose: Purpose): Promise<Response> {
  const secret = c.req.query('link') ?? '';
  const purposes = purpose === 'confirm' ? ADDRESS_PURPOSES : (['stop'] as const);
  const link = await mailLinkOf(site.database.queries, secret, purposes, site.now());
  const state = link === null ? ('gone' as const) : ('asked' as const);
  const handle = link?.handle ?? null;
  const leaving = link?.purpose === 'leave';
  return page(c, site, { purpose, state, secret, handle, leaving }, link === null ? 404 : 200);
}

async function answer(
  c: Context,
  site: Site,
  purpose: Purpose,
  outcome: { outcome: 'done'; handle: string; waits?: boolean } | Refused,
): Promise<Response> {
  if (outcome.outcome === 'refused') {
    if (wantsJson(c)) return refuseJson(c, outcome);
    return page(c, site, { purpose, state: 'gone', secret: '', handle: null }, statusOf(c, outcome));
  }
  const { handle, waits = false } = outcome;
  if (wantsJson(c)) return c.json({ done: purpose, handle, waits });
  return page(c, site, { purpose, state: waits ? 'waits' : 'done', secret: '', handle }, 200);
}

async function page(
  c: Context,
  site: Site,
  state: MailLinkState,
  status: 200 | ReturnType<typeof statusOf>,
): Promise<Response> {
  c.header('Cache-Control', 'no-store');
  const frame = await makeFrame(c, site, { json: false });
  return c.html(htmlDocument(MailLinkPage({ frame, ...state })), status);
}
