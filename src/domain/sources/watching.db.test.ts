import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import type { Database } from '#base/db';
import { MusterError } from '#base/errors';
import type { Actor } from '#domain/policies';
import { submit } from '#domain/proposals';
import { testDatabase } from '../../../test/database.ts';
import { OPTIONS, withPeople } from '../../../test/people.ts';
import { alarmWords } from './alarm.ts';
import { debian } from './debian/debian.ts';
import { osv } from './osv/osv.ts';
import { replay } from './replay.ts';
import { SAMPLES } from './samples.ts';
import { slackware } from './slackware/slackware.ts';
import type { Source } from './source.ts';
import { listAlarms } from './store-alarms.ts';
import { listBatches } from './store-batches.ts';
import { listQuarantine } from './store-quarantine.ts';
import { reportByKey } from './store-reading.ts';
import { syncFiles } from './sync.ts';

const TRIAGER: Actor = { id: 'person:1', role: 'triager', account: 1 };
const CONTRIBUTOR: Actor = { id: 'person:3', role: 'contributor', account: 3 };

const read = (database: Database, source: Source, path: string, text: string) =>
  syncFiles(database, source, [{ path, open: () => Readable.from([Buffer.from(text)]) }], { ours: true });

async function open(database: Database): Promise<string[]> {
  const alarms = await listAlarms(database.queries, { open: true });
  return alarms.map(({ kind, subject, facts }) => `${kind} ${subject}: ${alarmWords(kind, facts)}`).sort();
}

const list = (count: number, more = '') =>
  Array.from(
    { length: count },
    (_, n) =>
      `[22 Jun 2017] DSA-${3000 + n}-1 apache2 - security update${more}\n\t[jessie] - apache2 2.4.10-1\n`,
  ).join('');

const records = (count: number, field: string, day = '20') =>
  JSON.stringify(
    Array.from({ length: count }, (_, n) => ({
      ...{
        schema_version: '1.6.0',
        id: `PYSEC-2017-${n}`,
        modified: `2017-06-${day}T00:00:00Z`,
        [field]: 'x',
      },
      affected: [{ package: { ecosystem: 'PyPI', name: 'made-up' }, ranges: [] }],
    })),
  );

