import { AccountPage, type AccountPageProps } from './account.tsx';
import { PeoplePage, type PeoplePageProps } from './people.tsx';
import { AccountsPage, type AccountsPageProps } from './people-accounts.tsx';
import { ManagePage, type ManagePageProps } from './people-manage.tsx';
import { PersonPage, type PersonPageProps } from './people-person.tsx';
import { RecoverPage, type RecoverPageProps } from './recover.tsx';
import { FRAME, type SamplePage } from './sample-pages.tsx';
import { SignInPage, type SignInPageProps } from './sign-in.tsx';
import { SignUpPage, type SignUpPageProps } from './sign-up.tsx';

/** Props for the pages of accounts, for tests: each field filled, so that each piece of each page is drawn. */

const AT = '2017-02-27T10:00:00Z';
const HISTORY = [
  { event: 12, at: AT, words: 'signed in by password', by: '@ada' },
  { event: 9, at: AT, words: 'role set to triager: asked for it', by: '@zoe' },
];

const account: AccountPageProps = {
  frame: FRAME,
  handle: 'ada',
  name: 'Ada Lovelace',
  email: 'ada@example.org',
  emailConfirmed: false,
  newAddress: { email: 'new@example.org', waitsFor: ['old@example.org', 'new@example.org'] },
  mail: {
    pace: 'daily',
    reasons: {
      mention: true,
      watch: false,
      decision: true,
      claim: true,
      lead: true,
      roundup: false,
      alarm: true,
      exploited: true,
    },
  },
  role: 'triager',
  since: AT,
  passwordSince: AT,
  passkeys: [{ id: 'abc', name: 'my phone', createdAt: AT, usedAt: AT }],
  sessions: [
    { id: '1', browser: 'Firefox on Linux', means: 'password', createdAt: AT, seenAt: AT, current: true },
    { id: '2', browser: null, means: 'passkey', createdAt: AT, seenAt: AT, current: false },
  ],
  tokens: [
    { id: 1, name: 'ci', scopes: ['read', 'propose'], createdAt: AT, usedAt: null, expiresAt: AT },
    { id: 2, name: 'bot', scopes: ['write'], createdAt: AT, usedAt: AT, expiresAt: null },
  ],
  identities: [{ provider: 'github', subject: '1', by: 'GitHub', label: 'ada-l', createdAt: AT }],
  history: HISTORY,
  mails: true,
  passkeysWork: true,
  scopes: ['read', 'propose', 'write'],
  linkable: [{ label: 'NixOS ID', href: '/account/identities/oidc/add?ticket=x' }],
  shortestPassword: 12,
  newToken: 'muster_abc',
  isAdmin: true,
  typed: { name: 'ci', days: '0' },
  problem: { form: 'token', field: 'days', why: 'It may be good for 1 to 366 days.' },
  said: 'Saved.',
};

const signIn: SignInPageProps = {
  frame: FRAME,
  to: '/issues',
  handle: 'ada',
  passkeys: true,
  providers: [{ label: 'GitHub', href: '/sign-in/with/github' }],
  signUp: '/sign-up',
  problem: { form: 'sign-in', field: null, why: 'Too many attempts.' },
  said: 'You are signed out.',
};

const signUp: SignUpPageProps = {
  frame: FRAME,
  to: '/issues',
  handle: 'ada',
  name: 'Ada',
  email: 'ada@example.org',
  invite: { secret: 'x', role: 'triager' },
  by: { label: 'GitHub', as: 'ada-l' },
  providers: [{ label: 'GitHub', href: '/sign-in/with/github?invite=x' }],
  closed: null,
  shortestPassword: 12,
  signIn: '/sign-in',
  problem: { form: 'sign-up', field: 'handle', why: '@ada is somebody else.' },
};

const recover: RecoverPageProps = {
  frame: FRAME,
  secret: 'x',
  handle: 'ada',
  shortestPassword: 12,
  problem: { form: 'recover', field: 'password', why: 'Too short.' },
};

const people: PeoplePageProps = {
  frame: FRAME,
  words: 'a',
  people: [
    { handle: 'zoe', name: 'Zoë', role: 'admin', since: AT },
    { handle: 'ada', name: 'Ada', role: 'triager', since: AT },
  ],
  total: 300,
  page: 2,
  pages: 3,
};

const person: PersonPageProps = {
  claims: [{ issue: 'NSI-2017-0043', title: 'openssl: denial of service', until: '2017-03-03T00:00:00Z' }],
  proposals: [{ id: 12, state: 'accepted', at: AT, about: 'openssl in nixos-17.03' }],
  credit: { days: 90, counts: { ticks: 3, comments: 1 } },
  own: {
    watches: ['package:openssl'],
    notices: [{ topic: 'issue:NSI-2017-0043', words: '@ben mentioned you on NSI-2017-0043', at: AT }],
  },
  frame: FRAME,
  handle: 'ada',
  name: 'Ada',
  role: 'triager',
  since: AT,
  github: 'ada-l',
  closedSince: AT,
  manage: '/accounts/ada',
};

