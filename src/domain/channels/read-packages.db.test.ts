import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Database, eventsOf } from '#base/db';
import { MusterError } from '#base/errors';
import { testDatabase } from '../../../test/database.ts';
import { defineChannel, setLifecycle } from './define-channel.ts';
import { importRevision } from './import-revision.ts';
import { parsePackageSet } from './package-set.ts';
import {
  findPackages,
  latestRevision,
  latestRevisions,
  listChannels,
  listRevisions,
  packageAcrossChannels,
  packageHistory,
  packagesAt,
  packagesNamed,
  revisionAt,
} from './read-packages.ts';

const by = { actor: 'person:1', cause: 'test' };

/** Imports a set of derivation names by attribute, with the day of March 2017 as its date and number. */
async function put(
  database: Database,
  channel: string,
  day: number,
  names: Record<string, string>,
  meta: object = {},
) {
  const entries = Object.entries(names).map(([attr, name]) => [attr, { name, meta }]);
  const set = parsePackageSet(Buffer.from(JSON.stringify(Object.fromEntries(entries))));
  const commit = `${day.toString().padStart(2, '0')}${'ab'.repeat(19)}`;
  await importRevision(database, { channel, commit, committedAt: new Date(Date.UTC(2017, 2, day)), set });
}

const notFound = (error: unknown) => error instanceof MusterError && error.code === 'NOT_FOUND';

describe('channels', () => {
  test('a channel has a life cycle, whose end is a label', async () => {
    await using database = await testDatabase();
    const made = await defineChannel(
      database,
      'nixos-17.03',
      { released: '2017-03-31', endOfLife: '2017-11-01' },
      by,
    );
    assert.deepEqual(made, {
      name: 'nixos-17.03',
      lifecycle: 'supported',
      released: '2017-03-31',
      endOfLife: '2017-11-01',
    });
    await put(database, 'nixos-17.03', 1, { a: 'a-1' });
    await put(database, 'nixos-unstable', 1, { a: 'a-2' });
    const lifecycles = async (day: string) =>
      (await listChannels(database.queries, day)).map((one) => `${one.name} ${one.lifecycle}`);
    assert.deepEqual(await lifecycles('2017-10-31'), ['nixos-17.03 supported', 'nixos-unstable development']);
    assert.deepEqual(await lifecycles('2017-11-01'), [
      'nixos-17.03 end_of_life',
      'nixos-unstable development',
    ]);
    await setLifecycle(database, 'nixos-17.03', 'deprecated', by);
    await setLifecycle(database, 'nixos-17.03', 'deprecated', by);
    const events = await eventsOf(database.queries, 'channel', 'nixos-17.03');
    assert.deepEqual(
      events.map(({ type }) => type),
      ['channel.defined', 'channel.revision_imported', 'channel.changed'],
    );
    assert.deepEqual(events.at(-1)?.payload, {
      from: { lifecycle: 'supported' },
      to: { lifecycle: 'deprecated' },
    });
    await setLifecycle(database, 'nixos-17.03', 'end_of_life', by);
    const across = await packageAcrossChannels(database.queries, 'a', '2018-01-01');
    assert.deepEqual(
      across.map((one) => [one.channel, one.lifecycle, one.package?.version]),
      [
        ['nixos-17.03', 'end_of_life', '1'],
        ['nixos-unstable', 'development', '2'],
      ],
    );
    await assert.rejects(setLifecycle(database, 'nixos-99.99', 'supported', by), notFound);
    await assert.rejects(
      defineChannel(database, 'x', { endOfLife: '2017-02-30' }, by),
      /"2017-02-30" is not a day/,
    );
    await assert.rejects(
      defineChannel(database, 'x', { released: '2017-03-01', endOfLife: '2017-02-01' }, by),
      /before its release/,
    );
    assert.equal((await listChannels(database.queries)).length, 2);
  });

  test('revisions are named by commit, date or as the newest', async () => {
    await using database = await testDatabase();
    await put(database, 'c', 5, { a: 'a-2' });
    await put(database, 'c', 2, { a: 'a-1' });
    await defineChannel(database, 'empty', {}, by);
    const { queries } = database;
    assert.deepEqual(
      (await listRevisions(queries, 'c')).map(({ commit }) => commit.slice(0, 2)),
      ['02', '05'],
    );
    assert.equal((await latestRevision(queries, 'c'))?.commit.slice(0, 2), '05');
    assert.equal(await latestRevision(queries, 'empty'), null);
    assert.deepEqual(
      (await latestRevisions(queries)).map(({ channel }) => channel),
      ['c'],
    );
    assert.equal((await revisionAt(queries, 'c', '02ababa')).packages, 1);
    assert.equal((await revisionAt(queries, 'c', new Date('2017-03-04'))).commit.slice(0, 2), '02');
    assert.equal((await revisionAt(queries, 'c')).commit.slice(0, 2), '05');
    assert.deepEqual(await listRevisions(queries, 'empty'), []);
    for (const [channel, at] of [
      ['c', new Date('2017-03-01')],
      ['c', 'fffffff'],
      ['c', '02'],
      ['empty', 'latest'],
      ['none', 'latest'],
    ] as const)
      await assert.rejects(revisionAt(queries, channel, at), notFound);
  });
});

