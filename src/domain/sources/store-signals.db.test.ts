import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { test } from 'node:test';
import { sql } from 'kysely';
import type { Database } from '#base/db';
import { testDatabase } from '../../../test/database.ts';
import { sourceNamed } from './registry.ts';
import { replay } from './replay.ts';
import { reread } from './reread.ts';
import type { SignalFormat } from './signal.ts';
import { DocumentProblem, type Source } from './source.ts';
import { knownFile } from './store-files.ts';
import { listQuarantine } from './store-quarantine.ts';
import { exploitationOf } from './store-signals.ts';
import { syncFiles } from './sync.ts';

const sync = (database: Database, source: string, path: string, text: string, accept = false) =>
  syncFiles(database, sourceNamed(source), [{ path, open: () => Readable.from([Buffer.from(text)]) }], {
    ours: true,
    accept,
  });

const kev = (day: string, ids: readonly string[], more: Record<string, unknown> = {}) =>
  JSON.stringify({
    catalogVersion: day.replaceAll('-', '.'),
    dateReleased: `${day}T10:00:00.0000Z`,
    count: ids.length,
    vulnerabilities: ids.map((cveID) => ({ cveID, dateAdded: '2022-03-25', dueDate: '2022-04-15', ...more })),
  });

const epss = (day: string, lines: readonly string[]) =>
  `#model_version:v2023.03.01,score_date:${day}T00:00:00+0000\ncve,epss,percentile\n${lines.join('\n')}\n`;

test('a catalogue is stored, changed, and what it takes back leaves a tombstone', async () => {
  await using database = await testDatabase();
  const path = 'known_exploited_vulnerabilities.json';
  const first = await sync(database, 'kev', path, kev('2026-01-01', ['CVE-2017-0001', 'CVE-2017-0002']));
  assert.deepEqual([first.stored, first.quarantined, first.gone], [2, 0, 0]);
  const ransom = kev('2026-01-02', ['CVE-2017-0001'], { knownRansomwareCampaignUse: 'Known' });
  const second = await sync(database, 'kev', path, ransom);
  assert.deepEqual([second.stored, second.gone], [1, 1]);
  assert.deepEqual(
    await exploitationOf(database.queries, ['CVE-2017-0001', 'CVE-2017-0002', 'CVE-2017-0003']),
    [
      {
        vulnerability: 'CVE-2017-0001',
        known: { since: '2022-03-25', due: '2022-04-15', ransomware: true },
        likelihood: null,
      },
    ],
  );
  const again = await sync(database, 'kev', path, ransom);
  assert.deepEqual([again.stored, again.unchanged, again.gone], [0, 1, 0]);
});

test('an earlier day that is read later changes nothing', async () => {
  await using database = await testDatabase();
  await sync(database, 'epss', 'epss_scores-2025-02-20.csv', epss('2025-02-20', ['CVE-2017-0001,0.9,0.99']));
  const late = await sync(
    database,
    'epss',
    'epss_scores-2025-02-19.csv',
    epss('2025-02-19', ['CVE-2017-0001,0.1,0.5']),
  );
  assert.deepEqual([late.stored, late.unchanged], [0, 1]);
  const [found] = await exploitationOf(database.queries, ['CVE-2017-0001']);
  assert.deepEqual(found?.likelihood, { score: 0.9, percentile: 0.99 });
  const { documents } = await database.queries
    .selectFrom('signal_document')
    .select(({ fn }) => fn.countAll<number>().as('documents'))
    .executeTakeFirstOrThrow();
  assert.equal(documents, 2);
});

