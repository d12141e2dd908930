import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { loadConfig } from '#base/config';
import type { Database } from '#base/db';
import { listBatches, sourceNamed, syncFiles } from '#domain/sources';
import { testDatabase } from '../../../test/database.ts';
import { createApp } from './app.ts';
import { NOW, seedSample } from './sample-database.ts';
import { ASSETS, SILENT } from './testing-app.ts';
import { sendForm, signIn, type TestPerson } from './testing-people.ts';

interface World {
  database: Database;
  app: ReturnType<typeof createApp>;
  ada: TestPerson;
  cleo: TestPerson;
  [Symbol.asyncDispose](): Promise<void>;
}

/** A sample in which a list of Alpine's is held back, and two documents of Debian cannot be read. */
async function world(): Promise<World> {
  const database = await testDatabase();
  await seedSample(database);
  const list = ['[unknown] DSA-4000-1 x - security update', '[soon] DSA-4001-1 x - security update'];
  const text = list.map((header) => `${header}\n\t[jessie] - x 1.0-1\n`).join('');
  const file = { path: 'other/DSA/list', open: () => Readable.from([Buffer.from(text)]) };
  await syncFiles(database, sourceNamed('debian'), [file], { ours: true });
  const config = loadConfig({});
  const app = createApp({ database, config, assets: ASSETS, log: SILENT, now: () => NOW, keepSeconds: 0 });
  const ada = await signIn(database, 'ada', 'triager');
  const cleo = await signIn(database, 'cleo');
  return { database, app, ada, cleo, [Symbol.asyncDispose]: () => database.close() };
}

async function htmlOf({ app }: World, path: string, person?: TestPerson): Promise<string> {
  const answer = await app.request(path, person === undefined ? {} : { headers: { Cookie: person.cookie } });
  assert.equal(answer.status, 200, path);
  return answer.text();
}

async function jsonOf<T>({ app }: World, path: string, person?: TestPerson): Promise<T> {
  const answer = await app.request(path, person === undefined ? {} : { headers: { Cookie: person.cookie } });
  assert.equal(answer.status, 200, path);
  return (await answer.json()) as T;
}

/** What the button of a form on a page would send. */
function changeOn(html: string, as: string): string {
  const values = [...html.matchAll(/name="change" value="([^"]+)"/g)].map(([, value = '']) =>
    value.replaceAll('&quot;', '"'),
  );
  return values.find((value) => value.includes(`"as":"${as}"`)) ?? assert.fail(`no button says ${as}`);
}

