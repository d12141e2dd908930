import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Database, eventsOf, verifyLog } from '#base/db';
import { type ErrorCode, MusterError } from '#base/errors';
import { testDatabase } from '../../../test/database.ts';
import { diffRevisions } from './diff-revisions.ts';
import { importRevision, type RevisionInput } from './import-revision.ts';
import { type PackageSet, parsePackageSet } from './package-set.ts';
import { listRevisions, packagesAt } from './read-packages.ts';
import { contactsOf, periodsOf } from './store-reading.ts';

/** A set from "attr: version". */
function setOf(versions: Record<string, string>, delta?: Partial<PackageSet>): PackageSet {
  const packages = Object.entries(versions).map(([attr, version]) => [
    attr,
    { name: `${attr}-${version}`, pname: attr, version },
  ]);
  const empty: PackageSet = {
    form: 'packages-json',
    packages: [],
    problems: [],
    removed: [],
    base: null,
    commit: null,
  };
  const parsed =
    packages.length === 0
      ? empty
      : parsePackageSet(Buffer.from(JSON.stringify(Object.fromEntries(packages))));
  return { ...parsed, ...delta };
}

/** Commit and date of the n-th second: `commit(1)` is before `commit(2)`. */
function revision(
  n: number,
  versions: Record<string, string>,
  more: Partial<RevisionInput> = {},
): RevisionInput {
  return {
    channel: 'nixos-17.03',
    commit: n.toString(16).padStart(40, '0'),
    committedAt: new Date(Date.UTC(2017, 2, 31, 0, 0, n)),
    set: setOf(versions),
    ...more,
  };
}

const delta = { form: 'delta' } as const;

function commitOf(n: number): string {
  return revision(n, {}).commit;
}

async function versionsAt(database: Database, at: string | Date = 'latest', channel = 'nixos-17.03') {
  return (await packagesAt(database.queries, channel, at))
    .map(({ attr, version }) => `${attr} ${version}`)
    .join(', ');
}

async function fails(work: Promise<unknown>, code: ErrorCode, what: RegExp) {
  await assert.rejects(
    work,
    (error) => error instanceof MusterError && error.code === code && what.test(error.message),
  );
}

const second = (date: Date | null) =>
  date === null ? null : (date.getTime() - Date.UTC(2017, 2, 31)) / 1000;

