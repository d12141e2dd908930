import type { Context, Hono } from 'hono';
import {
  accountByHandle,
  askRecovery,
  disableAccount,
  enableAccount,
  grantRecovery,
  listAccounts,
  makeInvite,
  meansOf,
  type Outcome,
  openInvites,
  openRecoveries,
  type Refused,
  readHandle,
  setRole,
  withdrawInvite,
  withdrawRecovery,
} from '#domain/accounts';
import { INVITED_ROLES, mayGrantRecovery, ROLES } from '#domain/policies';
import { accountHistory } from '../account-words.ts';
import { readings } from '../answer.ts';
import { accountAddress } from '../components/addresses.ts';
import { makeFrame } from '../frame.ts';
import { htmlDocument } from '../layout.tsx';
import { ACCOUNTS_ADDRESS, withQuery } from '../list-addresses.ts';
import { type AccountsData, AccountsPage, type AccountsPageProps } from '../pages/people-accounts.tsx';
import { type ManagedAccount, ManagePage } from '../pages/people-manage.tsx';
import { readFields, wantsJson } from '../request-body.ts';
import { pageOf, pagesOf, wordsOf } from '../request-checks.ts';
import { originOf } from '../session.ts';
import { problemOf, refuseJson, statusOf } from '../session-answer.ts';
import { requirePerson, sendToSignIn } from '../session-guard.ts';
import { mailsGoOut, type Site } from '../site.ts';
import { whoOf } from '../who.ts';
import { sendNotFound } from './not-found.ts';

const SIZE = 100;

