import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, type TestContext, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { crc32, gzipSync } from 'node:zlib';
import { pack } from 'tar-stream';
import type { Database } from '#base/db';
import { MusterError } from '#base/errors';
import { makeHttpClient } from '#base/http';
import { testDatabase } from '../../../test/database.ts';
import { serveLocally } from '../../../test/http-server.ts';
import { amazon } from './amazon/amazon.ts';
import { cve } from './cve/cve.ts';
import { debian } from './debian/debian.ts';
import { fedora } from './fedora/fedora.ts';
import { fetchSource } from './fetch-source.ts';
import type { FetchStep } from './fetch-step.ts';
import {
  archiveThenChanges,
  cveReleases,
  nvdWindows,
  osvModified,
  pagesOf,
  updateinfoOf,
  wholeFile,
} from './fetch-steps.ts';
import { nvd } from './nvd/nvd.ts';
import { osv } from './osv/osv.ts';
import { SAMPLES } from './samples.ts';
import type { Source } from './source.ts';
import { listAlarms } from './store-alarms.ts';
import { listBatches } from './store-batches.ts';
import { withFetchLock } from './store-files.ts';
import { listQuarantine } from './store-quarantine.ts';
import { reportByKey } from './store-reading.ts';
import { cursorOf, runsOf } from './store-runs.ts';

type Answers = (request: IncomingMessage, response: ServerResponse, times: number) => void;

interface House {
  database: Database;
  url: string;
  /** Paths that were asked for since it was looked at last. */
  asked(): string[];
  headersOfLast(): IncomingMessage['headers'];
  fetch(source: Source, steps: FetchStep[], at?: string): ReturnType<typeof fetchSource>;
}

const NOW = '2017-07-01T12:00:00Z';

async function house(t: TestContext, answer: Answers): Promise<House> {
  const times = new Map<string, number>();
  const server = await serveLocally((request, response) => {
    const path = request.url ?? '';
    times.set(path, (times.get(path) ?? 0) + 1);
    answer(request, response, times.get(path) ?? 0);
  });
  const client = makeHttpClient({ pauseMs: 1, local: true, silenceMs: 2000 });
  const folder = mkdtempSync(join(tmpdir(), 'muster-fetch-'));
  const database = await testDatabase();
  t.after(async () => {
    await client[Symbol.asyncDispose]();
    await server[Symbol.asyncDispose]();
    await database.close();
    rmSync(folder, { recursive: true });
  });
  let looked = 0;
  return {
    ...{ database, url: server.url },
    asked() {
      const paths = server.asked.slice(looked).map(({ url }) => url ?? '');
      looked = server.asked.length;
      return paths;
    },
    headersOfLast: () => server.asked.at(-1)?.headers ?? {},
    fetch: (source, steps, at = NOW) =>
      fetchSource(database, source, { client, folder, steps, now: () => new Date(at) }),
  };
}

function dsaList(numbers: readonly number[], more = ''): string {
  return numbers
    .map(
      (n) =>
        `[22 Jun 2017] DSA-${n}-1 apache2 - security update\n\t{CVE-2017-${1000 + n}}\n\t[jessie] - apache2 2.4.10-1${more}\n`,
    )
    .join('');
}

const DSA = Array.from({ length: 40 }, (_, n) => 3000 + n);

function record(id: string, modified: string): string {
  return JSON.stringify({
    schema_version: '1.6.0',
    id,
    modified,
    published: modified,
    summary: 'a flaw',
    affected: [{ package: { ecosystem: 'PyPI', name: 'made-up' }, ranges: [] }],
  });
}

function nvdPage(records: readonly [id: string, modified: string][], total = records.length): string {
  return JSON.stringify({
    resultsPerPage: records.length,
    startIndex: 0,
    totalResults: total,
    format: 'NVD_CVE',
    version: '2.0',
    vulnerabilities: records.map(([id, lastModified]) => ({
      cve: {
        ...{ id, sourceIdentifier: 'x@example.org', published: '2017-06-01T00:00:00.000', lastModified },
        ...{ vulnStatus: 'Analyzed', descriptions: [{ lang: 'en', value: 'A flaw.' }] },
        ...{ metrics: {}, references: [] },
      },
    })),
  });
}

async function archive(files: Readonly<Record<string, string>>): Promise<Buffer> {
  const tar = pack();
  for (const [name, text] of Object.entries(files)) tar.entry({ name }, text);
  tar.finalize();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  return gzipSync(Buffer.concat(chunks));
}