const accounts: AccountsPageProps = {
  frame: FRAME,
  words: 'a',
  accounts: [
    { handle: 'ada', name: 'Ada', email: 'ada@example.org', role: 'triager', since: AT, closedSince: AT },
    { handle: 'zoe', name: 'Zoë', email: null, role: 'admin', since: AT, closedSince: null },
  ],
  total: 300,
  page: 2,
  pages: 3,
  recoveries: [
    {
      id: 1,
      handle: 'ada',
      name: 'Ada',
      reason: 'called me',
      askedBy: '@zoe',
      askedAt: AT,
      grantedBy: null,
      expiresAt: null,
      mine: true,
      mailedTo: null,
      address: 'ada@example.org',
    },
    {
      id: 2,
      handle: 'bob',
      name: 'Bob',
      reason: 'met him',
      askedBy: '@zoe',
      askedAt: AT,
      grantedBy: '@yan',
      expiresAt: AT,
      mine: false,
      mailedTo: 'bob@example.org',
      address: 'bob@example.org',
    },
  ],
  mails: true,
  invites: [
    {
      id: 1,
      note: 'for Grace',
      role: 'triager',
      mailedTo: 'grace@example.org',
      madeBy: '@zoe',
      expiresAt: AT,
    },
  ],
  typed: { note: 'for Grace', role: 'triager', email: 'grace@' },
  invitedRoles: ['contributor', 'triager'],
  link: { what: 'An invitation', href: 'https://muster.example/sign-up?invite=x', until: AT },
  problem: { form: 'invite', field: 'note', why: 'Say for whom it is.' },
  said: 'Withdrawn.',
};

const manage: ManagePageProps = {
  frame: FRAME,
  handle: 'ada',
  name: 'Ada',
  email: 'ada@example.org',
  role: 'triager',
  since: AT,
  closedSince: null,
  means: { password: true, passkeys: 2, identities: 1 },
  history: HISTORY,
  roles: ['contributor', 'triager'],
  own: false,
  typed: { reason: 'because' },
  problem: { form: 'disable', field: 'reason', why: 'Say why.' },
  said: 'They have that role now.',
};

export const ACCOUNT_PAGES: readonly SamplePage[] = [
  { name: 'account', draw: (change) => <AccountPage {...change(account)} /> },
  { name: 'sign-in', draw: (change) => <SignInPage {...change(signIn)} /> },
  { name: 'sign-up', draw: (change) => <SignUpPage {...change(signUp)} /> },
  { name: 'recover', draw: (change) => <RecoverPage {...change(recover)} /> },
  { name: 'people', draw: (change) => <PeoplePage {...change(people)} /> },
  { name: 'person', draw: (change) => <PersonPage {...change(person)} /> },
  { name: 'accounts', draw: (change) => <AccountsPage {...change(accounts)} /> },
  { name: 'one account', draw: (change) => <ManagePage {...change(manage)} /> },
];

/** The same with every list empty and every field that may be missing missing. */
export const BARE_ACCOUNT_PAGES: readonly { name: string; draw: () => { toString(): string } }[] = [
  {
    name: 'account',
    draw: () => (
      <AccountPage
        {...account}
        email={null}
        passwordSince={null}
        passkeys={[]}
        sessions={[]}
        tokens={[]}
        identities={[]}
        history={[]}
        passkeysWork={false}
        scopes={[]}
        linkable={[]}
        newToken={null}
        isAdmin={false}
        typed={{}}
        problem={null}
        said={null}
      />
    ),
  },
  {
    name: 'sign-in',
    draw: () => (
      <SignInPage {...signIn} passkeys={false} providers={[]} signUp={null} problem={null} said={null} />
    ),
  },
  {
    name: 'sign-up',
    draw: () => <SignUpPage {...signUp} invite={null} by={null} providers={[]} problem={null} />,
  },
  {
    name: 'sign-up, closed',
    draw: () => (
      <SignUpPage {...signUp} invite={null} by={null} providers={[]} closed="Ask an admin." problem={null} />
    ),
  },
  { name: 'recover', draw: () => <RecoverPage {...recover} handle={null} problem={null} /> },
  {
    name: 'people',
    draw: () => <PeoplePage {...people} words="" people={[]} total={0} page={1} pages={1} />,
  },
  {
    name: 'person',
    draw: () => <PersonPage {...person} github={null} closedSince={null} manage={null} />,
  },
  {
    name: 'accounts',
    draw: () => (
      <AccountsPage
        {...accounts}
        words=""
        accounts={[]}
        total={0}
        page={1}
        pages={1}
        recoveries={[]}
        invites={[]}
        link={null}
        problem={null}
        said={null}
      />
    ),
  },
  {
    name: 'one account',
    draw: () => (
      <ManagePage
        {...manage}
        email={null}
        closedSince={AT}
        means={{ password: false, passkeys: 0, identities: 0 }}
        history={[]}
        own
        typed={{}}
        problem={null}
        said={null}
      />
    ),
  },
];
