import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Database, takeNumbers } from '#base/db';
import { MusterError } from '#base/errors';
import { testDatabase } from '../../../test/database.ts';
import { cve } from './cve/cve.ts';
import { debian } from './debian/debian.ts';
import { nvd } from './nvd/nvd.ts';
import { reread } from './reread.ts';
import type { Source } from './source.ts';
import { lockSource, reportsMark } from './store-files.ts';
import { listQuarantine } from './store-quarantine.ts';
import { readRaw } from './store-raw.ts';
import { reportByKey } from './store-reading.ts';
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
    const mark = await reportsMark(database);
    const again = await sync(database, debian, [file('data/DSA/list', list)]);
    assert.deepEqual([again.stored, again.unchanged, again.quarantined], [0, 2, 0]);
    assert.equal(await reportsMark(database), mark);
  });

  test('what one source stores slowly is not passed over because another one was faster', async () => {
    await using database = await testDatabase();
    let commit = () => {};
    const committed = new Promise<void>((done) => {
      commit = done;
    });
    let slow: Promise<void> = Promise.resolve();
    await new Promise<void>((numbered) => {
      slow = database.transaction(async (tx) => {
        await lockSource(tx, 'slow');
        await takeNumbers(tx, 'report_changed', 1);
        numbered();
        await committed;
      });
    });
    await sync(database, debian, [file('data/DSA/list', dsaList([{ id: 'DSA-3896-1' }]))]);
    let known = false;
    const mark = reportsMark(database).then((number) => {
      known = true;
      return number;
    });
    const waiting = `select from pg_locks join pg_database d on d.oid = database
      where locktype = 'advisory' and not granted and datname = current_database()`;
    while ((await database.pool.query(waiting)).rowCount === 0) await sleep(5);
    assert.equal(known, false);
    commit();
    await slow;
    assert.equal(await mark, 2);
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

describe('bad input stands in quarantine', () => {
  test('JSON that breaks off', async () => {
    await using database = await testDatabase();
    const cut = JSON.stringify(record('CVE-2017-0002')).slice(0, 120);
    const result = await sync(database, cve, [file('CVE-2017-0002.json', cut)]);
    assert.deepEqual([result.stored, result.quarantined], [0, 1]);
    const [entry] = await listQuarantine(database.queries);
    assert.deepEqual([entry?.path, entry?.reason], ['CVE-2017-0002.json', 'truncated']);
  });

  test('a document that cannot be read any more keeps its report, and so does one whose name is gone', async () => {
    await using database = await testDatabase();
    const entry = (id: string, version = '1.0-1') => dsaList([{ id, version }]);
    const whole = entry('DSA-3896-1') + entry('DSA-3897-1') + entry('DSA-3898-1');
    await sync(database, debian, [file('data/DSA/list', whole)]);
    const broken = entry('DSA-3896-1') + entry('DSA-3897-1').replace('22 Jun 2017', 'unknown');
    const less = await sync(database, debian, [file('data/DSA/list', broken)]);
    assert.deepEqual([less.quarantined, less.gone], [1, 1], 'only what is not there any more is gone');
    const goneAt = async (id: string) => (await reportByKey(database.queries, 'debian', id))?.goneAt ?? null;
    assert.equal(await goneAt('DSA-3897-1'), null);
    assert.notEqual(await goneAt('DSA-3898-1'), null);
    const nameless = entry('DSA-3896-1') + entry('DSA-3897-1').replace('DSA-3897-1', 'DSA-XXXX');
    const doubtful = await sync(database, debian, [file('data/DSA/list', nameless)]);
    assert.deepEqual([doubtful.quarantined, doubtful.gone], [1, 0], 'it may be the one that has no name now');
    assert.equal(await goneAt('DSA-3897-1'), null);
    const mended = await sync(database, debian, [file('data/DSA/list', entry('DSA-3896-1'))]);
    assert.deepEqual([mended.quarantined, mended.gone], [0, 1]);
  });

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
