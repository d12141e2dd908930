import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import type { Database } from '#base/db';
import { MusterError } from '#base/errors';
import { testDatabase } from '../../../test/database.ts';
import { cve } from './cve/cve.ts';
import { debian } from './debian/debian.ts';
import { gentoo } from './gentoo/gentoo.ts';
import { nvd } from './nvd/nvd.ts';
import { reread } from './reread.ts';
import type { Source } from './source.ts';
import { listQuarantine } from './store.ts';
import { readRaw } from './store-raw.ts';
import { reportByKey, reportsMark } from './store-reading.ts';
import { syncFiles } from './sync.ts';
import type { PackedFile } from './unpack.ts';

function file(path: string, content: string | Buffer): PackedFile {
  return { path, open: () => Readable.from([Buffer.from(content)]) };
}

function dsaList(
  advisories: readonly { id: string; date?: string; cves?: string; version?: string }[],
): string {
  return advisories
    .map(
      ({ id, date = '22 Jun 2017', cves = 'CVE-2017-3167', version = '2.4.10-10+deb8u9' }) =>
        `[${date}] ${id} apache2 - security update\n\t{${cves}}\n\t[jessie] - apache2 ${version}\n`,
    )
    .join('');
}

const record = (id: string, more: Record<string, unknown> = {}) => ({
  data_type: 'CVE',
  data_format: 'MITRE',
  data_version: '4.0',
  CVE_data_meta: { ID: id, ASSIGNER: 'cve@mitre.org', STATE: 'PUBLIC' },
  affects: { vendor: { vendor_data: [] } },
  description: { description_data: [{ lang: 'eng', value: 'A flaw.' }] },
  references: { reference_data: [] },
  ...more,
});

async function sync(
  database: Database,
  source: Source,
  files: PackedFile[],
  more: { accept?: boolean } = {},
) {
  return syncFiles(database, source, files, { ours: true, ...more });
}

describe('sync', () => {
  test('stores documents with their exact bytes, and the same bytes again change nothing', async () => {
    await using database = await testDatabase();
    const list = dsaList([{ id: 'DSA-3896-1' }, { id: 'DSA-3897-1', date: '24 Jun 2017' }]);
    const first = await sync(database, debian, [file('data/DSA/list', list)]);
    assert.deepEqual([first.stored, first.unchanged, first.quarantined], [2, 0, 0]);
    const report = await reportByKey(database.queries, 'debian', 'DSA-3896-1');
    assert.ok(report);
    assert.equal((await readRaw(database.queries, report))?.toString(), dsaList([{ id: 'DSA-3896-1' }]));
    const mark = await reportsMark(database.queries);
    const again = await sync(database, debian, [file('data/DSA/list', list)]);
    assert.deepEqual([again.stored, again.unchanged, again.quarantined], [0, 2, 0]);
    assert.equal(await reportsMark(database.queries), mark);
  });

  test('a changed document keeps what it was as a revision', async () => {
    await using database = await testDatabase();
    await sync(database, debian, [file('data/DSA/list', dsaList([{ id: 'DSA-3896-1' }]))]);
    const before = await reportByKey(database.queries, 'debian', 'DSA-3896-1');
    await sync(database, debian, [
      file('data/DSA/list', dsaList([{ id: 'DSA-3896-1', version: '2.4.10-10+deb8u10' }])),
    ]);
    const after = await reportByKey(database.queries, 'debian', 'DSA-3896-1');
    assert.deepEqual([before?.revision, after?.revision, before?.id === after?.id], [1, 2, true]);
    const { rows } = await database.pool.query('select revision, raw, pack from report_revision');
    assert.deepEqual(rows, [{ revision: 1, raw: before?.raw, pack: before?.pack }]);
    assert.ok(before);
    assert.match((await readRaw(database.queries, before))?.toString() ?? '', /deb8u9/);
  });

  test('what a file no longer holds gets a tombstone, and comes back as itself', async () => {
    await using database = await testDatabase();
    const both = dsaList([{ id: 'DSA-3896-1' }, { id: 'DSA-3897-1' }]);
    await sync(database, debian, [file('data/DSA/list', both)]);
    const id = (await reportByKey(database.queries, 'debian', 'DSA-3897-1'))?.id;
    const less = await sync(database, debian, [file('data/DSA/list', dsaList([{ id: 'DSA-3896-1' }]))]);
    assert.equal(less.gone, 1);
    assert.ok((await reportByKey(database.queries, 'debian', 'DSA-3897-1'))?.goneAt);
    await sync(database, debian, [file('data/DSA/list', both)]);
    const back = await reportByKey(database.queries, 'debian', 'DSA-3897-1');
    assert.deepEqual([back?.id, back?.goneAt], [id, null]);
  });

  test('a file that lost most of what it held is not applied without a person', async () => {
    await using database = await testDatabase();
    const ids = Array.from({ length: 40 }, (_, n) => ({ id: `DSA-${3000 + n}-1` }));
    await sync(database, debian, [file('data/DSA/list', dsaList(ids))]);
    const shrunk = file('data/DSA/list', dsaList(ids.slice(0, 3)));
    await assert.rejects(
      sync(database, debian, [shrunk]),
      (error) => error instanceof MusterError && error.code === 'SOURCE_GUARDED',
    );
    assert.equal((await reportByKey(database.queries, 'debian', 'DSA-3030-1'))?.goneAt, null);
    const accepted = await sync(database, debian, [shrunk], { accept: true });
    assert.equal(accepted.gone, 37);
  });
});

