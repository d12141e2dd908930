import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, type TestContext, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import { makeHttpClient } from '#base/http';
import type { Actor } from '#domain/policies';
import { submit } from '#domain/proposals';
import { serveLocally } from '../../../test/http-server.ts';
import { OPTIONS, withPeople } from '../../../test/people.ts';
import { amazon } from './amazon/amazon.ts';
import { debian } from './debian/debian.ts';
import { judgeByClock } from './end-run.ts';
import { fedora } from './fedora/fedora.ts';
import { fetchSource } from './fetch-source.ts';
import type { FetchStep } from './fetch-step.ts';
import { archiveThenChanges, pagesOf, updateinfoOf, wholeFile } from './fetch-steps.ts';
import { osv } from './osv/osv.ts';
import { replay } from './replay.ts';
import { SAMPLES } from './samples.ts';
import type { Source } from './source.ts';
import { listAlarms } from './store-alarms.ts';
import { listBatches } from './store-batches.ts';
import { listQuarantine } from './store-quarantine.ts';
import { syncFiles } from './sync.ts';

const TRIAGER: Actor = { id: 'person:1', role: 'triager', account: 1 };
const NOW = '2017-07-01T12:00:00Z';

async function house(t: TestContext, answer: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = await serveLocally(answer);
  const client = makeHttpClient({ pauseMs: 1, local: true, silenceMs: 2000 });
  const folder = mkdtempSync(join(tmpdir(), 'muster-ends-'));
  const database = await withPeople();
  t.after(async () => {
    await client[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await database.close();
    rmSync(folder, { recursive: true });
  });
  return {
    database,
    url: server.url,
    fetch: (source: Source, steps: FetchStep[], at = NOW) =>
      fetchSource(database, source, { client, folder, steps, now: () => new Date(at) }),
    /** What of a kind is open: kind and subject. Rhythm is no matter here. */
    async open() {
      const alarms = await listAlarms(database.queries, { open: true });
      return alarms.filter(({ subject }) => subject !== '').map(({ kind, subject }) => `${kind} ${subject}`);
    },
    async told() {
      return (await listAlarms(database.queries)).filter(({ subject }) => subject !== '').length;
    },
    waiting: async () => (await listBatches(database.queries, { waiting: true })).length,
    async decide(as: 'released' | 'refused') {
      const [batch] = await listBatches(database.queries, { waiting: true });
      const change = {
        kind: 'batch' as const,
        id: String(batch?.id),
        field: 'decision',
        value: { as },
        saw: 0,
      };
      return submit(database, TRIAGER, { changes: [change], remark: 'looked' }, OPTIONS);
    },
  };
}

const list = (count: number) =>
  Array.from(
    { length: count },
    (_, n) => `[22 Jun 2017] DSA-${3000 + n}-1 apache2 - security update\n\t[jessie] - apache2 2.4.10-1\n`,
  ).join('');

const record = (id: string, day = '20', more: object = {}) =>
  JSON.stringify({
    ...{ schema_version: '1.6.0', id, modified: `2017-06-${day}T00:00:00Z`, summary: 'a flaw' },
    affected: [{ package: { ecosystem: 'PyPI', name: 'made-up' }, ranges: [] }],
    ...more,
  });

async function archive(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, text] of Object.entries(files)) tar.entry({ name }, text);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

const HTML = '<!doctype html><title>Sorry</title>';
const UPDATES =
  SAMPLES.find(({ path }) => path === 'a-updateinfo.xml')?.text ?? assert.fail('no sample of an updateinfo');
const sum = (text: string) => createHash('sha256').update(text).digest('hex');