describe('importing revisions', () => {
  test('only what changed makes rows, and every revision can be read again', async () => {
    await using database = await testDatabase();
    const first = await importRevision(database, revision(1, { a: '1', b: '1', c: '1' }));
    assert.deepEqual(
      [first.outcome, first.packages, first.added, first.removed, first.changed],
      ['imported', 3, 3, 0, 0],
    );
    const third = await importRevision(database, revision(3, { a: '2', b: '1', d: '1' }));
    assert.deepEqual([third.added, third.removed, third.changed], [1, 1, 1]);
    assert.equal(await versionsAt(database), 'a 2, b 1, d 1');
    assert.equal(await versionsAt(database, commitOf(1)), 'a 1, b 1, c 1');
    assert.equal(await versionsAt(database, new Date(Date.UTC(2017, 2, 31, 0, 0, 2))), 'a 1, b 1, c 1');
    const { rows } = await database.pool.query('select count(*)::int as periods from package_period');
    assert.deepEqual(rows, [{ periods: 5 }]);
    await importRevision(database, revision(2, { a: '2', b: '1', c: '1' }));
    assert.equal(await versionsAt(database, commitOf(2)), 'a 2, b 1, c 1');
    const a = await periodsOf(database.queries, 'nixos-17.03', 'a');
    assert.deepEqual(
      a.map(({ version, since, until }) => [version, second(since), second(until)]),
      [
        ['1', 1, 2],
        ['2', 2, null],
      ],
    );
  });

  test('another import of the same changes nothing, another content is refused unless it is to replace', async () => {
    await using database = await testDatabase();
    await importRevision(database, revision(1, { a: '1', b: '1' }));
    await importRevision(database, revision(2, { a: '2', b: '1' }));
    const again = await importRevision(database, revision(1, { b: '1', a: '1' }));
    assert.equal(again.outcome, 'unchanged');
    await fails(
      importRevision(database, revision(1, { a: '9' })),
      'CONFLICT',
      /another content \(2 packages.*now 1/,
    );
    const moved = { committedAt: new Date(Date.UTC(2017, 2, 31, 0, 0, 7)) };
    await fails(importRevision(database, revision(1, { a: '1', b: '1' }, moved)), 'CONFLICT', /another date/);
    await fails(
      importRevision(database, { ...revision(2, { a: '1' }), commit: 'abcdef0' }),
      'CONFLICT',
      /abcdef0; one of the two dates/,
    );
    assert.equal((await eventsOf(database.queries, 'channel', 'nixos-17.03')).length, 2);
    assert.equal(await versionsAt(database, commitOf(1)), 'a 1, b 1');
    const replaced = await importRevision(database, revision(1, { a: '2', c: '1' }, { replace: true }));
    assert.equal(replaced.outcome, 'replaced');
    assert.equal(await versionsAt(database, commitOf(1)), 'a 2, c 1');
    assert.equal(await versionsAt(database), 'a 2, b 1');
    assert.deepEqual(
      (await listRevisions(database.queries, 'nixos-17.03')).map(({ packages }) => packages),
      [2, 2],
    );
  });

  test('in whatever order revisions come and are replaced, the periods are the runs of their facts', async () => {
    await using database = await testDatabase();
    const versions = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.constantFrom('1', '2'), { maxKeys: 3 });
    const step = fc.record({
      commit: fc.integer({ min: 1, max: 6 }),
      date: fc.integer({ min: 1, max: 12 }),
      versions,
    });
    let channels = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 9 }), async (steps) => {
        channels += 1;
        const channel = `c${channels}`;
        const known = new Map<number, (typeof steps)[number]>();
        for (const one of steps) {
          if ([...known.values()].some(({ commit, date }) => date === one.date && commit !== one.commit))
            continue;
          known.set(one.commit, one);
          const { committedAt } = revision(one.date, {});
          await importRevision(
            database,
            revision(one.commit, one.versions, { channel, committedAt, replace: true }),
          );
          const history = [...known.values()].sort((x, y) => x.date - y.date);
          for (const attr of ['a', 'b', 'c']) {
            const stored = await periodsOf(database.queries, channel, attr);
            assert.deepEqual(
              stored.map(({ version, since, until }) => [version, second(since), second(until)]),
              runsOf(history.map(({ date, versions: set }) => [date, set[attr]])),
            );
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  test('imports of one channel at the same time come one after the other; of several channels they share facts', async () => {
    await using database = await testDatabase();
    const all = Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`p${i}`, '1']));
    const results = await Promise.all(
      ['nixos-17.03', 'nixos-17.09'].flatMap((channel) =>
        [4, 1, 3, 2, 2].map((n) =>
          importRevision(database, revision(n, { ...all, changing: `${n >> 1}` }, { channel })),
        ),
      ),
    );
    assert.equal(results.filter(({ outcome }) => outcome === 'unchanged').length, 2);
    for (const channel of ['nixos-17.03', 'nixos-17.09']) {
      const changing = await periodsOf(database.queries, channel, 'changing');
      assert.deepEqual(
        changing.map(({ version, since, until }) => [version, second(since), second(until)]),
        [
          ['0', 1, 2],
          ['1', 2, 4],
          ['2', 4, null],
        ],
      );
    }
    const { rows } = await database.pool.query('select count(*)::int as facts from package_fact');
    assert.deepEqual(rows, [{ facts: 303 }]);
    assert.equal((await verifyLog(database.queries)).entries, 8);
  });

  test('the history says who imported what', async () => {
    await using database = await testDatabase();
    const by = { actor: 'person:1', cause: 'channel import' };
    await importRevision(database, revision(1, { a: '1' }, { channel: 'nixos-unstable', by }));
    const [event] = await eventsOf(database.queries, 'channel', 'nixos-unstable');
    assert.deepEqual(
      [event?.type, event?.actor, event?.cause, event?.payload],
      [
        'channel.revision_imported',
        'person:1',
        'channel import',
        {
          outcome: 'imported',
          commit: commitOf(1),
          committedAt: '2017-03-31T00:00:01.000Z',
          packages: 1,
          added: 1,
          removed: 0,
          changed: 0,
          problems: 0,
          newChannel: true,
        },
      ],
    );
    await fails(importRevision(database, revision(1, {}, { channel: 'a b' })), 'USAGE', /"a b"/);
    await fails(importRevision(database, revision(1, {}, { commit: 'HEAD' })), 'USAGE', /"HEAD"/);
    await fails(
      importRevision(database, revision(1, {}, { committedAt: new Date('x') })),
      'USAGE',
      /no date/,
    );
  });
});

