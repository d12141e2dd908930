import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import type { Hono } from 'hono';
import { loadConfig } from '#base/config';
import type { Database } from '#base/db';
import { accountByHandle, makeInvite } from '#domain/accounts';
import { testDatabase } from '../../../test/database.ts';
import { startProvider, type TestProvider } from '../../../test/provider.ts';
import { createApp } from './app.ts';
import { NOW } from './sample-database.ts';
import { ASSETS, assertGuarded, parsed, SILENT } from './testing-app.ts';
import { cookiesOf, makeAccount, OPERATOR, sendForm, signIn } from './testing-people.ts';

let database: Database;
let provider: TestProvider;
let app: Hono;
let clock = NOW;

before(async () => {
  database = await testDatabase();
  provider = await startProvider();
  app = appWith({});
});
/** Before each test here; a hook of the file itself would be one of every test in the run. */
function later(): void {
  // Limits of an address are for ten minutes.
  clock = new Date(clock.getTime() + 3_600_000);
  provider.person = { sub: '1', name: 'Ada Lovelace', preferred_username: 'ada' };
  provider.login = { id: 1815, login: 'ada-l', name: 'Ada Lovelace' };
}
after(async () => {
  await provider.close();
  await database.close();
});

function appWith(settings: Record<string, string>): Hono {
  const config = loadConfig({
    MUSTER_OIDC_ISSUER: provider.url,
    MUSTER_OIDC_CLIENT_ID: provider.clientId,
    MUSTER_OIDC_CLIENT_SECRET: provider.clientSecret,
    MUSTER_OIDC_NAME: 'NixOS ID',
    MUSTER_GITHUB_CLIENT_ID: provider.clientId,
    MUSTER_GITHUB_CLIENT_SECRET: provider.clientSecret,
    MUSTER_GITHUB_URL: provider.url,
    MUSTER_GITHUB_API_URL: provider.url,
    ...settings,
  });
  return createApp({ database, config, assets: ASSETS, log: SILENT, now: () => clock, keepSeconds: 0 });
}

/** A browser with its cookies. */
class Browser {
  readonly cookies = new Map<string, string>();
  readonly on: Hono;

  constructor(on: Hono = app) {
    this.on = on;
  }

