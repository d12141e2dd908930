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
import type { Asking, RouteRow } from './routes-table-row.ts';
import { type RoutesWorld, SAMPLES } from './routes-table-samples.ts';
import { NOW, seedSample } from './sample-database.ts';
import { ASSETS, assertGuarded, SILENT } from './testing-app.ts';
import { signIn, signInAgain, type TestPerson } from './testing-people.ts';

const ORIGIN = 'http://localhost';
const PARTY = { name: 'Muster NixOS', id: 'localhost', origin: ORIGIN };

let database: Database;
let app: Hono;
let world: Omit<RoutesWorld, 'asker'>;
const people = new Map<Role, TestPerson>();

before(async () => {
  database = await testDatabase();
  const ids = await seedSample(database);
  const config = loadConfig({ MUSTER_GITHUB_CLIENT_ID: 'id', MUSTER_GITHUB_CLIENT_SECRET: 'secret' });
  app = createApp({ database, config, assets: ASSETS, log: SILENT, now: () => NOW, keepSeconds: 0 });
  for (const role of ROLES)
    if (role !== 'visitor') people.set(role, await signIn(database, `the-${role}`, role));
  let number = 0;
  world = {
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
        const response = await ask(row, await person(role));
        assertGuardedButCookies(response, row);
        if (response.status !== row.answers[role])
          wrong.push(`${row.method} ${row.path}: ${response.status}, not ${row.answers[role]}`);
        const cache = response.headers.get('cache-control') ?? '';
        if (role !== 'visitor' && !isAsset(row) && cache !== 'private, no-store')
          wrong.push(`${row.method} ${row.path}: "${cache}" to somebody who is signed in`);
        if (row.method === 'POST' && !cache.includes('no-store'))
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
    const pages = ROUTES.filter(({ method, path }) => method === 'POST' && path !== '/mail/stop');
    for (const row of pages) {
      for (const headers of [
        { Origin: 'https://evil.example', 'Sec-Fetch-Site': 'cross-site' },
        { Origin: 'http://localhost.evil.example', 'Sec-Fetch-Site': 'same-site' },
        { Origin: 'null' },
        {},
      ]) {
        // It is refused before anybody looks at what it asks.
        const response = await app.request(pathOf(row).replace(/\{[a-z-]+\}/g, '1'), {
          method: 'POST',
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
      const byRead = await ask(row, null, read);
      if (row.method === 'POST' && byRead.status !== 403) wrong.push(`${row.path} read: ${byRead.status}`);
      await byRead.body?.cancel();
      if (!/^\/accounts?\b/.test(row.path)) continue;
      const byAll = await ask(row, null, all);
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

async function ask(row: RouteRow, asker: TestPerson | null, token?: string): Promise<Response> {
  const { form, json, method = row.method } = row.ask ?? {};
  const headers: Record<string, string> = {
    ...(asker === null ? {} : { Cookie: asker.cookie }),
    ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }),
    ...(row.method === 'POST' && token === undefined ? { Origin: ORIGIN } : {}),
  };
  const path = await filled(pathOf(row), asker);
  if (row.method === 'GET') return app.request(path, { method, headers });
  assert.ok(form !== undefined || json !== undefined, `${row.path} says neither a form nor JSON`);
  const body =
    json === undefined
      ? new URLSearchParams(
          await Promise.all(
            (form ?? []).map(async ([name, value]) => [name, await filled(value, asker)] as [string, string]),
          ),
        ).toString()
      : JSON.stringify(await filledIn(json, asker));
  const type = json === undefined ? 'application/x-www-form-urlencoded' : 'application/json';
  return app.request(path, { method: 'POST', headers: { ...headers, 'Content-Type': type }, body });
}

function pathOf({ path, ask: asking = {} }: { path: string; ask?: Asking }): string {
  if (asking.path !== undefined) return asking.path;
  if (path.includes('{hash}')) return path.startsWith('/style') ? ASSETS.stylesheet.path : ASSETS.script.path;
  assert.doesNotMatch(path, /[:*]/, `${path} needs to say how it is asked`);
  return path;
}

/** A text with its braces filled in. */
async function filled(text: string, asker: TestPerson | null): Promise<string> {
  let whole = text;
  for (const [braces, name = ''] of text.matchAll(/\{([a-z-]+)\}/g))
    whole = whole.replace(braces, String(await sample(name, asker)));
  return whole;
}

/** The same for JSON: a text that is nothing but braces becomes what stands for it. */
async function filledIn(value: unknown, asker: TestPerson | null): Promise<unknown> {
  if (typeof value === 'string') {
    const [, name] = /^\{([a-z-]+)\}$/.exec(value) ?? [];
    return name === undefined ? filled(value, asker) : sample(name, asker);
  }
  if (Array.isArray(value)) return Promise.all(value.map((each) => filledIn(each, asker)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(
    async ([key, each]) => [key, await filledIn(each, asker)] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}

async function sample(name: string, asker: TestPerson | null): Promise<unknown> {
  const make = SAMPLES[name];
  assert.ok(make !== undefined, `routes-table-samples.ts has no {${name}}`);
  return make({ ...world, asker });
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