async function has(database: Database, source: Source, key: string): Promise<boolean> {
  const report = await reportByKey(database.queries, source.id, key);
  return report !== null && report.goneAt === null;
}

async function alarms({ queries }: Database): Promise<string[]> {
  return (await listAlarms(queries, { open: true })).map(({ kind }) => kind).sort();
}

function refusedWith(code: string, why = /./) {
  return (error: unknown) => error instanceof MusterError && error.code === code && why.test(error.message);
}

describe('lessons of others, against a server that misbehaves', () => {
  test('1: raw bytes are kept apart from what was read, and a run says what went over the wire', async (t) => {
    const { database, fetch, url } = await house(t, (_q, r) => void r.end(dsaList(DSA)));
    const done = await fetch(debian, [wholeFile({ url: `${url}/list`, path: 'data/DSA/list' })]);
    assert.deepEqual([done?.stored, done?.quarantined], [40, 0]);
    const [run] = await runsOf(database.queries, 'debian');
    assert.deepEqual(
      [run?.outcome, run?.stored, run?.requests, run?.bytes],
      ['done', 40, 1, dsaList(DSA).length],
    );
  });

  test('2: a part that fails fails the source, and what the others hold stays', async (t) => {
    const { database, fetch, url } = await house(t, (q, r) => {
      if (q.url === '/broken') r.writeHead(500).end();
      else r.end(dsaList(DSA));
    });
    const steps = [
      wholeFile({ url: `${url}/broken`, path: 'data/DLA/list' }),
      wholeFile({ url: `${url}/list`, path: 'data/DSA/list' }),
    ];
    await assert.rejects(fetch(debian, steps), refusedWith('FETCH_FAILED', /broken: answered 500/));
    assert.ok(await has(database, debian, 'DSA-3000-1'));
    assert.equal((await runsOf(database.queries, 'debian'))[0]?.outcome, 'failed');
  });

  test('3: one bad record does not kill a source', async (t) => {
    const list = dsaList(DSA).replace('22 Jun 2017] DSA-3005', 'unknown] DSA-3005');
    const { database, fetch, url } = await house(t, (_q, r) => void r.end(list));
    const done = await fetch(debian, [wholeFile({ url: `${url}/list`, path: 'data/DSA/list' })]);
    assert.deepEqual([done?.stored, done?.quarantined], [39, 1]);
    assert.equal((await listQuarantine(database.queries)).length, 1);
  });

  test('4: validators lie: the same bytes change nothing whatever they say, and 304 for ever is not believed', async (t) => {
    const { fetch, url, asked, headersOfLast } = await house(t, (q, r, times) => {
      if (q.headers['if-none-match'] !== undefined) r.writeHead(304).end();
      else r.setHeader('etag', `"${times}"`).end(dsaList(DSA));
    });
    const steps = [wholeFile({ url: `${url}/list`, path: 'data/DSA/list' })];
    await fetch(debian, steps);
    const second = await fetch(debian, steps, '2017-07-02T12:00:00Z');
    assert.equal(headersOfLast()['if-none-match'], '"1"');
    assert.deepEqual([second?.stored, second?.unchanged], [0, 0]);
    const third = await fetch(debian, steps, '2017-07-09T12:00:00Z');
    assert.equal(headersOfLast()['if-none-match'], undefined, 'a week later it is asked for as a whole');
    assert.deepEqual([third?.stored, third?.unchanged], [0, 40]);
    assert.equal(asked().length, 3);
  });

  test('4: a page of an error under the ETag of the data is not remembered as the data', async (t) => {
    let html = false;
    const { database, fetch, url, headersOfLast } = await house(t, (_q, r) => {
      r.setHeader('etag', html ? '"html"' : '"data"').end(html ? '<html>down</html>' : dsaList(DSA));
    });
    const steps = [wholeFile({ url: `${url}/list`, path: 'data/DSA/list' })];
    await fetch(debian, steps, '2017-06-24T00:00:00Z');
    html = true;
    const bad = await fetch(debian, steps, '2017-06-24T00:00:00Z');
    assert.deepEqual([bad?.quarantined, bad?.gone], [1, 0]);
    assert.deepEqual(await alarms(database), ['html']);
    html = false;
    await fetch(debian, steps, '2017-06-24T00:00:00Z');
    assert.equal(headersOfLast()['if-none-match'], '"data"');
    assert.deepEqual(await alarms(database), []);
  });

  test('5: an empty answer does not move the cursor, and what came late is asked for again', async (t) => {
    let page = nvdPage([['CVE-2017-0001', '2017-06-20T10:00:00.000']]);
    const { database, fetch, url, asked } = await house(t, (q, r) => {
      if (q.url?.endsWith('.gz')) r.end(gzipSync(nvdPage([['CVE-2016-0001', '2017-01-01T00:00:00.000']])));
      else r.end(page);
    });
    const steps = [nvdWindows({ feeds: url, api: `${url}/api`, firstYear: 2016, pauseMs: 0 })];
    const since = async () => ((await cursorOf(database.queries, 'nvd', 'api')) as { since: string }).since;
    await fetch(nvd, steps, '2017-06-20T12:00:00Z');
    assert.deepEqual(asked().slice(0, 2), ['/nvdcve-2.0-2016.json.gz', '/nvdcve-2.0-2017.json.gz']);
    const first = await since();
    page = nvdPage([]);
    await fetch(nvd, steps, '2017-06-25T12:00:00Z');
    assert.equal(await since(), first, 'empty: it stays');
    const [again] = asked();
    const from = new URL(again ?? '', url).searchParams.get('lastModStartDate') ?? '';
    assert.equal(Date.parse(first) - Date.parse(from), 48 * 3_600_000, 'two days of overlap');
    page = nvdPage([['CVE-2017-0002', '2017-06-24T10:00:00.000']]);
    await fetch(nvd, steps, '2017-06-26T12:00:00Z');
    assert.equal(await since(), '2017-06-24T10:00:00.000Z', 'by the data, never by the clock');
    assert.ok(await has(database, nvd, 'CVE-2016-0001'), 'a difference takes nothing away');
  });

  test('5: a walk that is cut goes on where it was, page by page', async (t) => {
    let broken = true;
    const { database, fetch, url, asked } = await house(t, (q, r) => {
      if (q.url?.endsWith('.gz'))
        return void r.end(gzipSync(nvdPage([['CVE-2016-0001', '2017-01-01T00:00:00.000']])));
      const start = new URL(q.url ?? '', 'http://x').searchParams.get('startIndex');
      if (start === '0') r.end(nvdPage([['CVE-2017-0001', '2017-06-20T10:00:00.000']], 2));
      else if (broken) r.writeHead(403).end();
      else r.end(nvdPage([['CVE-2017-0002', '2017-06-20T11:00:00.000']], 2));
    });
    const steps = [nvdWindows({ feeds: url, api: `${url}/api`, firstYear: 2017, pauseMs: 0 })];
    await assert.rejects(fetch(nvd, steps, '2017-06-20T12:00:00Z'), refusedWith('FETCH_FAILED'));
    assert.ok(await has(database, nvd, 'CVE-2017-0001'));
    asked();
    broken = false;
    await fetch(nvd, steps, '2017-06-20T13:00:00Z');
    const starts = asked().map((path) => new URL(path, url).searchParams.get('startIndex'));
    assert.deepEqual(starts.slice(0, 1), ['1'], 'neither the years nor the first page again');
    assert.ok(await has(database, nvd, 'CVE-2017-0002'));
  });

  test('5: windows are never longer than 120 days, however long nobody asked', async (t) => {
    const { fetch, url, asked } = await house(t, (q, r) => {
      if (q.url?.endsWith('.gz')) r.end(gzipSync(nvdPage([['CVE-2016-0001', '2017-01-01T00:00:00.000']])));
      else r.end(nvdPage([['CVE-2016-0001', '2017-01-01T00:00:00.000']]));
    });
    const steps = [nvdWindows({ feeds: url, api: `${url}/api`, firstYear: 2016, pauseMs: 0 })];
    await fetch(nvd, steps, '2016-12-31T00:00:00Z');
    asked();
    await fetch(nvd, steps, '2017-12-31T00:00:00Z');
    const windows = asked().map((path) => {
      const { searchParams } = new URL(path, url);
      const [from, to] = ['lastModStartDate', 'lastModEndDate'].map((name) =>
        Date.parse(searchParams.get(name) ?? ''),
      );
      return [from ?? 0, to ?? 0] as const;
    });
    assert.equal(windows.length, 4);
    for (const [index, [from, to]] of windows.entries()) {
      assert.ok(to - from <= 120 * 86_400_000);
      assert.equal(from, windows[index - 1]?.[1] ?? from, 'without a gap');
    }
  });

  test('6: deletions are an act of their own, and a mass of them needs a person', async (t) => {
    const names = Array.from({ length: 40 }, (_, n) => `PYSEC-2017-${n}`);
    const file = (name: string) => record(name, '2017-06-30T00:00:00Z');
    const whole = await archive(Object.fromEntries(names.map((name) => [`2017/${name}.json`, file(name)])));
    const lines = (some: readonly string[]) =>
      some.map((name) => `"2017/${name}.json","2017-06-25T00:00:00+00:00"\n`).join('');
    let deleted: string[] = [];
    const { database, fetch, url } = await house(t, (q, r) => {
      if (q.url === '/latest.txt') r.end('all_2017-06-24.tar.gz');
      else if (q.url?.endsWith('.tar.gz'))
        r.setHeader('last-modified', 'Sat, 24 Jun 2017 00:00:00 GMT').end(whole);
      else r.end(q.url === '/deletions.csv' ? lines(deleted) : '');
    });
    const steps = [
      archiveThenChanges({
        name: 'x',
        base: `${url}/`,
        folder: 'osv/',
        archive: { nameIn: 'latest.txt' },
        deletions: true,
      }),
    ];
    await fetch(osv, steps);
    deleted = names.slice(0, 2);
    const few = await fetch(osv, steps);
    assert.deepEqual([few?.gone, await has(database, osv, 'PYSEC-2017-1')], [2, false]);
    deleted = names.slice(0, 30);
    await assert.rejects(fetch(osv, steps), refusedWith('SOURCE_GUARDED'));
    assert.ok(await has(database, osv, 'PYSEC-2017-20'), 'nothing was taken away');
    assert.equal((await listBatches(database.queries, { waiting: true })).length, 1);
    assert.deepEqual(await alarms(database), ['gone']);
  });

  test('6: what is taken away waits for those who write, as every change of reports does', async (t) => {
    const whole = await archive({ '2017/PYSEC-2017-1.json': record('PYSEC-2017-1', '2017-06-01T00:00:00Z') });
    let deleted = '';
    const { database, fetch, url } = await house(t, (q, r) => {
      if (q.url?.endsWith('.tar.gz'))
        r.setHeader('last-modified', 'Sat, 24 Jun 2017 00:00:00 GMT').end(whole);
      else r.end(q.url === '/deletions.csv' ? deleted : '');
    });
    const steps = [
      archiveThenChanges({
        ...{ name: 'x', base: `${url}/`, folder: 'osv/', archive: { url: `${url}/all.tar.gz` } },
        deletions: true,
      }),
    ];
    await fetch(osv, steps);
    deleted = '"2017/PYSEC-2017-1.json","2017-06-25T00:00:00+00:00"\n';
    const lock = await database.pool.connect();
    let fetching: Promise<unknown> = Promise.resolve();
    try {
      // As whoever reads the mark of all reports holds it.
      await lock.query('begin');
      await lock.query('select pg_advisory_xact_lock(7269)');
      fetching = fetch(osv, steps);
      const waits = async () => {
        for (;;) {
          const { rows } = await lock.query('select 1 from pg_locks where not granted');
          if (rows.length > 0) return 'waits';
          await sleep(10);
        }
      };
      assert.equal(await Promise.race([fetching, waits()]), 'waits');
      assert.ok(await has(database, osv, 'PYSEC-2017-1'));
    } finally {
      lock.release(true);
    }
    await fetching;
    assert.ok(!(await has(database, osv, 'PYSEC-2017-1')));
  });

  test('7: an archive that cannot be read is asked for again, and nothing moves on without it', async (t) => {
    const file = (name: string, day: string) => record(name, `2017-06-${day}T00:00:00Z`);
    const whole = await archive({ '2017/PYSEC-2017-1.json': file('PYSEC-2017-1', '01') });
    let broken = true;
    const { database, fetch, url, asked } = await house(t, (q, r) => {
      if (q.url?.endsWith('.tar.gz')) r.end(broken ? whole.subarray(0, -20) : whole);
      else if (q.url === '/changes.csv') r.end('"2017/PYSEC-2017-2.json","2017-06-28T00:00:00Z"\n');
      else r.end(file(q.url?.slice(6, -5) ?? '', '28'));
    });
    const steps = [
      archiveThenChanges({
        ...{ name: 'x', base: `${url}/`, folder: 'osv/', archive: { url: `${url}/all.tar.gz` } },
        deletions: false,
      }),
    ];
    for (const run of ['the first', 'the second']) {
      await fetch(osv, steps);
      assert.deepEqual(asked(), ['/changes.csv', '/all.tar.gz'], run);
      assert.equal(await cursorOf(database.queries, 'osv', 'x'), null, run);
      assert.deepEqual(await alarms(database), ['unreadable'], run);
    }
    broken = false;
    await fetch(osv, steps);
    assert.ok((await has(database, osv, 'PYSEC-2017-1')) && (await has(database, osv, 'PYSEC-2017-2')));
    assert.ok(!(await alarms(database)).includes('unreadable'));
  });

  test('7: bulk once, then what changed, one by one; too many are read in bulk again', async (t) => {
    let changes = '';
    const file = (name: string, day: string) => record(name, `2017-06-${day}T00:00:00Z`);
    const whole = await archive({ '2017/PYSEC-2017-1.json': file('PYSEC-2017-1', '01') });
    const { database, fetch, url, asked } = await house(t, (q, r) => {
      if (q.url?.endsWith('.tar.gz'))
        r.setHeader('last-modified', 'Sat, 24 Jun 2017 00:00:00 GMT').end(whole);
      else if (q.url === '/changes.csv') r.end(changes);
      else r.end(file(q.url?.slice(6, -5) ?? '', '28'));
    });
    const steps = [
      archiveThenChanges({
        ...{ name: 'x', base: `${url}/`, folder: 'osv/', archive: { url: `${url}/all.tar.gz` } },
        ...{ deletions: false, mostSingle: 3 },
      }),
    ];
    await fetch(osv, steps);
    assert.deepEqual(asked(), ['/changes.csv', '/all.tar.gz']);
    changes =
      '"2017/PYSEC-2017-2.json","2017-06-28T00:00:00Z"\n"../../etc/passwd","2017-06-28T00:00:00Z"\n"2016/old.json","2016-06-28T00:00:00Z"\n';
    const second = await fetch(osv, steps);
    assert.deepEqual([asked(), second?.stored], [['/changes.csv', '/2017/PYSEC-2017-2.json'], 1]);
    assert.ok(await has(database, osv, 'PYSEC-2017-1'), 'a difference takes nothing away');
    changes = Array.from(
      { length: 4 },
      (_, n) => `"2017/PYSEC-2017-${n}.json","2017-06-29T00:00:00Z"\n`,
    ).join('');
    await fetch(osv, steps);
    assert.ok(asked().includes('/all.tar.gz'));
  });

  test('7: of OSV the zip once, then the records that its list says were modified', async (t) => {
    let list = '2017-06-20T00:00:00Z,PYSEC-2017-1\n';
    const zip = zipOf('PYSEC-2017-1.json', record('PYSEC-2017-1', '2017-06-20T00:00:00Z'));
    const { database, fetch, url, asked } = await house(t, (q, r) => {
      if (q.url?.endsWith('.csv')) r.end(list);
      else if (q.url?.endsWith('.zip')) r.end(zip);
      else r.end(record('PYSEC-2017-2', '2017-06-30T00:00:00Z'));
    });
    const steps = [osvModified({ base: url, ecosystem: 'PyPI', folder: 'osv/PyPI' })];
    await fetch(osv, steps);
    assert.deepEqual(asked(), ['/PyPI/modified_id.csv', '/PyPI/all.zip']);
    list = `2017-06-30T00:00:00Z,PYSEC-2017-2\n${list.replace('2017-06-20', '2017-01-20')}`;
    await fetch(osv, steps);
    assert.deepEqual(asked(), ['/PyPI/modified_id.csv', '/PyPI/PYSEC-2017-2.json']);
    assert.ok((await has(database, osv, 'PYSEC-2017-1')) && (await has(database, osv, 'PYSEC-2017-2')));
    list = '<html>';
    await assert.rejects(fetch(osv, steps), refusedWith('FETCH_FAILED'));
  });

  test('8: pages shift while one walks: entries are kept by their ids, and a walk ends where all is known', async (t) => {
    const all = Array.from({ length: 9 }, (_, n) => 9 - n);
    let shift = 0;
    let cutAt = 3;
    const { database, fetch, url, asked } = await house(t, (q, r) => {
      const number = Number(new URL(q.url ?? '', 'http://x').searchParams.get('page'));
      if (number === cutAt) return void r.writeHead(403).end();
      const numbers = [...Array.from({ length: shift }, (_, n) => 100 + shift - n), ...all];
      const found = numbers.slice((number - 1) * 2, number * 2);
      r.end(
        JSON.stringify({
          updates: found.map(update),
          pages: Math.ceil(numbers.length / 2),
          total: numbers.length,
        }),
      );
    });
    const steps = [
      pagesOf({
        ...{
          name: 'pages',
          page: ({ number }) => `${url}/?page=${number}`,
          path: 'updates.json',
          list: 'updates',
        },
        ...{ count: { pages: 'pages' }, first: 1, walk: 'known', pauseMs: 0 },
      }),
    ];
    await assert.rejects(fetch(fedora, steps), refusedWith('FETCH_FAILED'));
    asked();
    [cutAt, shift] = [0, 1];
    await fetch(fedora, steps);
    assert.equal(asked()[0], '/?page=2', 'a page before where it was cut');
    for (const n of [...all, 101]) assert.ok(await has(database, fedora, idOf(n)), idOf(n));
    shift = 2;
    await fetch(fedora, steps);
    assert.deepEqual(asked(), ['/?page=1', '/?page=2', '/?page=3'], 'two pages without anything new end it');
  });

  test('8: an empty page in the middle is a mishap, not the end', async (t) => {
    const { fetch, url } = await house(t, (q, r) => {
      const number = Number(new URL(q.url ?? '', 'http://x').searchParams.get('page'));
      r.end(JSON.stringify({ updates: number === 2 ? [] : [update(number)], pages: 3 }));
    });
    const steps = [
      pagesOf({
        ...{
          name: 'pages',
          page: ({ number }) => `${url}/?page=${number}`,
          path: 'updates.json',
          list: 'updates',
        },
        ...{ count: { pages: 'pages' }, first: 1, walk: 'since', pauseMs: 0 },
      }),
    ];
    await assert.rejects(fetch(fedora, steps), refusedWith('FETCH_FAILED', /an empty page, 2 of 3/));
  });

  const bodhi = (url: string, walk: 'since' | 'known', mostPages = 9) =>
    pagesOf({
      ...{ name: 'pages', path: 'updates.json', list: 'updates', first: 1, pauseMs: 0 },
      page: ({ number, since }) => `${url}/?page=${number}${since === null ? '' : `&since=${since}`}`,
      ...{ count: { pages: 'pages' }, walk, mostPages },
    });

  for (const walk of ['since', 'known'] as const)
    test(`8: an answer without any entry moves nothing on: ${walk}`, async (t) => {
      let answer: unknown = { updates: [update(1)], pages: 1 };
      const { database, fetch, url, asked } = await house(t, (_q, r) => void r.end(JSON.stringify(answer)));
      const since = async () => (await cursorOf(database.queries, 'fedora', 'pages')) as { since: string };
      await fetch(fedora, [bodhi(url, walk)], '2017-06-20T00:00:00Z');
      const before = await since();
      assert.equal(before.since, '2017-06-20T00:00:00.000Z');
      answer = { updates: [], pages: 0 };
      await fetch(fedora, [bodhi(url, walk)], '2017-06-24T00:00:00Z');
      assert.deepEqual(await since(), before);
      asked();
      answer = { updates: [update(2)], pages: 1 };
      await fetch(fedora, [bodhi(url, walk)], '2017-06-25T00:00:00Z');
      if (walk === 'since') assert.deepEqual(asked(), ['/?page=1&since=2017-06-18T00:00:00.000Z']);
      assert.ok(await has(database, fedora, idOf(2)));
    });

  test('8: a walk that was cut and finds nothing where it goes on begins anew', async (t) => {
    let mode: 'cut' | 'empty' | 'good' = 'cut';
    const { database, fetch, url, asked } = await house(t, (q, r) => {
      const number = Number(new URL(q.url ?? '', 'http://x').searchParams.get('page'));
      if (mode === 'cut' && number === 3) return void r.writeHead(403).end();
      r.end(
        JSON.stringify(
          mode === 'empty' ? { updates: [], pages: 0 } : { updates: [update(number)], pages: 4 },
        ),
      );
    });
    const steps = [bodhi(url, 'known')];
    await assert.rejects(fetch(fedora, steps), refusedWith('FETCH_FAILED'));
    mode = 'empty';
    await fetch(fedora, steps);
    mode = 'good';
    asked();
    await fetch(fedora, steps);
    assert.deepEqual(asked(), ['/?page=1', '/?page=2', '/?page=3', '/?page=4']);
    assert.ok(await has(database, fedora, idOf(4)));
  });

  test('8: pages without their number, or without an end, are a mishap, and nothing moves on', async (t) => {
    let pages: number | undefined;
    const { database, fetch, url, asked } = await house(t, (q, r) => {
      const number = Number(new URL(q.url ?? '', 'http://x').searchParams.get('page'));
      r.end(JSON.stringify({ updates: [update(number)], pages, total: 1 }));
    });
    const steps = [bodhi(url, 'since', 3)];
    const since = async () =>
      ((await cursorOf(database.queries, 'fedora', 'pages')) as { since?: string } | null)?.since;
    await assert.rejects(fetch(fedora, steps), refusedWith('FETCH_FAILED', /pages is missing/));
    assert.deepEqual([asked().length, await since()], [1, undefined]);
    pages = 1_000_000;
    await assert.rejects(fetch(fedora, steps), refusedWith('FETCH_FAILED', /no end in 3 pages/));
    assert.deepEqual([asked().length, await since()], [3, undefined]);
  });

  test('9: a body that aborts after 200 is read again within the same attempt of the source', async (t) => {
    const { fetch, url, asked } = await house(t, (_q, r, times) => {
      if (times > 1) return void r.end(dsaList(DSA));
      r.writeHead(200, { 'content-length': '100000' }).write(dsaList(DSA).slice(0, 500));
      setTimeout(() => r.destroy(), 20);
    });
    const done = await fetch(debian, [wholeFile({ url: `${url}/list`, path: 'data/DSA/list' })]);
    assert.deepEqual([done?.stored, asked().length], [40, 2]);
  });

  test('10: an index that became a web page is told as that, and nothing moves on', async (t) => {
    const { database, fetch, url } = await house(
      t,
      (_q, r) => void r.end('<!doctype html><title>moved</title>'),
    );
    const steps = [osvModified({ base: url, ecosystem: 'PyPI', folder: 'osv/PyPI' })];
    await assert.rejects(fetch(osv, steps), refusedWith('FETCH_FAILED', /web page/));
    assert.deepEqual(await alarms(database), ['html']);
    assert.equal(await cursorOf(database.queries, 'osv', 'osv/PyPI'), null);
  });

  test('10: a page of an API that has no end is not read into memory', async (t) => {
    const { fetch, url } = await house(t, (_q, r) => {
      const chunk = Buffer.alloc(1 << 20, ' ');
      // 65 MiB and no end of it.
      const more = (left: number) => {
        if (left > 0 && !r.destroyed) r.write(chunk, () => more(left - 1));
        else r.end();
      };
      r.writeHead(200, { 'content-type': 'application/json' });
      more(65);
    });
    await assert.rejects(
      fetch(fedora, [bodhi(url, 'since')]),
      refusedWith('FETCH_FAILED', /larger than 67108864 bytes/),
    );
  });

  test('10: a checksum that is not that of the file', async (t) => {
    const { fetch, url } = await house(t, (q, r) => {
      if (q.url === '/mirror.list') r.end(`${url}/repo\n`);
      else if (q.url?.endsWith('repomd.xml'))
        r.end(
          `<repomd><data type="updateinfo"><checksum type="sha256">${'0'.repeat(64)}</checksum><location href="repodata/u.xml.gz"/></data></repomd>`,
        );
      else r.end(gzipSync('<updates></updates>'));
    });
    const steps = [updateinfoOf({ name: 'al', mirrors: `${url}/mirror.list`, path: 'al/updateinfo.xml' })];
    await assert.rejects(fetch(amazon, steps), refusedWith('FETCH_FAILED', /not what repomd.xml says/));
  });

  test('9: the connection that keeps others from the source may break meanwhile', async () => {
    await using database = await testDatabase();
    const done = await withFetchLock(database, 'debian', async () => {
      const { rows } = await database.pool.query<{ ended: boolean }>(
        "select pg_terminate_backend(pid) as ended from pg_locks where locktype = 'advisory' and classid = 7270",
      );
      await sleep(50);
      return rows.map(({ ended }) => ended);
    });
    assert.deepEqual(done, [true]);
    assert.equal(await withFetchLock(database, 'debian', async () => 'again'), 'again');
  });

  test('11: a feed that answers 200 with what it had for months is silent, by its newest record', async (t) => {
    const { database, fetch, url } = await house(t, (_q, r) => void r.end(dsaList(DSA)));
    const steps = [wholeFile({ url: `${url}/list`, path: 'data/DSA/list' })];
    await fetch(debian, steps, '2017-06-23T00:00:00Z');
    assert.deepEqual(await alarms(database), []);
    await fetch(debian, steps, '2017-06-27T00:00:00Z');
    const [silent] = await listAlarms(database.queries, { open: true });
    assert.deepEqual([silent?.kind, silent?.facts.since], ['silent', '2017-06-22T00:00:00.000Z']);
  });

  test('a source that does not answer twice in a row is off, and is not once it answers', async (t) => {
    let off = false;
    const { database, fetch, url } = await house(
      t,
      (_q, r) => void (off ? r.writeHead(404) : r).end(dsaList(DSA)),
    );
    const steps = [wholeFile({ url: `${url}/list`, path: 'data/DSA/list' })];
    const at = '2017-06-23T00:00:00Z';
    await fetch(debian, steps, at);
    off = true;
    await assert.rejects(fetch(debian, steps, at));
    assert.deepEqual(await alarms(database), [], 'once is a hiccup');
    await assert.rejects(fetch(debian, steps, at));
    assert.deepEqual(await alarms(database), ['off']);
    off = false;
    await fetch(debian, steps, at);
    assert.deepEqual(await alarms(database), []);
    const [past] = await listAlarms(database.queries);
    assert.ok(past?.kind === 'off' && past.closedAt !== null, 'it is remembered');
  });

  test('CVE.org: everything once, then the last difference of each day', async (t) => {
    const releases = ['2017-06-30T03:00', '2017-06-30T05:00', '2017-07-01T01:00', '2017-06-01T01:00'].map(
      (at) => ({
        published_at: `${at}:00Z`,
        assets: [
          { name: `${at.slice(0, 10)}_all_CVEs_at_midnight.zip.zip`, browser_download_url: 'x' },
          {
            name: `${at.slice(0, 10)}_delta_CVEs_at_${at.slice(11, 13)}00Z.zip`,
            browser_download_url: `/${at}.zip`,
          },
        ],
      }),
    );
    const { fetch, url, asked, database } = await house(t, (q, r) => {
      if (q.url?.startsWith('/releases'))
        r.end(JSON.stringify(releases).replaceAll('"/2017', `"${url}/2017`));
      else if (q.url?.endsWith('.zip')) r.end(zipOf('deltaCves/CVE-2017-90001.json', CVE_RECORD));
      else r.end(gzipSync(CVE_RECORD));
    });
    const steps = [
      cveReleases({
        archive: { url: `${url}/main.json.gz`, path: 'main.json.gz' },
        releases: `${url}/releases`,
        pauseMs: 0,
      }),
    ];
    await fetch(cve, steps, '2017-06-30T00:00:00Z');
    assert.deepEqual(asked(), [
      ...['/main.json.gz', '/releases?per_page=50&page=1', '/2017-06-30T05:00.zip', '/2017-07-01T01:00.zip'],
    ]);
    assert.deepEqual(
      ((await cursorOf(database.queries, 'cve', 'releases')) as { since: string }).since,
      '2017-07-01T01:00:00.000Z',
    );
  });
});

