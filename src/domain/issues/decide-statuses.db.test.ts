import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { type Database, eventsOf, verifyLog } from '#base/db';
import { type Actor, machine } from '#domain/policies';
import {
  acceptProposal,
  type Change,
  type ChangeSet,
  editables,
  type FieldValue,
  listProposals,
  proposalById,
  rejectProposal,
  submit,
  undo,
  withdrawProposal,
} from '#domain/proposals';
import { testDatabase } from '../../../test/database.ts';
import { editableIssue } from './editable-issue.ts';
import { editablePackage } from './editable-package.ts';
import { editableStatus } from './editable-status.ts';
import { STATUSES, TRANSITIONS } from './status.ts';
import { fieldsOfIssues } from './store-fields.ts';
import { packagesOfIssues } from './store-packages.ts';
import { statusesOf } from './store-statuses.ts';

const kinds = editables([editableStatus, editableIssue, editablePackage]);
const options = { kinds, rules: { secondOpinion: false } };
const ada: Actor = { id: 'person:1', role: 'triager', account: 1 };
const ben: Actor = { id: 'person:2', role: 'triager', account: 2 };
const cleo: Actor = { id: 'person:3', role: 'contributor', account: 3 };

const ISSUE = 'NSI-2017-0001';
const OLD = `${ISSUE}/openssl/nixos-16.09`;
const NEW = `${ISSUE}/openssl/nixos-17.03`;

async function withIssue(): Promise<Database> {
  const database = await testDatabase();
  await sql`insert into channel (name) values ('nixos-16.09'), ('nixos-17.03')`.execute(database.queries);
  await sql`insert into issue (id, year, number, product, title, opened, last_report)
    values (${ISSUE}, 2017, 1, 'openssl', 'openssl: denial of service', '2017-01-26', '2017-01-26'),
      ('NSI-2017-0002', 2017, 2, 'openssl', 'openssl: another', '2017-01-26', '2017-01-26')`.execute(
    database.queries,
  );
  return database;
}

const set = (id: string, value: FieldValue, saw = 0): Change => ({
  kind: 'status',
  id,
  field: 'value',
  value,
  saw,
});
const one = (change: Change, more: Partial<ChangeSet> = {}): ChangeSet => ({ changes: [change], ...more });
const affected = { status: 'affected' };
const fixed = { status: 'fixed', fixedIn: '1.0.2k' };

async function made(answer: Promise<Awaited<ReturnType<typeof submit>>>) {
  const done = await answer;
  assert.equal(done.outcome, 'accepted', JSON.stringify(done));
  return done.outcome === 'accepted' ? done.made : [];
}

async function words(database: Database): Promise<Record<string, string>> {
  const statuses = await statusesOf(database.queries, [ISSUE]);
  return Object.fromEntries(statuses.map(({ channel, value }) => [channel, value.status]));
}

