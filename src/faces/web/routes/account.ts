import type { Context, Hono } from 'hono';
import {
  accountById,
  addPasskey,
  addressChangeOf,
  beginPasskey,
  endOtherSessions,
  endSessionById,
  identitiesOf,
  listSessions,
  mailPaceOf,
  makeToken,
  type Outcome,
  passkeysOf,
  passwordChangedAt,
  type Refused,
  removePasskey,
  renamePasskey,
  revokeToken,
  SHORTEST_PASSWORD,
  setPassword,
  setProfile,
  settingsOf,
  tokensOf,
  unlinkIdentity,
} from '#domain/accounts';
import { NOTICE_REASONS, wantsMail } from '#domain/issues';
import { atLeast, scopesFor } from '#domain/policies';
import { accountHistory } from '../account-words.ts';
import { makeFrame } from '../frame.ts';
import { htmlDocument } from '../layout.tsx';
import { ACCOUNT_ADDRESS, withQuery } from '../list-addresses.ts';
import { type AccountData, AccountPage } from '../pages/account.tsx';
import { partyOf } from '../relying-party.ts';
import { isJson, readFields, readJson, wantsJson } from '../request-body.ts';
import { fromOf, problemOf, refuseJson, statusOf } from '../session-answer.ts';
import { keepSecret, readSecret } from '../session-cookie.ts';
import { personOf, requirePerson, type SignedInPerson, sendToSignIn } from '../session-guard.ts';
import { ticketFor } from '../session-ticket.ts';
import { mailsGoOut, type Site } from '../site.ts';
import { requireParty } from './sign-in-passkey.ts';

