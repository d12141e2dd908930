import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { appendEvents, type Database, eventsOf, inTurn } from '#base/db';
import { putSettings } from '#domain/accounts';
import { noticesOf, postComment } from '#domain/issues';
import { acceptProposal, editables, submit } from '#domain/proposals';
import { ADA, BEN, CLEO, DORA, EVE, made, OPTIONS, status, withPeople } from '../../../test/people.ts';
import { CHECKLIST, nextChecklist } from './checklist.ts';
import { closeRoundup } from './close-roundup.ts';
import { creditsFrom, creditsOf } from './credits.ts';
import { editableItem, editableRota, editableRoundup } from './editable-rounds.ts';
import { openRoundup } from './open-roundup.ts';
import { closeByChecklist, runRoundups } from './run-roundups.ts';
import { findRoundup, linesOf } from './store.ts';
import { itemsOf, leadsOf } from './store-rounds.ts';

const SCHEDULE = { weekday: 3, time: '06:45', zone: 'Europe/Berlin' };
const PLANS = {
  kinds: editables([editableRota, editableRoundup, editableItem]),
  rules: { secondOpinion: false },
};
const at = (text: string) => new Date(text);
const run = (database: Database, now: string) => runRoundups(database, SCHEDULE, at(now));

/** Rounds open by themselves since the first of March 2017. */
async function withClock(): Promise<Database> {
  const database = await withPeople();
  await sql`update roundup_clock set since = '2017-03-01T12:00:00Z'`.execute(database.queries);
  return database;
}

const plan = (week: string, person: string | null, saw = 0) => ({
  changes: [{ kind: 'rota', id: week, field: 'value', value: person, saw }],
});
const words = async (database: Database, account: number) =>
  (await noticesOf(database.queries, account)).map((notice) => `${notice.reason}: ${notice.words}`);

