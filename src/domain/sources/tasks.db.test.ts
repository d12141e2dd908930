import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import type { Database } from '#base/db';
import { makeHttpClient } from '#base/http';
import { testDatabase } from '../../../test/database.ts';
import { serveLocally } from '../../../test/http-server.ts';
import { debian } from './debian/debian.ts';
import { endRun } from './end-run.ts';
import { fetchSource } from './fetch-source.ts';
import { wholeFile } from './fetch-steps.ts';
import { SOURCES, sourceNamed } from './registry.ts';
import type { Source } from './source.ts';
import { listAlarms } from './store-alarms.ts';
import { runsOf, timesOfSources, wantSource } from './store-runs.ts';
import { beginRun, syncFiles } from './sync.ts';
import { nextFetch, scheduleOfSource, sourceTasks } from './tasks.ts';

const LIST =
  '[22 Jun 2017] DSA-3896-1 apache2 - security update\n\t{CVE-2017-3167}\n\t[jessie] - apache2 2.4.10-1\n';

test('a source that was only read from a folder is never gone out for; one that was fetched is kept up, and judged', async (t) => {
  await using database = await testDatabase();
  await using server = await serveLocally((_request, response) => void response.end(LIST));
  await using client = makeHttpClient({ local: true, pauseMs: 1 });
  const data = mkdtempSync(`${tmpdir()}/muster-tasks-`);
  t.after(() => rmSync(data, { recursive: true, force: true }));
  const source = {
    ...debian,
    feeds: [{ format: 'dsa-list', url: `${server.url}/list`, path: 'data/DSA/list', since: '2017-01-01' }],
  };
  const tasks = sourceTasks(database, { fetch: true, data, sources: [source], client });
  const run = (name: string, at: string) => tasks.find((task) => task.name === name)?.run(new Date(at));
  const file = { path: 'data/DSA/list', open: () => Readable.from([Buffer.from(LIST)]) };
  await syncFiles(database, source, [file], { ours: true });
  assert.deepEqual(await run('sync-debian', '2099-01-01T00:00:00Z'), { due: 0 });
  assert.equal(server.asked.length, 0);
  assert.deepEqual(await run('sources', '2099-01-01T00:00:00Z'), { wanted: 0, alarms: 0 });

  const start = new Date('2017-06-22T12:00:00Z');
  await fetchSource(database, source, { client, folder: data, now: () => start });
  assert.deepEqual(await run('sync-debian', '2017-06-22T13:00:00Z'), { due: 0 }, 'just fetched');
  assert.deepEqual(await run('sync-debian', '2017-06-22T16:00:00Z'), { stored: 0, gone: 0, quarantined: 0 });
  await wantSource(database.queries, 'debian', new Date('2017-06-22T16:10:00Z'));
  assert.deepEqual(await run('sources', '2017-06-22T16:15:00Z'), { wanted: 1, alarms: 0 });
  assert.equal(server.asked.length, 3);
  assert.deepEqual(
    await run('sources', '2017-06-30T00:00:00Z'),
    { wanted: 0, alarms: 1 },
    'silent by the clock',
  );
  assert.deepEqual(
    (await listAlarms(database.queries, { open: true })).map(({ kind }) => kind),
    ['silent'],
  );
});

/** A source with a raised parser, whose bytes are no longer readable. */
async function rotten(database: Database): Promise<Source> {
  const file = { path: 'data/DSA/list', open: () => Readable.from([Buffer.from(LIST)]) };
  await syncFiles(database, debian, [file], { ours: true });
  await database.queries
    .updateTable('raw_pack')
    .set({ bytes: Buffer.from('rotten') })
    .execute();
  return { ...debian, version: debian.version + 1 };
}

