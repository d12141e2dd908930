import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { type Database, verifyLog } from '#base/db';
import { acceptProposal, editables, listProposals } from '#domain/proposals';
import { testDatabase } from '../../../test/database.ts';
import { record } from '../../../test/records.ts';
import { announce } from '../../../test/sample-world.ts';
import { computeIssues, watchProducts } from './compute-issues.ts';
import { mergeIssues } from './decide-links.ts';
import { editableIssue } from './editable-issue.ts';
import { numberFigures, numberStanding, refreshNumbers } from './numbers.ts';
import { makeCards } from './refresh-cards.ts';
import { atomsOf, listIssues } from './store.ts';
import { fieldsOfIssues } from './store-fields.ts';
import { LONGEST_GAP } from './store-numbers.ts';

const stands = async ({ queries }: Database, id: string) => {
  const { state, since, by, announced, neighbours } = await numberStanding(queries, id);
  return [state, since?.toISOString().slice(0, 10) ?? null, by, announced?.first.key ?? null, neighbours];
};

describe('a number', () => {
  test('says what it is, since when, and by whose word', async () => {
    await using database = await testDatabase();
    await record(database, 'CVE-2017-0001', '2017-01-05');
    await record(database, 'CVE-2017-0004', '2017-02-05', { state: 'REJECTED' });
    await announce(database, [
      { number: 3001, package: 'openssl', vulnerabilities: ['CVE-2017-0001', 'CVE-2017-0009'] },
      { number: 3002, package: 'openssl', vulnerabilities: ['CVE-2017-0009'] },
    ]);
    await computeIssues(database);
    assert.deepEqual(
      (await stands(database, 'CVE-2017-0001')).slice(0, 2),
      ['published', '2017-01-05'],
      'since it was, not since we know',
    );
    assert.deepEqual(await stands(database, 'CVE-2017-0004'), [
      'rejected',
      '2017-02-05',
      ['cve'],
      null,
      null,
    ]);
    const [state, , by, first] = await stands(database, 'CVE-2017-0009');
    assert.deepEqual(
      [state, by, first],
      ['reserved', [], 'DSA-3001-1'],
      'announced, and described by no record',
    );
    await record(database, 'CVE-2017-0001', '2018-03-01', { state: 'REJECTED' });
    await computeIssues(database);
    assert.deepEqual((await stands(database, 'CVE-2017-0001')).slice(0, 3), [
      'rejected',
      '2018-03-01',
      ['cve'],
    ]);
  });

  test('is reserved since the day that its record says, whether an advisory named it before or after', async () => {
    const advisory = [{ number: 3001, package: 'openssl', vulnerabilities: ['CVE-2017-0009'] }];
    for (const first of ['advisory', 'record']) {
      await using database = await testDatabase();
      for (const what of first === 'advisory' ? ['advisory', 'record'] : ['record', 'advisory']) {
        if (what === 'advisory') await announce(database, advisory);
        else await record(database, 'CVE-2017-0009', '2017-03-05', { state: 'RESERVED' });
        await computeIssues(database);
      }
      assert.deepEqual(
        (await stands(database, 'CVE-2017-0009')).slice(0, 3),
        ['reserved', '2017-03-05', ['cve']],
        `${first} first`,
      );
    }
  });

  test('that was rejected stays with its issue; once all of them are, its dismissal is proposed, and made by nobody', async () => {
    await using database = await testDatabase();
    const { queries } = database;
    const ids = ['CVE-2017-0001', 'CVE-2017-0002'];
    for (const id of ids) await record(database, id, '2017-01-05');
    await announce(database, [{ number: 3001, package: 'openssl', vulnerabilities: ids }]);
    await computeIssues(database);
    const open = () => listProposals(queries, { state: 'open', limit: 10 });
    await record(database, 'CVE-2017-0001', '2018-03-01', { state: 'REJECTED' });
    await computeIssues(database);
    assert.deepEqual(await open(), []);
    await record(database, 'CVE-2017-0002', '2018-03-02', { state: 'REJECTED' });
    await computeIssues(database);
    const [proposal, ...others] = await open();
    assert.deepEqual(others, []);
    const [issue = ''] = (await listIssues(queries, { limit: 9, offset: 0 })).map(({ id }) => id);
    assert.deepEqual(
      proposal?.changes.map(({ id, field, value }) => [id, field, (value as { reason: string }).reason]),
      [[issue, 'dismissed', 'not_a_vulnerability']],
    );
    assert.deepEqual(await fieldsOfIssues(queries, [issue]), new Map(), 'nobody has decided');
    const atoms = await atomsOf(queries, [issue]);
    assert.deepEqual(
      atoms.map(({ vulnerability }) => vulnerability),
      ids,
      'nothing has vanished',
    );
    const [card] = await makeCards(queries, [{ id: issue, changed: 0 }]);
    assert.deepEqual(
      card?.page.vulnerabilities.map(({ state, stateSince }) => [state, stateSince?.slice(0, 10)]),
      [
        ['rejected', '2018-03-01'],
        ['rejected', '2018-03-02'],
      ],
    );
    await announce(database, [
      { number: 3001, package: 'openssl', vulnerabilities: ids },
      { number: 3002, package: 'tiff', vulnerabilities: ['CVE-2017-0010'] },
    ]);
    await computeIssues(database);
    assert.equal((await open()).length, 1, 'proposed once');
  });

  test('whose record alone opened an issue stays with it when it is rejected; published again, its dismissal is proposed no more', async () => {
    await using database = await testDatabase();
    const { queries } = database;
    await watchProducts(database, ['frobd']);
    await record(database, 'CVE-2017-0001', '2017-01-05', { product: 'frobd' });
    await record(database, 'CVE-2017-0002', '2017-01-06', { state: 'REJECTED' });
    const compute = async () => {
      await computeIssues(database);
      return (await listIssues(queries, { limit: 9, offset: 0 })).map(({ id }) => id);
    };
    const proposals = async () =>
      (await listProposals(queries, { limit: 10 })).map(({ state, changes: [change], decisionReason }) => [
        state,
        change?.field,
        (change?.value as { reason: string } | null)?.reason ?? null,
        decisionReason,
      ]);
    const [issue = '', ...others] = await compute();
    assert.deepEqual(others, [], 'what was rejected before we ever saw it opens none');
    assert.deepEqual(await proposals(), []);

    await record(database, 'CVE-2017-0001', '2018-03-01', { state: 'REJECTED' });
    assert.deepEqual(await compute(), [issue]);
    const atoms = await atomsOf(queries, [issue]);
    assert.deepEqual(
      atoms.map(({ product, vulnerability }) => [product, vulnerability]),
      [['frobd', 'CVE-2017-0001']],
    );
    const [card] = await makeCards(queries, [{ id: issue, changed: 0 }]);
    assert.deepEqual(
      card?.page.vulnerabilities.map(({ state, stateSince, stateBy }) => [
        state,
        stateSince?.slice(0, 10),
        stateBy,
      ]),
      [['rejected', '2018-03-01', ['cve']]],
    );
    const open = ['open', 'dismissed', 'not_a_vulnerability', null];
    assert.deepEqual(await proposals(), [open]);

    // Another computation, also one from nothing, takes nothing away.
    await record(database, 'CVE-2017-0001', '2018-03-02', { state: 'REJECTED' });
    assert.deepEqual(await compute(), [issue]);
    await sql`update grouping_state set grouping_version = 0`.execute(queries);
    assert.deepEqual(await compute(), [issue]);
    assert.deepEqual(await proposals(), [open], 'proposed once');

    await record(database, 'CVE-2017-0001', '2018-03-03', { product: 'frobd' });
    assert.deepEqual(await compute(), [issue]);
    const takenBack = ['withdrawn', 'dismissed', 'not_a_vulnerability', 'CVE-2017-0001: not rejected.'];
    assert.deepEqual(await proposals(), [takenBack]);
    const { rows } = await sql<{ reason: string }>`select payload->>'reason' as reason from event
      where type = 'proposal.withdrawn'`.execute(queries);
    assert.deepEqual(rows, [{ reason: 'CVE-2017-0001: not rejected.' }], 'the history says why');

    // Rejected once more and dismissed by somebody; when it comes out after all, bringing it back is proposed, and done by nobody.
    await record(database, 'CVE-2017-0001', '2018-03-04', { state: 'REJECTED' });
    await compute();
    const [again] = await listProposals(queries, { state: 'open', limit: 10 });
    assert.ok(again !== undefined);
    const triager = { id: 'account:1', role: 'triager', account: 1 } as const;
    const options = { kinds: editables([editableIssue]), rules: { secondOpinion: false } };
    assert.equal((await acceptProposal(database, triager, again.id, {}, options)).outcome, 'accepted');
    await record(database, 'CVE-2017-0001', '2018-03-05', { product: 'frobd' });
    assert.deepEqual(await compute(), [issue]);
    assert.deepEqual(
      (await proposals()).filter(([state]) => state === 'open'),
      [['open', 'dismissed', null, null]],
    );
    const dismissed = (await fieldsOfIssues(queries, [issue])).get(issue)?.dismissed;
    assert.notEqual(dismissed, null, 'what somebody decided stands');
    await verifyLog(queries);
  });

  test('of an issue that is part of another, or ended: its dismissal is proposed no more', async () => {
    for (const becomes of ['part of another', 'nothing'] as const) {
      await using database = await testDatabase();
      const { queries } = database;
      await record(database, 'CVE-2017-0002', '2017-01-05');
      const other = { number: 3002, package: 'openssl', vulnerabilities: ['CVE-2017-0002'] };
      await announce(database, [other]);
      await computeIssues(database);
      const [issue = ''] = (await listIssues(queries, { limit: 9, offset: 0 })).map(({ id }) => id);
      const own = { number: 3009, package: 'openssl', vulnerabilities: ['CVE-2016-0009'] };
      await announce(database, [other, own]);
      await record(database, 'CVE-2016-0009', '2018-03-01', { state: 'REJECTED' });
      await computeIssues(database);
      const [proposal] = await listProposals(queries, { state: 'open', limit: 10 });
      const rejected = proposal?.changes[0]?.id ?? '';
      assert.ok(rejected !== '' && rejected !== issue);
      if (becomes === 'nothing') {
        await announce(database, [other]);
        await computeIssues(database);
      } else {
        const decision = { author: 'person:1', reason: 'one flaw' };
        assert.equal(await mergeIssues(database, issue, rejected, decision), issue);
      }
      assert.deepEqual(await listProposals(queries, { state: 'open', limit: 10 }), [], becomes);
      const [closed] = await listProposals(queries, { limit: 10 });
      assert.deepEqual(
        [closed?.state, closed?.changes[0]?.id, closed?.decisionReason],
        [
          'withdrawn',
          rejected,
          becomes === 'nothing'
            ? 'It has no vulnerability any more.'
            : `${rejected} is part of ${issue} now.`,
        ],
      );
      const { rows } = await sql`select id from issue where rejected_at is not null`.execute(queries);
      assert.deepEqual(rows, []);
      await verifyLog(queries);
    }
  });

  test('that is rejected while its issue stays has the product that its record named, also where another record stands', async () => {
    await using database = await testDatabase();
    const { queries } = database;
    await watchProducts(database, ['frobd', 'quxd']);
    await record(database, 'CVE-2017-0001', '2017-01-05', { product: 'frobd' });
    await record(database, 'CVE-2017-0002', '2017-01-05', { product: 'quxd' });
    await computeIssues(database);
    const products = async () =>
      (await listIssues(queries, { limit: 9, offset: 0 })).map(({ id, product }) => [product, id]).sort();
    const before = await products();
    assert.equal(before.length, 2);
    await record(database, 'CVE-2017-0001', '2018-03-01', { state: 'REJECTED' });
    await announce(database, [{ number: 3001, package: 'frobd', vulnerabilities: ['CVE-2017-0001'] }]);
    await computeIssues(database);
    assert.deepEqual(await products(), before, 'what a report names goes on as the report says');
    await announce(database, [{ number: 3001, package: 'frobd', vulnerabilities: ['CVE-2017-0077'] }]);
    await computeIssues(database);
    assert.deepEqual(
      (await products()).map(([product]) => product),
      ['frobd', 'quxd'],
      'and goes as it goes: its source has taken it back',
    );
  });

  test('that nobody has spoken of lies in a gap, beyond the last one, or in a year of none', async () => {
    await using database = await testDatabase();
    const { queries } = database;
    await sql`insert into vulnerability (id, canonical) select i, i from unnest(array['CVE-2017-0002', 'CVE-2017-9999',
      'CVE-2017-10000', 'CVE-2017-1000379', 'CVE-2018-0001']) i`.execute(queries);
    const near = async (id: string) => (await numberStanding(queries, id)).neighbours;
    assert.deepEqual(await near('CVE-2017-0100'), { before: 'CVE-2017-0002', after: 'CVE-2017-9999' });
    assert.deepEqual(await near('CVE-2017-20000'), { before: 'CVE-2017-10000', after: 'CVE-2017-1000379' });
    assert.deepEqual(await near('CVE-2017-1000380'), { before: 'CVE-2017-1000379', after: null });
    assert.deepEqual(await near('CVE-2017-0001'), { before: null, after: 'CVE-2017-0002' });
    assert.deepEqual(await near('CVE-2016-0001'), { before: null, after: null });
    assert.deepEqual(await near('CVE-2017-9999999999999999999'), { before: 'CVE-2017-1000379', after: null });
    assert.equal(await near('GHSA-2222-3333-4444'), null);
    assert.equal(await near('CVE-2017-9999'), null, 'somebody has');
  });
});

