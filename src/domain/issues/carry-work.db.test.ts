import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { type Database, eventsOf, verifyLog } from '#base/db';
import { canonicalJson } from '#base/formats';
import type { Actor } from '#domain/policies';
import {
  acceptProposal,
  type FieldValue,
  listProposals,
  proposalById,
  submit,
  touchOf,
  undo,
} from '#domain/proposals';
import { ADA, BEN, CLEO, DORA, EVE, field, made, OPTIONS, status, withPeople } from '../../../test/people.ts';
import { carryWork, splitsOf } from './carry-work.ts';
import { claimChange } from './claims.ts';
import { createIssue } from './create-issue.ts';
import { mergeIssues, splitIssue } from './decide-links.ts';
import { postComment } from './post-comment.ts';
import { onIssue } from './said.ts';
import { mergedInto } from './store-carry.ts';
import { commentsOf } from './store-comments.ts';
import { fieldsOfIssues } from './store-fields.ts';
import { packagesOfIssues } from './store-packages.ts';
import { statusesOf } from './store-statuses.ts';
import { watchesOf } from './store-watches.ts';
import { watch } from './watch.ts';

const [A, B, C] = ['NSI-2017-0001', 'NSI-2017-0002', 'NSI-2017-0003'];

/** As grouping does it: one became part of the other. */
async function merge(database: Database, from: string, to: string): Promise<void> {
  await database.transaction(async (tx) => {
    await sql`update issue_atom set issue = ${to} where issue = ${from}`.execute(tx);
    await sql`update issue set redirect = ${to} where id = ${from} or redirect = ${from}`.execute(tx);
    await carryWork(tx, [{ from, to }], { actor: 'machine:grouping', at: new Date() });
  });
}

const set = (database: Database, actor: Actor, ...changes: ReturnType<typeof field>[]) =>
  made(submit(database, actor, { changes }, OPTIONS));