describe('the roundup runs itself', () => {
  test('opens on its moment and not before, names the lead of the rota, and tells them', async () => {
    await using database = await withClock();
    await made(submit(database, ADA, plan('2017-03-08', BEN.id), PLANS));
    assert.deepEqual(await run(database, '2017-03-08T05:44:59Z'), { opened: null, closed: null, told: 0 });
    assert.deepEqual(await run(database, '2017-03-08T05:45:00Z'), { opened: 1, closed: null, told: 1 });
    const round = await findRoundup(database.queries, 1);
    assert.deepEqual([round?.openedAt.toISOString(), round?.lead], ['2017-03-08T05:45:00.000Z', '@ben']);
    assert.equal((await leadsOf(database.queries, [1])).get(1)?.account, 2);
    assert.deepEqual(await words(database, 2), ['lead: Roundup 1 is open, and you lead it: 0 lines']);
    const { rows } = await sql<{ kind: string; account: number; words: string }>`
      select kind, account, words from outbox join notice on notice.id = (payload->>'notice')::bigint
      where account = (payload->>'account')::bigint`.execute(database.queries);
    assert.deepEqual(rows, [
      { kind: 'mail', account: 2, words: 'Roundup 1 is open, and you lead it: 0 lines' },
    ]);
    assert.deepEqual(
      (await itemsOf(database.queries, [1])).map(({ key, done }) => [key, done]),
      CHECKLIST.map(({ key }) => [key, false]),
    );
    assert.deepEqual(await run(database, '2017-03-08T05:50:00Z'), { opened: null, closed: null, told: 0 });
  });

  test('whoever wants one mail a day is told by that one, when the team has it go', async () => {
    await using database = await withClock();
    await putSettings(database.queries, 2, { mailPace: 'daily' });
    await made(submit(database, ADA, plan('2017-03-08', BEN.id), PLANS));
    await runRoundups(database, SCHEDULE, at('2017-03-08T06:00:00Z'), () => at('2017-03-08T16:00:00Z'));
    const { rows } = await sql<{ kind: string; due: Date }>`select kind, due_at as due from outbox`.execute(
      database.queries,
    );
    assert.deepEqual(rows, [{ kind: 'mail.digest', due: at('2017-03-08T16:00:00Z') }]);
  });

  test('what was due before it was set up is not made up for; weeks that were missed are one round', async () => {
    await using database = await withClock();
    assert.equal((await run(database, '2017-03-02T00:00:00Z')).opened, null);
    assert.equal((await run(database, '2017-04-20T10:00:00Z')).opened, 1);
    assert.equal((await findRoundup(database.queries))?.openedAt.toISOString(), '2017-04-19T04:45:00.000Z');
    assert.equal((await run(database, '2017-04-21T10:00:00Z')).opened, null);
  });

  test('however many start it at once, and however late, it opens once and nobody is told twice', async () => {
    await using database = await withClock();
    await made(submit(database, ADA, plan('2017-03-15', BEN.id), PLANS));
    await run(database, '2017-03-08T05:45:00Z');
    const runs = await Promise.all([1, 2, 3, 4].map(() => run(database, '2017-03-16T09:00:00Z')));
    assert.deepEqual(runs.map(({ opened }) => opened).sort(), [2, null, null, null].sort());
    assert.equal(
      (await eventsOf(database.queries, 'roundup', '1')).filter(({ type }) => type === 'roundup.closed')
        .length,
      1,
    );
    assert.equal((await words(database, 2)).length, 1);
  });

  test('closes the round before, and carries over what was not done', async () => {
    await using database = await withClock();
    await run(database, '2017-03-08T05:45:00Z');
    await sql`insert into roundup_line (roundup, issue, done_at, done_by) values (1, 'NSI-2017-0001', now(), 'person:1'),
      (1, 'NSI-2017-0002', null, null)`.execute(database.queries);
    assert.deepEqual(await run(database, '2017-03-15T06:00:00Z'), { opened: 2, closed: 1, told: 0 });
    assert.deepEqual(
      (await linesOf(database.queries, 2)).map(({ issue, carriedFrom }) => [issue, carriedFrom]),
      [['NSI-2017-0002', 1]],
    );
    assert.ok((await findRoundup(database.queries, 1))?.closedAt instanceof Date);
  });

  test('goes on where it was interrupted: opened, but nobody told and no checklist', async () => {
    await using database = await withClock();
    await made(submit(database, ADA, plan('2017-03-08', BEN.id), PLANS));
    await openRoundup(database, { at: at('2017-03-08T05:45:00Z'), actor: 'machine:roundup' });
    assert.deepEqual(await run(database, '2017-03-08T06:00:00Z'), { opened: null, closed: null, told: 1 });
    assert.equal((await itemsOf(database.queries, [1])).length, CHECKLIST.length);
  });

  test('reminds the lead and those who took part, a day before the next one, once', async () => {
    await using database = await withClock();
    await run(database, '2017-03-08T05:45:00Z');
    await made(
      submit(
        database,
        ADA,
        { changes: [{ kind: 'roundup', id: '1', field: 'lead', value: DORA.id, saw: 0 }] },
        PLANS,
      ),
    );
    // The round counts from when it was really opened, which is now.
    await sql`update roundup set created_at = '2017-03-08T05:45:00Z'`.execute(database.queries);
    await database.transaction((tx) =>
      appendEvents(
        tx,
        [
          {
            entity: 'issue',
            entityId: 'NSI-2017-0001',
            type: 'status.set',
            actor: CLEO.id,
            cause: 'edit',
            payload: {},
          },
        ],
        at('2017-03-09T10:00:00Z'),
      ),
    );
    assert.equal(
      (await run(database, '2017-03-14T05:00:00Z')).told,
      1,
      'whoever leads it now is told that they do',
    );
    assert.deepEqual(await run(database, '2017-03-14T06:00:00Z'), { opened: null, closed: null, told: 2 });
    assert.deepEqual(await run(database, '2017-03-14T18:00:00Z'), { opened: null, closed: null, told: 0 });
    assert.deepEqual(await words(database, 4), [
      'lead: Roundup 1 ends tomorrow, and you lead it: 0 lines remain',
      'lead: Roundup 1 is open, and you lead it: 0 lines',
    ]);
    assert.deepEqual(await words(database, 3), ['roundup: Roundup 1 ends tomorrow: 0 lines remain']);
  });

  test('writes down who took part when it is over: whoever’s idea it was has the credit', async () => {
    await using database = await withClock();
    await run(database, '2017-03-08T05:45:00Z');
    const issue = 'NSI-2017-0001';
    await postComment(database, EVE, { issue, body: 'seen' });
    const proposed = await submit(
      database,
      CLEO,
      { changes: [status(issue, { status: 'affected' })] },
      OPTIONS,
    );
    await made(
      acceptProposal(database, ADA, proposed.outcome === 'proposed' ? proposed.proposal : 0, {}, OPTIONS),
    );
    await made(
      submit(
        database,
        BEN,
        {
          changes: [
            status('NSI-2017-0002', { status: 'fixed' }),
            status('NSI-2017-0003', { status: 'fixed' }),
          ],
        },
        OPTIONS,
      ),
    );
    await run(database, '2017-03-15T06:00:00Z');
    await run(database, '2017-03-15T06:05:00Z');
    const credited = (await eventsOf(database.queries, 'roundup', '1')).filter(
      ({ type }) => type === 'roundup.credited',
    );
    assert.equal(credited.length, 1);
    const none = { ticks: 0, statuses: 0, decisions: 0, proposals: 0, reviews: 0, comments: 0, edits: 0 };
    assert.deepEqual(credited[0]?.payload?.people, [
      { person: BEN.id, ...none, statuses: 2 },
      { person: CLEO.id, ...none, statuses: 1, proposals: 1 },
      { person: ADA.id, ...none, reviews: 1 },
      { person: EVE.id, ...none, comments: 1 },
    ]);
    assert.deepEqual(await creditsOf(database.queries, at('2016-01-01'), at('2016-02-01')), []);
  });
});