describe('deciding together', () => {
  test('two people tick two boxes at the same moment, and both win', async () => {
    await using database = await withIssue();
    const answers = await Promise.all([
      submit(database, ada, one(set(OLD, affected)), options),
      submit(database, ben, one(set(NEW, fixed)), options),
    ]);
    assert.deepEqual(
      answers.map(({ outcome }) => outcome),
      ['accepted', 'accepted'],
    );
    assert.deepEqual(await words(database), { 'nixos-16.09': 'affected', 'nixos-17.03': 'fixed' });
  });

  test('two people set one box to different things: one wins, and the other is shown was, theirs and yours', async () => {
    await using database = await withIssue();
    const [first] = await made(
      submit(database, ada, one(set(OLD, { status: 'under_investigation' })), options),
    );
    const saw = first?.version ?? 0;
    const answers = await Promise.all([
      submit(database, ada, one(set(OLD, affected, saw)), options),
      submit(database, ben, one(set(OLD, fixed, saw)), options),
    ]);
    assert.deepEqual(answers.map(({ outcome }) => outcome).sort(), ['accepted', 'conflict']);
    const lost = answers.find((answer) => answer.outcome === 'conflict');
    const conflict = lost?.outcome === 'conflict' ? lost.conflicts[0] : undefined;
    assert.deepEqual(conflict?.was, { status: 'under_investigation' });
    assert.deepEqual([conflict?.theirs, conflict?.yours].map((value) => JSON.stringify(value)).sort(), [
      JSON.stringify(affected),
      JSON.stringify(fixed),
    ]);
    assert.ok(conflict?.by === ada.id || conflict?.by === ben.id);
  });

  test('two people set one box to the same thing: that is one change', async () => {
    await using database = await withIssue();
    const answers = await Promise.all([
      made(submit(database, ada, one(set(OLD, affected)), options)),
      made(submit(database, ben, one(set(OLD, affected)), options)),
    ]);
    assert.deepEqual(answers.map(([change]) => change?.changed).sort(), [false, true]);
    assert.equal((await eventsOf(database.queries, 'issue', ISSUE)).length, 1);
  });

  test('different fields of one issue merge, though both saw the same', async () => {
    await using database = await withIssue();
    const field = (name: string, value: FieldValue): Change => ({
      kind: 'issue',
      id: ISSUE,
      field: name,
      value,
      saw: 0,
    });
    await made(submit(database, ada, one(field('severity', 'high')), options));
    await made(submit(database, ben, one(field('title', 'openssl: crash in DHE')), options));
    const fields = (await fieldsOfIssues(database.queries, [ISSUE])).get(ISSUE);
    assert.deepEqual([fields?.severity?.value, fields?.title?.value], ['high', 'openssl: crash in DHE']);
  });

  test('a change set is made whole or not at all', async () => {
    await using database = await withIssue();
    await made(submit(database, ada, one(set(OLD, fixed)), options));
    const answer = await submit(
      database,
      ben,
      { changes: [set(NEW, affected), set(OLD, { status: 'postponed', until: '2017-07-01' })] },
      options,
    );
    assert.equal(answer.outcome, 'conflict');
    assert.deepEqual(await words(database), { 'nixos-16.09': 'fixed' });
  });

  test('sent twice under one key it is made once', async () => {
    await using database = await withIssue();
    const changeSet = one(set(OLD, affected), { key: 'a-key' });
    const [first, second] = await Promise.all([
      submit(database, ada, changeSet, options),
      submit(database, ada, changeSet, options),
    ]);
    assert.equal(first.outcome, 'accepted');
    assert.equal(second.outcome, 'accepted');
    assert.equal((await eventsOf(database.queries, 'issue', ISSUE)).length, 1);
    // A key is its author's: what somebody else sends under it is theirs.
    const stranger = await submit(database, ben, one(set(NEW, affected), { key: 'a-key' }), options);
    assert.ok(stranger.outcome === 'accepted' && stranger.made.length === 1);
  });

  test('an illegal step is refused by us, and by the database where somebody writes past us', async () => {
    await using database = await withIssue();
    const [change] = await made(submit(database, ada, one(set(OLD, fixed)), options));
    const answer = await submit(
      database,
      ada,
      one(set(OLD, { status: 'wont_fix', note: 'no' }, change?.version)),
      options,
    );
    assert.equal(answer.outcome === 'refused' && answer.refusals[0]?.code, 'BARRED');
    await assert.rejects(
      sql`update status set status = 'wont_fix', note = 'no' where issue = ${ISSUE}`.execute(
        database.queries,
      ),
      /a status that is fixed cannot become wont_fix/,
    );
  });

  test('the database bars exactly the steps that the code bars', async () => {
    await using database = await withIssue();
    const { rows } = await sql<{ from: string; to: string }>`
      select from_status as from, to_status as to from status_transition`.execute(database.queries);
    const inCode = STATUSES.flatMap((from) => TRANSITIONS[from].map((to) => `${from} ${to}`));
    assert.deepEqual(rows.map(({ from, to }) => `${from} ${to}`).sort(), inCode.sort());
  });

  test('undo is a new event, also where the step back is barred; what was built on is a conflict', async () => {
    await using database = await withIssue();
    const [first] = await made(
      submit(database, ada, one(set(OLD, { status: 'wont_fix', note: 'old' })), options),
    );
    const [second] = await made(submit(database, ada, one(set(OLD, fixed, first?.version)), options));
    await made(undo(database, ben, second?.version ?? 0, options));
    assert.deepEqual(await words(database), { 'nixos-16.09': 'wont_fix' });
    const [third] = await statusesOf(database.queries, [ISSUE]);
    await made(submit(database, ada, one(set(OLD, affected, third?.version)), options));
    const late = await undo(database, ben, third?.version ?? 0, options);
    assert.equal(late.outcome, 'conflict');
    assert.equal((await eventsOf(database.queries, 'issue', ISSUE)).length, 4);
  });

  test('undoing the first tick makes the box unknown again', async () => {
    await using database = await withIssue();
    const [change] = await made(submit(database, ada, one(set(OLD, affected)), options));
    await made(undo(database, ada, change?.version ?? 0, options));
    assert.deepEqual(await words(database), {});
  });

  test('whoever saw that a tick was taken back has seen what the box holds: nothing', async () => {
    await using database = await withIssue();
    const [tick] = await made(submit(database, ada, one(set(OLD, affected)), options));
    const [back] = await made(undo(database, ada, tick?.version ?? 0, options));
    const [again] = await made(undo(database, ben, back?.version ?? 0, options));
    assert.deepEqual(again?.value, affected);
    const [gone] = await made(undo(database, ada, again?.version ?? 0, options));
    const [next] = await made(submit(database, ada, one(set(OLD, fixed, gone?.version)), options));
    assert.deepEqual(await words(database), { 'nixos-16.09': 'fixed' });
    // Whoever saw only the first time that it was taken back has not seen that.
    const late = await submit(database, ben, one(set(OLD, affected, back?.version)), options);
    assert.ok(late.outcome === 'conflict');
    assert.equal(late.conflicts[0]?.version, next?.version);
  });

  test('unknown things, unknown fields and wrong values are refused by name', async () => {
    await using database = await withIssue();
    const answer = await submit(
      database,
      ada,
      {
        changes: [
          set(`NSI-2017-0099/openssl/nixos-16.09`, affected),
          set(`${ISSUE}/openssl/nixos-99.99`, affected),
          { kind: 'status', id: OLD, field: 'colour', value: 'red', saw: 0 },
        ],
      },
      options,
    );
    assert.equal(answer.outcome, 'refused');
    const second = await submit(
      database,
      ada,
      { changes: [set(`NSI-2017-0099/openssl/nixos-16.09`, affected), set(NEW, affected)] },
      options,
    );
    assert.deepEqual(second.outcome === 'refused' && second.refusals.map(({ code }) => code), ['UNKNOWN']);
    assert.deepEqual(await words(database), {});
  });

  test('who has no rights proposes; one click makes it, with the credit kept', async () => {
    await using database = await withIssue();
    const answer = await submit(
      database,
      cleo,
      one(set(OLD, affected), { remark: 'tried the exploit' }),
      options,
    );
    assert.equal(answer.outcome, 'proposed');
    const id = answer.outcome === 'proposed' ? answer.proposal : 0;
    assert.deepEqual(await words(database), {});
    assert.equal(
      (await listProposals(database.queries, { topic: `issue:${ISSUE}`, state: 'open' })).length,
      1,
    );
    await made(acceptProposal(database, ada, id, {}, options));
    assert.deepEqual(await words(database), { 'nixos-16.09': 'affected' });
    const [event] = (await eventsOf(database.queries, 'issue', ISSUE)).filter(
      ({ type }) => type === 'status.set',
    );
    assert.deepEqual(
      [event?.actor, event?.payload?.author, event?.payload?.remark],
      [ada.id, cleo.id, 'tried the exploit'],
    );
    await assert.rejects(acceptProposal(database, ben, id, {}, options), /accepted by person:1 already/);
  });

  test('a stale proposal says so, and is accepted only by somebody who saw what is there now', async () => {
    await using database = await withIssue();
    const answer = await submit(database, cleo, one(set(OLD, fixed)), options);
    const id = answer.outcome === 'proposed' ? answer.proposal : 0;
    const [change] = await made(submit(database, ada, one(set(OLD, affected)), options));
    assert.ok((await proposalById(database.queries, id))?.staleSince instanceof Date);
    assert.equal((await acceptProposal(database, ada, id, {}, options)).outcome, 'conflict');
    const saw = { [`status/${OLD}#value`]: change?.version ?? 0 };
    await made(acceptProposal(database, ada, id, { saw }, options));
    assert.deepEqual(await words(database), { 'nixos-16.09': 'fixed' });
  });

  test('amended, rejected with a reason, withdrawn', async () => {
    await using database = await withIssue();
    const propose = async (value: FieldValue) => {
      const answer = await submit(database, cleo, one(set(OLD, value)), options);
      return answer.outcome === 'proposed' ? answer.proposal : 0;
    };
    const [amended, rejected, withdrawn] = [
      await propose(affected),
      await propose(fixed),
      await propose(fixed),
    ];
    await made(
      acceptProposal(
        database,
        ada,
        amended,
        { amended: [set(OLD, { ...affected, note: 'only with DHE' })] },
        options,
      ),
    );
    assert.equal((await proposalById(database.queries, amended))?.amended?.length, 1);
    await assert.rejects(rejectProposal(database, ada, rejected, ' '), /needs a reason/);
    await assert.rejects(rejectProposal(database, cleo, rejected, 'mine'), /takes a triager/);
    await rejectProposal(database, ada, rejected, 'it is not in 16.09');
    assert.equal((await proposalById(database.queries, rejected))?.decisionReason, 'it is not in 16.09');
    await assert.rejects(withdrawProposal(database, ada, withdrawn), /only its author/);
    await withdrawProposal(database, cleo, withdrawn);
    assert.equal((await proposalById(database.queries, withdrawn))?.state, 'withdrawn');
  });

  test('a second opinion: a dismissal by one triager waits for another', async () => {
    await using database = await withIssue();
    const strict = { kinds, rules: { secondOpinion: true } };
    const value = { reason: 'not_packaged', note: 'we do not ship it' };
    const dismissal: Change = { kind: 'issue', id: ISSUE, field: 'dismissed', value, saw: 0 };
    const answer = await submit(database, ada, one(dismissal), strict);
    assert.deepEqual(answer.outcome === 'proposed' && answer.waitsFor, 'second_opinion');
    const id = answer.outcome === 'proposed' ? answer.proposal : 0;
    await assert.rejects(acceptProposal(database, ada, id, {}, strict), /somebody else’s opinion/);
    await made(acceptProposal(database, ben, id, {}, strict));
    assert.deepEqual((await fieldsOfIssues(database.queries, [ISSUE])).get(ISSUE)?.dismissed?.value, value);
    await made(submit(database, machine('rules'), one({ ...dismissal, id: 'NSI-2017-0002' }), strict));
  });

  test('nobody is the second opinion on their own words: not as a contributor, nor by amending what others proposed', async () => {
    await using database = await withIssue();
    const strict = { kinds, rules: { secondOpinion: true } };
    const value = { reason: 'not_packaged', note: 'we do not ship it' };
    const dismissal: Change = { kind: 'issue', id: ISSUE, field: 'dismissed', value, saw: 0 };
    // With a token for proposing alone a triager is a contributor.
    const byToken: Actor = { ...ada, role: 'contributor' };
    const own = await submit(database, byToken, one(dismissal), strict);
    assert.ok(own.outcome === 'proposed');
    await assert.rejects(acceptProposal(database, ada, own.proposal, {}, strict), /must have the right/);
    const title: Change = { kind: 'issue', id: ISSUE, field: 'title', value: 'openssl: a title', saw: 0 };
    const other = await submit(database, cleo, one(title), strict);
    assert.ok(other.outcome === 'proposed');
    const amended = { amended: [dismissal] };
    await assert.rejects(
      acceptProposal(database, ada, other.proposal, amended, strict),
      /must have the right/,
    );
    await made(acceptProposal(database, ben, own.proposal, {}, strict));
  });

  test('packages are listed by people, as attributes, modules and releases of Nix', async () => {
    await using database = await withIssue();
    const list = (name: string, value: FieldValue): Change => ({
      kind: 'package',
      id: `${ISSUE}/${name}`,
      field: 'value',
      value,
      saw: 0,
    });
    const changes = [
      list('services.openssh', 'module'),
      list('nix-1.11.8', 'nix'),
      list('openssl', 'attribute'),
    ];
    const done = await made(submit(database, ada, { changes }, options));
    await made(submit(database, ada, one({ ...list('openssl', null), saw: done[2]?.version ?? 0 }), options));
    const listed = await packagesOfIssues(database.queries, [ISSUE]);
    assert.deepEqual(
      listed.map((row) => `${row.kind} ${row.package}`),
      ['nix nix-1.11.8', 'module services.openssh'],
    );
  });

  test('fifty editors, ten boxes, some at the same moment: every answer is true, and the chain holds', async () => {
    await using database = await withIssue();
    const boxes = ['a', 'b', 'c', 'd', 'e'].flatMap((name) =>
      ['nixos-16.09', 'nixos-17.03'].map((channel) => `${ISSUE}/${name}/${channel}`),
    );
    const answers = await Promise.all(
      Array.from({ length: 200 }, async (_, index) => {
        const actor: Actor = { id: `person:${index % 50}`, role: 'triager', account: index % 50 };
        const id = boxes[(index * 7) % boxes.length] ?? OLD;
        return submit(database, actor, one(set(id, { status: 'affected', note: `edit ${index}` })), options);
      }),
    );
    const accepted = answers.filter(({ outcome }) => outcome === 'accepted').length;
    assert.equal(accepted, boxes.length);
    assert.equal(answers.filter(({ outcome }) => outcome === 'conflict').length, 200 - boxes.length);
    assert.equal((await statusesOf(database.queries, [ISSUE])).length, boxes.length);
    assert.equal((await verifyLog(database.queries)).entries, boxes.length);
  });
});
