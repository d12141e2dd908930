import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { loadConfig } from '#base/config';
import { type Database, lastEvent } from '#base/db';
import { commentsOf, intakeById, waitingIntake } from '#domain/issues';
import { testDatabase } from '../../../test/database.ts';
import { createApp } from './app.ts';
import { NOW, type SampleIds, seedSample } from './sample-database.ts';
import { ASSETS, SILENT } from './testing-app.ts';
import { sendForm, sendJson, signIn, type TestPerson } from './testing-people.ts';

const CONTACT = 'security@nixos.example';

interface World {
  database: Database;
  ids: SampleIds;
  app: ReturnType<typeof createApp>;
  ada: TestPerson;
  cleo: TestPerson;
  [Symbol.asyncDispose](): Promise<void>;
}

async function opened(settings: Record<string, string> = {}): Promise<World> {
  const database = await testDatabase();
  const ids = await seedSample(database);
  const config = loadConfig({
    MUSTER_SECURITY_CONTACT: CONTACT,
    MUSTER_SECURITY_KEY: 'ABCD 1234 EF56',
    ...settings,
  });
  const app = createApp({ database, config, assets: ASSETS, log: SILENT, now: () => NOW, keepSeconds: 0 });
  const ada = await signIn(database, 'ada', 'triager');
  const cleo = await signIn(database, 'cleo');
  return { database, ids, app, ada, cleo, [Symbol.asyncDispose]: () => database.close() };
}

/** The form as it is on the page, open for a minute. */
async function formOf(app: World['app'], typed: Record<string, string>): Promise<Record<string, string>> {
  const html = await (await app.request('/report?public=yes')).text();
  const key = /name="key" value="([\w-]+)"/.exec(html)?.[1] ?? '';
  assert.notEqual(key, '');
  return { public: 'yes', key, opened: (NOW.getTime() - 60_000).toString(36), website: '', ...typed };
}

const of = ({ cookie }: TestPerson) => ({ headers: { Cookie: cookie } });

describe('the form for whoever has no account', () => {
  test('asks first whether the problem is public; of what is not it stores nothing, and says whom to write to', async () => {
    await using world = await opened();
    const { app, database } = world;
    const before = await lastEvent(database.queries);
    const question = await (await app.request('/report')).text();
    assert.match(question, /Is the problem public\?/);
    assert.doesNotMatch(question, /<textarea/, 'nothing can be typed before');
    const answer = await sendForm(app, '/report', { public: 'no', words: 'SECRET' });
    const html = await answer.text();
    assert.equal(answer.status, 200);
    assert.ok(html.includes(`mailto:${CONTACT}`) && html.includes('ABCD 1234 EF56'), html);
    assert.ok(!html.includes('SECRET'));
    assert.deepEqual(await waitingIntake(database.queries), []);
    assert.equal(await lastEvent(database.queries), before);
    const { rows } = await sql`select from rate_limit where bucket like 'intake%'`.execute(database.queries);
    assert.equal(rows.length, 0);
  });

  test('is read by triagers and nobody else; sent twice it is stored once', async () => {
    await using world = await opened();
    const { app, database, ada, cleo } = world;
    const typed = { url: 'https://blog.example/bug', words: '<b>frobd</b> frobs', email: 'eve@example.org' };
    const form = await formOf(app, typed);
    const answer = await sendForm(app, '/report', form);
    assert.deepEqual([answer.status, answer.headers.get('location')], [303, '/report?sent=yes']);
    assert.equal((await sendForm(app, '/report', form)).status, 303);
    const [one, ...more] = await waitingIntake(database.queries);
    assert.deepEqual([one?.url, one?.words, one?.email, more], [typed.url, typed.words, typed.email, []]);
    const page = await (await app.request('/intake', of(ada))).text();
    assert.ok(page.includes('&lt;b&gt;frobd&lt;/b&gt; frobs'), page);
    for (const path of ['/intake', `/intake/${one?.id}`]) {
      const visitor = await app.request(path);
      assert.deepEqual(
        [visitor.status, visitor.headers.get('location')],
        [303, `/sign-in?to=${encodeURIComponent(path)}`],
      );
      const contributor = await app.request(path, of(cleo));
      assert.equal(contributor.status, 403);
      assert.ok(!(await contributor.text()).includes('frobs'));
    }
    assert.equal((await app.request('/intake.json')).status, 401);
    assert.match(await (await app.request('/', of(ada))).text(), /<strong>1<\/strong> report of visitors/);
    for (const person of [{}, of(cleo)])
      for (const address of ['/', '/index.json'])
        assert.doesNotMatch(await (await app.request(address, person)).text(), /of visitors|\/intake/);
  });

  test('takes what a machine seems to have sent for what it says, and loses none of it', async () => {
    await using world = await opened();
    const { app, database } = world;
    const form = await formOf(app, { words: 'frobd frobs, says a person' });
    const made = [
      { ...form, website: 'https://spam.example' },
      { ...form, opened: NOW.getTime().toString(36) },
      { ...form, opened: '' },
      { ...form, opened: (NOW.getTime() + 60_000).toString(36) },
    ];
    for (const fields of made) {
      const answer = await sendForm(app, '/report', fields);
      const html = await answer.text();
      assert.equal(answer.status, 422);
      assert.match(html, /role="alert"/);
      assert.ok(html.includes('frobd frobs, says a person'), 'what was typed is still there');
      assert.doesNotMatch(html, /spam\.example/);
    }
    const wrong = await sendForm(app, '/report', { ...form, url: 'javascript:alert(1)' });
    assert.equal(wrong.status, 422);
    assert.deepEqual(await waitingIntake(database.queries), []);
  });

  test('takes so many from one sender', async () => {
    await using world = await opened();
    for (let n = 0; n < 5; n += 1)
      assert.equal(
        (await sendForm(world.app, '/report', await formOf(world.app, { words: `w${n}` }))).status,
        303,
      );
    const sixth = await sendForm(world.app, '/report', await formOf(world.app, { words: 'w6' }));
    assert.equal(sixth.status, 429);
  });
});