test('of the days of scores the last fortnight is kept, and the first of each month before', async () => {
  await using database = await testDatabase();
  const keptDays = async () => {
    const { rows } = await sql<{ day: string; packs: number }>`select d.as_of::text as day,
      (select count(*)::int from raw_pack p where p.id = d.pack) as packs from signal_document d order by 1`.execute(
      database.queries,
    );
    assert.ok(
      rows.every(({ packs }) => packs === 1),
      'the bytes of each are there',
    );
    return rows.map(({ day }) => day);
  };
  const packs = async () =>
    (await sql<{ count: number }>`select count(*)::int as count from raw_pack`.execute(database.queries))
      .rows[0]?.count;
  const days = [
    '2025-01-03',
    '2025-01-04',
    '2025-02-01',
    '2025-02-02',
    '2025-02-27',
    '2025-03-01',
    '2025-03-02',
  ];
  for (const [index, day] of days.entries())
    await sync(database, 'epss', `epss_scores-${day}.csv`, epss(day, [`CVE-2017-0001,0.${index + 1},0.5`]));
  assert.deepEqual(await keptDays(), ['2025-01-03', '2025-02-01', '2025-02-27', '2025-03-01', '2025-03-02']);
  assert.equal(await packs(), 5);
  // The same day once more, with other scores: its former bytes are nobody's.
  await sync(database, 'epss', 'epss_scores-2025-03-02.csv', epss('2025-03-02', ['CVE-2017-0001,0.8,0.5']));
  assert.equal(await packs(), 5);
  // A day of a month that is over is no loss and no gain.
  await sync(database, 'epss', 'epss_scores-2025-01-20.csv', epss('2025-01-20', ['CVE-2017-0001,0.9,0.5']));
  assert.deepEqual(await keptDays(), ['2025-01-03', '2025-02-01', '2025-02-27', '2025-03-01', '2025-03-02']);
  const [found] = await exploitationOf(database.queries, ['CVE-2017-0001']);
  assert.equal(found?.likelihood?.score, 0.8);
});

test('both signals of one vulnerability are one answer', async () => {
  await using database = await testDatabase();
  await sync(database, 'kev', 'kev.json', kev('2026-01-01', ['CVE-2017-0001']));
  await sync(
    database,
    'epss',
    'epss_scores-2026-01-01.csv',
    epss('2026-01-01', ['CVE-2017-0001,7e-05,0.00428']),
  );
  const [found] = await exploitationOf(database.queries, ['CVE-2017-0001']);
  assert.equal(found?.known?.since, '2022-03-25');
  assert.deepEqual(found?.likelihood, { score: 0.00007, percentile: 0.00428 });
});

test('a bad entry stands in quarantine, and the others count; a good file clears it', async () => {
  await using database = await testDatabase();
  const path = 'epss_scores-2025-02-20.csv';
  const bad = await sync(
    database,
    'epss',
    path,
    epss('2025-02-20', ['CVE-2017-0001,0.9,0.99', 'CVE-2017-XXXX,2,x']),
  );
  assert.deepEqual([bad.stored, bad.quarantined], [1, 1]);
  assert.deepEqual(
    (await listQuarantine(database.queries)).map(({ document, reason }) => [document, reason]),
    [['line 4', 'bad-grammar']],
  );
  const good = await sync(
    database,
    'epss',
    path,
    epss('2025-02-20', ['CVE-2017-0001,0.9,0.99', 'CVE-2017-0002,0.1,0.2']),
  );
  assert.deepEqual([good.stored, good.unchanged, good.quarantined], [1, 1, 0]);
  assert.deepEqual(await listQuarantine(database.queries), []);
});

test('a file that lost more than is usual needs a person, and changes nothing until then', async () => {
  await using database = await testDatabase();
  const lines = Array.from({ length: 100 }, (_, index) => `CVE-2017-${1000 + index},0.5,0.5`);
  await sync(database, 'epss', 'epss_scores-2025-02-20.csv', epss('2025-02-20', lines));
  const half = epss('2025-02-21', lines.slice(0, 50));
  await assert.rejects(
    sync(database, 'epss', 'epss_scores-2025-02-21.csv', half),
    /no longer holds 50 of its 100/,
  );
  assert.equal((await exploitationOf(database.queries, ['CVE-2017-1099'])).length, 1);
  const accepted = await sync(database, 'epss', 'epss_scores-2025-02-21.csv', half, true);
  assert.equal(accepted.gone, 50);
  assert.deepEqual(await exploitationOf(database.queries, ['CVE-2017-1099']), []);
});

test('what a person said is right is usual from then on', async () => {
  await using database = await testDatabase();
  const ids = Array.from({ length: 40 }, (_, n) => `CVE-2017-${1000 + n}`);
  await sync(database, 'kev', 'kev.json', kev('2026-01-01', ids));
  await sync(database, 'kev', 'kev.json', kev('2026-01-02', ids.slice(0, 10)), true);
  const file = await knownFile(database.queries, 'kev', 'kev.json');
  assert.deepEqual([file?.documents, file?.usual], [10, 10]);
});

