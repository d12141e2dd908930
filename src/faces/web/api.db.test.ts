import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import type { Hono } from 'hono';
import { loadConfig } from '#base/config';
import type { Database } from '#base/db';
import { makeToken } from '#domain/accounts';
import { OPERATIONS } from '#faces/api';
import { makeAuthenticator } from '../../../test/authenticator.ts';
import { testDatabase } from '../../../test/database.ts';
import { createApp } from './app.ts';
import { API_ROUTES } from './routes-table-api.ts';
import { NOW, type SampleIds, seedSample } from './sample-database.ts';
import { ASSETS, parsed, SILENT } from './testing-app.ts';
import { signIn, type TestPerson } from './testing-people.ts';
import { makeAsking } from './testing-routes.ts';

const ORIGIN = 'http://localhost';

let database: Database;
let app: Hono;
let ids: SampleIds;
let asking: ReturnType<typeof makeAsking>;
let admin: TestPerson;
let ada: TestPerson;

before(async () => {
  database = await testDatabase();
  ids = await seedSample(database);
  app = createApp({
    database,
    config: loadConfig({}),
    assets: ASSETS,
    log: SILENT,
    now: () => NOW,
    keepSeconds: 0,
  });
  admin = await signIn(database, 'the-admin', 'admin');
  ada = await signIn(database, 'ada', 'contributor');
  let number = 0;
  asking = makeAsking(app, {
    database,
    ids,
    bystander: await signIn(database, 'bystander'),
    otherAdmin: (await signIn(database, 'other-admin', 'admin')).actor,
    party: { name: 'Muster', id: 'localhost', origin: ORIGIN },
    newKey: () => makeAuthenticator({ origin: ORIGIN, party: 'localhost' }),
    next: () => {
      number += 1;
      return number;
    },
  });
});
after(() => database.close());

interface Documented {
  operationId: string;
  responses: Record<string, { content: Record<string, { schema: object }> }>;
}

/** The document as it is served, and what holds an answer against one of its schemas. */
async function readDocument() {
  const document = await parsed(await app.request('/api/v1/openapi.json'));
  const ajv = new Ajv2020({ strict: false });
  formats.default(ajv);
  // The document leaves room for fields to come; today's answers have none that it does not name.
  const components = closed(document.components) as object;
  const check = (schema: object): ValidateFunction =>
    ajv.compile({ ...(closed(schema) as object), components });
  return { document, check };
}

/** The same schema, which takes no other fields than those that it names. */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]));
  const open = inner.type === 'object' && 'properties' in inner && !('additionalProperties' in inner);
  return open ? { ...inner, additionalProperties: false } : inner;
}

const get = (path: string, headers: Record<string, string> = {}) =>
  app.request(`/api/v1${path}`, { headers });