describe('deltas, patches and what comes beside a set', () => {
  test('a delta builds on any revision that is there', async () => {
    await using database = await testDatabase();
    await importRevision(database, revision(1, { a: '1', b: '1', c: '1' }));
    await importRevision(database, revision(9, { a: '9' }));
    const result = await importRevision(
      database,
      revision(2, {}, { set: setOf({ b: '2', d: '1' }, { ...delta, removed: ['c'] }), base: commitOf(1) }),
    );
    assert.deepEqual([result.packages, result.added, result.removed, result.changed], [3, 1, 1, 1]);
    assert.equal(await versionsAt(database, commitOf(2)), 'a 1, b 2, d 1');
    assert.equal(await versionsAt(database), 'a 9');
    const same = await importRevision(database, revision(2, { a: '1', b: '2', d: '1' }));
    assert.equal(same.outcome, 'unchanged', 'the whole set that the delta leads to is the same content');
    await fails(
      importRevision(database, revision(3, {}, { set: setOf({}, delta), base: 'fffffff' })),
      'NOT_FOUND',
      /no revision fffffff/,
    );
    await fails(
      importRevision(database, revision(3, {}, { set: setOf({}, delta) })),
      'USAGE',
      /which commit it builds on/,
    );
    await fails(
      importRevision(database, revision(3, {}, { set: setOf({}, delta), base: '0000000' })),
      'USAGE',
      /several/,
    );
  });

  test('patches are of the whole set, also with a delta', async () => {
    await using database = await testDatabase();
    const patches = new Map([
      ['a', ['CVE-2017-1.patch', 'b.patch']],
      ['b', ['old.patch']],
    ]);
    await importRevision(database, revision(1, { a: '1', b: '1', c: '1' }, { patches }));
    const later = new Map([
      ['a', ['CVE-2017-1.patch', 'b.patch']],
      ['c', ['CVE-2017-2.patch']],
    ]);
    const set = setOf({ a: '2' }, delta);
    const second = await importRevision(
      database,
      revision(2, {}, { set, patches: later, base: commitOf(1) }),
    );
    assert.equal(second.changed, 3);
    const rows = await packagesAt(database.queries, 'nixos-17.03');
    assert.deepEqual(
      rows.map(({ attr, patches: list }) => [attr, list]),
      [
        ['a', ['CVE-2017-1.patch', 'b.patch']],
        ['b', []],
        ['c', ['CVE-2017-2.patch']],
      ],
    );
    const diff = await diffRevisions(database.queries, 'nixos-17.03', commitOf(1), 'latest');
    assert.deepEqual(
      diff.changed.map(({ attr, before, after, patchesAdded, patchesRemoved }) => [
        attr,
        before.version,
        after.version,
        patchesAdded,
        patchesRemoved,
      ]),
      [
        ['a', '1', '2', [], []],
        ['b', '1', '1', [], ['old.patch']],
        ['c', '1', '1', ['CVE-2017-2.patch'], []],
      ],
    );
  });

  test('without a list of patches a delta keeps them where the version stays, and nothing is concluded from their absence', async () => {
    await using database = await testDatabase();
    const patches = new Map(['a', 'b', 'c'].map((attr) => [attr, [`${attr}.patch`]]));
    await importRevision(database, revision(1, { a: '1', b: '1', c: '1' }, { patches }));
    const set = setOf({ a: '2', b: '1' }, delta);
    await importRevision(database, revision(2, {}, { set, base: commitOf(1) }));
    const rows = await packagesAt(database.queries, 'nixos-17.03');
    assert.deepEqual(
      rows.map((row) => row.patches),
      [[], ['b.patch'], ['c.patch']],
    );
    const { to, changed } = await diffRevisions(database.queries, 'nixos-17.03', commitOf(1), commitOf(2));
    assert.equal(to.patchesKnown, false);
    assert.deepEqual(
      changed.map((one) => [one.attr, one.patchesRemoved]),
      [['a', []]],
    );
  });

  test('a source URL that gets known later, or a new mail address, changes no package', async () => {
    await using database = await testDatabase();
    const mail = (email: string) =>
      parsePackageSet(
        Buffer.from(
          JSON.stringify({
            a: { name: 'a-1', meta: { maintainers: [{ name: 'Ada', github: 'ada', email }] } },
          }),
        ),
      );
    await importRevision(database, revision(2, {}, { set: mail('new@example.org') }));
    const url = (scheme: string) => new Map([['a', `${scheme}://example.org/a-1.tar.gz`]]);
    await importRevision(
      database,
      revision(1, {}, { set: mail('old@example.org'), sourceUrls: url('https') }),
    );
    const again = await importRevision(
      database,
      revision(2, {}, { set: mail('new@example.org'), sourceUrls: url('http') }),
    );
    assert.equal(again.outcome, 'unchanged');
    const [row] = await packagesAt(database.queries, 'nixos-17.03');
    assert.equal(row?.sourceUrl, 'https://example.org/a-1.tar.gz');
    assert.deepEqual(row?.maintainers, [{ name: 'Ada', github: 'ada' }]);
    assert.deepEqual(await contactsOf(database.queries, row?.maintainers ?? []), [
      { name: 'Ada', github: 'ada', email: 'new@example.org', githubId: null },
    ]);
    const { rows } = await database.pool.query(
      "select count(*)::int as facts from package_fact where package_fact::text like '%@%'",
    );
    assert.deepEqual(rows, [{ facts: 0 }]);
    assert.equal((await periodsOf(database.queries, 'nixos-17.03', 'a')).length, 1);
  });
});

/** Longest runs of neighbouring dates with the same version: version, since, until. */
function runsOf(states: (readonly [number, string | undefined])[]): (string | number | null)[][] {
  const runs: (string | number | null)[][] = [];
  let last: string | undefined;
  for (const [date, version] of states) {
    if (version === last) continue;
    const open = runs.at(-1);
    if (last !== undefined && open !== undefined) open[2] = date;
    if (version !== undefined) runs.push([version, date, null]);
    last = version;
  }
  return runs;
}