test('a source whose fetching breaks in a way of its own keeps no other from being judged', async (t) => {
  await using database = await testDatabase();
  const data = mkdtempSync(`${tmpdir()}/muster-tasks-`);
  t.after(() => rmSync(data, { recursive: true, force: true }));
  const sources = [await rotten(database), sourceNamed('gentoo')];
  const tasks = sourceTasks(database, { fetch: true, data, sources });
  const run = (at: string) => tasks.find((task) => task.name === 'sources')?.run(new Date(at));
  const at = new Date('2017-06-22T12:00:00Z');
  for (const source of sources)
    await endRun(database, beginRun(source, { ours: true }, at), {
      ...{ failure: null, traffic: { requests: 1, bytes: 1 }, now: at },
    });
  await database.queries.updateTable('source_state').set({ changed_at: at }).execute();
  await wantSource(database.queries, 'debian', at);
  await assert.rejects(async () => run('2017-12-22T12:00:00Z'), /unexpected end of file/);
  const silent = (await listAlarms(database.queries, { open: true })).filter(({ kind }) => kind === 'silent');
  assert.deepEqual(silent.map(({ source }) => source).sort(), ['debian', 'gentoo']);
});

test('a source of which nothing can be read again has a run that failed', async (t) => {
  await using database = await testDatabase();
  await using server = await serveLocally((_request, response) => void response.end(LIST));
  await using client = makeHttpClient({ local: true, pauseMs: 1 });
  const folder = mkdtempSync(`${tmpdir()}/muster-tasks-`);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const raised = await rotten(database);
  const steps = [wholeFile({ url: `${server.url}/list`, path: 'data/DSA/list' })];
  await assert.rejects(fetchSource(database, raised, { client, folder, steps }));
  const [run] = await runsOf(database.queries, 'debian');
  assert.deepEqual([run?.outcome, server.asked.length], ['failed', 0]);
});

test('a source is proven once documents were read that came from the network', async (t) => {
  await using database = await testDatabase();
  let answer = '<!doctype html><title>Sorry</title>';
  await using server = await serveLocally((_request, response) => {
    if (answer === '') response.writeHead(404);
    response.end(answer);
  });
  await using client = makeHttpClient({ local: true, pauseMs: 1 });
  const folder = mkdtempSync(`${tmpdir()}/muster-tasks-`);
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  const steps = [wholeFile({ url: `${server.url}/list`, path: 'data/DSA/list' })];
  const proven = async () =>
    (await timesOfSources(database.queries)).get('debian')?.provenAt?.toISOString() ?? null;
  const fetch = (day: string) =>
    fetchSource(database, debian, { client, folder, steps, now: () => new Date(`${day}T12:00:00Z`) });
  const file = { path: 'data/DSA/list', open: () => Readable.from([Buffer.from(LIST)]) };
  await syncFiles(database, debian, [file], { ours: true });
  await fetch('2017-06-22');
  answer = '';
  await assert.rejects(fetch('2017-06-23'));
  assert.equal(await proven(), null);
  answer = LIST;
  await fetch('2017-06-24');
  await fetch('2017-06-25');
  assert.equal(await proven(), '2017-06-24T12:00:00.000Z');
});

test('schedules are spread, and say the next time', () => {
  const schedules = SOURCES.map(scheduleOfSource);
  assert.ok(new Set(schedules.map((each) => each.split(' ')[0])).size > SOURCES.length / 2);
  for (const each of schedules) assert.match(each, /^\d{1,2} \d{1,2}(?:,\d{1,2})* \* \* \*$/);
  const now = new Date('2017-06-22T12:34:56Z');
  for (const source of SOURCES) {
    assert.equal(nextFetch(source, undefined, now), null);
    const next = nextFetch(source, { fetchedAt: now, wantedAt: null }, now);
    assert.ok(next !== null && next > now);
    const [minute, hours = ''] = scheduleOfSource(source).split(' ');
    assert.equal(next.getUTCMinutes(), Number(minute));
    assert.ok(hours.split(',').includes(String(next.getUTCHours())));
  }
});
