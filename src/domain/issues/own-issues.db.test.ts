import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { eventsOf, lockHistory, verifyLog } from '#base/db';
import { VISITOR } from '#domain/policies';
import { acceptProposal, submit, submitIn, undo, undoSet } from '#domain/proposals';
import { ADA, BEN, CLEO, made, OPTIONS, status, waitsForHistory, withPeople } from '../../../test/people.ts';
import { computeIssues } from './compute-issues.ts';
import { createIssue } from './create-issue.ts';
import { mergeIssues } from './decide-links.ts';
import type { IssueDraft } from './own-vulnerability.ts';
import { atomsOf, issueById } from './store.ts';
import { fieldsOfIssues } from './store-fields.ts';
import { issueOfRequest, ownVulnerabilities } from './store-own.ts';
import { packagesOfIssues } from './store-packages.ts';
import { endOfIssue } from './store-reading.ts';
import { statusesOf } from './store-statuses.ts';
import { vulnerabilitiesById } from './store-vulnerabilities.ts';

const DRAFT: IssueDraft = {
  product: 'OpenSSH',
  title: 'openssh module: keys are readable by everybody',
  summary: 'The module writes host keys with **mode 644**: privilege escalation.',
  severity: 'high',
  references: ['https://discourse.example/t/1'],
  packages: [
    { package: 'services.openssh', kind: 'module' },
    { package: 'nix-2.18.1', kind: 'nix' },
  ],
  published: '2017-05-01',
};
const AT = new Date('2026-02-03T10:00:00Z');