describe('work on an issue that became part of another', () => {
  test('goes with it: statuses, fields, packages, comments, watches, claims, with who said it and when', async () => {
    await using database = await withPeople();
    const [done] = await set(database, ADA, status(B, { status: 'fixed', fixedIn: '1.0.2k' }));
    await set(database, BEN, field(B, 'title', 'openssl: crash'), field(B, 'emergency', true));
    await set(database, BEN, {
      kind: 'package',
      id: `${B}/libressl`,
      field: 'value',
      value: 'attribute',
      saw: 0,
    });
    await set(database, CLEO, claimChange(B, CLEO.id, 0));
    const { id } = await postComment(database, CLEO, { issue: B, body: 'mine' });
    await watch(database, EVE, `issue:${B}`);
    await merge(database, B, A);

    const [box] = await statusesOf(database.queries, [A]);
    assert.deepEqual([box?.value, box?.changedBy], [{ status: 'fixed', fixedIn: '1.0.2k' }, ADA.id]);
    assert.notEqual(box?.version, done?.version);
    const fields = (await fieldsOfIssues(database.queries, [A])).get(A);
    assert.deepEqual([fields?.title?.value, fields?.emergency?.value], ['openssl: crash', true]);
    assert.deepEqual((fields?.claim?.value as { person?: string } | undefined)?.person, CLEO.id);
    assert.deepEqual(
      (await packagesOfIssues(database.queries, [A])).map((each) => each.package),
      ['libressl', 'openssl'],
    );
    assert.deepEqual(
      (await commentsOf(database.queries, [A])).map((each) => each.id),
      [id],
    );
    assert.deepEqual(
      (await watchesOf(database.queries, 5)).map(({ topic }) => topic),
      [`issue:${A}`],
    );
    assert.deepEqual(
      [await statusesOf(database.queries, [B]), await packagesOfIssues(database.queries, [B])],
      [[], []],
    );
    assert.equal((await listProposals(database.queries, { state: 'open' })).length, 0);

    const [carried] = await eventsOf(database.queries, 'issue', B);
    assert.equal(carried?.type, 'status.set');
    const told = await eventsOf(database.queries, 'issue', A);
    const status_ = told.find(({ type }) => type === 'status.set');
    assert.deepEqual(
      [status_?.actor, status_?.payload?.author, status_?.payload?.carried],
      ['machine:grouping', ADA.id, done?.version],
    );
    assert.deepEqual(told.at(-1)?.payload, {
      from: B,
      values: 6,
      comments: 1,
      watches: 1,
      moved: 0,
      proposals: [],
    });
    assert.deepEqual(await mergedInto(database.queries, A), [B]);
    await verifyLog(database.queries);
  });

  test('where both hold something different, what is there stays, and the other is proposed by who said it', async () => {
    await using database = await withPeople();
    await set(database, ADA, status(A, { status: 'affected' }), field(A, 'severity', 'high'));
    await set(
      database,
      BEN,
      status(B, { status: 'fixed' }),
      field(B, 'severity', 'high'),
      field(B, 'title', 'crash'),
    );
    await set(database, DORA, field(A, 'title', 'overflow'), field(B, 'summary', 'words'));
    await merge(database, B, A);
    const fields = (await fieldsOfIssues(database.queries, [A])).get(A);
    assert.deepEqual(
      [fields?.title?.value, fields?.severity?.value, fields?.summary?.value],
      ['overflow', 'high', 'words'],
    );
    const [proposal, second] = await listProposals(database.queries, { state: 'open', topic: `issue:${A}` });
    assert.equal(second, undefined);
    assert.deepEqual(
      [proposal?.author, proposal?.remark],
      [BEN.id, `said of ${B} before it became part of ${A}`],
    );
    assert.deepEqual(
      proposal?.changes.map((change) => [touchOf(change), change.value]),
      [
        [`status/${A}/openssl/nixos-17.03#value`, { status: 'fixed' }],
        [`issue/${A}#title`, 'crash'],
      ],
    );
    await made(acceptProposal(database, ADA, proposal?.id ?? 0, {}, OPTIONS));
    assert.equal((await fieldsOfIssues(database.queries, [A])).get(A)?.title?.value, 'crash');
  });

  test('what one may not set at once is kept as a proposal all the same', async () => {
    await using database = await withPeople();
    await set(database, ADA, status(A, { status: 'fixed' }));
    await set(database, BEN, status(B, { status: 'wont_fix', note: 'old' }));
    await merge(database, B, A);
    const [proposal] = await listProposals(database.queries, { state: 'open' });
    assert.deepEqual(proposal?.changes[0]?.value, { status: 'wont_fix', note: 'old' });
  });

  test('of two of which one was dismissed neither is, and the dismissal is proposed anew', async () => {
    const dismissal = { reason: 'not_packaged', note: 'not ours' };
    for (const dismissed of [A, B]) {
      await using database = await withPeople();
      await set(database, ADA, field(dismissed, 'dismissed', dismissal));
      await merge(database, B, A);
      assert.equal((await fieldsOfIssues(database.queries, [A])).get(A)?.dismissed?.value ?? null, null);
      const [proposal] = await listProposals(database.queries, { state: 'open' });
      assert.deepEqual([proposal?.author, proposal?.changes[0]?.value], [ADA.id, dismissal]);
      await made(acceptProposal(database, BEN, proposal?.id ?? 0, {}, OPTIONS));
    }
    await using database = await withPeople();
    await set(database, ADA, field(A, 'dismissed', dismissal), field(B, 'dismissed', dismissal));
    await merge(database, B, A);
    assert.deepEqual((await fieldsOfIssues(database.queries, [A])).get(A)?.dismissed?.value, dismissal);
  });

  test('open proposals go with it, and are stale where their author has not seen what is there', async () => {
    await using database = await withPeople();
    await set(database, ADA, status(A, { status: 'affected' }));
    const propose = async (...changes: ReturnType<typeof field>[]) => {
      const answer = await submit(database, CLEO, { changes }, OPTIONS);
      return answer.outcome === 'proposed' ? answer.proposal : 0;
    };
    const [fresh] = await set(database, ADA, status(B, { status: 'affected' }, 0, 'curl/nixos-17.03'));
    const good = await propose(status(B, { status: 'fixed' }, fresh?.version, 'curl/nixos-17.03'));
    const blind = await propose(status(B, { status: 'fixed' }));
    const both = await propose(field(A, 'severity', 'low'), field(B, 'severity', 'high'));
    await merge(database, B, A);
    const now = await proposalById(database.queries, good);
    assert.deepEqual(
      [now?.topics, now?.staleSince],
      [[`issue:${A}`, 'package:curl', 'channel:nixos-17.03'], null],
    );
    await made(acceptProposal(database, ADA, good, {}, OPTIONS));
    assert.ok((await proposalById(database.queries, blind))?.staleSince instanceof Date);
    assert.equal((await acceptProposal(database, ADA, blind, {}, OPTIONS)).outcome, 'conflict');
    assert.deepEqual((await proposalById(database.queries, both))?.changes, [
      { kind: 'issue', id: A, field: 'severity', value: 'low', saw: 0 },
    ]);
    const [apart] = await listProposals(database.queries, { state: 'open', author: CLEO.id, limit: 1 });
    assert.deepEqual(
      apart?.changes.map(({ id, value, saw }) => [id, value, saw]),
      [[A, 'high', 0]],
    );
  });

  test('open proposals on its part in a campaign come along, too', async () => {
    await using database = await withPeople();
    const part = { kind: 'campaign_issue', id: `stack-clash/${B}`, field: 'value', value: 'in', saw: 0 };
    const answer = await submit(database, CLEO, { changes: [part] }, OPTIONS);
    assert.ok(answer.outcome === 'proposed');
    await merge(database, B, A);
    const moved = await proposalById(database.queries, answer.proposal);
    assert.deepEqual(
      [moved?.changes[0]?.id, moved?.staleSince, moved?.topics.includes(`issue:${A}`)],
      [`stack-clash/${A}`, null, true],
    );
    const [accepted] = await made(acceptProposal(database, ADA, answer.proposal, {}, OPTIONS));
    assert.equal(accepted?.id, `stack-clash/${A}`);
  });

  test('a claim that has run out is nobody’s, and a comment is edited under either name', async () => {
    await using database = await withPeople();
    await set(database, CLEO, claimChange(B, CLEO.id, 0, { until: new Date('2017-03-08') }));
    const { id } = await postComment(database, CLEO, { issue: B, body: 'mine' });
    const [comment] = await commentsOf(database.queries, [B]);
    await merge(database, B, A);
    assert.equal((await fieldsOfIssues(database.queries, [A])).get(A), undefined);
    const edit = {
      kind: 'comment',
      id: `${B}/${id}`,
      field: 'body',
      value: 'edited',
      saw: comment?.version ?? 0,
    };
    await set(database, CLEO, edit);
    assert.equal((await commentsOf(database.queries, [A]))[0]?.body, 'edited');
  });

  test('what was carried is undone as anything', async () => {
    await using database = await withPeople();
    await set(database, ADA, status(B, { status: 'fixed' }));
    await merge(database, B, A);
    const [box] = await statusesOf(database.queries, [A]);
    await made(undo(database, BEN, box?.version ?? 0, OPTIONS));
    assert.deepEqual(await statusesOf(database.queries, [A]), []);
  });
});