describe('bad input stands in quarantine with source, document and reason', () => {
  const good = file('b/CVE-2017-0001.json', JSON.stringify(record('CVE-2017-0001')));
  const cases: [string, Source, PackedFile, string][] = [
    [
      'a truncated gzip',
      nvd,
      file(
        'nvdcve-1.1-2017.json.gz',
        gzipSync(JSON.stringify({ CVE_Items: [] }).repeat(500)).subarray(0, 40),
      ),
      'truncated',
    ],
    [
      'invalid UTF-8',
      gentoo,
      file(
        'glsa-201710-32.xml',
        Buffer.from(
          '<?xml version="1.0" encoding="UTF-8"?>\n<glsa id="201710-32"><title>\xff\xfe</title></glsa>',
          'latin1',
        ),
      ),
      'bad-encoding',
    ],
    [
      'HTML where JSON was due',
      cve,
      file('CVE-2017-0002.json', '<!DOCTYPE html><html><body>503</body></html>'),
      'html',
    ],
    ['an empty file', cve, file('CVE-2017-0002.json', ''), 'empty'],
    [
      'a date like "unknown"',
      nvd,
      file(
        'nvdcve-1.1-2017.json',
        JSON.stringify({
          CVE_data_type: 'CVE',
          CVE_Items: [{ cve: record('CVE-2017-0002'), publishedDate: 'unknown' }],
        }),
      ),
      'bad-date',
    ],
    [
      'an id like CVE-2023-XXXX',
      cve,
      file('CVE-2023-XXXX.json', JSON.stringify(record('CVE-2023-XXXX'))),
      'bad-id',
    ],
    [
      'JSON that breaks off',
      cve,
      file('CVE-2017-0002.json', JSON.stringify(record('CVE-2017-0002')).slice(0, 120)),
      'truncated',
    ],
  ];
  for (const [name, source, bad, reason] of cases) {
    test(name, async () => {
      await using database = await testDatabase();
      const before = await sync(database, cve, [good]);
      assert.equal(before.stored, 1);
      const result = await sync(database, source, [bad]);
      assert.deepEqual(
        [result.stored, result.quarantined],
        [0, 1],
        JSON.stringify(await listQuarantine(database.queries)),
      );
      const [entry] = await listQuarantine(database.queries);
      assert.equal(entry?.source, source.id);
      assert.equal(entry?.path.split('!/')[0], bad.path);
      assert.ok([reason, 'not-json'].includes(entry?.reason ?? ''), `${entry?.reason}: ${entry?.message}`);
      if (reason !== 'truncated') assert.equal(entry?.reason, reason);
      assert.ok((entry?.message.length ?? 0) > 5);
      assert.ok(
        await reportByKey(database.queries, 'cve', 'CVE-2017-0001'),
        'what was stored is still there',
      );
      const again = await sync(database, source, [bad]);
      assert.equal(again.quarantined, 1, 'the same bad bytes are still bad');
      assert.equal((await listQuarantine(database.queries)).length, 1);
    });
  }

  test('a line of 100 MB', async () => {
    await using database = await testDatabase();
    const line = Buffer.alloc(100 << 20, 'x');
    line.write('{"cve":{"CVE_data_meta":{"ID":"CVE-2017-0002","description":"', 0);
    const other = JSON.stringify({ cve: record('CVE-2017-0003'), publishedDate: '2017-01-02T00:00Z' });
    const result = await sync(database, nvd, [
      file('nvd-1.1.jsonl', Buffer.concat([Buffer.from(`${other}\n`), line, Buffer.from('\n')])),
    ]);
    assert.equal(result.quarantined, 1);
    const [entry] = await listQuarantine(database.queries);
    assert.equal(entry?.reason, 'too-large');
  });

  test('a broken file leaves what an earlier version of it gave', async () => {
    await using database = await testDatabase();
    await sync(database, debian, [file('data/DSA/list', dsaList([{ id: 'DSA-3896-1' }]))]);
    const result = await sync(database, debian, [file('data/DSA/list', '<html><title>moved</title></html>')]);
    assert.deepEqual([result.quarantined, result.gone], [1, 0]);
    assert.equal((await reportByKey(database.queries, 'debian', 'DSA-3896-1'))?.goneAt, null);
    await sync(database, debian, [
      file('data/DSA/list', dsaList([{ id: 'DSA-3896-1' }, { id: 'DSA-3897-1' }])),
    ]);
    assert.deepEqual(await listQuarantine(database.queries), [], 'a good file clears it');
  });
});

