import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import type { Hono } from 'hono';
import { loadConfig } from '#base/config';
import type { Database } from '#base/db';
import { makeToken } from '#domain/accounts';
import { ROLES, type Role } from '#domain/policies';
import { makeAuthenticator } from '../../../test/authenticator.ts';
import { testDatabase } from '../../../test/database.ts';
import { createApp } from './app.ts';
import { rolesPage } from './roles-page.ts';
import { ROUTES } from './routes-table.ts';
import type { RouteRow } from './routes-table-row.ts';
import { NOW, seedSample } from './sample-database.ts';
import { ASSETS, assertGuarded, SILENT } from './testing-app.ts';
import { signIn, signInAgain, type TestPerson } from './testing-people.ts';
import { makeAsking } from './testing-routes.ts';

const ORIGIN = 'http://localhost';
const PARTY = { name: 'Muster NixOS', id: 'localhost', origin: ORIGIN };

let database: Database;
let app: Hono;
let asking: ReturnType<typeof makeAsking>;
const people = new Map<Role, TestPerson>();

before(async () => {
  database = await testDatabase();
  const ids = await seedSample(database);
  const config = loadConfig({ MUSTER_GITHUB_CLIENT_ID: 'id', MUSTER_GITHUB_CLIENT_SECRET: 'secret' });
  app = createApp({ database, config, assets: ASSETS, log: SILENT, now: () => NOW, keepSeconds: 0 });
  for (const role of ROLES)
    if (role !== 'visitor') people.set(role, await signIn(database, `the-${role}`, role));
  let number = 0;
  const world = {
    database,
    ids,
    bystander: await signIn(database, 'bystander'),
    otherAdmin: (await signIn(database, 'other-admin', 'admin')).actor,
    party: PARTY,
    newKey: () => makeAuthenticator({ origin: ORIGIN, party: PARTY.id }),
    next: () => {
      number += 1;
      return number;
    },
  };
  asking = makeAsking(app, world);
});
after(() => database.close());

describe('the table of routes', () => {
  test('has every route of the application, and no other', () => {
    const registered = app.routes
      .filter(({ method }) => method !== 'ALL')
      .map(({ method, path }) => `${method} ${path.replace(/-[0-9a-f]{16}\./, '-{hash}.')}`);
    const listed = ROUTES.map(({ method, path }) => `${method} ${path}`);
    assert.deepEqual([...new Set(registered)].sort(), [...listed].sort());
    assert.ok(listed.length > 80);
  });

  test('is what docs/roles.md says', () => {
    const written = readFileSync(join(import.meta.dirname, '../../../docs/roles.md'), 'utf8');
    assert.equal(written, rolesPage(), 'node --import tsx src/faces/web/roles-page.ts > docs/roles.md');
  });

  for (const role of ROLES)
    test(`holds for a ${role}`, async () => {
      const wrong: string[] = [];
      for (const row of ROUTES) {
        const response = await asking.ask(row, await person(role));
        assertGuardedButCookies(response, row);
        if (response.status !== row.answers[role])
          wrong.push(`${row.method} ${row.path}: ${response.status}, not ${row.answers[role]}`);
        const cache = response.headers.get('cache-control') ?? '';
        if (role !== 'visitor' && !isAsset(row) && cache !== 'private, no-store')
          wrong.push(`${row.method} ${row.path}: "${cache}" to somebody who is signed in`);
        if (row.method !== 'GET' && !cache.includes('no-store'))
          wrong.push(`${row.method} ${row.path}: "${cache}" to a form`);
        if (/public/.test(cache) && !isAsset(row) && !/Cookie/.test(response.headers.get('vary') ?? ''))
          wrong.push(`${row.method} ${row.path}: kept for everybody whoever asked`);
        await response.body?.cancel();
      }
      assert.deepEqual(wrong, []);
    });

  test('takes nothing from a page of somebody else’s, whoever sits before it', async () => {
    const cookie = (await person('admin'))?.cookie ?? '';
    const wrong: string[] = [];
    // Mail programs stop mails without a page; the link says whose, and there is nothing else that it could do.
    const pages = ROUTES.filter(({ method, path }) => method !== 'GET' && path !== '/mail/stop');
    for (const row of pages) {
      for (const headers of [
        { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
        { Origin: 'http://localhost.evil.example', 'Sec-Fetch-Site': 'same-site' },
        { Origin: 'null' },
        {},
      ]) {
        // It is refused before anybody looks at what it asks.
        const response = await app.request(asking.pathOf(row).replace(/\{[a-z-]+\}/g, '1'), {
          method: row.method,
          headers: { ...headers, Cookie: cookie, 'Content-Type': 'application/x-www-form-urlencoded' },
          body: 'a=b',
        });
        if (response.status !== 403) wrong.push(`${row.path} ${JSON.stringify(headers)}: ${response.status}`);
      }
    }
    assert.deepEqual(wrong, []);
    assert.equal((await app.request('/account.json', { headers: { Cookie: cookie } })).status, 200);
  });

  test('lets a token for reading change nothing, and no token look after accounts', async () => {
    const admin = await person('admin');
    assert.ok(admin !== null);
    const token = async (scope: string) => {
      const wanted = { name: scope, scopes: [scope], days: 9 };
      const made = await makeToken(database, admin.actor, admin.account.id, wanted, NOW);
      assert.ok(made.outcome === 'done');
      return made.token;
    };
    const [read, all] = [await token('read'), await token('admin')];
    const wrong: string[] = [];
    for (const row of ROUTES) {
      if (isAsset(row)) continue;
      const byRead = await asking.ask(row, null, read);
      if (row.method !== 'GET' && byRead.status !== 403) wrong.push(`${row.path} read: ${byRead.status}`);
      await byRead.body?.cancel();
      if (!/^\/accounts?\b/.test(row.path)) continue;
      const byAll = await asking.ask(row, null, all);
      if (byAll.status !== 403) wrong.push(`${row.method} ${row.path} admin: ${byAll.status}`);
    }
    assert.deepEqual(wrong, []);
  });
});

/** Somebody with that role who is signed in: what was asked before may have ended their session. */
async function person(role: Role): Promise<TestPerson | null> {
  const known = people.get(role);
  if (known === undefined) return null;
  const { status } = await app.request('/account.json', { headers: { Cookie: known.cookie } });
  if (status === 200) return known;
  const again = await signInAgain(database, known.account);
  people.set(role, again);
  return again;
}

/** Served to everybody alike, whoever asks. */
function isAsset({ path }: RouteRow): boolean {
  return /^\/(?:healthz|robots\.txt|favicon\.ico|style-|pages-)/.test(path);
}

function assertGuardedButCookies(response: Response, { method, path }: RouteRow): void {
  const headers = new Headers(response.headers);
  headers.delete('set-cookie');
  // Raw documents have a stricter policy of their own.
  if (path.endsWith('/raw')) return;
  assertGuarded(new Response(null, { headers }), `${method} ${path}`);
}