describe('what becomes of it', () => {
  async function received(world: World, typed: Record<string, string> = {}): Promise<number> {
    const form = await formOf(world.app, { words: 'frobd frobs', email: 'eve@example.org', ...typed });
    assert.equal((await sendForm(world.app, '/report', form)).status, 303);
    return (await waitingIntake(world.database.queries)).at(-1)?.id ?? 0;
  }

  test('a triager sets it aside with a reason, takes that back, and releases it to the public', async () => {
    await using world = await opened();
    const { app, database, ada, cleo, ids } = world;
    const id = await received(world);
    const decide = (fields: Record<string, string>, person = ada) =>
      sendForm(app, `/intake/${id}`, { saw: '0', ...fields }, { cookie: person.cookie });
    assert.equal((await decide({ as: 'dismissed', reason: 'no' }, cleo)).status, 403);
    const empty = await decide({ as: 'dismissed', reason: ' ' });
    assert.deepEqual([empty.status, /needs a reason/.test(await empty.text())], [422, true]);
    const aside = await decide({ as: 'dismissed', reason: 'known for long' });
    assert.deepEqual([aside.status, aside.headers.get('location')], [303, `/intake?done=${id}`]);
    const list = await (await app.request(`/intake?done=${id}`, of(ada))).text();
    assert.match(list, /dismissed: known for long/);
    const one = await intakeById(database.queries, id);
    assert.equal(one?.email, null, 'the address is forgotten');
    assert.equal((await decide({ as: 'waits' })).status, 409, 'somebody decided since');
    assert.equal((await decide({ as: 'waits', saw: String(one?.version) })).status, 303);
    const version = (await intakeById(database.queries, id))?.version;
    const nowhere = await decide({ as: 'comment', issue: 'NSI-1999-0001', body: 'x', saw: String(version) });
    assert.deepEqual([nowhere.status, /no issue NSI-1999-0001/.test(await nowhere.text())], [422, true]);
    const fields = {
      as: 'comment',
      issue: ids.issue.toLowerCase(),
      body: 'frobd frobs, too',
      saw: String(version),
    };
    assert.equal((await decide(fields)).status, 303);
    const [comment] = await commentsOf(database.queries, [ids.issue]);
    assert.deepEqual([comment?.body, comment?.author], ['frobd frobs, too', 'visitor']);
  });

  test('an answer goes out by mail, once, and only where somebody wrote one', async () => {
    await using world = await opened({
      MUSTER_SMTP_URL: 'smtp://localhost',
      MUSTER_MAIL_FROM: 'muster@example.org',
      MUSTER_PUBLIC_URL: 'http://localhost',
    });
    const { app, database, ada, ids } = world;
    const id = await received(world);
    assert.match(await (await app.request(`/intake/${id}`, of(ada))).text(), /name="answer"/);
    const fields = { as: 'attached', issue: ids.issue, saw: '0', answer: 'Thanks, we have it.' };
    assert.equal((await sendForm(app, `/intake/${id}`, fields, { cookie: ada.cookie })).status, 303);
    const mails = () =>
      sql<{ payload: object }>`select payload from outbox where kind = 'mail.intake'`.execute(
        database.queries,
      );
    assert.deepEqual((await mails()).rows, [
      { payload: { intake: id, version: (await intakeById(database.queries, id))?.version } },
    ]);
    const second = await received(world);
    const silent = { as: 'attached', issue: ids.issue, saw: '0' };
    await sendForm(app, `/intake/${second}`, silent, { cookie: ada.cookie });
    assert.equal((await mails()).rows.length, 1);
  });

  test('the API takes an address, too, and shows it to triagers', async () => {
    await using world = await opened();
    const { app, database } = world;
    const body = { isPublic: true, words: 'frobd frobs', email: 'eve@example.org' };
    assert.equal((await sendJson(app, '/api/v1/intake', body)).status, 201);
    assert.equal((await waitingIntake(database.queries))[0]?.email, 'eve@example.org');
    const wrong = await sendJson(app, '/api/v1/intake', { ...body, email: 'no address' });
    assert.equal(wrong.status, 422);
  });
});