/** `/accounts` and `/accounts/ada`: roles, closing, ways back in, invitations. For admins, by session alone. */
export function accountsRoutes(app: Hono, site: Site): void {
  const { database, now } = site;
  const mails = mailsGoOut(site);
  const text = (fields: URLSearchParams, name: string) => fields.get(name) ?? '';

  for (const path of ['/accounts', '/accounts.json'] as const)
    app.get(path, async (c) => {
      if (whoOf(c).actor.account === null) return sendToSignIn(c);
      requirePerson(c, 'admin');
      return path === '/accounts' ? sendAccounts(c, site, {}) : c.json(await accountsData(c, site));
    });

  app.get('/accounts/:handle', async (c) => {
    if (whoOf(c).actor.account === null) return sendToSignIn(c);
    requirePerson(c, 'admin');
    const wanted = readings(c.req.param('handle')).at(-1);
    const data = wanted === undefined ? null : await managed(site, wanted.name);
    if (wanted === undefined || data === null) return sendNotFound(c, site);
    return wanted.form === 'json' ? c.json(data) : sendManage(c, site, data, {});
  });

  /** A form on the page of one account. */
  const form = (
    name: string,
    done: string,
    deed: (c: Context, handle: string, fields: URLSearchParams) => Promise<Outcome>,
  ) =>
    app.post(`/accounts/:handle/${name}`, async (c) => {
      requirePerson(c, 'admin');
      const fields = await readFields(c);
      const handle = c.req.param('handle') ?? '';
      const outcome = await deed(c, handle, fields);
      if (outcome.outcome === 'refused') {
        const data = wantsJson(c) ? null : await managed(site, handle);
        if (data === null) return refuseJson(c, outcome);
        return sendManage(c, site, data, { form: name, refusal: outcome, reason: text(fields, 'reason') });
      }
      return wantsJson(c) ? c.json({ done }) : c.redirect(withQuery(accountAddress(handle), { done }), 303);
    });
  form('role', 'role', (c, handle, fields) =>
    setRole(
      database,
      whoOf(c).actor,
      handle,
      { role: text(fields, 'role'), reason: text(fields, 'reason') },
      now(),
    ),
  );
  form('disable', 'closed', (c, handle, fields) =>
    disableAccount(database, whoOf(c).actor, handle, text(fields, 'reason'), now()),
  );
  form('enable', 'opened', (c, handle) => enableAccount(database, whoOf(c).actor, handle, now()));
  form('recovery', 'asked', (c, handle, fields) =>
    askRecovery(database, whoOf(c).actor, handle, text(fields, 'reason'), now()),
  );

  app.post('/accounts/recoveries/:id/grant', async (c) => {
    requirePerson(c, 'admin');
    const byMail = text(await readFields(c), 'by') === 'mail';
    const outcome = await grantRecovery(database, whoOf(c).actor, idOf(c), now(), { byMail, mails });
    if (outcome.outcome === 'refused') return refuse(c, site, 'recovery', outcome);
    if (outcome.secret === null)
      return wantsJson(c) ? c.json({ link: null, mailedTo: outcome.email }, 201) : back(c, 'recovery-mailed');
    const href = `${originOf(c, site)}/recover?link=${outcome.secret}`;
    if (wantsJson(c)) return c.json({ link: href }, 201);
    const until = new Date(now().getTime() + 86_400_000).toISOString();
    return sendAccounts(c, site, { link: { what: `A way back in for @${outcome.handle}`, href, until } });
  });
  app.post('/accounts/recoveries/:id/withdraw', async (c) => {
    requirePerson(c, 'admin');
    await readFields(c);
    const outcome = await withdrawRecovery(database, whoOf(c).actor, idOf(c), now());
    return outcome.outcome === 'refused' ? refuse(c, site, 'recovery', outcome) : back(c, 'withdrawn');
  });
  app.post('/accounts/invites', async (c) => {
    requirePerson(c, 'admin');
    const fields = await readFields(c);
    const typed = { note: text(fields, 'note'), role: text(fields, 'role'), email: text(fields, 'email') };
    const outcome = await makeInvite(database, whoOf(c).actor, typed, now(), { mails });
    if (outcome.outcome === 'refused') return refuse(c, site, 'invite', outcome, typed);
    if (outcome.secret === null)
      return wantsJson(c)
        ? c.json({ id: outcome.id, link: null, mailedTo: typed.email.trim() }, 201)
        : back(c, 'invite-mailed');
    const href = `${originOf(c, site)}/sign-up?invite=${outcome.secret}`;
    if (wantsJson(c)) return c.json({ id: outcome.id, link: href }, 201);
    const until = new Date(now().getTime() + 7 * 86_400_000).toISOString();
    return sendAccounts(c, site, { link: { what: 'An invitation', href, until } });
  });
  app.post('/accounts/invites/:id/withdraw', async (c) => {
    requirePerson(c, 'admin');
    await readFields(c);
    const outcome = await withdrawInvite(database, whoOf(c).actor, idOf(c), now());
    return outcome.outcome === 'refused' ? refuse(c, site, 'invite', outcome) : back(c, 'withdrawn');
  });
}

const SAID: Readonly<Record<string, string>> = {
  role: 'They have that role now.',
  closed: 'The account is closed.',
  opened: 'The account is open again.',
  asked: 'Asked. Another admin grants it on the page of the accounts.',
  withdrawn: 'Withdrawn.',
  'invite-mailed': 'The invitation goes out by mail.',
  'recovery-mailed': 'Granted. The way back in goes out by mail.',
};

function back(c: Context, done: string): Response {
  return wantsJson(c) ? c.json({ done }) : c.redirect(withQuery(ACCOUNTS_ADDRESS, { done }), 303);
}

async function refuse(
  c: Context,
  site: Site,
  form: string,
  refusal: Refused,
  typed: AccountsPageProps['typed'] = {},
): Promise<Response> {
  return wantsJson(c) ? refuseJson(c, refusal) : sendAccounts(c, site, { form, refusal, typed });
}

function idOf(c: Context): number {
  const id = c.req.param('id') ?? '';
  return /^[1-9]\d{0,14}$/.test(id) ? Number(id) : 0;
}

