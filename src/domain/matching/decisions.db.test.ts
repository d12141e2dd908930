import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import { type Database, eventsOf, verifyLog } from '#base/db';
import type { Verdict } from '#base/versions';
import { noticesOf, packagesOfIssues, statusesOf, tellPeople, watch } from '#domain/issues';
import type { Actor } from '#domain/policies';
import {
  type Answer,
  acceptProposal,
  type FieldValue,
  listProposals,
  submit,
  undo,
  undoSet,
} from '#domain/proposals';
import { ADA, BEN, CLEO, DORA, made, OPTIONS, status, withPeople } from '../../../test/people.ts';
import { suggest as asMatched, matcherRan } from '../../../test/suggestions.ts';
import { applyRules } from './apply-rules.ts';
import { type DecideOptions, decideSuggestions } from './decide-suggestions.ts';
import type { Decision } from './decision.ts';
import { nextSuggestions } from './next-suggestions.ts';
import { rewriteQueue, settleSuggestions } from './settle.ts';
import { decisionsOfIssues } from './store-decisions.ts';
import { listRules } from './store-rules.ts';

const [A, B] = ['NSI-2017-0001', 'NSI-2017-0002'];
const ACCEPT: Decision = { decision: 'accepted' };
const WRONG: Decision = { decision: 'dismissed', reason: 'wrong_product', note: 'another openssl' };

type Cell = [channel: string, version: string, verdict: Verdict];

const WHY = {
  affected: '1.0 < 1.1',
  unknown: 'no record',
  not_affected: '1.1 ≥ 1.1, where the affected versions end',
};

async function suggest(database: Database, issue: string, attr: string, cells: Cell[]): Promise<void> {
  const vulnerability = `CVE-2017-000${issue.at(-1)}`;
  const shown = cells.map(([channel, version, verdict]) => ({
    ...{ channel, version, verdict, vulnerability, why: WHY[verdict] },
  }));
  await asMatched(database, [{ issue, attr, cells: shown }]);
}

const HIT: Cell[] = [
  ['nixos-16.09', '1.1', 'not_affected'],
  ['nixos-17.03', '1.0', 'affected'],
];

async function withSuggestions(): Promise<Database> {
  const database = await withPeople();
  await suggest(database, A, 'openssl', HIT);
  await suggest(database, A, 'libressl', [['nixos-17.03', '2.0', 'unknown']]);
  await suggest(database, B, 'openssl', HIT);
  await settleSuggestions(database);
  return database;
}

async function decide(
  database: Database,
  actor: Actor,
  ids: string[],
  decision: Decision,
  more: Partial<DecideOptions> = {},
) {
  const known = new Map(
    (await decisionsOfIssues(database.queries, ['NSI-2017-0001', 'NSI-2017-0002', 'NSI-2017-0003'])).map(
      (each) => [each.id, each.version],
    ),
  );
  const decisions = ids.map((id) => ({ id, decision, saw: known.get(id) ?? 0 }));
  return decideSuggestions(database, actor, decisions, { ...OPTIONS, ...more });
}

const waiting = async (database: Database) =>
  (await nextSuggestions(database.queries, { account: null, limit: 100 })).map(({ id }) => id).sort();
const decided = async (database: Database) =>
  Object.fromEntries((await decisionsOfIssues(database.queries, [A, B])).map(({ id, value }) => [id, value]));
const outcome = async (answer: Promise<{ answer: Answer }>) => (await answer).answer.outcome;

