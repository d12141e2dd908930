import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import type { Database } from '#base/db';
import { defineChannel, importRevision, parsePackageSet } from '#domain/channels';
import {
  editableIssue,
  editablePackage,
  editableStatus,
  gravestFirst,
  issuesOfVulnerability,
} from '#domain/issues';
import { rematch } from '#domain/matching';
import { submit } from '#domain/proposals';
import { sourceNamed, syncFiles } from '#domain/sources';
import { testDatabase } from '../../../test/database.ts';
import { compareRevisions } from './compare-revisions.ts';
import { insightFigures, refreshInsight } from './refresh-insight.ts';
import { allExposures } from './store.ts';

const NOW = new Date('2017-06-01T00:00:00Z');
const KINDS = new Map([
  ['issue', editableIssue],
  ['package', editablePackage],
  ['status', editableStatus],
]);
const TRIAGER = { id: 'person:1', role: 'triager', account: 1 } as const;

/** What nixos-16.09 ships: frob is fixed in 2.1, and grobl appears in March with a flaw that is known since January. */
const SETS: readonly [string, Record<string, string>][] = [
  ['2016-12-31', { frob: '2.0', other: '1.0' }],
  ['2017-01-31', { frob: '2.0', other: '1.1' }],
  ['2017-02-28', { frob: '2.1', other: '1.1' }],
  ['2017-03-31', { frob: '2.1', other: '1.1', grobl: '0.9' }],
  ['2017-04-30', { frob: '2.1', other: '1.1', grobl: '0.9' }],
];

async function importSet(database: Database, [day, packages]: (typeof SETS)[number]): Promise<void> {
  const entries = Object.entries(packages).map(([name, version]) => [
    name,
    { name: `${name}-${version}`, pname: name, version, system: 'x86_64-linux', meta: {} },
  ]);
  await importRevision(database, {
    channel: 'nixos-16.09',
    commit: day.replaceAll('-', '').padEnd(40, '0'),
    committedAt: new Date(day),
    set: parsePackageSet(Buffer.from(JSON.stringify(Object.fromEntries(entries)))),
  });
}

const FLAWS = [
  { id: 'CVE-2017-70001', product: 'frob', before: '2.1', published: '2017-01-10T00:00Z' },
  { id: 'CVE-2017-70002', product: 'grobl', before: '1.0', published: '2017-01-20T00:00Z' },
];

async function announce(database: Database, flaws: readonly (typeof FLAWS)[number][]): Promise<void> {
  const dsa = flaws.map(({ id, product, published }, n) => {
    const day = new Date(published).toLocaleDateString('en-GB', {
      day: '2-digit',
      month: 'short',
      year: 'numeric',
    });
    return `[${day}] DSA-${7000 + n}-1 ${product} - security update\n\t{${id}}\n\t[jessie] - ${product} 1-1+deb8u1\n`;
  });
  const items = flaws.map(({ id, product, before, published }) => ({
    cve: {
      data_type: 'CVE',
      data_version: '4.0',
      CVE_data_meta: { ID: id, ASSIGNER: 'cve@example.org' },
      problemtype: { problemtype_data: [] },
      references: { reference_data: [] },
      description: { description_data: [{ lang: 'en', value: `${product} fails.` }] },
    },
    configurations: {
      CVE_data_version: '4.0',
      nodes: [
        {
          operator: 'OR',
          cpe_match: [
            {
              vulnerable: true,
              cpe23Uri: `cpe:2.3:a:${product}:${product}:*:*:*:*:*:*:*:*`,
              versionEndExcluding: before,
            },
          ],
        },
      ],
    },
    impact: {},
    publishedDate: published,
    lastModifiedDate: published,
  }));
  const sync = (source: string, path: string, text: string) =>
    syncFiles(database, sourceNamed(source), [{ path, open: () => Readable.from([Buffer.from(text)]) }], {
      ours: true,
      accept: true,
    });
  await sync('debian', 'data/DSA/list', dsa.join(''));
  await sync('nvd', 'nvdcve-1.1-2017.json', JSON.stringify({ CVE_Items: items }));
}