async function sendAccounts(
  c: Context,
  site: Site,
  {
    form = '',
    refusal,
    link = null,
    typed = {},
  }: {
    form?: string;
    refusal?: Refused;
    link?: AccountsPageProps['link'];
    typed?: AccountsPageProps['typed'];
  },
): Promise<Response> {
  const page = AccountsPage({
    frame: await makeFrame(c, site),
    ...(await accountsData(c, site)),
    invitedRoles: INVITED_ROLES,
    link,
    typed,
    problem: refusal === undefined ? null : problemOf(form, refusal),
    said: c.req.method === 'POST' ? null : (SAID[c.req.query('done') ?? ''] ?? null),
  });
  const status = refusal === undefined ? (link === null ? 200 : 201) : statusOf(c, refusal);
  return c.html(htmlDocument(page), status);
}

async function accountsData(c: Context, site: Site): Promise<AccountsData> {
  const { queries } = site.database;
  const now = site.now();
  const words = wordsOf(c, 'q');
  const wanted = pageOf(c);
  const read = (page: number) =>
    listAccounts(queries, { words, disabled: true, limit: SIZE, offset: (page - 1) * SIZE });
  const [first, recoveries, invites] = await Promise.all([
    read(wanted),
    openRecoveries(queries, now),
    openInvites(queries, now),
  ]);
  const { page, pages } = pagesOf(first.total, SIZE, wanted);
  const { rows } = page === wanted ? first : await read(page);
  const names = await site.names([
    ...recoveries.flatMap(({ askedBy, grantedBy }) => [askedBy, grantedBy]),
    ...invites.map(({ madeBy }) => madeBy),
  ]);
  const { actor } = whoOf(c);
  return {
    words,
    accounts: rows.map(({ handle, name, email, role, createdAt, disabledAt }) => ({
      handle,
      name,
      email,
      role,
      since: createdAt.toISOString(),
      closedSince: disabledAt?.toISOString() ?? null,
    })),
    total: first.total,
    page,
    pages,
    recoveries: recoveries.map((recovery) => ({
      id: recovery.id,
      handle: recovery.handle,
      name: recovery.name,
      reason: recovery.reason,
      askedBy: names(recovery.askedBy).label,
      askedAt: recovery.askedAt.toISOString(),
      grantedBy: recovery.grantedBy === null ? null : names(recovery.grantedBy).label,
      expiresAt: recovery.expiresAt?.toISOString() ?? null,
      mine: mayGrantRecovery(actor, recovery),
      mailedTo: recovery.email,
      address: recovery.reachable,
    })),
    mails: mailsGoOut(site),
    invites: invites.map(({ id, note, role, email, madeBy, expiresAt }) => ({
      id,
      note,
      role,
      mailedTo: email,
      madeBy: names(madeBy).label,
      expiresAt: expiresAt.toISOString(),
    })),
  };
}

async function managed(site: Site, typed: string): Promise<(ManagedAccount & { id: number }) | null> {
  const { queries } = site.database;
  const handle = readHandle(typed);
  const account = handle === null ? null : await accountByHandle(queries, handle);
  if (account === null) return null;
  const [means, history] = await Promise.all([
    meansOf(queries, account.id),
    accountHistory(site, account.id),
  ]);
  return {
    id: account.id,
    handle: account.handle,
    name: account.name,
    email: account.email,
    role: account.role,
    since: account.createdAt.toISOString(),
    closedSince: account.disabledAt?.toISOString() ?? null,
    means,
    history,
  };
}

async function sendManage(
  c: Context,
  site: Site,
  { id, ...data }: ManagedAccount & { id: number },
  { form = '', refusal, reason = '' }: { form?: string; refusal?: Refused; reason?: string },
): Promise<Response> {
  const page = ManagePage({
    frame: await makeFrame(c, site),
    ...data,
    roles: ROLES.filter((role) => role !== 'visitor'),
    own: whoOf(c).actor.account === id,
    typed: { reason: reason.slice(0, 300) },
    problem: refusal === undefined ? null : problemOf(form, refusal),
    said: c.req.method === 'POST' ? null : (SAID[c.req.query('done') ?? ''] ?? null),
  });
  return c.html(htmlDocument(page), refusal === undefined ? 200 : statusOf(c, refusal));
}