describe('laws of merging', () => {
  const BOXES = ['openssl/nixos-17.03', 'curl/nixos-16.09'];
  const value = fc.constantFrom<FieldValue>(
    { status: 'affected' },
    { status: 'fixed' },
    { status: 'wont_fix', note: 'old' },
    { status: 'postponed', until: '2999-01-01' },
  );
  const saying = fc.record({
    issue: fc.constantFrom(A, B, C),
    actor: fc.constantFrom(ADA, BEN, DORA),
    what: fc.oneof(
      fc.tuple(fc.constant('status' as const), fc.constantFrom(...BOXES), value),
      fc.tuple(
        fc.constant('issue' as const),
        fc.constantFrom('title', 'severity'),
        fc.constantFrom('low', 'high'),
      ),
      fc.tuple(fc.constant('proposal' as const), fc.constantFrom(...BOXES), value),
    ),
  });

  /** Everything that is said anywhere, of whatever issue: set, or proposed and open. */
  async function allSaid(database: Database, on: string): Promise<Set<string>> {
    const issues = [A, B, C];
    const said = new Set<string>();
    const add = (touch: string, it: FieldValue) => said.add(`${touch} ${canonicalJson(it)}`);
    for (const box of await statusesOf(database.queries, issues))
      add(`status ${box.package}/${box.channel}`, box.value as FieldValue);
    for (const fields of (await fieldsOfIssues(database.queries, issues)).values())
      for (const [name, state] of Object.entries(fields))
        if (state.value !== null) add(`issue ${name}`, state.value);
    for (const proposal of await listProposals(database.queries, { state: 'open', limit: 500 }))
      for (const { kind, id, field: name, value: proposed } of proposal.changes)
        add(
          kind === 'issue'
            ? `issue ${name}`
            : `${kind} ${onIssue(id, id.slice(0, id.indexOf('/')), '').slice(1)}`,
          proposed,
        );
    assert.ok(on.length > 0);
    return said;
  }

  test('nothing that was said is lost, whatever was said and in whatever order two become part of a third', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(saying, { maxLength: 12 }), fc.boolean(), async (sayings, order) => {
        await using database = await withPeople();
        for (const { issue, actor, what } of sayings) {
          const [kind, name, it] = what;
          const change = kind === 'issue' ? field(issue, name, it) : status(issue, it as FieldValue, 0, name);
          const key = touchOf(change);
          const { rows } = await sql<{
            version: number;
          }>`select version from status where 'status/' || issue || '/' || package || '/' || channel || '#value' = ${key}
            union all select version from issue_field where 'issue/' || issue || '#' || field = ${key}`.execute(
            database.queries,
          );
          const saw = rows[0]?.version ?? 0;
          await submit(
            database,
            kind === 'proposal' ? CLEO : actor,
            { changes: [{ ...change, saw }] },
            OPTIONS,
          );
        }
        const before = await allSaid(database, A);
        for (const from of order ? [B, C] : [C, B]) await merge(database, from, A);
        assert.deepEqual([...(await allSaid(database, A))].sort(), [...before].sort());
        const { rows } = await sql<{ left: number }>`select (select count(*) from status where issue <> ${A})
          + (select count(*) from issue_field where issue <> ${A})
          + (select count(*) from proposal where state = 'open' and not topics && array['issue:' || ${A}::text]) as left`.execute(
          database.queries,
        );
        assert.equal(rows[0]?.left, 0);
        await verifyLog(database.queries);
      }),
      { numRuns: 25 },
    );
  });
});