describe('packages', () => {
  test('a package over time and across channels', async () => {
    await using database = await testDatabase();
    await put(database, 'c', 1, { a: 'a-1', b: 'b-1' });
    await put(database, 'c', 2, { a: 'a-1', b: 'b-1' }, { description: 'nothing that fixes anything' });
    await put(database, 'c', 3, { b: 'b-1' });
    await put(database, 'c', 4, { a: 'a-2', b: 'b-1' });
    await put(database, 'd', 1, { b: 'b-2' });
    const { queries } = database;
    const day = (date: Date | null | undefined) => date?.toISOString().slice(8, 10) ?? null;
    assert.deepEqual(
      (await packageHistory(queries, 'c', 'a')).map((one) => [one.version, day(one.since), day(one.until)]),
      [
        ['1', '01', '03'],
        ['2', '04', null],
      ],
    );
    const across = await packageAcrossChannels(queries, 'a');
    assert.deepEqual(
      across.map((one) => [one.channel, one.package?.version ?? null, day(one.revision?.committedAt)]),
      [
        ['c', '2', '04'],
        ['d', null, '01'],
      ],
    );
    assert.deepEqual(
      (await packagesNamed(queries, 'c', ['a', 'zz'], new Date('2017-03-02'))).map(({ name }) => name),
      ['a-1'],
    );
    assert.deepEqual(
      (await packagesAt(queries, 'c', new Date('2017-03-03T12:00:00Z'))).map(({ name }) => name),
      ['b-1'],
    );
  });

  test('the search finds attributes and names, the best first', async () => {
    await using database = await testDatabase();
    const names = {
      openssl: 'openssl-1.1.0g',
      openssl_1_0_2: 'openssl-1.0.2m',
      'haskellPackages.HsOpenSSL': 'HsOpenSSL-0.11',
      libressl: 'libressl-2.5.3',
      'python27Packages.pyopenssl': 'python2.7-pyOpenSSL-16.2.0',
      apacheHttpd: 'apache-httpd-2.4.25',
      'xorg.xorgserver': 'xorg-server-1.19.3',
      'rPackages.A3': 'r-A3-1.0.0',
      percent: '100%-1',
    };
    await put(database, 'c', 1, { ...names, gone: 'openssl-gone-1' });
    await put(database, 'c', 2, names);
    await put(database, 'd', 1, { openssl: 'openssl-1.1.0h' });
    const find = async (words: string, limit?: number) =>
      (await findPackages(database.queries, words, limit)).map(({ attr }) => attr);
    assert.deepEqual(await find('OpenSSL'), [
      'openssl',
      'openssl_1_0_2',
      'haskellPackages.HsOpenSSL',
      'python27Packages.pyopenssl',
    ]);
    assert.deepEqual((await findPackages(database.queries, 'openssl', 1))[0]?.versions, [
      { channel: 'c', version: '1.1.0g' },
      { channel: 'd', version: '1.1.0h' },
    ]);
    assert.deepEqual(await find('httpd'), ['apacheHttpd']);
    assert.deepEqual(await find('apache-httpd'), ['apacheHttpd']);
    assert.deepEqual(await find('xorgserver'), ['xorg.xorgserver']);
    assert.deepEqual(await find('ope'), [
      'openssl',
      'openssl_1_0_2',
      'haskellPackages.HsOpenSSL',
      'python27Packages.pyopenssl',
    ]);
    assert.deepEqual(await find('ap'), ['apacheHttpd']);
    assert.deepEqual(await find('0%'), [], 'signs of patterns are letters like all others');
    assert.deepEqual(await find('100%'), ['percent']);
    assert.deepEqual(await find('openssl-gone'), [], 'no channel has it any more');
    assert.deepEqual(await find(' '), []);
    assert.deepEqual(await find('no such thing'), []);
  });
});