describe('a file that is unlike the one before it', () => {
  const PATH = 'data/DSA/list';
  const decide = (database: Database, actor: Actor, id: number, as: 'released' | 'refused', saw = 0) =>
    submit(
      database,
      actor,
      {
        changes: [{ kind: 'batch', id: String(id), field: 'decision', value: { as }, saw }],
        remark: 'looked',
      },
      OPTIONS,
    );
  const guarded = (error: unknown) => error instanceof MusterError && error.code === 'SOURCE_GUARDED';
  const standing = async ({ queries }: Database) =>
    (await reportByKey(queries, 'debian', 'DSA-3039-1'))?.goneAt === null;

  test('waits for a person, and is applied as soon as one releases it', async () => {
    await using database = await withPeople();
    await read(database, debian, PATH, list(40));
    await assert.rejects(read(database, debian, PATH, list(20)), guarded);
    assert.deepEqual(await open(database), [`gone ${PATH}: 20 of 40 are gone`]);
    const [batch] = await listBatches(database.queries, { waiting: true });
    assert.ok(batch !== undefined && (await standing(database)));
    assert.deepEqual([batch.facts.gone, batch.facts.of, batch.facts.now], [20, 40, 20]);

    const proposed = await decide(database, CONTRIBUTOR, batch.id, 'released');
    assert.equal(proposed.outcome, 'proposed');
    await assert.rejects(read(database, debian, PATH, list(20)), guarded, 'a proposal releases nothing');
    assert.equal((await decide(database, TRIAGER, batch.id, 'released')).outcome, 'accepted');
    const done = await read(database, debian, PATH, list(20));
    assert.deepEqual([done.gone, await standing(database), await open(database)], [20, false, []]);
    const [past] = await listBatches(database.queries);
    assert.ok(past?.appliedAt != null && past.decidedBy === 'person:1');
    await assert.rejects(
      decide(database, TRIAGER, batch.id, 'refused', past.version),
      (error) => error instanceof MusterError && error.code === 'TRANSITION_BARRED',
    );
  });

  test('that was refused stays out however often it comes, and the next good one closes it', async () => {
    await using database = await withPeople();
    await read(database, debian, PATH, list(40));
    await assert.rejects(read(database, debian, PATH, list(3)), guarded);
    const [batch] = await listBatches(database.queries);
    assert.ok(batch !== undefined);
    assert.equal((await decide(database, TRIAGER, batch.id, 'refused')).outcome, 'accepted');
    await assert.rejects(read(database, debian, PATH, list(3)), guarded);
    assert.deepEqual(await listBatches(database.queries, { waiting: true }), [], 'nobody is asked twice');
    assert.deepEqual(await open(database), [`few ${PATH}: 3 where 40 are usual`]);
    await read(database, debian, PATH, list(41));
    assert.deepEqual([await open(database), await standing(database)], [[], true]);
    assert.ok((await listBatches(database.queries))[0]?.overtakenAt != null);
  });

  test('a release is of this file, or of one that takes no more away', async () => {
    await using database = await withPeople();
    await read(database, debian, PATH, list(40));
    await assert.rejects(read(database, debian, PATH, list(30)), guarded);
    const [batch] = await listBatches(database.queries);
    await decide(database, TRIAGER, batch?.id ?? 0, 'released');
    await assert.rejects(read(database, debian, PATH, list(10)), guarded, 'that is another matter');
    assert.equal((await read(database, debian, PATH, list(31))).gone, 9);
  });

  test('a release is used once', async () => {
    await using database = await withPeople();
    await read(database, debian, PATH, list(60));
    await assert.rejects(read(database, debian, PATH, list(50)), guarded);
    const [first] = await listBatches(database.queries, { waiting: true });
    await assert.rejects(read(database, debian, PATH, list(49)), guarded);
    const [second] = await listBatches(database.queries, { waiting: true });
    assert.notEqual(first?.id, second?.id);
    await assert.rejects(
      decide(database, TRIAGER, first?.id ?? 0, 'released'),
      (error) => error instanceof MusterError && error.code === 'TRANSITION_BARRED',
      'another stands in its place',
    );
    await decide(database, TRIAGER, second?.id ?? 0, 'released');
    assert.equal((await read(database, debian, PATH, list(49))).gone, 11);
    await assert.rejects(read(database, debian, PATH, list(40)), guarded);
  });

  test('the same that was released and applied once is held anew when it comes again', async () => {
    await using database = await withPeople();
    await read(database, debian, PATH, list(40));
    await assert.rejects(read(database, debian, PATH, list(20)), guarded);
    const [first] = await listBatches(database.queries, { waiting: true });
    await decide(database, TRIAGER, first?.id ?? 0, 'released');
    await read(database, debian, PATH, list(20));
    await read(database, debian, PATH, list(40));
    await assert.rejects(read(database, debian, PATH, list(20)), guarded);
    const [second] = await listBatches(database.queries, { waiting: true });
    assert.ok(second !== undefined && second.id !== first?.id, 'somebody is asked');
  });

  test('a release of what the source took back meanwhile holds for that very file', async () => {
    await using database = await withPeople();
    await read(database, debian, PATH, list(40));
    await assert.rejects(read(database, debian, PATH, list(20)), guarded);
    const [batch] = await listBatches(database.queries, { waiting: true });
    await decide(database, TRIAGER, batch?.id ?? 0, 'released');
    await read(database, debian, PATH, list(40));
    assert.deepEqual(await open(database), []);
    assert.equal((await read(database, debian, PATH, list(20))).gone, 20);
  });

  test('most of it changed at once', async () => {
    await using database = await testDatabase();
    const source = { ...debian, usualPerWeek: [1, 20] as const };
    await read(database, source, PATH, list(300));
    await assert.rejects(read(database, source, PATH, list(300, ' again')), guarded);
    assert.deepEqual(await open(database), [`many ${PATH}: 300 of 300 changed at once`]);
  });
});

test('a field that is new in documents, or gone from all of them, is told until it is no news', async () => {
  await using database = await testDatabase();
  await read(database, osv, 'osv/PyPI/a.json', records(60, 'summary'));
  assert.deepEqual(await open(database), []);
  await read(database, osv, 'osv/PyPI/a.json', records(60, 'synopsis', '21'));
  assert.deepEqual(await open(database), [
    'schema osv: the form of its documents changed (new: synopsis; gone: summary)',
  ]);
});

