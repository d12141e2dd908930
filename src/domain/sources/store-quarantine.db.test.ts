import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { testDatabase } from '../../../test/database.ts';
import { osv } from './osv/osv.ts';
import { replay } from './replay.ts';
import { listQuarantine, quarantine, toReplay } from './store-quarantine.ts';
import { syncFiles } from './sync.ts';

test('what is said of a refused document is cut and kept, whatever characters it has', async () => {
  await using database = await testDatabase();
  const refused = {
    path: 'a\0b.json',
    document: '\ud800',
    format: null,
    bytes: Buffer.from('x'),
    reason: 'not-json' as const,
    place: 'byte 1',
    // Cut in the middle of a character that takes two places.
    message: `${'m'.repeat(999)}\u{1f980}`,
  };
  await database.transaction((tx) => quarantine(tx, { id: 'debian', version: 1 }, [refused]));
  const [entry] = await listQuarantine(database.queries);
  assert.equal(entry?.path, 'a\ufffdb.json');
  assert.equal(entry?.document, '\ufffd');
  assert.equal(entry?.message, `${'m'.repeat(999)}\ufffd`);
});

test('what was tried last is tried last the next time, whatever came of it', async () => {
  await using database = await testDatabase();
  const refused = ['a', 'b', 'c'].map((document) => ({
    ...{ path: 'list', document, format: document === 'a' ? 'no form any more' : 'dsa-list' },
    ...{ bytes: Buffer.from(document), reason: 'bad-grammar' as const, place: '', message: 'no' },
  }));
  await database.transaction((tx) => quarantine(tx, { id: 'debian', version: 1 }, refused));
  const next = async () => (await toReplay(database.queries, {}, 1))[0];
  const tried: string[] = [];
  for (const minute of [0, 1, 2, 3]) {
    const entry = await next();
    assert.ok(entry !== undefined);
    tried.push(entry.document);
    const triager = { id: 'person:1', role: 'triager', account: 1 } as const;
    await replay(database, triager, { id: entry.id }, new Date(Date.UTC(2017, 5, 22, 12, minute)));
  }
  assert.deepEqual(tried, ['a', 'b', 'c', 'a']);
});

test('a piece that was refused as a whole leaves quarantine with its good copy', async () => {
  await using database = await testDatabase();
  const read = (path: string, text: string) =>
    syncFiles(
      database,
      osv,
      [{ path, holds: 'piece', due: true, open: () => Readable.from([Buffer.from(text)]) }],
      { ours: true },
    );
  const stands = async () => (await listQuarantine(database.queries)).map(({ path }) => path).sort();
  await read('osv/PyPI/PYSEC-2017-1.json', '<!doctype html><title>Sorry</title>');
  await read('osv/PyPI/PYSEC-2017-2.json', '<!doctype html><title>Sorry</title>');
  assert.deepEqual(await stands(), ['osv/PyPI/PYSEC-2017-1.json', 'osv/PyPI/PYSEC-2017-2.json']);
  const record = {
    ...{ schema_version: '1.6.0', id: 'PYSEC-2017-1', modified: '2017-06-20T00:00:00Z' },
    affected: [{ package: { ecosystem: 'PyPI', name: 'made-up' }, ranges: [] }],
  };
  await read('osv/PyPI/PYSEC-2017-1.json', JSON.stringify(record));
  assert.deepEqual(await stands(), ['osv/PyPI/PYSEC-2017-2.json']);
});