/** A zip archive with one member, as it is (APPNOTE.TXT, sections 4.3.7, 4.3.12 and 4.3.16). */
function zipOf(name: string, text: string): Buffer {
  const [path, bytes] = [Buffer.from(name), Buffer.from(text)];
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt32LE(crc32(bytes), 10);
  common.writeUInt32LE(bytes.length, 14);
  common.writeUInt32LE(bytes.length, 18);
  common.writeUInt16LE(path.length, 22);
  const member = Buffer.concat([Buffer.from('PK\x03\x04'), common, path, bytes]);
  const entry = Buffer.concat([Buffer.from('PK\x01\x02\x14\0'), common, Buffer.alloc(14), path]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(entry.length, 8);
  end.writeUInt32LE(member.length, 12);
  return Buffer.concat([member, entry, Buffer.from('PK\x05\x06'), end]);
}

const CVE_RECORD =
  SAMPLES.find(({ form }) => form === 'cve-5')?.text ?? assert.fail('there is no sample of a CVE record');

function idOf(n: number): string {
  return `FEDORA-2017-${String(n).padStart(10, '0')}`;
}

function update(n: number) {
  return {
    ...{
      alias: idOf(n),
      type: 'security',
      status: 'stable',
      notes: `CVE-2017-${1000 + n}`,
      title: `a-${n}-1.fc26`,
    },
    ...{ date_stable: '2017-06-01 00:00:00', bugs: [], builds: [{ nvr: `a-${n}-1.fc26` }] },
    ...{
      severity: 'medium',
      release: { name: 'F26' },
      url: `https://bodhi.fedoraproject.org/updates/${idOf(n)}`,
    },
  };
}