describe('an issue that was part of another', () => {
  const DRAFT = { product: 'openssl', title: 'openssl: flaw of ours' };

  test('says where it came from; what was said of the whole is proposed for it; who watched the one watches both', async () => {
    await using database = await withPeople();
    const [one, two] = [
      await createIssue(database, ADA, DRAFT, { ...OPTIONS, key: 'request-1' }),
      await createIssue(database, ADA, DRAFT, { ...OPTIONS, key: 'request-2' }),
    ];
    const decision = { author: ADA.id, reason: 'one fix' };
    const whole = await mergeIssues(database, one.issue ?? '', two.issue ?? '', decision);
    await set(
      database,
      BEN,
      status(whole, { status: 'fixed' }),
      status(whole, { status: 'affected' }, 0, 'curl/nixos-16.09'),
    );
    await watch(database, EVE, `issue:${whole}`);
    const [stays, goes] = await splitIssue(database, whole, [two.vulnerability ?? ''], decision);
    assert.equal(stays, whole);
    assert.notEqual(goes, two.issue, 'the number of what was merged leads on to where its work is');
    assert.equal((await statusesOf(database.queries, [stays])).length, 2);
    assert.deepEqual(await statusesOf(database.queries, [goes]), []);
    const [proposal] = await listProposals(database.queries, { state: 'open', topic: `issue:${goes}` });
    assert.deepEqual(
      [proposal?.author, proposal?.changes.map(({ id, value }) => [id, value])],
      [
        BEN.id,
        [
          [`${goes}/curl/nixos-16.09`, { status: 'affected' }],
          [`${goes}/openssl/nixos-17.03`, { status: 'fixed' }],
        ],
      ],
    );
    await made(acceptProposal(database, ADA, proposal?.id ?? 0, {}, OPTIONS));
    const history = await eventsOf(database.queries, 'issue', goes);
    assert.deepEqual(history.find(({ type }) => type === 'issue.split_from')?.payload, {
      from: whole,
      vulnerabilities: [two.vulnerability],
      proposals: [proposal?.id],
    });
    assert.ok(
      (await eventsOf(database.queries, 'issue', whole)).some(({ type }) => type === 'issue.split_off'),
    );
    assert.deepEqual(
      new Set((await watchesOf(database.queries, 5)).map(({ topic }) => topic)),
      new Set([`issue:${whole}`, `issue:${goes}`]),
    );
  });

  test('of a new issue all of whose atoms are new nothing is said', () => {
    const known = new Map([
      ['p CVE-1', A],
      ['p CVE-2', B],
      ['p CVE-3', A],
    ]);
    const atoms = [
      { key: 'p CVE-1', vulnerability: 'CVE-1', issue: A },
      { key: 'p CVE-3', vulnerability: 'CVE-3', issue: 'N' },
      { key: 'p CVE-2', vulnerability: 'CVE-2', issue: 'N' },
      { key: 'p CVE-4', vulnerability: 'CVE-4', issue: 'M' },
    ];
    assert.deepEqual(splitsOf(known, atoms, new Set(['N', 'M']), new Map([[B, C]])), [
      { from: A, to: 'N', vulnerabilities: ['CVE-3'] },
      { from: C, to: 'N', vulnerabilities: ['CVE-2'] },
    ]);
  });
});