describe('issues that no report tells of', () => {
  test('get a number of ours, an issue at once, and what was said of them', async () => {
    await using database = await withPeople();
    const { issue, vulnerability } = await createIssue(database, ADA, DRAFT, {
      ...OPTIONS,
      key: 'request-1',
      at: AT,
    });
    assert.deepEqual([issue, vulnerability], ['NSI-2017-0005', 'MUSTER-2026-0001']);
    assert.deepEqual(await atomsOf(database.queries, ['NSI-2017-0005']), [
      { product: 'openssh', vulnerability: 'MUSTER-2026-0001', issue: 'NSI-2017-0005' },
    ]);
    const fields = (await fieldsOfIssues(database.queries, ['NSI-2017-0005'])).get('NSI-2017-0005');
    assert.deepEqual(
      [fields?.title?.value, fields?.severity?.value, fields?.summary?.value],
      [DRAFT.title, 'high', DRAFT.summary],
    );
    assert.deepEqual(
      (await packagesOfIssues(database.queries, ['NSI-2017-0005'])).map(({ kind, package: name }) => [
        kind,
        name,
      ]),
      [
        ['nix', 'nix-2.18.1'],
        ['module', 'services.openssh'],
      ],
    );
    const [described] = await vulnerabilitiesById(database.queries, ['MUSTER-2026-0001']);
    assert.deepEqual(
      [described?.severity, described?.flaw, described?.canonical],
      ['high', 'privilege escalation', 'MUSTER-2026-0001'],
    );
    assert.equal(
      (await issueById(database.queries, 'NSI-2017-0005'))?.issue.title,
      'openssh: privilege escalation',
    );
    await verifyLog(database.queries);
  });

  test('asked for twice is one issue', async () => {
    await using database = await withPeople();
    const answers = await Promise.all(
      [1, 2, 3].map(() => createIssue(database, ADA, DRAFT, { ...OPTIONS, key: 'request-1', at: AT })),
    );
    assert.deepEqual(
      answers.map(({ issue }) => issue),
      ['NSI-2017-0005', 'NSI-2017-0005', 'NSI-2017-0005'],
    );
    const another = await createIssue(database, BEN, DRAFT, { ...OPTIONS, key: 'request-2', at: AT });
    assert.deepEqual([another.issue, another.vulnerability], ['NSI-2017-0006', 'MUSTER-2026-0002']);
  });

  test('what cannot be one is refused by name, and visitors are', async () => {
    await using database = await withPeople();
    const bad = { ...DRAFT, references: ['javascript:alert(1)'], title: '' };
    const { answer, issue } = await createIssue(database, ADA, bad, { ...OPTIONS, key: 'request-1' });
    assert.equal(issue, null);
    assert.match(JSON.stringify(answer), /MALFORMED.*is no address of the web/);
    const visitor = await createIssue(database, VISITOR, DRAFT, { ...OPTIONS, key: 'request-1' });
    assert.equal(visitor.answer.outcome, 'refused');
    const short = await createIssue(database, ADA, DRAFT, { ...OPTIONS, key: 'x' });
    assert.equal(short.answer.outcome, 'refused');
  });

  test('survive that everything is computed anew, with what people say of them, and keep their ids', async () => {
    await using database = await withPeople();
    const { issue } = await createIssue(database, ADA, DRAFT, { ...OPTIONS, key: 'request-1', at: AT });
    const id = issue ?? '';
    await made(submit(database, BEN, { changes: [status(id, { status: 'affected' })] }, OPTIONS));
    for (let round = 0; round < 3; round += 1) {
      await sql`update grouping_state set grouping_version = 0, reports_changed = -1`.execute(
        database.queries,
      );
      assert.equal((await computeIssues(database)).ran, true);
      assert.deepEqual(await issueOfRequest(database.queries, 'request-1'), {
        issue: id,
        vulnerability: 'MUSTER-2026-0001',
      });
      assert.equal(await endOfIssue(database.queries, id), null);
      assert.equal((await statusesOf(database.queries, [id])).length, 1);
      assert.equal((await fieldsOfIssues(database.queries, [id])).get(id)?.title?.value, DRAFT.title);
    }
    assert.equal((await computeIssues(database)).ran, false, 'nothing has changed since');
  });

  test('made while everything is being computed they are not swept away', async () => {
    await using database = await withPeople();
    await computeIssues(database);
    await sql`update grouping_state set reports_changed = -1`.execute(database.queries);
    const [, ...created] = await Promise.all([
      computeIssues(database),
      ...[1, 2, 3, 4, 5].map((n) =>
        createIssue(database, ADA, DRAFT, { ...OPTIONS, key: `request-${n}`, at: AT }),
      ),
    ]);
    await computeIssues(database);
    for (const [index, { issue }] of created.entries()) {
      assert.equal((await issueOfRequest(database.queries, `request-${index + 1}`))?.issue, issue);
      assert.equal(await endOfIssue(database.queries, issue ?? ''), null);
    }
  });

  test('contributors propose them; whoever accepts makes them, and the credit stays', async () => {
    await using database = await withPeople();
    const { answer, issue } = await createIssue(database, CLEO, DRAFT, {
      ...OPTIONS,
      key: 'request-1',
      at: AT,
    });
    assert.equal(issue, null);
    const proposal = answer.outcome === 'proposed' ? answer.proposal : 0;
    const [change] = await made(acceptProposal(database, ADA, proposal, {}, { ...OPTIONS, at: AT }));
    assert.equal((await issueOfRequest(database.queries, 'request-1'))?.issue, 'NSI-2017-0005');
    const [event] = await eventsOf(database.queries, 'new_issue', 'request-1');
    assert.deepEqual([event?.id, event?.actor, event?.payload?.author], [change?.version, ADA.id, CLEO.id]);
  });

  test('taken back they end, and back again they are the same', async () => {
    await using database = await withPeople();
    const { answer, issue } = await createIssue(database, ADA, DRAFT, {
      ...OPTIONS,
      key: 'request-1',
      at: AT,
    });
    const id = issue ?? '';
    const set = answer.outcome === 'accepted' ? (answer.proposal ?? 0) : 0;
    const [back] = await made(undoSet(database, BEN, set, OPTIONS));
    assert.ok((await endOfIssue(database.queries, id)) instanceof Date);
    await computeIssues(database);
    assert.ok((await endOfIssue(database.queries, id)) instanceof Date);
    await made(undo(database, BEN, back?.version ?? 0, OPTIONS));
    await computeIssues(database);
    assert.equal(await endOfIssue(database.queries, id), null);
    assert.deepEqual(await issueOfRequest(database.queries, 'request-1'), {
      issue: id,
      vulnerability: 'MUSTER-2026-0001',
    });
    const [own] = await ownVulnerabilities(database.queries, ['MUSTER-2026-0001']);
    assert.deepEqual([own?.draft, own?.withdrawnAt], [DRAFT, null]);
  });

  test('made while issues are computed, they have numbers and places of their own', async () => {
    await using database = await withPeople();
    await createIssue(database, ADA, DRAFT, { ...OPTIONS, key: 'request-1', at: AT });
    let computed: Promise<unknown> | undefined;
    await database.transaction(async (tx) => {
      await lockHistory(tx);
      computed = computeIssues(database);
      await waitsForHistory(database);
      const value = { product: 'openssh', title: 'openssh module: another one' };
      const change = { kind: 'new_issue', id: 'request-2', field: 'value', value, saw: 0 };
      assert.equal(
        (await submitIn(tx, BEN, { changes: [change] }, { ...OPTIONS, at: AT })).outcome,
        'accepted',
      );
    });
    await computed;
    const places = async () =>
      Promise.all(['request-1', 'request-2'].map((key) => issueOfRequest(database.queries, key)));
    const [one, two] = await places();
    assert.notEqual(one?.issue, two?.issue);
    await computeIssues(database);
    assert.deepEqual(await places(), [one, two]);
    for (const place of [one, two])
      assert.equal(await endOfIssue(database.queries, place?.issue ?? ''), null);
    await verifyLog(database.queries);
  });

  test('are merged with others as any issue, and stay so', async () => {
    await using database = await withPeople();
    const one = await createIssue(database, ADA, DRAFT, { ...OPTIONS, key: 'request-1', at: AT });
    const two = await createIssue(database, ADA, DRAFT, { ...OPTIONS, key: 'request-2', at: AT });
    await made(
      submit(database, ADA, { changes: [status(two.issue ?? '', { status: 'affected' })] }, OPTIONS),
    );
    const into = await mergeIssues(database, one.issue ?? '', two.issue ?? '', {
      author: ADA.id,
      reason: 'the same',
    });
    assert.equal(into, one.issue);
    assert.equal((await issueOfRequest(database.queries, 'request-2'))?.issue, into);
    assert.deepEqual(
      (await statusesOf(database.queries, [into])).map(({ value, changedBy }) => [value.status, changedBy]),
      [['affected', ADA.id]],
    );
    await verifyLog(database.queries);
  });
});