test('a document that a raised parser refuses keeps what the earlier one read, and stands in quarantine', async () => {
  await using database = await testDatabase();
  const ids = Array.from({ length: 40 }, (_, n) => `CVE-2017-${1000 + n}`);
  await sync(database, 'kev', 'kev.json', kev('2026-01-01', ids));
  const raised = (read: SignalFormat['read']): Source => {
    const source = sourceNamed('kev');
    return { ...source, version: 99, signals: source.signals?.map((each) => ({ ...each, read })) ?? [] };
  };
  const [format] = sourceNamed('kev').signals ?? [];
  assert.ok(format !== undefined);
  const refuses = raised(() => {
    throw new DocumentProblem('bad-grammar', 'here', 'it is no catalogue any more');
  });
  const loses = raised((document) => {
    const read = format.read(document);
    return { ...read, signals: read.signals.slice(0, 20) };
  });
  for (const source of [refuses, loses]) {
    assert.deepEqual(await reread(database, source), { reread: 0, freed: 0, refused: 1 });
    assert.equal((await exploitationOf(database.queries, ids)).length, 40);
    const [entry, ...more] = await listQuarantine(database.queries);
    assert.deepEqual([entry?.path, entry?.document, more], ['kev.json', '', []]);
  }
  await sync(database, 'kev', 'kev.json', kev('2026-01-02', ids));
  assert.deepEqual(await listQuarantine(database.queries), []);
});

test('entries and documents in quarantine are read again', async () => {
  await using database = await testDatabase();
  const triager = { id: 'person:1', role: 'triager', account: 1 } as const;
  const path = 'epss_scores-2025-02-20.csv';
  const text = epss('2025-02-20', ['CVE-2017-0001,0.9,0.99', 'CVE-2017-0002,0.2,0.3', 'CVE-2017-XXXX,2,x']);
  const source = sourceNamed('epss');
  /** As it was before it was mended: it could not read the second line, or nothing. */
  const broken = (all: boolean): Source => ({
    ...source,
    signals:
      source.signals?.map((format) => ({
        ...format,
        read(document) {
          const problem = new DocumentProblem('bad-grammar', 'line 4', 'oh');
          if (all) throw problem;
          const read = format.read(document);
          const [first] = read.signals;
          const refused = [{ entry: 'line 4', bytes: Buffer.from('x'), problem }, ...read.refused];
          return { ...read, signals: first === undefined ? [] : [first], refused };
        },
      })) ?? [],
  });
  const read = (by: Source) =>
    syncFiles(database, by, [{ path, open: () => Readable.from([Buffer.from(text)]) }], { ours: true });
  const known = async () =>
    (await exploitationOf(database.queries, ['CVE-2017-0001', 'CVE-2017-0002'])).map(
      ({ vulnerability }) => vulnerability,
    );
  const stands = async () => (await listQuarantine(database.queries)).map(({ document }) => document);

  assert.equal((await read(broken(false))).quarantined, 2);
  assert.deepEqual([await known(), (await stands()).length], [['CVE-2017-0001'], 2]);
  assert.deepEqual(await replay(database, triager, { source: 'epss' }), { tried: 2, freed: 1, refused: 1 });
  assert.deepEqual([await known(), await stands()], [['CVE-2017-0001', 'CVE-2017-0002'], ['line 5']]);

  await database.queries.deleteFrom('signal').execute();
  await database.queries.deleteFrom('signal_document').execute();
  await database.queries.deleteFrom('source_file').execute();
  await database.queries.deleteFrom('quarantine').execute();
  assert.equal((await read(broken(true))).quarantined, 1);
  assert.deepEqual(await stands(), ['']);
  assert.deepEqual(await replay(database, triager, { source: 'epss' }), { tried: 1, freed: 1, refused: 0 });
  assert.deepEqual(
    [await known(), await stands()],
    [['CVE-2017-0001', 'CVE-2017-0002'], ['line 5']],
    'but for the line that is no score',
  );
});

test('a raised parser version reads again what is stored', async () => {
  await using database = await testDatabase();
  await sync(database, 'kev', 'kev.json', kev('2026-01-01', ['CVE-2017-0001']));
  await database.queries.updateTable('signal').set({ since: '1999-01-01' }).execute();
  const raised = { ...sourceNamed('kev'), version: 99 };
  assert.equal((await reread(database, raised)).reread, 1);
  assert.equal((await exploitationOf(database.queries, ['CVE-2017-0001']))[0]?.known?.since, '2022-03-25');
});