const as = ({ cookie }: TestPerson) => ({ Cookie: cookie, Origin: ORIGIN });
const put = (path: string, body: unknown, headers: Record<string, string>) =>
  app.request(`/api/v1${path}`, {
    method: 'PUT',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
const post = (path: string, body: unknown, headers: Record<string, string>) =>
  app.request(`/api/v1${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });

describe('the document of the API', () => {
  test('is OpenAPI 3.1 by OpenAPI’s own schema', async () => {
    const { document } = await readDocument();
    const result = await new Validator().validate(structuredClone(document));
    assert.ok(result.valid, JSON.stringify(result.errors));
    assert.equal(document.openapi, '3.1.0');
  });

  test('has every operation, each answered as it says', async () => {
    const { document, check } = await readDocument();
    const wrong: string[] = [];
    let asked = 0;
    for (const [path, methods] of Object.entries(
      document.paths as Record<string, Record<string, Documented>>,
    ))
      for (const [method, documented] of Object.entries(methods)) {
        const row = API_ROUTES.find(
          (each) =>
            each.method === method.toUpperCase() &&
            each.path === `/api/v1${path.replace(/\{(\w+)\}/g, ':$1')}`,
        );
        assert.ok(row !== undefined, `${method} ${path} has no row in the table of routes`);
        const response = await asking.ask(row, admin);
        asked += 1;
        const said = `${documented.operationId} ${response.status}`;
        const type = response.headers.get('content-type')?.split(';')[0] ?? '';
        const promised = documented.responses[String(response.status)]?.content[type];
        if (response.status >= 300 && row.answers.admin < 300)
          wrong.push(`${said}: ${await response.text()}`);
        else if (promised === undefined) wrong.push(`${said}: ${type} is not promised`);
        else {
          const holds = check(promised.schema);
          const body = await response.json();
          if (!holds(body)) wrong.push(`${said}: ${JSON.stringify(holds.errors)} in ${JSON.stringify(body)}`);
        }
      }
    assert.deepEqual(wrong, []);
    assert.equal(asked, OPERATIONS.length);
    assert.ok(asked > 70, String(asked));
  });

  test('describes what goes wrong, too', async () => {
    const { check } = await readDocument();
    const holds = check({ $ref: '#/components/schemas/Problem' });
    const answers = [
      [404, await get('/issues/NSI-1999-0001')],
      [404, await get('/issues/nonsense')],
      [404, await get('/nothing/there')],
      [400, await get('/issues?limit=many')],
      [400, await get('/issues?unheard=of')],
      [400, await get('/channels?unheard=of')],
      [400, await get('/issues?cursor=bm9uZQ')],
      [401, await get('/me')],
      [401, await get('/issues', { Authorization: 'Bearer muster_nothing' })],
      [403, await get('/accounts', as(ada))],
      [405, await app.request('/api/v1/issues', { method: 'PATCH' })],
      [422, await post('/changes', { changes: [] }, as(ada))],
      [
        400,
        await app.request('/api/v1/changes', {
          method: 'POST',
          headers: { ...as(ada), 'Content-Type': 'text/plain' },
          body: '{}',
        }),
      ],
      [403, await post('/changes', {}, { Cookie: ada.cookie, 'Content-Type': 'text/plain' })],
    ] as const;
    for (const [status, response] of answers) {
      assert.equal(response.status, status);
      assert.equal(response.headers.get('content-type'), 'application/problem+json');
      const problem = await parsed(response);
      const promised: boolean = holds(structuredClone(problem));
      assert.ok(promised, JSON.stringify([problem, holds.errors]));
      assert.equal(problem.status, status);
      assert.match(problem.type, /^\/api#[A-Z_]+$/);
    }
  });
});

describe('changes', () => {
  const box = () => `/issues/${ids.issue}/statuses/openssl/nixos-unstable`;

  test('one field goes by its ETag: missing 428, made 200, overtaken 412 with the three values', async () => {
    const triager = await signIn(database, 'tria', 'triager');
    const seen = await get(box());
    assert.equal(seen.headers.get('etag'), '"0"');
    const affected = { value: { status: 'affected', note: 'it is' } };
    assert.equal((await put(box(), affected, as(triager))).status, 428);
    const made = await put(box(), affected, { ...as(triager), 'If-Match': '"0"' });
    assert.equal(made.status, 200);
    const etag = made.headers.get('etag') ?? '';
    assert.match(etag, /^"\d+"$/);
    assert.equal((await get(box())).headers.get('etag'), etag);
    assert.equal((await get(box(), { 'If-None-Match': etag })).status, 304);
    const late = await put(
      box(),
      { value: { status: 'under_investigation' } },
      { ...as(triager), 'If-Match': '"0"' },
    );
    assert.equal(late.status, 412);
    const { code, conflicts } = await parsed(late);
    assert.equal(code, 'PRECONDITION_FAILED');
    assert.deepEqual(
      conflicts.map(({ was, theirs, yours }: Record<string, unknown>) => [was, theirs, yours]),
      [[null, affected.value, { status: 'under_investigation' }]],
    );
    const again = await put(box(), affected, { ...as(triager), 'If-Match': '"0"' });
    assert.equal(again.status, 200, 'the same value twice is one change');
    const proposed = await put(box(), { value: { status: 'fixed' } }, { ...as(ada), 'If-Match': etag });
    assert.equal(proposed.status, 202);
    assert.equal(
      (await put(box(), { value: { status: 'well' } }, { ...as(ada), 'If-Match': etag })).status,
      422,
    );
  });

  test('a change set is made whole or not at all', async () => {
    const triager = await signIn(database, 'trent', 'triager');
    const change = (field: string, value: unknown, saw: number) => ({
      kind: 'issue',
      id: ids.issue,
      field,
      value,
      saw,
    });
    const { version } = await parsed(await get(`/issues/${ids.issue}/fields/title`));
    const conflict = await post(
      '/changes',
      { changes: [change('title', 'another title', version), change('severity', 'low', 999_999)] },
      as(triager),
    );
    // Nobody has set the severity: whoever saw a version of it saw something that is not.
    assert.equal(conflict.status, 409);
    assert.equal((await parsed(conflict)).conflicts.length, 1);
    assert.equal((await parsed(await get(`/issues/${ids.issue}/fields/title`))).version, version);
    const refused = await post('/changes', { changes: [change('severity', 'awful', 0)] }, as(triager));
    assert.equal(refused.status, 422);
    assert.equal((await parsed(refused)).refusals[0].code, 'MALFORMED');
  });

  test('a token does what its scopes allow, and no more', async () => {
    const security = await signIn(database, 'sec', 'security');
    const token = async (scope: string) => {
      const wanted = { name: scope, scopes: [scope], days: 1 };
      const made = await makeToken(database, security.actor, security.account.id, wanted, NOW);
      assert.ok(made.outcome === 'done');
      return { Authorization: `Bearer ${made.token}` };
    };
    const path = `/issues/${ids.mergedInto}/fields/help_wanted`;
    const etag = async () => (await get(path)).headers.get('etag') ?? '';
    const change = async (scope: string) =>
      put(path, { value: true }, { ...(await token(scope)), 'If-Match': await etag() });
    assert.equal((await change('read')).status, 403);
    assert.equal((await change('propose')).status, 202);
    assert.equal((await change('write')).status, 200);
    assert.equal(
      (await post('/me/tokens', { name: 'more', scopes: ['admin'] }, await token('write'))).status,
      403,
    );
    assert.equal((await get('/accounts', await token('write'))).status, 403, 'security is no admin');
  });
});

describe('reading', () => {
  test('a list goes on where it ended, whatever comes in meanwhile', async () => {
    const seen: string[] = [];
    let path: string | null = '/issues?limit=1';
    let steps = 0;
    while (path !== null && steps < 20) {
      const response: Response = await get(path);
      const { items, next } = await parsed(response);
      seen.push(...items.map(({ id }: { id: string }) => id));
      const link = response.headers.get('link');
      const [, to = null] = /^<\/api\/v1([^>]+)>; rel="next"$/.exec(link ?? '') ?? [];
      assert.equal(to === null, next === null);
      path = to;
      steps += 1;
    }
    assert.ok(steps > 2, String(steps));
    assert.equal(new Set(seen).size, seen.length);
    const all = await parsed(await get('/issues?limit=200'));
    assert.deepEqual(
      seen,
      all.items.map(({ id }: { id: string }) => id),
    );
  });

  test('the packages of a channel come in parts that make the whole', async () => {
    const seen: string[] = [];
    for (let path: string | null = '/channels/nixos-16.09/packages?limit=2'; path !== null; ) {
      const { items, next } = await parsed(await get(path));
      seen.push(...items.map(({ attr }: { attr: string }) => attr));
      path = next === null ? null : `/channels/nixos-16.09/packages?limit=2&cursor=${next}`;
    }
    const { items } = await parsed(await get('/channels/nixos-16.09/packages?limit=200'));
    assert.deepEqual(
      seen,
      items.map(({ attr }: { attr: string }) => attr),
    );
    assert.ok(seen.length > 3);
  });

  test('what did not change is answered 304, by a strong ETag', async () => {
    const wrong: string[] = [];
    for (const row of API_ROUTES.filter(
      ({ method, answers }) => method === 'GET' && answers.visitor === 200,
    )) {
      const path = asking.pathOf(row).replaceAll('{issue}', ids.issue);
      if (path.includes('{')) continue;
      const first = await app.request(path);
      const etag = first.headers.get('etag') ?? '';
      const again = await app.request(path, { headers: { 'If-None-Match': etag } });
      if (!/^"[^"]+"$/.test(etag) || again.status !== 304) wrong.push(`${path}: ${etag} ${again.status}`);
    }
    assert.deepEqual(wrong, []);
  });

  test('an issue that was merged leads on', async () => {
    const response = await get(`/issues/${ids.merged}`);
    assert.equal(response.status, 308);
    assert.equal(response.headers.get('location'), `/api/v1/issues/${ids.mergedInto}`);
  });

  test('what happens to accounts and what visitors send is not for everybody', async () => {
    const { items } = await parsed(await get('/events?limit=200'));
    assert.ok(items.length > 3);
    assert.deepEqual(
      items.filter(({ entity }: { entity: string }) =>
        ['account', 'intake', 'invite', 'session'].includes(entity),
      ),
      [],
    );
    assert.equal((await get('/events?of=account:1')).status, 200);
    assert.deepEqual((await parsed(await get('/events?of=account:1'))).items, []);
    assert.equal((await get('/intake')).status, 401);
    assert.equal((await get('/intake', as(ada))).status, 403);
  });

  test('too many at once are told when to go on', async () => {
    const lone = createApp({ database, config: loadConfig({}), assets: ASSETS, log: SILENT, now: () => NOW });
    let last = await lone.request('/api/v1/suggestions/counts');
    for (let asked = 1; asked < 320 && last.status === 200; asked += 1)
      last = await lone.request('/api/v1/suggestions/counts');
    assert.equal(last.status, 429);
    assert.match(last.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
    assert.equal((await parsed(last)).code, 'RATE_LIMITED');
    const known = await lone.request('/api/v1/suggestions/counts', { headers: { Cookie: ada.cookie } });
    assert.equal(known.status, 200, 'whoever is known has a limit of their own');
  });
});