describe('the pages of sources', () => {
  test('say of each how it does, since when something is wrong, and by which licence', async () => {
    await using at = await world();
    const html = await htmlOf(at, '/sources');
    assert.match(html, /3 where 30 are usual/);
    assert.match(html, /Nothing of it was applied/);
    assert.match(html, /unproven: no real document of it was read yet/);
    assert.ok(html.includes(sourceNamed('slackware').licence.url));
    assert.match(html, /bad-date: 2/);
    const { sources } = await jsonOf<{ sources: { id: string; unproven: boolean; alarms: number }[] }>(
      at,
      '/sources.json',
    );
    const unproven = sources.filter((source) => source.unproven).map(({ id }) => id);
    assert.deepEqual(unproven.sort(), ['chrome', 'netbsd', 'slackware']);
    assert.equal(sources.find(({ id }) => id === 'alpine')?.alarms, 1);
    const home = await htmlOf(at, '/');
    assert.match(home, /Alpine/, 'the home page tells of it, too');
    const own = await jsonOf<{ alarms: { words: string }[]; runs: { outcome: string }[] }>(
      at,
      '/sources/alpine.json',
    );
    assert.equal(own.alarms[0]?.words, '3 where 30 are usual');
    assert.equal(own.runs[0]?.outcome, 'held');
    assert.equal((await at.app.request('/sources/none')).status, 404);
  });

  test('have forms for those who may, and none for others', async () => {
    await using at = await world();
    const [visitor, contributor, triager] = [
      await htmlOf(at, '/sources'),
      await htmlOf(at, '/sources', at.cleo),
      await htmlOf(at, '/sources', at.ada),
    ];
    assert.doesNotMatch(visitor, /Release it|Propose to release|Tell me when|again<\/button>/);
    assert.match(contributor, /Propose to release it/);
    assert.doesNotMatch(contributor, /again<\/button>/);
    assert.match(triager, /Release it: it is right/);
    assert.match(triager, /Read all of them again/);
  });

  test('a held batch is proposed by one, and released by another, with who and why in the history', async () => {
    await using at = await world();
    const { app, database } = at;
    const propose = changeOn(await htmlOf(at, '/sources', at.cleo), 'released');
    const fields = { change: propose, remark: 'Alpine said so', back: '/sources' };
    assert.equal((await sendForm(app, '/changes', fields, { cookie: at.cleo.cookie })).status, 303);
    assert.equal(
      (await listBatches(database.queries, { waiting: true })).length,
      1,
      'nothing is decided yet',
    );
    const release = changeOn(await htmlOf(at, '/sources/alpine', at.ada), 'released');
    const sent = { change: release, remark: 'checked with them', back: '/sources/alpine' };
    assert.equal((await sendForm(app, '/changes', sent, { cookie: at.ada.cookie })).status, 303);
    const [batch] = await listBatches(database.queries);
    assert.deepEqual([batch?.decision?.as, batch?.decidedBy], ['released', at.ada.actor.id]);
    const page = await htmlOf(at, '/sources/alpine', at.ada);
    assert.match(page, /released by/);
    const history = await htmlOf(at, '/history', at.ada);
    assert.match(history, /checked with them/);
  });

  test('quarantine is looked at by source and reason, and read again, one or all', async () => {
    await using at = await world();
    const { app } = at;
    interface Answer {
      quarantine: { rows: { id: number; raw: string; reason: string }[]; total: number };
    }
    const path = '/sources.json?of=debian&reason=bad-date';
    const { quarantine } = await jsonOf<Answer>(at, path);
    assert.deepEqual([quarantine.total, quarantine.rows.length], [2, 2]);
    const [row] = quarantine.rows;
    assert.ok(row !== undefined);
    assert.match(await htmlOf(at, row.raw), /^\[(?:unknown|soon)\] DSA-400/);
    const one = await sendForm(
      app,
      '/sources/quarantine/replay',
      { id: String(row.id) },
      {
        cookie: at.ada.cookie,
      },
    );
    assert.deepEqual(
      [one.status, one.headers.get('location')],
      [...[303, '/sources?freed=0&tried=1#quarantine']],
    );
    assert.match(await htmlOf(at, '/sources?freed=0&tried=1'), /0 documents of 1 could be read/);
    assert.doesNotMatch(await htmlOf(at, '/sources?freed=%3Cb%3E&tried=1'), /Read again:/);
    const all = { source: 'debian', reason: 'bad-date' };
    const headers = { Accept: 'application/json' };
    const answer = await sendForm(app, '/sources/quarantine/replay', all, { cookie: at.ada.cookie, headers });
    assert.deepEqual(await answer.json(), { tried: 2, freed: 0, refused: 2 });
    for (const wrong of [{ id: 'x' }, { source: 'none' }, { reason: 'none' }])
      assert.equal(
        (await sendForm(app, '/sources/quarantine/replay', { ...wrong }, { cookie: at.ada.cookie })).status,
        400,
      );
  });

  test('a source is watched, and no more', async () => {
    await using at = await world();
    const { app, cleo } = at;
    const watch = (id: string, yes: string) =>
      sendForm(app, `/sources/${id}/watch`, { watch: yes, back: `/sources/${id}` }, { cookie: cleo.cookie });
    assert.equal((await watch('alpine', 'yes')).status, 303);
    assert.match(await htmlOf(at, '/sources/alpine', cleo), /Tell me no more of this source/);
    assert.match(await htmlOf(at, '/sources', cleo), /Tell me when something is wrong with all sources/);
    await watch('alpine', 'no');
    assert.match(
      await htmlOf(at, '/sources/alpine', cleo),
      /Tell me when something is wrong with this source/,
    );
    assert.equal((await watch('none', 'yes')).status, 404);
  });
});
