import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { type Database, eventsOf } from '#base/db';
import { MusterError } from '#base/errors';
import { sourceNamed, syncFiles } from '#domain/sources';
import { testDatabase } from '../../../test/database.ts';
import { computeIssues } from './compute-issues.ts';
import { mergeIssues, revokeDecision, splitIssue } from './decide-links.ts';
import { explainIssue } from './explain-issue.ts';
import { atomsOf, issueById, issuesOfVulnerability, standing } from './store.ts';
import { activeLinks } from './store-links.ts';

const by = { author: 'ada', reason: 'one upload fixes both' };

async function sync(database: Database, id: string, path: string, text: string): Promise<void> {
  const file = { path, open: () => Readable.from([Buffer.from(text)]) };
  const { quarantined } = await syncFiles(database, sourceNamed(id), [file], { ours: true, accept: true });
  assert.equal(quarantined, 0);
}

/** Advisories of frobd, half a year apart so that the rule makes an issue of each: their ids by day and name. */
async function advisories(database: Database, list: readonly string[][]): Promise<void> {
  const entries = list.map(
    (ids, at) =>
      `[${10 + at} ${['Jan', 'Jul'][at % 2]} ${2010 + at}] DSA-${2000 + at}-1 frobd - security update\n\t{${ids.join(' ')}}\n\t[jessie] - frobd 1.0-${at + 1}\n`,
  );
  await sync(database, 'debian', 'data/DSA/list', entries.reverse().join(''));
  await computeIssues(database);
}

const cve = (number: number) => `CVE-2017-${9000 + number}`;
const cves = (...numbers: number[]) => numbers.map(cve);

async function issueOf(database: Database, vulnerability: string): Promise<string> {
  const [issue] = await issuesOfVulnerability(database.queries, vulnerability);
  assert.ok(issue, vulnerability);
  return issue.id;
}

/** Which numbers of {@link cve} stand together. */
async function stacks(database: Database): Promise<string[]> {
  const { rows } = await database.pool.query<{ issue: string }>('select distinct issue from issue_atom');
  const atoms = await atomsOf(
    database.queries,
    rows.map(({ issue }) => issue),
  );
  return rows
    .map(({ issue }) =>
      atoms
        .filter((atom) => atom.issue === issue)
        .map(({ vulnerability }) => vulnerability.replace('CVE-2017-900', ''))
        .join(' '),
    )
    .sort();
}

/** Everything from the beginning: another version of the rule would do the same. */
async function recompute(database: Database): Promise<void> {
  await database.pool.query(
    'update grouping_state set reports_changed = 0, grouping_version = 0, links_seen = 0',
  );
  assert.equal((await computeIssues(database)).ran, true);
}

const failsAs = (code: string) => (error: unknown) => error instanceof MusterError && error.code === code;

describe('a merge', () => {
  test('survives every recomputation; the other id leads on, and has its say in the history', async () => {
    await using database = await testDatabase();
    await advisories(database, [cves(1, 2), cves(3)]);
    const [a, b] = [await issueOf(database, cve(1)), await issueOf(database, cve(3))];
    assert.notEqual(a, b);
    const kept = await mergeIssues(database, b, a, by);
    const gone = kept === a ? b : a;
    assert.equal((await issueById(database.queries, gone))?.redirect, kept);
    for (let times = 0; times < 2; times++) {
      assert.deepEqual(await stacks(database), ['1 2 3']);
      assert.equal(await issueOf(database, cve(3)), kept);
      await recompute(database);
    }
    const [link] = await activeLinks(database.queries);
    assert.deepEqual([link?.kind, link?.author], ['must', by.author]);
    const log = [
      ...(await eventsOf(database.queries, 'issue', b)),
      ...(await eventsOf(database.queries, 'issue', gone)),
    ];
    const decided = log.find(({ type }) => type === 'issue.merge_decided');
    assert.deepEqual(
      [decided?.id, decided?.actor, decided?.payload?.reason],
      [link?.event, 'ada', by.reason],
    );
    assert.ok(log.some(({ type, payload }) => type === 'issue.merged' && payload?.into === kept));
  });

  test('of a third makes every old id lead straight on', async () => {
    await using database = await testDatabase();
    await advisories(database, [cves(1), cves(2, 3), cves(4, 5, 6)]);
    const all = [];
    for (const number of [1, 2, 4]) all.push(await issueOf(database, cve(number)));
    const [a = '', b = '', c = ''] = all;
    const first = await mergeIssues(database, a, b, by);
    // Either old id may be used.
    const last = await mergeIssues(database, first === a ? b : a, c, by);
    const now = await standing(database.queries, all);
    assert.deepEqual([...now.values()], [last, last, last]);
    for (const id of all) {
      const { redirect } = (await issueById(database.queries, id)) ?? {};
      if (id !== last) assert.equal(redirect, last, 'never to another redirect');
    }
  });

  test('is refused where there is nothing to merge', async () => {
    await using database = await testDatabase();
    await advisories(database, [cves(1), cves(2)]);
    const [a, b] = [await issueOf(database, cve(1)), await issueOf(database, cve(2))];
    await assert.rejects(mergeIssues(database, a, a, by), failsAs('USAGE'));
    await assert.rejects(mergeIssues(database, a, 'NSI-1999-0001', by), failsAs('NOT_FOUND'));
    await mergeIssues(database, a, b, by);
    await assert.rejects(mergeIssues(database, a, b, by), failsAs('USAGE'));
    await sync(
      database,
      'debian',
      'data/DSA/list',
      '[01 Jan 2001] DSA-9-1 other - x\n\t[jessie] - other 1\n',
    );
    await computeIssues(database);
    await assert.rejects(mergeIssues(database, a, 'NSI-2001-0001', by), failsAs('NOT_FOUND'));
    assert.equal((await activeLinks(database.queries)).length, 1, 'nothing that was refused is kept');
  });

  test('of two people at once both count', async () => {
    await using database = await testDatabase();
    await advisories(database, [cves(1), cves(2), cves(3)]);
    const [a, b, c] = [
      await issueOf(database, cve(1)),
      await issueOf(database, cve(2)),
      await issueOf(database, cve(3)),
    ];
    await Promise.all([mergeIssues(database, a, b, by), mergeIssues(database, b, c, by)]);
    assert.deepEqual(await stacks(database), ['1 2 3']);
  });
});

