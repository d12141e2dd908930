import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { loadConfig } from '#base/config';
import type { Database } from '#base/db';
import { makeToken, SESSION_DAYS } from '#domain/accounts';
import { testDatabase } from '../../../test/database.ts';
import { createApp } from './app.ts';
import { NOW } from './sample-database.ts';
import { ASSETS, appOn, parsed, SILENT, sampleApp } from './testing-app.ts';
import { cookiesOf, makeAccount, PASSWORD, sendForm, sendJson, signIn } from './testing-people.ts';

const { sample, get } = sampleApp(testDatabase);

const PUBLIC = 'public, max-age=0, s-maxage=60, must-revalidate';
const withCookie = (cookie: string) => ({ headers: { Cookie: cookie } });

/** The same application as others reach it, at another time. */
function appAt(publicUrl: string | undefined, now: Date) {
  const config = loadConfig(publicUrl === undefined ? {} : { MUSTER_PUBLIC_URL: publicUrl });
  return createApp({
    database: sample.database,
    config,
    assets: ASSETS,
    log: SILENT,
    now: () => now,
    keepSeconds: 0,
  });
}

describe('a session in the browser', () => {
  test('begins with the password, shows who one is, and ends by signing out', async () => {
    await makeAccount(sample.database, 'ada');
    const entered = await sendForm(sample.app, '/sign-in', {
      handle: 'ada',
      password: PASSWORD,
      to: '/issues?q=a',
    });
    assert.deepEqual([entered.status, entered.headers.get('location')], [303, '/issues?q=a']);
    assert.match(
      entered.headers.get('set-cookie') ?? '',
      /^muster=[A-Za-z0-9_-]{43}; Max-Age=2592000; Path=\/; HttpOnly; SameSite=Lax$/,
    );
    const cookie = `muster=${cookiesOf(entered).get('muster')}`;
    const page = await get('/issues', withCookie(cookie));
    assert.equal(page.headers.get('cache-control'), 'private, no-store');
    assert.match(await page.text(), /href="\/account">@ada</);
    const out = await sendForm(sample.app, '/sign-out', {}, { cookie });
    assert.equal(out.headers.get('location'), '/sign-in?done=out');
    assert.equal(cookiesOf(out).get('muster'), '');
    const after = await get('/issues', withCookie(cookie));
    assert.equal(after.headers.get('cache-control'), PUBLIC);
    assert.match(await after.text(), /href="\/sign-in\?to=%2Fissues">Sign in</);
  });

  test('travels by https alone, and no other host can plant one, where others come by https', async () => {
    await makeAccount(sample.database, 'bea');
    const secure = appAt('https://muster.example.org', NOW);
    const headers = { Origin: 'https://muster.example.org' };
    const entered = await sendForm(secure, '/sign-in', { handle: 'bea', password: PASSWORD }, { headers });
    assert.match(
      entered.headers.get('set-cookie') ?? '',
      /^__Host-muster=[\w-]{43}; Max-Age=2592000; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
    const secret = cookiesOf(entered).get('__Host-muster') ?? '';
    const account = async (cookie: string) =>
      (await secure.request('/account.json', withCookie(cookie))).status;
    assert.equal(await account(`__Host-muster=${secret}`), 200);
    assert.equal(await account(`muster=${secret}`), 401, 'a name that a subdomain could set');
    const out = await sendForm(secure, '/sign-out', {}, { cookie: `__Host-muster=${secret}`, headers });
    assert.match(out.headers.get('set-cookie') ?? '', /^__Host-muster=; Max-Age=0; Path=\/; .*Secure/);
  });

  test('gets a new cookie when its time is prolonged, and none in between', async () => {
    const { cookie } = await signIn(sample.database, 'cem');
    const at = async (minutes: number) => {
      const app = appAt(undefined, new Date(NOW.getTime() + minutes * 60_000));
      return cookiesOf(await app.request('/people', withCookie(cookie))).size;
    };
    assert.deepEqual([await at(1), await at(6), await at(7), await at(12)], [0, 1, 0, 1]);
    assert.equal(await at(SESSION_DAYS * 24 * 60 + 30), 0);
  });

  test('is replaced at sign-in: what was planted before opens nothing', async () => {
    const planted = await signIn(sample.database, 'eve');
    await makeAccount(sample.database, 'victim');
    const entered = await sendForm(
      sample.app,
      '/sign-in',
      { handle: 'victim', password: PASSWORD },
      { cookie: planted.cookie },
    );
    assert.notEqual(cookiesOf(entered).get('muster'), planted.secret);
    assert.equal((await get('/account.json', withCookie(planted.cookie))).status, 401);
  });

  test('does not care for cookies that are none', async () => {
    for (const cookie of [
      'muster=',
      'muster=x',
      `muster=${'A'.repeat(43)}`,
      `muster=${'A'.repeat(10_000)}`,
      'muster=%00%ff; muster=a',
      `muster="; drop table session; --"`,
      '=;;=',
    ]) {
      const response = await get('/people', withCookie(cookie));
      assert.equal(response.status, 200, cookie);
      assert.equal(response.headers.get('cache-control'), PUBLIC);
      assert.equal(response.headers.get('set-cookie'), null);
    }
  });

  test('costs one query, visitors none, and files none at all', async () => {
    const { cookie } = await signIn(sample.database, 'dan');
    const queries: string[] = [];
    const counted: Database = {
      ...sample.database,
      pool: new Proxy(sample.database.pool, {
        get(pool, name) {
          if (name !== 'query') return Reflect.get(pool, name, pool);
          return (query: { name?: string }) => {
            if (query.name?.startsWith('session') === true) queries.push(query.name);
            return pool.query(query as Parameters<typeof pool.query>[0]);
          };
        },
      }),
    };
    const app = appOn(counted);
    const asked = async (path: string, init?: RequestInit) => {
      queries.length = 0;
      await app.request(path, init);
      return [...queries];
    };
    assert.deepEqual(await asked('/people', withCookie(cookie)), ['session_by_hash']);
    assert.deepEqual(await asked('/people'), []);
    for (const path of [ASSETS.stylesheet.path, ASSETS.script.path, '/favicon.ico', '/robots.txt'])
      assert.deepEqual(await asked(path, withCookie(cookie)), [], path);
  });
});

describe('a token', () => {
  async function tokenOf(handle: string, scopes: string[], role: 'triager' | 'contributor' = 'triager') {
    const { account, actor } = await signIn(sample.database, handle, role);
    const made = await makeToken(sample.database, actor, account.id, { name: 'x', scopes, days: 9 }, NOW);
    assert.ok(made.outcome === 'done');
    return made.token;
  }
  const bearer = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

  test('reads without a cookie, and what it reads is kept by nobody', async () => {
    const response = await get('/issues.json', bearer(await tokenOf('tom', ['read'])));
    assert.deepEqual([response.status, response.headers.get('cache-control')], [200, 'private, no-store']);
  });

  test('that opens nothing is said so, whatever page is asked', async () => {
    for (const token of ['', 'x', `muster_${'A'.repeat(43)}`, 'muster_', '%00', 'a.b.c']) {
      const response = await get('/issues', bearer(token));
      assert.equal(response.status, 401, token);
      assert.equal(response.headers.get('www-authenticate'), 'Bearer error="invalid_token"');
      assert.match(response.headers.get('cache-control') ?? '', /no-store/);
    }
    const { cookie } = await signIn(sample.database, 'two-ways');
    const both = { headers: { Cookie: cookie, Authorization: 'Bearer muster_x' } };
    assert.equal((await get('/account.json', both)).status, 401, 'the cookie does not help it');
    const basic = { headers: { Authorization: 'Basic YTpi' } };
    assert.equal((await get('/issues', basic)).status, 200, 'a password of a proxy before us');
  });

  test('changes as much as its scopes say, and asks for no page of ours', async () => {
    const change = async (token: string) => {
      const body = {
        changes: [{ kind: 'issue', id: sample.ids.issue, field: 'help_wanted', value: true, saw: 0 }],
      };
      const headers = { Authorization: `Bearer ${token}`, Origin: 'https://elsewhere.example' };
      return sendJson(sample.app, '/changes', body, { headers });
    };
    const read = await change(await tokenOf('una', ['read']));
    assert.equal(read.status, 403);
    assert.equal(read.headers.get('www-authenticate'), 'Bearer error="insufficient_scope"');
    assert.equal(
      (await change(await tokenOf('vic', ['propose']))).status,
      202,
      'of a triager, yet it proposes',
    );
    assert.equal((await change(await tokenOf('wes', ['propose'], 'contributor'))).status, 202);
    assert.equal((await change(await tokenOf('xan', ['write']))).status, 200);
  });
});

describe('forms', () => {
  test('are taken from our own pages alone', async () => {
    await makeAccount(sample.database, 'origin');
    const send = async (headers: Record<string, string>, app = sample.app) => {
      const response = await app.request('/sign-in', {
        method: 'POST',
        headers: { 'Content-Type': 'application/x-www-form-urlencoded', ...headers },
        body: new URLSearchParams({ handle: 'origin', password: PASSWORD }).toString(),
      });
      return response.status;
    };
    const ours = 'http://localhost';
    assert.equal(await send({ Origin: ours }), 303);
    assert.equal(await send({ 'Sec-Fetch-Site': 'same-origin' }), 303);
    for (const headers of [
      {},
      { Origin: 'null' },
      { Origin: 'https://evil.example' },
      { Origin: 'https://localhost' },
      { Origin: 'http://localhost:81' },
      { Origin: 'http://localhost.evil.example' },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'none' },
      { 'Content-Type': 'text/plain', Origin: 'https://evil.example' },
      { 'Content-Type': 'multipart/form-data; boundary=x', Origin: 'https://evil.example' },
    ])
      assert.equal(await send(headers), 403, JSON.stringify(headers));
    const behind = appAt('https://muster.example.org', NOW);
    assert.equal(await send({ Origin: 'https://muster.example.org' }, behind), 303);
    assert.equal(await send({ Origin: ours }, behind), 403, 'not as the settings say');
  });

  test('that are none, too long or no text are refused', async () => {
    const post = (body: string | Uint8Array<ArrayBuffer>, type: string) =>
      sample.app.request('/sign-in', {
        method: 'POST',
        headers: { Origin: 'http://localhost', 'Content-Type': type },
        body,
      });
    const form = 'application/x-www-form-urlencoded';
    assert.equal((await post('{}', 'application/json')).status, 415);
    assert.equal((await post(`handle=${'x'.repeat(1_100_000)}`, form)).status, 413);
    assert.equal((await post('handle=%00', form)).status, 400);
    assert.equal((await post(new Uint8Array([0x68, 0x3d, 0xff]), form)).status, 400);
    assert.equal((await post('', form)).status, 403);
  });

  test('answer a wrong sign-in with the page, the handle still there, and not the password', async () => {
    const wrong = { handle: '"><script>alert(1)</script>', password: 'not this one', to: '//evil.example/' };
    const response = await sendForm(sample.app, '/sign-in', wrong);
    assert.equal(response.status, 403);
    assert.equal(response.headers.get('cache-control'), 'no-store');
    const html = await response.text();
    assert.match(html, /Handle and password do not fit together/);
    assert.match(html, /value="&quot;&gt;&lt;script&gt;/);
    assert.doesNotMatch(html, /not this one|<script>alert|evil\.example/);
  });

  test('say when to come back where there were too many', async () => {
    for (let n = 0; n < 10; n += 1)
      await sendForm(sample.app, '/sign-in', { handle: 'limited', password: 'wrong wrong' });
    const response = await sendForm(sample.app, '/sign-in', { handle: 'limited', password: 'wrong wrong' });
    assert.equal(response.status, 429);
    assert.equal(response.headers.get('retry-after'), '90');
    const headers = { Accept: 'application/json' };
    const json = await sendForm(sample.app, '/sign-in', { handle: 'limited', password: 'x' }, { headers });
    assert.deepEqual([json.status, (await parsed(json)).error], [429, 'LIMITED']);
  });
});

describe('pages of people’s own', () => {
  test('lead visitors to where they sign in, and back', async () => {
    const response = await get('/account?done=x');
    assert.deepEqual(
      [response.status, response.headers.get('location')],
      [303, '/sign-in?to=%2Faccount%3Fdone%3Dx'],
    );
    const html = await (await get('/sign-in?to=%2Faccount')).text();
    assert.match(html, /name="to" value="\/account"/);
    const { cookie } = await signIn(sample.database, 'yan');
    const already = await get('/sign-in?to=%2F%2Fevil.example', withCookie(cookie));
    assert.deepEqual([already.status, already.headers.get('location')], [303, '/']);
  });

  test('say what somebody may, and show nobody else’s address', async () => {
    const { cookie } = await signIn(sample.database, 'zoe', 'security');
    await makeAccount(sample.database, 'secretive');
    for (const path of ['/people', '/people.json', '/people/secretive', '/people/secretive.json'])
      for (const init of [undefined, withCookie(cookie)])
        assert.doesNotMatch(await (await get(path, init)).text(), /secretive@example/, path);
    const moved = await get('/people/@Secretive');
    assert.deepEqual([moved.status, moved.headers.get('location')], [308, '/people/secretive']);
    for (const path of ['/people/nobody-there', '/people/..%2Fx', '/people/%D0%B0da', '/people/__proto__'])
      assert.equal((await get(path)).status, 404, path);
  });

  test('keep links that open something out of the log', async () => {
    const logged: unknown[] = [];
    const broken = createApp({
      database: { ...sample.database, queries: null as unknown as Database['queries'] },
      config: loadConfig({}),
      assets: ASSETS,
      log: { error: (...words: unknown[]) => logged.push(words), warn: () => {} },
    });
    const secret = 'S'.repeat(43);
    await broken.request(`/recover?link=${secret}`);
    await broken.request(`/sign-up?a=1&invite=${secret}&b=2`);
    assert.ok(logged.length >= 2);
    assert.doesNotMatch(JSON.stringify(logged), new RegExp(secret));
  });
});
