import { byRole, everybody, type RouteRow } from './routes-table-row.ts';

/** Only whoever is signed in: a visitor is led to where one signs in. */
const own = byRole({ visitor: 303, contributor: 200 });
/** A form of one's own page. */
const ownForm = byRole({ visitor: 401, contributor: 303 });
const admins = byRole({ visitor: 303, contributor: 403, admin: 200 });
const adminsForm = byRole({ visitor: 401, contributor: 403, admin: 303 });
const none: readonly (readonly [string, string])[] = [];

/** Signing in, one's own account, and looking after everybody's. A token is refused on all of them but the first few. */
export const ACCOUNT_ROUTES: readonly RouteRow[] = [
  {
    method: 'GET',
    path: '/sign-in',
    what: 'where one signs in',
    answers: byRole({ visitor: 200, contributor: 303 }),
  },
  { method: 'GET', path: '/sign-in.json', what: 'by what one may sign in', answers: everybody(200) },
  {
    method: 'POST',
    path: '/sign-in',
    what: 'sign in by password',
    answers: everybody(303),
    ask: {
      form: [
        ['handle', '{account}'],
        ['password', '{password}'],
      ],
    },
  },
  {
    method: 'POST',
    path: '/sign-out',
    what: 'end this session',
    answers: everybody(303),
    ask: { form: none },
  },
  {
    method: 'POST',
    path: '/sign-in/passkey/options',
    what: 'begin to sign in by passkey',
    answers: everybody(200),
    ask: { json: {} },
  },
  {
    method: 'POST',
    path: '/sign-in/passkey',
    what: 'sign in by passkey',
    answers: everybody(200),
    ask: { json: { answer: '{passkey-answer}' } },
  },
  {
    method: 'GET',
    path: '/sign-in/with/:provider',
    what: 'leave for a provider, to sign in',
    answers: everybody(303),
    ask: { path: '/sign-in/with/github' },
  },
  {
    method: 'GET',
    path: '/sign-in/with/:provider/back',
    what: 'come back from a provider (here without having left)',
    answers: everybody(403),
    ask: { path: '/sign-in/with/github/back?code=x&state=y' },
  },
  {
    method: 'GET',
    path: '/sign-in/new',
    what: 'choose a handle after a provider (here without having left)',
    answers: everybody(303),
  },
  {
    method: 'POST',
    path: '/sign-in/new',
    what: 'make an account after a provider (here without having left)',
    answers: everybody(303),
    ask: { form: none },
  },
  {
    method: 'GET',
    path: '/sign-up',
    what: 'where one makes an account',
    answers: byRole({ visitor: 200, contributor: 303 }),
  },
  { method: 'GET', path: '/sign-up.json', what: 'who may make an account', answers: everybody(200) },
  {
    method: 'POST',
    path: '/sign-up',
    what: 'make an account',
    answers: everybody(303),
    ask: {
      form: [
        ['handle', '{new-handle}'],
        ['name', 'Somebody'],
        ['password', '{password}'],
      ],
    },
  },
  {
    method: 'GET',
    path: '/recover',
    what: 'where a way back in leads',
    answers: everybody(200),
    ask: { path: '/recover?link={recovery-secret}' },
  },
  {
    method: 'POST',
    path: '/recover',
    what: 'use a way back in',
    answers: everybody(303),
    ask: {
      form: [
        ['link', '{recovery-secret}'],
        ['password', 'back in at last, me'],
      ],
    },
  },

  { method: 'GET', path: '/account', what: 'one’s own account', answers: own },
  {
    method: 'GET',
    path: '/account.json',
    what: 'the same as JSON',
    answers: byRole({ visitor: 401, contributor: 200 }),
  },
  {
    method: 'POST',
    path: '/account/profile',
    what: 'set name and address',
    answers: ownForm,
    ask: { form: [['name', 'Another Name']] },
  },
  {
    method: 'POST',
    path: '/account/mail',
    what: 'choose what mails come, and how often',
    answers: ownForm,
    ask: {
      form: [
        ['pace', 'daily'],
        ['reason', 'mention'],
      ],
    },
  },
  {
    method: 'POST',
    path: '/account/mail/confirm',
    what: 'ask for a mail that confirms the address (here where there is none)',
    answers: byRole({ visitor: 401, contributor: 409 }),
    ask: { form: none },
  },
  {
    method: 'GET',
    path: '/mail/confirm',
    what: 'where the link of that mail leads (here one that opens nothing)',
    answers: everybody(404),
    ask: { path: '/mail/confirm?link=x' },
  },
  {
    method: 'POST',
    path: '/mail/confirm',
    what: 'confirm the address (here by a link that opens nothing)',
    answers: everybody(404),
    ask: { form: [['link', 'x']] },
  },
  {
    method: 'GET',
    path: '/mail/stop',
    what: 'where a mail’s link leads that stops mails',
    answers: everybody(200),
    ask: { path: '/mail/stop?link={stop-link}' },
  },
  {
    method: 'POST',
    path: '/mail/stop',
    what: 'stop mails by such a link; mail programs do so by themselves',
    answers: everybody(200),
    ask: { form: [['link', '{stop-link}']] },
  },
  {
    method: 'POST',
    path: '/account/password',
    what: 'set the password',
    answers: ownForm,
    ask: {
      form: [
        ['present', '{password}'],
        ['next', '{password}'],
      ],
    },
  },
  {
    method: 'POST',
    path: '/account/passkeys/options',
    what: 'begin to add a passkey',
    answers: byRole({ visitor: 401, contributor: 200 }),
    ask: { json: {} },
  },
  {
    method: 'POST',
    path: '/account/passkeys',
    what: 'add a passkey',
    answers: byRole({ visitor: 401, contributor: 201 }),
    ask: { json: { answer: '{passkey-new}', name: 'key' } },
  },
  {
    method: 'POST',
    path: '/account/passkeys/name',
    what: 'rename a passkey',
    answers: ownForm,
    ask: {
      form: [
        ['id', '{passkey}'],
        ['name', 'blue'],
      ],
    },
  },
  {
    method: 'POST',
    path: '/account/passkeys/remove',
    what: 'remove a passkey',
    answers: ownForm,
    ask: { form: [['id', '{passkey}']] },
  },
  {
    method: 'POST',
    path: '/account/sessions/end',
    what: 'end another session',
    answers: ownForm,
    ask: { form: [['id', '{session}']] },
  },
  {
    method: 'POST',
    path: '/account/sessions/end-others',
    what: 'end all other sessions',
    answers: ownForm,
    ask: { form: none },
  },
  {
    method: 'POST',
    path: '/account/tokens',
    what: 'make a token',
    answers: byRole({ visitor: 401, contributor: 201 }),
    ask: {
      form: [
        ['name', 'ci'],
        ['scopes', 'read'],
        ['days', '9'],
      ],
    },
  },
  {
    method: 'POST',
    path: '/account/tokens/revoke',
    what: 'revoke a token',
    answers: ownForm,
    ask: { form: [['id', '{token}']] },
  },
  {
    method: 'GET',
    path: '/account/identities/:provider/add',
    what: 'leave for a provider, to link (here without the ticket of one’s own page)',
    answers: byRole({ visitor: 303, contributor: 403 }),
    ask: { path: '/account/identities/github/add' },
  },
  {
    method: 'POST',
    path: '/account/identities/remove',
    what: 'unlink an identity',
    answers: ownForm,
    ask: {
      form: [
        ['provider', 'github'],
        ['subject', '{identity}'],
      ],
    },
  },

  { method: 'GET', path: '/accounts', what: 'all accounts', answers: admins },
  {
    method: 'GET',
    path: '/accounts.json',
    what: 'the same as JSON',
    answers: byRole({ visitor: 401, contributor: 403, admin: 200 }),
  },
  {
    method: 'GET',
    path: '/accounts/:handle',
    what: 'one account; also .json',
    answers: admins,
    ask: { path: '/accounts/{handle}' },
  },
  {
    method: 'POST',
    path: '/accounts/:handle/role',
    what: 'give a role',
    answers: adminsForm,
    ask: { path: '/accounts/{account}/role', form: [['role', 'triager']] },
  },
  {
    method: 'POST',
    path: '/accounts/:handle/disable',
    what: 'close an account',
    answers: adminsForm,
    ask: { path: '/accounts/{account}/disable', form: [['reason', 'left']] },
  },
  {
    method: 'POST',
    path: '/accounts/:handle/enable',
    what: 'open an account again',
    answers: adminsForm,
    ask: { path: '/accounts/{account}/enable', form: none },
  },
  {
    method: 'POST',
    path: '/accounts/:handle/recovery',
    what: 'ask for a way back in for somebody',
    answers: adminsForm,
    ask: { path: '/accounts/{account}/recovery', form: [['reason', 'called me']] },
  },
  {
    method: 'POST',
    path: '/accounts/recoveries/:id/grant',
    what: 'grant what another admin asked for',
    answers: byRole({ visitor: 401, contributor: 403, admin: 201 }),
    ask: { path: '/accounts/recoveries/{recovery}/grant', form: none },
  },
  {
    method: 'POST',
    path: '/accounts/recoveries/:id/withdraw',
    what: 'take a way back in away again',
    answers: adminsForm,
    ask: { path: '/accounts/recoveries/{recovery}/withdraw', form: none },
  },
  {
    method: 'POST',
    path: '/accounts/invites',
    what: 'ask somebody in',
    answers: byRole({ visitor: 401, contributor: 403, admin: 201 }),
    ask: {
      form: [
        ['note', 'for Grace'],
        ['role', 'triager'],
      ],
    },
  },
  {
    method: 'POST',
    path: '/accounts/invites/:id/withdraw',
    what: 'take an invitation back',
    answers: adminsForm,
    ask: { path: '/accounts/invites/{invite}/withdraw', form: none },
  },
];