describe('a split', () => {
  test('survives every recomputation, and takes each part into an issue of its own', async () => {
    await using database = await testDatabase();
    await advisories(database, [cves(1, 2, 3, 4)]);
    const id = await issueOf(database, cve(1));
    const [stays, goes] = await splitIssue(database, id, cves(2), by);
    assert.equal(stays, id, 'what is more keeps the id');
    assert.notEqual(goes, id);
    const [, third] = await splitIssue(database, id, cves(3), by);
    assert.equal(new Set([stays, goes, third]).size, 3);
    for (let times = 0; times < 2; times++) {
      assert.deepEqual(await stacks(database), ['1 4', '2', '3']);
      await recompute(database);
    }
    assert.equal(await issueOf(database, cve(2)), goes);
  });

  test('holds against a report that names all of it again', async () => {
    await using database = await testDatabase();
    await advisories(database, [cves(1, 2)]);
    await splitIssue(database, await issueOf(database, cve(1)), cves(2), by);
    const list = ['Jan', 'Feb'].map(
      (month, at) =>
        `[11 ${month} 2010] DSA-${2100 - at}-1 frobd - security update\n\t{${cves(1, 2).join(' ')}}\n\t[jessie] - frobd 1.0-1\n`,
    );
    await sync(database, 'debian', 'data/DSA/list', list.join(''));
    await computeIssues(database);
    assert.deepEqual(await stacks(database), ['1', '2']);
  });

  test('is refused where it would leave nothing on one side, or names what is not there', async () => {
    await using database = await testDatabase();
    await advisories(database, [cves(1, 2)]);
    const id = await issueOf(database, cve(1));
    await assert.rejects(splitIssue(database, id, cves(1, 2), by), failsAs('USAGE'));
    await assert.rejects(splitIssue(database, id, [], by), failsAs('USAGE'));
    await assert.rejects(splitIssue(database, id, cves(1, 7), by), failsAs('NOT_FOUND'));
    await assert.rejects(splitIssue(database, 'NSI-1999-0001', cves(1), by), failsAs('NOT_FOUND'));
    assert.deepEqual(await activeLinks(database.queries), []);
  });
});

describe('a later decision', () => {
  test('strikes out the earlier ones that say the contrary, each with an entry in the history', async () => {
    await using database = await testDatabase();
    await advisories(database, [cves(1, 2), cves(3)]);
    const kept = await mergeIssues(
      database,
      await issueOf(database, cve(1)),
      await issueOf(database, cve(3)),
      by,
    );
    const [merge] = await activeLinks(database.queries);
    const other = { author: 'bob', reason: 'another component' };
    const parts = await splitIssue(database, kept, cves(3), other);
    assert.deepEqual(await stacks(database), ['1 2', '3']);
    assert.ok(!(await activeLinks(database.queries)).some(({ id }) => id === merge?.id));
    const [struck] = await eventsOf(database.queries, 'issue_link', String(merge?.id));
    const [apart] = await activeLinks(database.queries);
    assert.deepEqual(
      [struck?.type, struck?.actor, struck?.cause, struck?.payload?.reason],
      ['issue_link.revoked', 'bob', `entry ${apart?.event}`, undefined],
    );
    await mergeIssues(database, ...parts, by);
    assert.deepEqual(await stacks(database), ['1 2 3']);
    assert.ok(!(await activeLinks(database.queries)).some(({ kind }) => kind === 'cannot'));
    assert.equal(await issueOf(database, cve(1)), kept, 'the id has lasted through all of it');
  });

  test('of another kind leaves those that it does not contradict', async () => {
    await using database = await testDatabase();
    await advisories(database, [cves(1, 2, 3), cves(4)]);
    const id = await issueOf(database, cve(1));
    await splitIssue(database, id, cves(2), by);
    await mergeIssues(database, id, await issueOf(database, cve(4)), by);
    assert.deepEqual(await stacks(database), ['1 3 4', '2']);
    await splitIssue(database, await issueOf(database, cve(1)), cves(3), by);
    assert.deepEqual(await stacks(database), ['1 4', '2', '3']);
  });
});