async function issueOf(database: Database, vulnerability: string): Promise<string> {
  const [issue] = await issuesOfVulnerability(database.queries, vulnerability);
  assert.ok(issue !== undefined);
  return issue.id;
}

async function exposures(database: Database) {
  const all = await allExposures(database.queries);
  return all
    .filter(({ exposed, unknown, looked }) => looked || exposed.length + unknown.length > 0)
    .sort((a, b) => (a.issue < b.issue ? -1 : 1));
}

describe('insight', () => {
  test('all at once and revision after revision come to the same', async () => {
    await using whole = await testDatabase();
    await announce(whole, FLAWS);
    for (const set of SETS) await importSet(whole, set);
    await rematch(whole);
    await refreshInsight(whole, NOW);
    const expected = await exposures(whole);
    const [frob, grobl] = expected;
    assert.deepEqual(frob?.exposed, [{ from: '2017-01-10', to: '2017-02-28' }]);
    assert.deepEqual(grobl?.exposed, [{ from: '2017-03-31', to: null }]);
    assert.deepEqual(grobl?.hit, ['grobl']);

    await using stepwise = await testDatabase();
    await announce(stepwise, FLAWS);
    const matched: number[] = [];
    for (const set of SETS) {
      await importSet(stepwise, set);
      await rematch(stepwise);
      matched.push((await refreshInsight(stepwise, NOW)).matched);
    }
    assert.deepEqual(await exposures(stepwise), expected);
    // The second revision changes what no issue asks for, the last one nothing at all.
    assert.deepEqual(matched, [2, 0, 1, 1, 0]);

    await using backwards = await testDatabase();
    await announce(backwards, FLAWS);
    for (const set of SETS.toReversed()) {
      await importSet(backwards, set);
      await rematch(backwards);
      await refreshInsight(backwards, NOW);
    }
    assert.deepEqual(await exposures(backwards), expected);
  });

  test('what people say changes it without another look at packages; an issue that comes later is seen in all revisions', async () => {
    await using database = await testDatabase();
    for (const set of SETS) await importSet(database, set);
    await announce(database, FLAWS.slice(0, 1));
    await rematch(database);
    await refreshInsight(database, NOW);
    const before = await exposures(database);
    await announce(database, FLAWS);
    await rematch(database);
    await refreshInsight(database, NOW);
    assert.equal((await exposures(database)).length, before.length + 1);

    const grobl = await issueOf(database, 'CVE-2017-70002');
    const box = `${grobl}/grobl/nixos-16.09`;
    const value = { status: 'not_affected', justification: 'vulnerable_code_not_present' };
    const change = { kind: 'status', id: box, field: 'value', value, saw: 0 };
    const answer = await submit(
      database,
      TRIAGER,
      { changes: [change] },
      { kinds: KINDS, rules: { secondOpinion: false }, at: NOW },
    );
    assert.equal(answer.outcome, 'accepted', JSON.stringify(answer));
    const refreshed = await refreshInsight(database, NOW);
    assert.deepEqual([refreshed.matched, refreshed.said], [0, 1]);
    const own = (await exposures(database)).find(({ issue }) => issue === grobl);
    assert.deepEqual([own?.exposed, own?.hit, own?.looked], [[], [], true]);
    const again = await refreshInsight(database, NOW);
    assert.deepEqual([again.matched, again.said], [0, 0]);
  });

  test('the figures count a channel past its end on, and compare two of its revisions', async () => {
    await using database = await testDatabase();
    await announce(database, FLAWS);
    for (const set of SETS) await importSet(database, set);
    const by = { actor: 'machine:test', cause: 'test' };
    await defineChannel(database, 'nixos-16.09', { lifecycle: 'end_of_life', endOfLife: '2017-05-01' }, by);
    await defineChannel(database, 'nixos-17.03', { lifecycle: 'supported' }, by);
    await rematch(database);
    await refreshInsight(database, NOW);
    const figures = await insightFigures(database.queries);
    assert.ok(figures !== null);
    assert.deepEqual(
      figures.channels.map(({ channel, lifecycle, exposed, revisions, points }) => [
        ...[channel, lifecycle, exposed, revisions],
        points.map(({ value }) => value).join(' '),
      ]),
      // 17.03 has no revision: nothing is known of it, and nothing is counted.
      [['nixos-16.09', 'end_of_life', 1, 5, '0 0 1 0 1 1 1']],
    );
    assert.deepEqual(figures.exposure.windows, [
      {
        ...{ channel: 'nixos-16.09', issues: 2, open: 1, median: 49, worst: 49 },
        ...{ upTo10: 0, upTo30: 0, upTo90: 1, more: 0 },
      },
    ]);
    const [clock] = figures.tenDays.channels;
    assert.deepEqual([clock?.decided, clock?.within, clock?.overdue], [2, 0, 1]);
    assert.deepEqual(figures.coverage.channels[0]?.untouchedHit, 1);
    assert.equal(figures.sharing, null);
    // A channel past its end is in no list of work.
    assert.deepEqual(figures.coverage.untouched, []);
    assert.deepEqual(figures.unmaintained, { packages: [], exposed: 0 });

    const frob = await issueOf(database, 'CVE-2017-70001');
    const grobl = await issueOf(database, 'CVE-2017-70002');
    const compared = await compareRevisions(
      database.queries,
      'nixos-16.09',
      new Date('2017-01-31'),
      'latest',
    );
    assert.deepEqual(
      compared.went.map(({ issue, packages }) => [issue, packages]),
      [[frob, [{ attr: 'frob', before: '2.0', after: '2.1' }]]],
    );
    assert.deepEqual(
      compared.came.map(({ issue, packages }) => [issue, packages]),
      [[grobl, [{ attr: 'grobl', before: null, after: '0.9' }]]],
    );
    assert.deepEqual(compared.stayed, []);
    assert.deepEqual(compared.counts, { came: 1, cameWithPackages: 1, went: 1, stayed: 0 });

    const none = await compareRevisions(
      ...([database.queries, 'nixos-16.09', new Date('2017-01-31'), 'latest'] as const),
      { limit: 0 },
    );
    assert.deepEqual([none.came, none.went, none.counts], [[], [], compared.counts]);
    const second = await compareRevisions(
      ...([database.queries, 'nixos-16.09', new Date('2017-01-31'), 'latest'] as const),
      { limit: 1, offset: 1 },
    );
    assert.deepEqual([second.came, second.went, second.counts], [[], [], compared.counts]);
    const back = await compareRevisions(
      ...([database.queries, 'nixos-16.09', 'latest', new Date('2017-01-31')] as const),
    );
    assert.deepEqual(
      [back.went, back.came].map((issues) => issues.map(({ issue }) => issue)),
      [[grobl], [frob]],
    );
    assert.deepEqual(back.went[0]?.packages, [{ attr: 'grobl', before: '0.9', after: null }]);
    assert.deepEqual(
      await gravestFirst(database.queries, [grobl, 'NSI-2000-0001', frob]),
      // Neither is rated.
      [frob, grobl].toSorted(),
    );
    const rate = (issue: string, severity: string, saw: number) =>
      submit(
        database,
        TRIAGER,
        { changes: [{ kind: 'issue', id: issue, field: 'severity', value: severity, saw }] },
        { kinds: KINDS, rules: { secondOpinion: false }, at: NOW },
      );
    const rated = await rate(grobl, 'low', 0);
    assert.equal(rated.outcome, 'accepted', JSON.stringify(rated));
    assert.deepEqual(await gravestFirst(database.queries, [frob, grobl]), [grobl, frob]);
    assert.equal((await rate(frob, 'critical', 0)).outcome, 'accepted');
    assert.deepEqual(await gravestFirst(database.queries, [grobl, frob]), [frob, grobl]);
  });
});