describe('the rota, the lead and the checklist', () => {
  test('are planned by triagers, proposed by others, for people that there are', async () => {
    await using database = await withClock();
    const [change] = await made(submit(database, ADA, plan('2017-03-08', CLEO.id), PLANS));
    const late = await submit(database, BEN, plan('2017-03-08', BEN.id), PLANS);
    assert.equal(late.outcome, 'conflict');
    assert.equal((await submit(database, CLEO, plan('2017-03-15', CLEO.id), PLANS)).outcome, 'proposed');
    await assert.rejects(
      submit(database, ADA, plan('2017-03-22', 'person:99'), PLANS),
      /nobody with the account 99/,
    );
    assert.equal((await submit(database, ADA, plan('2017-02-31', ADA.id), PLANS)).outcome, 'refused');
    await made(submit(database, ADA, plan('2017-03-08', null, change?.version), PLANS));
    assert.equal((await run(database, '2017-03-08T06:00:00Z')).told, 0);
  });

  test('items are ticked one by one, by two people at once; the lead closes when all are', async () => {
    await using database = await withClock();
    await run(database, '2017-03-08T05:45:00Z');
    const items = await itemsOf(database.queries, [1]);
    const tick = (key: string) => ({
      changes: [
        {
          kind: 'roundup_item',
          id: `1/${key}`,
          field: 'value',
          value: { words: items.find((item) => item.key === key)?.words ?? 'something new', done: true },
          saw: 0,
        },
      ],
    });
    await Promise.all([
      made(submit(database, ADA, tick('claims'), PLANS)),
      made(submit(database, BEN, tick('announce'), PLANS)),
    ]);
    await assert.rejects(closeByChecklist(database, BEN), /3 of its checklist left/);
    await assert.rejects(closeByChecklist(database, CLEO, { anyway: true }), /takes a triager/);
    for (const key of ['backports', 'thanks', 'next']) await made(submit(database, ADA, tick(key), PLANS));
    assert.equal((await closeByChecklist(database, BEN)).number, 1);
    const closed = await submit(database, ADA, tick('more'), PLANS);
    assert.equal(closed.outcome, 'refused', 'the list of a round that is over stays as it is');
    await assert.rejects(closeByChecklist(database, BEN), /no roundup is open/);
  });

  test('whoever closes a round at the moment at which the next one opens does not close that one', async () => {
    await using database = await withClock();
    await run(database, '2017-03-08T05:45:00Z');
    let closing: Promise<unknown> = Promise.resolve();
    await inTurn(database, 'roundups', async () => {
      closing = closeByChecklist(database, BEN, { anyway: true });
      closing.catch(() => {});
      // It waits for its turn once it has looked which round is open.
      for (let waits = 0; waits === 0; ) {
        const { rows } = await sql<{ waits: number }>`select count(*) as waits from pg_locks l
          join pg_database d on d.oid = l.database where d.datname = current_database() and locktype = 'advisory' and not granted`.execute(
          database.queries,
        );
        waits = rows[0]?.waits ?? 0;
      }
      await closeRoundup(database, { actor: 'test', at: at('2017-03-15T05:45:00Z') });
      await openRoundup(database, { actor: 'test', at: at('2017-03-15T05:45:00Z') });
    });
    await assert.rejects(closing, /roundup 1 was closed just now/);
    assert.equal((await findRoundup(database.queries))?.closedAt, null);
  });

  test('what was left undone is on the next checklist, once, with where it comes from', async () => {
    await using database = await withClock();
    await run(database, '2017-03-08T05:45:00Z');
    const extra = {
      kind: 'roundup_item',
      id: '1/key-signing',
      field: 'value',
      value: { words: 'Sign the keys', done: false },
      saw: 0,
    };
    await made(submit(database, ADA, { changes: [extra] }, PLANS));
    await run(database, '2017-03-15T06:00:00Z');
    await run(database, '2017-03-22T06:00:00Z');
    const third = (await itemsOf(database.queries, [3])).map((item) => item.words);
    assert.ok(third.includes('Sign the keys (from roundup 1)'), third.join('; '));
    assert.equal(new Set(third).size, third.length);
    assert.deepEqual(nextChecklist([]), CHECKLIST);
  });

  test('machines, and what is not of a round, have no credit', () => {
    const deed = { author: null, count: 1 };
    assert.deepEqual(
      creditsFrom([
        { ...deed, actor: 'machine:claims', type: 'issue.claim.set' },
        { ...deed, actor: 'person:1', type: 'account.renamed' },
        { ...deed, actor: 'person:1', type: 'proposal.made' },
        { ...deed, actor: 'person:1', author: 'person:1', type: 'proposal.rejected' },
      ]),
      [],
    );
  });
});