/** `/account` and the forms on it: one's own account, by session alone. */
export function accountRoutes(app: Hono, site: Site): void {
  const { database, now } = site;

  app.get('/account', (c) => {
    const person = personOf(c);
    return person === null ? sendToSignIn(c) : sendAccount(c, site, person, {});
  });

  app.get('/account.json', async (c) => {
    const person = personOf(c);
    return person === null ? sendToSignIn(c) : c.json(await accountData(site, person));
  });

  /** A form of the page: what it does, and what is said afterwards. */
  const form = (
    path: string,
    name: string,
    done: string,
    deed: (
      person: SignedInPerson,
      fields: URLSearchParams,
      c: Context,
    ) => Promise<Outcome<{ asked?: boolean }>>,
  ) =>
    app.post(path, async (c) => {
      const person = requirePerson(c);
      const fields = await readFields(c);
      const outcome = await deed(person, fields, c);
      if (outcome.outcome === 'refused') {
        if (wantsJson(c)) return refuseJson(c, outcome);
        return sendAccount(c, site, person, { form: name, refusal: outcome, typed: typedIn(fields) });
      }
      c.header('Cache-Control', 'no-store');
      const what = outcome.asked === true ? `${done}-asked` : done;
      return wantsJson(c)
        ? c.json({ done: what })
        : c.redirect(withQuery(ACCOUNT_ADDRESS, { done: what }), 303);
    });
  const text = (fields: URLSearchParams, name: string) => fields.get(name) ?? '';

  form('/account/profile', 'profile', 'profile', (person, fields) =>
    setProfile(database, person, { name: text(fields, 'name'), email: text(fields, 'email') }, now(), {
      mails: mailsGoOut(site),
    }),
  );
  form('/account/password', 'password', 'password', async (person, fields, c) => {
    const change = { present: text(fields, 'present'), next: text(fields, 'next') };
    const outcome = await setPassword(database, person, change, fromOf(c, site), now());
    if (outcome.outcome === 'done') keepSecret(c, site, 'session', outcome.secret);
    return outcome;
  });
  form('/account/passkeys/name', 'passkey', 'passkey-named', (person, fields) =>
    renamePasskey(database, person, { id: text(fields, 'id'), name: text(fields, 'name') }, now()),
  );
  form('/account/passkeys/remove', 'passkey', 'passkey-removed', (person, fields) =>
    removePasskey(database, person, text(fields, 'id'), now()),
  );
  form('/account/sessions/end', 'session', 'session-ended', (person, fields) =>
    endSessionById(database, person, text(fields, 'id'), now()),
  );
  form('/account/sessions/end-others', 'session', 'sessions-ended', (person, _fields, c) =>
    endOtherSessions(database, person, readSecret(c, site, 'session'), now()),
  );
  form('/account/tokens/revoke', 'token', 'token-revoked', (person, fields) =>
    revokeToken(database, person, Number(text(fields, 'id')) || 0, now()),
  );
  form('/account/identities/remove', 'identity', 'unlinked', (person, fields) => {
    const provider = text(fields, 'provider');
    const isGithub = site.providers.some(({ id, key }) => id === 'github' && key === provider);
    return unlinkIdentity(database, person, { provider, subject: text(fields, 'subject'), isGithub }, now());
  });

  app.post('/account/tokens', async (c) => {
    const person = requirePerson(c);
    const fields = await readFields(c);
    const wanted = {
      name: text(fields, 'name'),
      scopes: fields.getAll('scopes'),
      days: Number(text(fields, 'days')),
    };
    const outcome = await makeToken(database, { id: `person:${person.id}` }, person.id, wanted, now());
    if (outcome.outcome === 'refused') {
      if (wantsJson(c)) return refuseJson(c, outcome);
      return sendAccount(c, site, person, { form: 'token', refusal: outcome, typed: typedIn(fields) });
    }
    if (wantsJson(c)) return c.json({ id: outcome.id, token: outcome.token }, 201);
    return sendAccount(c, site, person, { newToken: outcome.token });
  });

  app.post('/account/passkeys/options', async (c) => {
    const person = requirePerson(c);
    return c.json(await beginPasskey(database, person, requireParty(c, site), now()));
  });

  app.post('/account/passkeys', async (c) => {
    const person = requirePerson(c);
    if (!isJson(c))
      return sendAccount(c, site, person, {
        form: 'passkey',
        refusal: {
          outcome: 'refused',
          code: 'MALFORMED',
          why: 'Passkeys need JavaScript.',
          field: null,
          afterSeconds: null,
        },
      });
    const { answer, name } = (await readJson(c)) as { answer?: unknown; name?: unknown };
    const made = { answer, name: typeof name === 'string' ? name : '' };
    const outcome = await addPasskey(database, person, requireParty(c, site), made, now());
    if (outcome.outcome === 'refused') return refuseJson(c, outcome);
    return c.json({ to: withQuery(ACCOUNT_ADDRESS, { done: 'passkey' }) }, 201);
  });
}

const SAID: Readonly<Record<string, string>> = {
  profile: 'Saved.',
  'profile-asked':
    'A mail is on its way to your address, and one to the new one. It changes when both were answered.',
  password: 'Your password is set. Every other session ended.',
  passkey: 'The passkey is added. You can sign in with it from now on.',
  'passkey-named': 'Renamed.',
  'passkey-removed': 'The passkey opens nothing here any more. You may delete it from your device, too.',
  'session-ended': 'That session ended.',
  'sessions-ended': 'Every other session ended.',
  'token-revoked': 'The token opens nothing any more.',
  mail: 'Saved.',
  confirmation: 'A mail is on its way to you: its link confirms your address.',
  linked: 'Linked: you can sign in by it from now on.',
  unlinked: 'Unlinked.',
  recovered: 'You are back in. Add a passkey, and look whether your address is still right.',
};