describe('an alarm ends with what it is about', () => {
  test('an index that was a web page, and is an index again', async (t) => {
    const whole = await archive({ 'PYSEC-2017-1.json': record('PYSEC-2017-1') });
    let html = false;
    const { fetch, url, open } = await house(t, (q, r) => {
      if (q.url?.endsWith('.csv')) r.end(html ? HTML : '');
      else r.setHeader('last-modified', 'Fri, 30 Jun 2017 00:00:00 GMT').end(whole);
    });
    const steps = [
      archiveThenChanges({
        ...{ name: 'x', base: `${url}/`, folder: 'osv/', archive: { url: `${url}/all.tar.gz` } },
        deletions: false,
      }),
    ];
    await fetch(osv, steps);
    html = true;
    await assert.rejects(fetch(osv, steps));
    assert.deepEqual(await open(), ['html osv/changes.csv']);
    html = false;
    await fetch(osv, steps);
    assert.deepEqual(await open(), []);
  });

  test('an index in JSON that had another form, or was none', async (t) => {
    let answer = '';
    const { fetch, url, open, told } = await house(t, (_q, r) => void r.end(answer));
    const steps = [
      pagesOf({
        ...{ name: 'pages', page: () => url, path: 'updates.json', list: 'updates', pauseMs: 0 },
        ...{ count: { pages: 'pages' }, first: 1, walk: 'known' },
      }),
    ];
    for (const bad of ['{"updates":7,"pages":1}', '{"updates":7,"pages":1}', 'nothing']) {
      answer = bad;
      await assert.rejects(fetch(fedora, steps));
      assert.deepEqual(await open(), ['unreadable updates.json']);
    }
    assert.equal(await told(), 1, 'it stays the same alarm');
    answer = '{"updates":[],"pages":0}';
    await fetch(fedora, steps).catch(() => {});
    assert.deepEqual(await open(), []);
  });

  test('a web page in place of a file, which then did not change: 304, or the same checksum', async (t) => {
    let html = false;
    const { fetch, url, open } = await house(t, (q, r) => {
      if (q.url === '/mirror.list') r.end(`${url}/repo\n`);
      else if (q.url?.endsWith('repomd.xml'))
        r.end(
          `<repomd><data type="updateinfo"><location href="repodata/${html ? 'broken' : 'u'}.xml"/><checksum type="sha256">${sum(html ? HTML : UPDATES)}</checksum></data></repomd>`,
        );
      else if (q.url?.endsWith('.xml')) r.end(html ? HTML : UPDATES);
      else if (html) r.end(HTML);
      else if (q.headers['if-none-match'] === '"good"') r.writeHead(304).end();
      else r.setHeader('etag', '"good"').end(list(40));
    });
    const whole = [wholeFile({ url: `${url}/list`, path: 'data/DSA/list' })];
    const repository = [
      updateinfoOf({ name: 'al', mirrors: `${url}/mirror.list`, path: 'al/updateinfo.xml' }),
    ];
    await fetch(debian, whole);
    await fetch(amazon, repository);
    assert.deepEqual(await open(), []);
    html = true;
    await fetch(debian, whole);
    await fetch(amazon, repository);
    assert.deepEqual((await open()).sort(), ['html al/updateinfo.xml', 'html data/DSA/list']);
    html = false;
    await fetch(debian, whole);
    await fetch(amazon, repository);
    assert.deepEqual(await open(), []);
  });

  test('a file that is held, and then is again what is stored: by its bytes, or by 304', async (t) => {
    let [count, conditional] = [40, false];
    const { fetch, url, open, waiting, database } = await house(t, (q, r) => {
      if (conditional && q.headers['if-none-match'] === `"${count}"`) r.writeHead(304).end();
      else r.setHeader('etag', `"${count}"`).end(list(count));
    });
    const steps = [wholeFile({ url: `${url}/list`, path: 'data/DSA/list' })];
    for (conditional of [false, true]) {
      count = 40;
      await fetch(debian, steps);
      for (count of [20, 3]) {
        await assert.rejects(fetch(debian, steps));
        const kind = count === 20 ? 'gone' : 'few';
        assert.deepEqual([await open(), await waiting()], [[`${kind} data/DSA/list`], 1]);
      }
      count = 40;
      await fetch(debian, steps);
      assert.deepEqual([await open(), await waiting()], [[], 0]);
    }
    assert.ok((await listBatches(database.queries)).every(({ overtakenAt }) => overtakenAt !== null));
  });

  test('deletions that somebody released', async (t) => {
    const names = Array.from({ length: 40 }, (_, n) => `PYSEC-2017-${n}`);
    const whole = await archive(Object.fromEntries(names.map((name) => [`${name}.json`, record(name)])));
    let deleted = names.slice(0, 30);
    const { fetch, url, open, waiting, decide } = await house(t, (q, r) => {
      if (q.url === '/changes.csv') r.end();
      else if (q.url === '/deletions.csv')
        r.end(deleted.map((name) => `"${name}.json","2017-06-30T00:00:00Z"\n`).join(''));
      else r.setHeader('last-modified', 'Sat, 24 Jun 2017 00:00:00 GMT').end(whole);
    });
    const steps = [
      archiveThenChanges({
        ...{ name: 'x', base: `${url}/`, folder: 'osv/', archive: { url: `${url}/all.tar.gz` } },
        deletions: true,
      }),
    ];
    await assert.rejects(fetch(osv, steps));
    assert.deepEqual([await open(), await waiting()], [['gone osv/deletions'], 1]);
    deleted = names.slice(0, 3);
    await fetch(osv, steps);
    assert.deepEqual([await open(), await waiting()], [[], 0], 'so few need nobody');
    deleted = names.slice(0, 30);
    await assert.rejects(fetch(osv, steps));
    await decide('released');
    const done = await fetch(osv, steps);
    assert.deepEqual([done?.gone, await open(), await waiting()], [27, [], 0]);
  });

  test('a piece that is never read again: when nothing of it is in quarantine, or after a week', async (t) => {
    const { database, open } = await house(t, (_q, r) => void r.end());
    const bad = (n: number) => record(`PYSEC-2017-${n}`, '20', { modified: 'never' });
    const read = (source: Source, path: string, text: string) =>
      syncFiles(
        database,
        source,
        [{ path, holds: 'piece', open: () => Readable.from([Buffer.from(text)]) }],
        {
          ours: true,
        },
      );
    const lines = Array.from({ length: 6 }, (_, n) => bad(n)).join('\n');
    await read(osv, 'deltas/1.jsonl', lines);
    assert.deepEqual(await open(), ['quarantine deltas/1.jsonl']);
    const good = lines.replaceAll('never', '2017-06-20T00:00:00Z');
    await read(osv, 'deltas/2.jsonl', good);
    assert.deepEqual([await listQuarantine(database.queries), await open()], [[], []]);

    await read(osv, 'deltas/3.jsonl', lines);
    const later = (days: number) => new Date(Date.now() + days * 86_400_000);
    await judgeByClock(database, osv, later(6));
    assert.deepEqual(await open(), ['quarantine deltas/3.jsonl']);
    await judgeByClock(database, osv, later(8));
    assert.deepEqual(await open(), []);
  });

  test('what is a file of its own stays told until it is better, however long', async (t) => {
    const { database, open } = await house(t, (_q, r) => void r.end());
    const text = list(8).replaceAll('[22 Jun 2017]', '[unknown]') + list(20).slice(-100);
    const file = { path: 'data/DSA/list', open: () => Readable.from([Buffer.from(text)]) };
    await syncFiles(database, debian, [file], { ours: true });
    assert.deepEqual(await open(), ['quarantine data/DSA/list']);
    await judgeByClock(database, debian, new Date(Date.now() + 30 * 86_400_000));
    assert.deepEqual(await open(), ['quarantine data/DSA/list']);
  });

  test('documents that were read again', async (t) => {
    const { database, open } = await house(t, (_q, r) => void r.end());
    const broken: Source = {
      ...debian,
      formats: debian.formats.map((format) => ({
        ...format,
        parse: () => {
          throw new Error('oh');
        },
      })),
    };
    const strange: Source = { ...debian, formats: [], feeds: [] };
    const file = (path: string) => ({
      ...{ path, due: true as const, holds: 'piece' as const },
      open: () => Readable.from([Buffer.from(list(12))]),
    });
    await syncFiles(database, broken, [file('data/DSA/list')], { ours: true });
    await syncFiles(database, strange, [file('more/data/DSA/list')], { ours: true });
    assert.deepEqual((await open()).sort(), ['quarantine data/DSA/list', 'unreadable more/data/DSA/list']);
    await replay(database, TRIAGER, { source: 'debian' });
    assert.deepEqual(await open(), []);
  });
});