test('of two files with the same report the higher form and the later date win, in whatever order they come', async () => {
  const at = (modified: string) =>
    JSON.stringify({
      CVE_Items: [
        { cve: record('CVE-2017-0001'), publishedDate: '2017-01-02T00:00Z', lastModifiedDate: modified },
      ],
      CVE_data_type: 'CVE',
    });
  const old = file('a.json', at('2018-01-01T00:00Z'));
  const newer = file('b.json', at('2019-01-01T00:00Z'));
  for (const order of [
    [old, newer],
    [newer, old],
  ]) {
    await using database = await testDatabase();
    for (const each of order) await sync(database, nvd, [each]);
    const report = await reportByKey(database.queries, 'nvd', 'CVE-2017-0001');
    assert.equal(report?.modified?.toISOString(), '2019-01-01T00:00:00.000Z');
  }
});

test('a mended parser reads again what is stored, and frees what it refused', async () => {
  await using database = await testDatabase();
  const refusing: Source = {
    ...cve,
    formats: cve.formats.map((format) => ({
      ...format,
      parse: (document) => {
        if (document.bytes.includes('CVE-2017-0002')) throw new Error('a defect of ours');
        const report = format.parse(document);
        return report && { ...report, title: 'read by the old parser' };
      },
    })),
  };
  const files = ['CVE-2017-0001', 'CVE-2017-0002'].map((id) =>
    file(`${id}.json`, JSON.stringify(record(id))),
  );
  const before = await sync(database, refusing, files);
  assert.deepEqual([before.stored, before.quarantined], [1, 1]);
  const mended = { ...cve, version: cve.version + 1 };
  assert.deepEqual(await reread(database, mended), { reread: 1, freed: 1, refused: 0 });
  const [one, two] = [
    await reportByKey(database.queries, 'cve', 'CVE-2017-0001'),
    await reportByKey(database.queries, 'cve', 'CVE-2017-0002'),
  ];
  assert.notEqual(one?.title, 'read by the old parser');
  assert.ok(two);
  assert.deepEqual(await listQuarantine(database.queries), []);
});