/** The page, again with what was refused, or with a token that is shown this once. */
export async function sendAccount(
  c: Context,
  site: Site,
  person: SignedInPerson,
  shown: {
    form?: string;
    refusal?: Refused;
    typed?: Readonly<Record<string, string>>;
    newToken?: string;
  },
): Promise<Response> {
  const { form = '', refusal, typed = {}, newToken = null } = shown;
  const data = await accountData(site, person);
  const linked = new Set(data.identities.map(({ provider }) => provider));
  const page = AccountPage({
    frame: await makeFrame(c, site),
    ...data,
    passkeysWork: partyOf(c, site) !== null,
    mails: mailsGoOut(site),
    scopes: scopesFor(person),
    linkable: site.providers
      .filter(({ key }) => !linked.has(key))
      .map((provider) => ({
        label: provider.label,
        href: withQuery(`/account/identities/${provider.id}/add`, { ticket: ticketFor(c, site, provider) }),
      })),
    shortestPassword: SHORTEST_PASSWORD,
    newToken,
    isAdmin: atLeast(person, 'admin'),
    typed,
    problem: refusal === undefined ? null : problemOf(form, refusal),
    said: c.req.method === 'POST' ? null : (SAID[c.req.query('done') ?? ''] ?? null),
  });
  const status = refusal === undefined ? (newToken === null ? 200 : 201) : statusOf(c, refusal);
  return c.html(htmlDocument(page), status);
}

/** What was typed, to be shown again; passwords are typed anew. */
function typedIn(fields: URLSearchParams): Record<string, string> {
  return Object.fromEntries(
    ['name', 'email', 'days', 'reason', 'note'].map((name) => [name, (fields.get(name) ?? '').slice(0, 300)]),
  );
}

async function accountData(site: Site, person: SignedInPerson): Promise<AccountData> {
  const { queries } = site.database;
  const now = site.now();
  const [account, settings, passwordSince, passkeys, sessions, tokens, identities, history, change] =
    await Promise.all([
      accountById(queries, person.id),
      settingsOf(queries, person.id),
      passwordChangedAt(queries, person.id),
      passkeysOf(queries, person.id),
      listSessions(queries, person.id, now),
      tokensOf(queries, person.id, now),
      identitiesOf(queries, person.id),
      accountHistory(site, person.id),
      addressChangeOf(queries, person.id, now),
    ]);
  const labels = new Map(site.providers.map(({ key, label }) => [key, label]));
  return {
    handle: person.handle,
    name: account?.name ?? person.name,
    email: account?.email ?? null,
    emailConfirmed: account?.emailConfirmedAt != null,
    newAddress:
      change === null
        ? null
        : {
            email: change.email,
            waitsFor: [
              ...(change.oldConfirmedAt === null ? [account?.email ?? 'your address'] : []),
              ...(change.newConfirmedAt === null && change.email !== null ? [change.email] : []),
            ],
          },
    mail: {
      pace: mailPaceOf(settings),
      reasons: Object.fromEntries(
        NOTICE_REASONS.map((reason) => [reason, wantsMail(settings, reason)]),
      ) as AccountData['mail']['reasons'],
    },
    role: person.role,
    since: (account?.createdAt ?? now).toISOString(),
    passwordSince: passwordSince?.toISOString() ?? null,
    passkeys: passkeys.map(({ id, name, createdAt, usedAt }) => ({
      id,
      name,
      createdAt: createdAt.toISOString(),
      usedAt: usedAt?.toISOString() ?? null,
    })),
    sessions: sessions.map(({ id, browser, means, createdAt, seenAt }) => ({
      id,
      browser,
      means,
      createdAt: createdAt.toISOString(),
      seenAt: seenAt.toISOString(),
      current: id === person.session,
    })),
    tokens: tokens.map(({ id, name, scopes, createdAt, usedAt, expiresAt }) => ({
      id,
      name,
      scopes,
      createdAt: createdAt.toISOString(),
      usedAt: usedAt?.toISOString() ?? null,
      expiresAt: expiresAt?.toISOString() ?? null,
    })),
    identities: identities.map(({ provider, subject, label, createdAt }) => ({
      provider,
      subject,
      by: labels.get(provider) ?? provider,
      label,
      createdAt: createdAt.toISOString(),
    })),
    history,
  };
}