test('pages under one path are judged together: an alarm does not open and close in one run', async (t) => {
  const page = (number: number) =>
    Array.from({ length: 20 }, (_, n) => update(number * 100 + n, number === 1 && n < 6));
  let bad = true;
  const { fetch, url, open, told } = await house(t, (q, r) => {
    const number = Number(new URL(q.url ?? '', 'http://x').searchParams.get('page'));
    const updates = bad ? page(number) : page(number + 2);
    r.end(JSON.stringify({ updates, pages: 2 }));
  });
  const steps = [
    pagesOf({
      ...{ name: 'pages', page: ({ number }) => `${url}/?page=${number}`, path: 'updates.json' },
      ...{ list: 'updates', count: { pages: 'pages' }, first: 1, walk: 'since', pauseMs: 0 },
    }),
  ];
  for (const _ of [1, 2]) {
    await fetch(fedora, steps);
    assert.deepEqual([await open(), await told()], [['quarantine updates.json'], 1]);
  }
  bad = false;
  await fetch(fedora, steps);
  assert.deepEqual([await open(), await told()], [[], 1]);
});

test('one held part does not hide that the others do not answer', async (t) => {
  let off = false;
  const { fetch, url, database } = await house(t, (q, r) => {
    if (q.url === '/held') r.end(list(off ? 20 : 40));
    else if (off) r.writeHead(404).end();
    else r.end(list(40).replaceAll('DSA', 'DLA'));
  });
  const steps = [
    wholeFile({ url: `${url}/held`, path: 'data/DSA/list' }),
    wholeFile({ url: `${url}/off`, path: 'data/DLA/list' }),
  ];
  await fetch(debian, steps);
  off = true;
  for (const _ of [1, 2]) await assert.rejects(fetch(debian, steps), /off: answered 404/);
  const kinds = (await listAlarms(database.queries, { open: true })).map(({ kind }) => kind);
  assert.ok(kinds.includes('off') && kinds.includes('gone'), kinds.join());
});

function update(n: number, bad = false) {
  const alias = `FEDORA-2017-${String(n).padStart(10, '0')}`;
  return {
    ...{ alias, type: 'security', status: 'stable', notes: `CVE-2017-${1000 + n}`, title: `a-${n}-1.fc26` },
    ...{ date_stable: bad ? 'never' : '2017-06-01 00:00:00', bugs: [], builds: [{ nvr: `a-${n}-1.fc26` }] },
    ...{ severity: 'medium', release: { name: 'F26' } },
    url: `https://bodhi.fedoraproject.org/updates/${alias}`,
  };
}