test('a file in no form of its source is refused where it was read before; somebody else’s is passed over', async () => {
  await using database = await testDatabase();
  const { path, text } = SAMPLES.find(({ form }) => form === 'changelog') ?? assert.fail();
  await read(database, slackware, path, text);
  const html = await read(database, slackware, path, '<!doctype html><title>Sorry</title>');
  assert.deepEqual(
    [html.quarantined, html.gone, await open(database)],
    [...[1, 0, [`html ${path}: answers with a web page where data were due`]]],
  );
  const other = await read(database, slackware, path, 'Some other text.\n');
  assert.deepEqual([other.quarantined, other.gone], [1, 0]);
  assert.deepEqual(await open(database), [`unreadable ${path}: cannot be read (bad-grammar)`]);
  const strange = await read(database, slackware, 'README', 'Some other text.\n');
  assert.deepEqual([strange.quarantined, strange.foreign], [0, ['README']]);
  await read(database, slackware, path, text);
  assert.deepEqual([await open(database), await listQuarantine(database.queries)], [[], []]);
});

describe('replay', () => {
  /** Debian as it was before its parser was mended: it could read no list. */
  const broken: Source = {
    ...debian,
    formats: debian.formats.map((format) => ({
      ...format,
      parse: (document) => {
        if (document.key.startsWith('DSA-300')) throw new Error('oh');
        return format.parse(document);
      },
    })),
  };

  test('reads one, or all of a reason, once the parser is mended; what is still broken stays', async () => {
    await using database = await testDatabase();
    const path = 'data/DSA/list';
    const text = `${list(12)}[unknown] DSA-4000-1 x - security update\n\t[jessie] - x 1.0-1\n`;
    assert.equal((await read(database, broken, path, text)).quarantined, 11);
    const stands = await listQuarantine(database.queries);
    const [first] = stands.filter(({ document }) => document === 'DSA-3004-1');
    assert.ok(first !== undefined && (await reportByKey(database.queries, 'debian', 'DSA-3004-1')) === null);

    await assert.rejects(
      replay(database, CONTRIBUTOR, { id: first.id }),
      (error) => error instanceof MusterError && error.code === 'FORBIDDEN',
    );
    assert.deepEqual(await replay(database, TRIAGER, { id: first.id }), { tried: 1, freed: 1, refused: 0 });
    assert.ok((await reportByKey(database.queries, 'debian', 'DSA-3004-1')) !== null);
    await assert.rejects(
      replay(database, TRIAGER, { id: first.id }),
      (error) => error instanceof MusterError && error.code === 'NOT_FOUND',
    );
    assert.deepEqual(await replay(database, TRIAGER, { reason: 'html' }), { tried: 0, freed: 0, refused: 0 });
    assert.deepEqual(await replay(database, TRIAGER, { source: 'debian', reason: 'bad-grammar' }), {
      ...{ tried: 9, freed: 9, refused: 0 },
    });
    assert.deepEqual(await replay(database, TRIAGER, {}), { tried: 1, freed: 0, refused: 1 });
    const left = await listQuarantine(database.queries);
    assert.deepEqual(
      left.map(({ document, reason }) => `${document} ${reason}`),
      ['DSA-4000-1 bad-date'],
    );
    // What was freed is like what was read at once: the same file changes nothing.
    const again = await read(database, debian, path, text);
    assert.deepEqual([again.stored, again.gone], [0, 0]);
  });

  test('of a file as a whole reads what is in it now', async () => {
    await using database = await testDatabase();
    const strange: Source = { ...debian, formats: [], feeds: [] };
    const file = {
      path: 'data/DSA/list',
      open: () => Readable.from([Buffer.from(list(2))]),
      due: true as const,
    };
    assert.equal((await syncFiles(database, strange, [file], { ours: true })).quarantined, 1);
    assert.deepEqual(await replay(database, TRIAGER, { source: 'debian' }), {
      tried: 1,
      freed: 1,
      refused: 0,
    });
    assert.ok((await reportByKey(database.queries, 'debian', 'DSA-3001-1')) !== null);
    assert.deepEqual(await listQuarantine(database.queries), []);
  });
});