describe('revokeDecision', () => {
  test('lets the rule hold again; once only', async () => {
    await using database = await testDatabase();
    await advisories(database, [cves(1, 2), cves(3)]);
    const before = [await issueOf(database, cve(1)), await issueOf(database, cve(3))];
    await mergeIssues(database, ...(before as [string, string]), by);
    const [link] = await activeLinks(database.queries);
    assert.ok(link);
    await revokeDecision(database, link.id, { author: 'bob', reason: 'they are two' });
    assert.deepEqual(await stacks(database), ['1 2', '3']);
    await assert.rejects(revokeDecision(database, link.id, by), failsAs('NOT_FOUND'));
    await assert.rejects(revokeDecision(database, 4711, by), failsAs('NOT_FOUND'));
    const [entry] = await eventsOf(database.queries, 'issue_link', String(link.id));
    assert.deepEqual(
      [entry?.type, entry?.payload?.kind, entry?.payload?.reason],
      ['issue_link.revoked', 'must', 'they are two'],
    );
    const now = await issueById(database.queries, await issueOf(database, cve(3)));
    assert.equal(now?.redirect, null, 'an issue that comes back leads nowhere');
  });
});

describe('decisions on what goes by another id later', () => {
  const GHSA = 'GHSA-jfh8-c2jp-5v3q';
  const record = {
    dataType: 'CVE_RECORD',
    dataVersion: '5.1',
    cveMetadata: { cveId: cve(9), state: 'PUBLISHED', datePublished: '2017-03-29T16:51:12.588Z' },
    containers: {
      cna: {
        providerMetadata: { orgId: '53f830b8-0a3f-465b-8143-3b8a9948e749', shortName: 'GitHub_M' },
        title: 'frobd frobs',
        descriptions: [{ lang: 'en', value: 'frobd frobs.' }],
        affected: [],
        references: [],
        source: { advisory: GHSA, discovery: 'UNKNOWN' },
      },
    },
  };
  const learnAlias = (database: Database) => sync(database, 'cve', `${cve(9)}.json`, JSON.stringify(record));

  test('hold under the new id', async () => {
    await using database = await testDatabase();
    await advisories(database, [cves(1, 2), [GHSA, cve(4)]]);
    const old = await issueOf(database, GHSA);
    await splitIssue(database, old, [cve(4)], by);
    const kept = await mergeIssues(
      database,
      await issueOf(database, cve(1)),
      await issueOf(database, GHSA),
      by,
    );
    await learnAlias(database);
    await computeIssues(database);
    assert.deepEqual(await stacks(database), ['1 2 9', '4']);
    assert.equal(await issueOf(database, cve(9)), kept);
    // What is decided now knows what was decided of the old id.
    await mergeIssues(database, kept, await issueOf(database, cve(4)), by);
    assert.deepEqual(await stacks(database), ['1 2 4 9']);
    assert.ok(!(await activeLinks(database.queries)).some(({ kind }) => kind === 'cannot'));
  });

  test('find their issue even where the new id becomes known in that very moment', async () => {
    await using database = await testDatabase();
    await advisories(database, [[GHSA], cves(1)]);
    const [a, b] = [await issueOf(database, GHSA), await issueOf(database, cve(1))];
    await learnAlias(database);
    const kept = await mergeIssues(database, a, b, by);
    assert.deepEqual(await stacks(database), ['1 9']);
    assert.equal(await issueOf(database, cve(9)), kept);
  });
});

describe('explainIssue', () => {
  test('says why each report belongs to it, the first one first, and what people put there', async () => {
    await using database = await testDatabase();
    await advisories(database, [cves(1, 2), cves(3)]);
    const id = await mergeIssues(
      database,
      await issueOf(database, cve(1)),
      await issueOf(database, cve(3)),
      by,
    );
    const [link] = await activeLinks(database.queries);
    const sentences = (await explainIssue(database.queries, id)).map(({ sentence }) => sentence);
    assert.deepEqual(sentences.slice(0, 2), [
      'DSA-2000-1 opened it on 2010-01-10 with 2 CVEs.',
      `DSA-2001-1 names ${cve(3)}, which people put here (decision ${link?.id}).`,
    ]);
    assert.deepEqual(await explainIssue(database.queries, 'NSI-1999-0001'), []);
  });
});