  get header(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async get(path: string): Promise<Response> {
    return this.keep(await this.on.request(path, { headers: { Cookie: this.header } }));
  }

  async send(path: string, fields: Record<string, string>): Promise<Response> {
    return this.keep(await sendForm(this.on, path, fields, { cookie: this.header }));
  }

  private keep(response: Response): Response {
    for (const [name, value] of cookiesOf(response)) {
      if (value === '') this.cookies.delete(name);
      else this.cookies.set(name, value);
    }
    return response;
  }

  /** Leaves by that link, and comes back to where the provider sends them. */
  async visit(link: string, change: (back: URL) => void = () => {}): Promise<Response> {
    const left = await this.get(link);
    assert.equal(left.status, 303);
    const at = await fetch(left.headers.get('location') ?? '', { redirect: 'manual' });
    assert.equal(at.status, 302);
    const back = new URL(at.headers.get('location') ?? '');
    change(back);
    return this.get(`${back.pathname}${back.search}`);
  }

  async handle(): Promise<string | null> {
    const response = await this.get('/account.json');
    return response.status === 200 ? (await parsed(response)).handle : null;
  }
}

const locationOf = (response: Response) => response.headers.get('location');

for (const [id, label] of [
  ['oidc', 'NixOS ID'],
  ['github', 'GitHub'],
] as const)
  describe(`signing in with ${label}`, () => {
    beforeEach(later);
    const link = `/sign-in/with/${id}`;
    const as = (subject: number, login: string) => {
      provider.person = { ...provider.person, sub: String(subject), preferred_username: login };
      provider.login = { id: subject, login, name: 'Ada Lovelace' };
    };

    test('asks for a handle the first time, makes a contributor, and knows them afterwards', async () => {
      as(11, `${id}-ada`);
      const browser = new Browser();
      const first = await browser.visit(`${link}?to=/issues`);
      assert.deepEqual([first.status, locationOf(first)], [303, '/sign-in/new']);
      const form = await (await browser.get('/sign-in/new')).text();
      assert.match(form, new RegExp(`value="${id}-ada"`));
      assert.match(form, new RegExp(`${label} says who you are`));
      const taken = await browser.send('/sign-in/new', { handle: 'admin', name: 'Ada' });
      assert.equal(taken.status, 409, 'and may be tried again');
      const made = await browser.send('/sign-in/new', { handle: `${id}-ada`, name: 'Ada' });
      assert.deepEqual([made.status, locationOf(made)], [303, '/issues']);
      assert.equal(await browser.handle(), `${id}-ada`);
      const account = await accountByHandle(database.queries, `${id}-ada`);
      assert.equal(account?.role, 'contributor');
      assert.equal(account?.github, null, 'it is not the public GitHub');
      assert.equal((await browser.send('/sign-in/new', { handle: 'again', name: 'A' })).status, 303);
      assert.equal(await accountByHandle(database.queries, 'again'), null, 'taken once');

      const other = new Browser();
      const second = await other.visit(`${link}?to=//evil.example`);
      assert.deepEqual([second.status, locationOf(second)], [303, '/']);
      assert.equal(await other.handle(), `${id}-ada`);
    });

    test('is for the browser that left, once, in time, with the state that it left with', async () => {
      as(12, 'state');
      const refused = async (response: Response) => {
        assert.equal(response.status, 403);
        assertGuarded(new Response(null, { headers: without(response.headers, 'set-cookie') }), link);
        assert.match(await response.text(), /Sign in/);
      };
      const browser = new Browser();
      await refused(await browser.visit(link, (back) => back.searchParams.set('state', 'forged')));
      await refused(await browser.visit(link, (back) => back.searchParams.delete('state')));
      await refused(await browser.visit(link, (back) => back.searchParams.set('code', 'forged')));
      await refused(await browser.visit(link, (back) => back.searchParams.append('state', 'twice')));

      let address = '';
      const done = await browser.visit(link, (back) => {
        address = `${back.pathname}${back.search}`;
      });
      assert.equal(locationOf(done), '/sign-in/new');
      browser.cookies.clear();
      await refused(await browser.get(address));
      const victim = new Browser();
      // Somebody is led to where an attacker's own sign-in would end.
      const attacker = new Browser();
      const left = await attacker.get(link);
      const at = await fetch(locationOf(left) ?? '', { redirect: 'manual' });
      const back = new URL(at.headers.get('location') ?? '');
      await refused(await victim.get(`${back.pathname}${back.search}`));
      assert.equal(await victim.handle(), null);
      clock = new Date(clock.getTime() + 16 * 60_000);
      await refused(await attacker.get(`${back.pathname}${back.search}`));
    });

    test('is linked to an account by whoever is signed in to it, and from its own page alone', async () => {
      as(13, `${id}-link`);
      const { secret, account } = await signIn(database, `${id}-bob`);
      const browser = new Browser();
      browser.cookies.set('muster', secret);
      const add = `/account/identities/${id}/add`;
      assert.equal((await browser.get(add)).status, 403, 'no ticket');
      assert.equal((await browser.get(`${add}?ticket=${'A'.repeat(43)}`)).status, 403);
      const html = await (await browser.get('/account')).text();
      const [, ticket = ''] = new RegExp(`${add}\\?ticket=([\\w-]+)`).exec(html) ?? [];
      const stranger = new Browser();
      stranger.cookies.set('muster', (await signIn(database, `${id}-eve`)).secret);
      assert.equal((await stranger.get(`${add}?ticket=${ticket}`)).status, 403, 'somebody else’s ticket');
      const linked = await browser.visit(`${add}?ticket=${ticket}`);
      assert.equal(locationOf(linked), '/account?done=linked');
      const fresh = new Browser();
      await fresh.visit(link);
      assert.equal(await fresh.handle(), account.handle);
      const [, evesTicket = ''] =
        new RegExp(`${add}\\?ticket=([\\w-]+)`).exec(await (await stranger.get('/account')).text()) ?? [];
      const again = await stranger.visit(`${add}?ticket=${evesTicket}`);
      assert.equal(again.status, 409);
      assert.match(await again.text(), /linked to another account/);
    });

    test('links nothing for whoever was signed out or is somebody else by then', async () => {
      as(14, `${id}-late`);
      const { secret } = await signIn(database, `${id}-cem`);
      const other = await signIn(database, `${id}-dan`);
      const add = `/account/identities/${id}/add`;
      const browser = new Browser();
      browser.cookies.set('muster', secret);
      const [, ticket = ''] =
        new RegExp(`${add}\\?ticket=([\\w-]+)`).exec(await (await browser.get('/account')).text()) ?? [];
      const asOther = await browser.visit(`${add}?ticket=${ticket}`, () =>
        browser.cookies.set('muster', other.secret),
      );
      assert.equal(asOther.status, 403);
      browser.cookies.set('muster', secret);
      const out = await browser.visit(`${add}?ticket=${ticket}`, () => browser.cookies.delete('muster'));
      assert.equal(out.status, 403);
      const fresh = new Browser();
      assert.equal(locationOf(await fresh.visit(link)), '/sign-in/new', 'linked to nobody');
    });

    test('makes no account where the team makes them itself', async () => {
      as(15, `${id}-closed`);
      const browser = new Browser(appWith({ MUSTER_SIGN_UP: 'closed' }));
      await browser.visit(link);
      const page = await browser.get('/sign-in/new');
      assert.equal(page.status, 403);
      assert.match(await page.text(), /made by the admins here/);
      assert.equal((await browser.send('/sign-in/new', { handle: `${id}-closed`, name: 'A' })).status, 403);
      assert.equal(await accountByHandle(database.queries, `${id}-closed`), null);
    });

    test('takes an invitation along, where accounts are made by invitation', async () => {
      as(16, `${id}-invited`);
      const made = await makeInvite(database, OPERATOR, { note: 'x', role: 'triager' }, clock);
      assert.ok(made.outcome === 'done');
      const byInvite = appWith({ MUSTER_SIGN_UP: 'invite' });
      const browser = new Browser(byInvite);
      const page = await (await browser.get(`/sign-up?invite=${made.secret}`)).text();
      assert.match(page, new RegExp(`href="${link}\\?invite=${made.secret}"`));
      assert.equal(locationOf(await browser.visit(`${link}?invite=${made.secret}`)), '/sign-in/new');
      assert.match(await (await browser.get('/sign-in/new')).text(), /asked in as triager/);
      const done = await browser.send('/sign-in/new', { handle: `${id}-invited`, name: 'A' });
      assert.equal(done.status, 303);
      assert.equal((await accountByHandle(database.queries, `${id}-invited`))?.role, 'triager');
      as(17, `${id}-uninvited`);
      const other = new Browser(byInvite);
      await other.visit(`${link}?invite=${made.secret}`);
      assert.equal((await other.send('/sign-in/new', { handle: `${id}-un`, name: 'A' })).status, 403, 'used');
    });

    test('says so where the provider does not answer, and where there is none of that name', async () => {
      provider.broken = true;
      try {
        const browser = new Browser(appWith({}));
        const left = await browser.get(link);
        if (id === 'oidc') assert.equal(left.status, 403);
        else {
          const response = await browser.get(`${link}/back?code=x&state=y`);
          assert.equal(response.status, 403);
        }
      } finally {
        provider.broken = false;
      }
      const gone = appWith({
        MUSTER_OIDC_ISSUER: 'http://127.0.0.1:9',
        MUSTER_GITHUB_URL: 'http://127.0.0.1:9',
      });
      const browser = new Browser(gone);
      if (id === 'oidc') {
        const response = await browser.get(link);
        assert.equal(response.status, 409);
        assert.match(await response.text(), /does not answer just now/);
      }
      assert.equal((await browser.get('/sign-in/with/facebook')).status, 404);
      assert.equal((await browser.get('/sign-in/with/__proto__/back')).status, 404);
      assert.equal((await browser.get('/sign-in')).status, 200);
    });
  });

describe('an identity token', () => {
  beforeEach(later);
  const forgeries: [string, NonNullable<TestProvider['forge']>][] = [
    ['signed by somebody else', { signature: 'other' }],
    ['signed by nobody', { signature: 'none' }],
    ['for another client', { claims: { aud: 'somebody' } }],
    ['of another issuer', { claims: { iss: 'https://evil.example' } }],
    ['that has ended', { claims: { exp: 1, iat: 0 } }],
    ['of another sign-in', { claims: { nonce: 'forged' } }],
    ['without a nonce', { claims: { nonce: undefined } }],
    ['of nobody', { claims: { sub: undefined } }],
    ['of nobody by name', { claims: { sub: '' } }],
  ];
  for (const [what, forge] of forgeries)
    test(`${what} opens nothing`, async () => {
      await makeAccount(database, `target-${forgeries.findIndex(([name]) => name === what)}`);
      const browser = new Browser();
      provider.forge = forge;
      const response = await browser.visit('/sign-in/with/oidc');
      assert.equal(response.status, 403);
      assert.match(await response.text(), /did not vouch for you/);
      assert.equal(await browser.handle(), null);
      assert.equal(locationOf(await browser.get('/sign-in/new')), '/sign-in');
    });

  test('whose address is that of an account opens it no more than any other', async () => {
    await makeAccount(database, 'grace');
    provider.person = {
      sub: 'g',
      email: 'grace@example.org',
      email_verified: true,
      preferred_username: 'grace',
    };
    const browser = new Browser();
    assert.equal(locationOf(await browser.visit('/sign-in/with/oidc')), '/sign-in/new');
    assert.equal(await browser.handle(), null);
    const taken = await browser.send('/sign-in/new', { handle: 'grace', name: 'Grace' });
    assert.equal(taken.status, 409);
  });

  test('with hostile texts makes a harmless form', async () => {
    provider.person = {
      sub: 'x',
      name: '<script>alert(1)</script>\u202e',
      preferred_username: '"><img src=x onerror=alert(1)>',
      email: 'a@b.c\r\nBcc: x',
    };
    const browser = new Browser();
    await browser.visit('/sign-in/with/oidc');
    const html = await (await browser.get('/sign-in/new')).text();
    assert.doesNotMatch(html, /<script>alert|<img|Bcc/);
  });
});

function without(headers: Headers, name: string): Headers {
  const copy = new Headers(headers);
  copy.delete(name);
  return copy;
}
