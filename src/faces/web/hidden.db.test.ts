import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Hono } from 'hono';
import type { Database } from '#base/db';
import { intakeById, receiveReport } from '#domain/issues';
import { countOpenProposals } from '#domain/proposals';
import { testDatabase } from '../../../test/database.ts';
import { NOW, type SampleIds, seedSample } from './sample-database.ts';
import { appOn, parsed } from './testing-app.ts';
import { sendForm, sendJson, signIn, type TestPerson } from './testing-people.ts';

// What visitors sent is for triagers alone: what was decided of it, that it is there, and how much of it there is.

const SECRET = 'SECRET: frobd can be frobbed';
const world = {} as { database: Database; app: Hono; ids: SampleIds; intake: number; decided: number };
let ada: TestPerson;
let cleo: TestPerson;

before(async () => {
  world.database = await testDatabase();
  world.ids = await seedSample(world.database);
  world.app = appOn(world.database);
  ada = await signIn(world.database, 'ada', 'triager');
  cleo = await signIn(world.database, 'cleo');
  const from = { sender: 'a', securityContact: null, securityKey: null, at: NOW };
  const received = await receiveReport(world.database, { isPublic: true, words: 'frobd' }, from);
  assert.ok(received.outcome === 'received');
  world.intake = received.id;
  const fields = { as: 'dismissed', reason: SECRET, saw: '0' };
  const answer = await sendForm(world.app, `/intake/${received.id}`, fields, { cookie: ada.cookie });
  assert.equal(answer.status, 303);
  world.decided = (await intakeById(world.database.queries, received.id))?.version ?? 0;
});
after(() => world.database.close());

const decision = (id: number | string, saw = 0) => ({
  ...{ kind: 'intake', id: String(id), field: 'decision', saw },
  value: { as: 'dismissed', reason: 'no' },
});

describe('what was decided of a visitor’s report', () => {
  test('is in no form for whoever may not decide it', async () => {
    const at = encodeURIComponent(`intake/${world.intake}#decision@0`);
    for (const headers of [{}, { Cookie: cleo.cookie }]) {
      const known = await world.app.request(`/edit?at=${at}`, { headers });
      const text = await known.text();
      assert.ok(!text.includes('SECRET'), text);
      const unknown = await world.app.request(`/edit?at=${at.replace(`${world.intake}`, '99')}`, { headers });
      assert.equal(known.status, unknown.status);
    }
  });

  test('is not what somebody saw who says that they saw its entry of another field', async () => {
    const title = { kind: 'issue', id: world.ids.issue, field: 'title' };
    const set = await sendJson(
      world.app,
      '/changes',
      { changes: [{ ...title, value: 'openssl: a title', saw: 0 }] },
      { cookie: ada.cookie },
    );
    assert.equal(set.status, 200);
    const changes = [{ ...title, value: 'openssl: another', saw: world.decided }];
    const conflict = await sendJson(world.app, '/changes', { changes }, { cookie: cleo.cookie });
    assert.equal(conflict.status, 409);
    assert.doesNotMatch(await conflict.text(), /SECRET/);
    // The same value is no conflict, whatever was seen: it becomes a proposal that says so.
    const same = [{ ...title, value: 'openssl: a title', saw: world.decided }];
    const proposed = await sendJson(
      world.app,
      '/changes',
      { changes: same, propose: true },
      { cookie: cleo.cookie },
    );
    const { proposal } = await parsed(proposed);
    for (const address of [`/proposals/${proposal}`, `/proposals/${proposal}.json`])
      assert.doesNotMatch(await (await world.app.request(address)).text(), /SECRET/);
  });

  test('cannot be told from a report that there is not', async () => {
    const answers: string[] = [];
    for (const id of [world.intake, 99]) {
      const answer = await sendJson(
        world.app,
        '/changes',
        { changes: [decision(id)] },
        { cookie: cleo.cookie },
      );
      answers.push(`${answer.status} ${(await answer.text()).replaceAll(String(id), 'N')}`);
    }
    assert.equal(answers[0], answers[1]);
  });

  test('is decided and not proposed: a proposal would be counted, and its entries read, by everybody', async () => {
    const open = await countOpenProposals(world.database.queries);
    const changes = [decision(world.intake, world.decided)];
    const answer = await sendJson(world.app, '/changes', { changes, propose: true }, { cookie: ada.cookie });
    assert.equal(answer.status, 403);
    assert.equal(await countOpenProposals(world.database.queries), open);
  });
});