describe('deciding what the matcher proposes', () => {
  test('accepting lists the package and says of each channel what is shown, as one change set that is undone as one', async () => {
    await using database = await withSuggestions();
    const { answer } = await decide(database, ADA, [`${A}/openssl`], { ...ACCEPT, note: 'it is' });
    assert.equal(answer.outcome, 'accepted');
    assert.deepEqual(
      (await packagesOfIssues(database.queries, [A])).map((each) => each.package),
      ['openssl'],
    );
    const before = (await statusesOf(database.queries, [A])).map(({ channel, value }) => [channel, value]);
    assert.deepEqual(before, [
      ['nixos-16.09', { status: 'fixed', note: 'CVE-2017-0001: 1.1 ≥ 1.1, where the affected versions end' }],
      ['nixos-17.03', { status: 'affected', note: 'CVE-2017-0001: 1.0 < 1.1' }],
    ]);
    assert.deepEqual(await waiting(database), [`${A}/libressl`, `${B}/openssl`]);
    const set = answer.outcome === 'accepted' ? (answer.proposal ?? 0) : 0;
    assert.equal((await eventsOf(database.queries, 'issue', A)).length, 4);
    const [back] = await made(undoSet(database, BEN, set, OPTIONS));
    assert.deepEqual(await statusesOf(database.queries, [A]), []);
    assert.deepEqual(await packagesOfIssues(database.queries, [A]), []);
    assert.deepEqual(await waiting(database), [`${A}/libressl`, `${A}/openssl`, `${B}/openssl`]);
    await made(undo(database, ADA, back?.version ?? 0, OPTIONS));
    assert.deepEqual((await decided(database))[`${A}/openssl`], { ...ACCEPT, note: 'it is' });
    await verifyLog(database.queries);
  });

  test('what a person said of a box stays', async () => {
    await using database = await withSuggestions();
    await made(submit(database, BEN, { changes: [status(A, { status: 'fix_pending' })] }, OPTIONS));
    await decide(database, ADA, [`${A}/openssl`], ACCEPT);
    const words = (await statusesOf(database.queries, [A])).map(({ value }) => value.status);
    assert.deepEqual(words, ['fixed', 'fix_pending']);
  });

  test('many at once, all or none; two people who decide one are shown each other', async () => {
    await using database = await withSuggestions();
    assert.equal(await outcome(decide(database, ADA, [`${A}/openssl`], ACCEPT)), 'accepted');
    const late = await decideSuggestions(
      database,
      BEN,
      [`${A}/openssl`, `${B}/openssl`].map((id) => ({ id, decision: WRONG, saw: 0 })),
      OPTIONS,
    );
    assert.equal(late.answer.outcome, 'conflict');
    assert.deepEqual(Object.keys(await decided(database)), [`${A}/openssl`]);
    assert.equal(await outcome(decide(database, BEN, [`${A}/libressl`, `${B}/openssl`], WRONG)), 'accepted');
    assert.deepEqual(await waiting(database), []);
  });

  test('a contributor proposes all of it in one go; a dismissal asks for a second opinion where the team wants it', async () => {
    await using database = await withSuggestions();
    assert.equal(await outcome(decide(database, CLEO, [`${A}/openssl`], ACCEPT)), 'proposed');
    const [proposal] = await listProposals(database.queries, { state: 'open' });
    assert.equal(proposal?.changes.length, 4);
    await made(acceptProposal(database, ADA, proposal?.id ?? 0, {}, OPTIONS));
    assert.equal((await statusesOf(database.queries, [A])).length, 2);

    const strict = { ...OPTIONS, rules: { secondOpinion: true } };
    assert.equal(await outcome(decide(database, ADA, [`${B}/openssl`], WRONG, strict)), 'proposed');
    const [second] = await listProposals(database.queries, { state: 'open' });
    assert.equal(second?.waitsFor, 'second_opinion');
    await made(acceptProposal(database, BEN, second?.id ?? 0, {}, strict));
    assert.deepEqual((await decided(database))[`${B}/openssl`], WRONG);
    assert.equal(await outcome(decide(database, ADA, [`${A}/libressl`], ACCEPT, strict)), 'accepted');
  });

  test('undo after do leaves every value as it was', async () => {
    const id = fc.constantFrom(`${A}/openssl`, `${A}/libressl`, `${B}/openssl`);
    const decision = fc.constantFrom<Decision>(ACCEPT, WRONG, { decision: 'dismissed', reason: 'patched' });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(id, decision), { maxLength: 4 }),
        id,
        decision,
        async (earlier, last, what) => {
          await using database = await withSuggestions();
          for (const [each, decisionOf] of earlier) await decide(database, ADA, [each], decisionOf);
          const state = async () => ({
            decided: Object.fromEntries(
              Object.entries(await decided(database)).filter(([, value]) => value !== null),
            ),
            packages: (await packagesOfIssues(database.queries, [A, B])).map(
              (each) => `${each.issue} ${each.package}`,
            ),
            statuses: (await statusesOf(database.queries, [A, B])).map(
              ({ version: _v, changedAt: _a, changedBy: _b, ...rest }) => rest,
            ),
            waiting: await waiting(database),
          });
          const before = await state();
          const { answer } = await decide(database, BEN, [last], what);
          assert.equal(answer.outcome, 'accepted');
          await made(
            undoSet(database, DORA, answer.outcome === 'accepted' ? (answer.proposal ?? 0) : 0, OPTIONS),
          );
          assert.deepEqual(await state(), before);
        },
      ),
      { numRuns: 20 },
    );
  });
});