describe('all numbers in figures', () => {
  test('count states and gaps by year; what is missing in long stretches is a block of somebody’s', async () => {
    await using database = await testDatabase();
    const { queries } = database;
    const far = 10_000 + LONGEST_GAP + 2;
    await sql`insert into vulnerability (id, canonical, state, state_by) values
      ('CVE-2017-0001', 'CVE-2017-0001', 'published', '{cve}'), ('CVE-2017-0002', 'CVE-2017-0002', 'rejected', '{cve}'),
      ('CVE-2017-0005', 'CVE-2017-0005', 'reserved', '{cve}'), ('CVE-2017-0007', 'CVE-2017-0007', 'reserved', '{}'),
      ('CVE-2017-10000', 'CVE-2017-10000', 'published', '{nvd}'), (${`CVE-2017-${far}`}, 'x', 'published', '{nvd}'),
      ('CVE-2016-9999999999999999999', 'x', 'published', '{cve}'), ('GHSA-2222-3333-4444', 'x', 'published', '{}')`.execute(
      queries,
    );
    assert.equal(await numberFigures(queries), null, 'nobody who looks has them counted');
    await refreshNumbers(queries);
    const years = (await numberFigures(queries))?.years;
    assert.deepEqual(years, [
      {
        ...{ year: 2017, published: 3, reserved: 1, rejected: 1, unrecorded: 1 },
        ...{ highest: `CVE-2017-${far}`, missing: 3, gaps: 2 },
      },
      {
        ...{ year: 2016, published: 1, reserved: 0, rejected: 0, unrecorded: 0 },
        ...{ highest: 'CVE-2016-9999999999999999999', missing: 0, gaps: 0 },
      },
    ]);
  });

  test('list what is announced and described by no record, until it is; and are counted anew then', async () => {
    await using database = await testDatabase();
    const { queries } = database;
    await announce(database, [
      { number: 3001, package: 'openssl', vulnerabilities: ['CVE-2017-0009'] },
      { number: 3002, package: 'openssl', vulnerabilities: ['CVE-2017-0009'] },
      { number: 3004, package: 'tiff', vulnerabilities: ['CVE-2017-0010'] },
    ]);
    await computeIssues(database);
    const { reservedPublic } = await refreshNumbers(queries);
    assert.deepEqual(
      reservedPublic.latest.map(({ id, by, first, announcements }) => [
        id,
        by,
        first.source,
        first.key,
        announcements,
      ]),
      [
        ['CVE-2017-0010', [], 'debian', 'DSA-3004-1', 1],
        ['CVE-2017-0009', [], 'debian', 'DSA-3001-1', 2],
      ],
    );
    await record(database, 'CVE-2017-0009', '2017-06-20');
    await computeIssues(database);
    const after = await refreshNumbers(queries);
    assert.deepEqual(
      after.reservedPublic.latest.map(({ id }) => id),
      ['CVE-2017-0010'],
    );
    assert.equal(after.reservedPublic.total, 1);
    assert.deepEqual(await numberFigures(queries), after);
  });
});