describe('what was decided and has changed', () => {
  test('asks for eyes again, stays as it was decided, and is quiet once somebody said it again', async () => {
    await using database = await withSuggestions();
    await decide(database, ADA, [`${A}/openssl`], WRONG);
    await decide(database, ADA, [`${B}/openssl`, `${A}/libressl`], ACCEPT);
    assert.deepEqual(await waiting(database), []);
    await sql`insert into issue_atom (product, vulnerability, issue) values ('openssl', 'CVE-2017-0009', ${A})`.execute(
      database.queries,
    );
    await suggest(database, B, 'openssl', [
      ['nixos-16.09', '1.1', 'affected'],
      ['nixos-17.03', '1.2', 'not_affected'],
    ]);
    await settleSuggestions(database);
    const asked = await nextSuggestions(database.queries, { account: 1, limit: 10 });
    assert.deepEqual(
      Object.fromEntries(asked.map(({ id, again, decision }) => [id, [again, decision?.value?.decision]])),
      {
        [`${A}/openssl`]: [['CVE-2017-0009 came in since'], 'dismissed'],
        [`${A}/libressl`]: [['CVE-2017-0009 came in since'], 'accepted'],
        [`${B}/openssl`]: [['affected in nixos-16.09 now, not affected then'], 'accepted'],
      },
    );
    assert.deepEqual((await decided(database))[`${A}/openssl`], WRONG, 'nothing was reopened by itself');
    const [first] = asked.filter(({ id }) => id === `${A}/openssl`);
    const confirms = first?.version ?? 0;
    await decide(database, BEN, [`${A}/openssl`], { ...WRONG, confirms } as Decision);
    assert.deepEqual(await waiting(database), [`${A}/libressl`, `${B}/openssl`]);
  });

  test('asks for eyes again where records say something else, with what they said before; what was decided stays', async () => {
    await using database = await withSuggestions();
    const { queries } = database;
    const say = (state: string, severity: string | null) =>
      sql`insert into vulnerability (id, canonical, state, severity) values ('CVE-2017-0001', 'CVE-2017-0001', ${state}, ${severity})
        on conflict (id) do update set state = excluded.state, severity = excluded.severity`.execute(queries);
    await say('published', 'low');
    await decide(database, ADA, [`${A}/openssl`], WRONG);
    const again = async () => {
      await matcherRan(database);
      await settleSuggestions(database);
      const asked = await nextSuggestions(queries, { account: 1, filter: { issue: A, attr: 'openssl' } });
      return asked.map((each) => [each.again, each.decision?.value]);
    };
    assert.deepEqual(await again(), []);
    await say('published', 'critical');
    assert.deepEqual(await again(), [[['CVE-2017-0001 is critical now, low then'], WRONG]]);
    await say('rejected', null);
    assert.deepEqual(await again(), [[['CVE-2017-0001 was rejected since'], WRONG]]);
    await say('published', 'low');
    assert.deepEqual(await again(), []);
  });

  test('but not where it only looks better', async () => {
    await using database = await withSuggestions();
    await decide(database, ADA, [`${A}/openssl`], ACCEPT);
    await suggest(database, A, 'openssl', [
      ['nixos-17.03', '1.1', 'unknown'],
      ['nixos-16.09', '1.1', 'not_affected'],
    ]);
    await settleSuggestions(database);
    assert.deepEqual(await waiting(database), [`${A}/libressl`, `${B}/openssl`]);
  });

  test('goes with its issue into another, and asks there for what it has not seen', async () => {
    await using database = await withSuggestions();
    await decide(database, ADA, [`${B}/openssl`], WRONG);
    await database.transaction(async (tx) => {
      await sql`update issue set redirect = ${A} where id = ${B}`.execute(tx);
      await sql`update issue_atom set issue = ${A} where issue = ${B}`.execute(tx);
      await sql`update suggestion set state = 'stale', due_since = null where issue = ${B}`.execute(tx);
    });
    await matcherRan(database);
    const settled = await settleSuggestions(database);
    assert.equal(settled.carried, 1);
    const [moved] = await decisionsOfIssues(database.queries, [A]);
    assert.deepEqual([moved?.id, moved?.value, moved?.by], [`${A}/openssl`, WRONG, ADA.id]);
    const [again] = await nextSuggestions(database.queries, { account: null, filter: { attr: 'openssl' } });
    assert.deepEqual(again?.again, ['CVE-2017-0001 came in since']);
    assert.deepEqual(await settleSuggestions(database), {
      ran: false,
      suppressed: 0,
      returned: 0,
      carried: 0,
    });
  });
});

describe('rules', () => {
  const rule = { attr: 'openssl', product: 'openssl', reason: 'wrong_product' };
  const makeRule = (value: FieldValue, saw = 0) => ({
    changes: [{ kind: 'rule', id: 'my-rule-1', field: 'value', value, saw }],
  });

  test('dismiss what they cover, at once and after each run of the matcher, in their own name', async () => {
    await using database = await withSuggestions();
    const [change] = await made(submit(database, DORA, makeRule(rule), OPTIONS));
    const [stored] = await listRules(database.queries);
    const by = `rule:${stored?.id}`;
    const value = {
      decision: 'dismissed',
      reason: 'wrong_product',
      note: `suppressed by rule ${stored?.id}`,
      rule: stored?.id,
    };
    assert.deepEqual(await decided(database), { [`${A}/openssl`]: value, [`${B}/openssl`]: value });
    assert.deepEqual(await waiting(database), [`${A}/libressl`]);
    assert.equal(stored?.suppresses, 2);
    const history = await eventsOf(database.queries, 'issue', A);
    assert.deepEqual(
      history.map(({ actor, type }) => [actor, type]),
      [[by, 'suggestion.decision.set']],
    );

    await suggest(database, 'NSI-2017-0003', 'openssl', HIT);
    assert.equal((await settleSuggestions(database)).suppressed, 1);
    await made(undo(database, DORA, change?.version ?? 0, OPTIONS));
    assert.deepEqual(await waiting(database), [
      `${A}/libressl`,
      `${A}/openssl`,
      `${B}/openssl`,
      'NSI-2017-0003/openssl',
    ]);
    await verifyLog(database.queries);
  });

  test('are proposed by who may not make them, and a triager cannot accept that', async () => {
    await using database = await withSuggestions();
    const answer = await submit(database, ADA, makeRule(rule), OPTIONS);
    assert.equal(answer.outcome, 'proposed');
    const id = answer.outcome === 'proposed' ? answer.proposal : 0;
    await assert.rejects(acceptProposal(database, BEN, id, {}, OPTIONS), /must have the right/);
    assert.equal((await listRules(database.queries)).length, 0);
    await made(acceptProposal(database, DORA, id, {}, OPTIONS));
    assert.deepEqual(await waiting(database), [`${A}/libressl`]);
  });

  test('are remembered with a dismissal: made by security, proposed by a triager', async () => {
    await using database = await withSuggestions();
    const remember = { product: 'openssl', expiresOn: '2999-01-01' };
    const mine = await decide(database, DORA, [`${A}/openssl`], WRONG, { remember });
    assert.deepEqual(
      mine.rules.map((each) => each.outcome),
      ['accepted'],
    );
    assert.deepEqual((await decided(database))[`${A}/openssl`], WRONG, 'a person’s word stays');
    assert.equal((await decided(database))[`${B}/openssl`]?.decision, 'dismissed');
    const theirs = await decide(database, ADA, [`${A}/libressl`], WRONG, { remember });
    assert.deepEqual(
      theirs.rules.map((each) => each.outcome),
      ['proposed'],
    );
  });

  test('give back what they do not cover any more, and never touch what a person took back from them', async () => {
    await using database = await withSuggestions();
    await made(
      submit(database, DORA, makeRule({ ...rule, channel: 'nixos-17.03', expiresOn: '2999-01-01' }), OPTIONS),
    );
    assert.deepEqual(await waiting(database), [`${A}/libressl`]);
    const [byRule] = await decisionsOfIssues(database.queries, [A]);
    await made(undo(database, ADA, byRule?.version ?? 0, OPTIONS));
    await suggest(database, B, 'openssl', [
      ['nixos-16.09', '1.0', 'affected'],
      ['nixos-17.03', '1.0', 'affected'],
    ]);
    assert.deepEqual(await settleSuggestions(database), {
      ran: true,
      suppressed: 0,
      returned: 1,
      carried: 0,
    });
    assert.deepEqual(await waiting(database), [`${A}/libressl`, `${A}/openssl`, `${B}/openssl`]);
    await suggest(database, B, 'openssl', HIT);
    assert.equal((await settleSuggestions(database)).suppressed, 1);
    const late = await database.transaction((tx) => applyRules(tx, { at: new Date('2999-01-02') }));
    assert.deepEqual(late, { suppressed: 0, returned: 1 });
    assert.deepEqual(await waiting(database), [`${A}/libressl`, `${A}/openssl`, `${B}/openssl`]);
  });
});

test('who watches a package hears of what is new about it, and nobody of the first run', async () => {
  await using database = await withPeople();
  await watch(database, CLEO, 'package:openssl');
  await suggest(database, A, 'openssl', HIT);
  await settleSuggestions(database);
  await suggest(database, B, 'openssl', HIT);
  await suggest(database, B, 'curl', HIT);
  await settleSuggestions(database);
  await rewriteQueue(database);
  await tellPeople(database, OPTIONS);
  assert.deepEqual(
    (await noticesOf(database.queries, 3)).map(({ words }) => words),
    [`${B} may hit openssl`],
  );
});
