import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { type Database, eventsOf, verifyLog } from '#base/db';
import { editables, redact, submit, undo } from '#domain/proposals';
import { ADA, BEN, CLEO, made, withPeople } from '../../../test/people.ts';
import { closeRoundup } from './close-roundup.ts';
import { editableLine } from './editable-line.ts';
import { forgetRemarks, insertLines, linesOf } from './store.ts';
import { submitTicks } from './submit-ticks.ts';
import { tickLines } from './tick-lines.ts';

const OPTIONS = { kinds: editables([editableLine]), rules: { secondOpinion: false } };

/** Roundup 1 with two lines is over, and one of them was carried over into roundup 2. */
async function withRounds(): Promise<Database> {
  const database = await withPeople();
  await sql`insert into roundup (number, opened_at, covers_since, covers_until, closed_at) values
    (1, '2017-03-01', '2017-02-22', '2017-03-01', '2017-03-08'), (2, '2017-03-08', '2017-03-01', '2017-03-08', null)`.execute(
    database.queries,
  );
  await sql`insert into roundup_line (roundup, issue, carried_from) values (1, 'NSI-2017-0001', null),
    (1, 'NSI-2017-0002', null), (2, 'NSI-2017-0002', 1), (2, 'NSI-2017-0003', null)`.execute(
    database.queries,
  );
  return database;
}

const line = (id: string, value: true | null, saw = 0) => ({
  kind: 'roundup_line',
  id,
  field: 'done',
  value,
  saw,
});
const doneIn = async (database: Database, roundup: number) =>
  (await linesOf(database.queries, roundup)).map(({ issue, doneBy }) => [issue.slice(-1), doneBy]);

describe('ticks of a list', () => {
  test('two people tick two lines at once, and both win; the same line twice is one tick, and who was first stays', async () => {
    await using database = await withRounds();
    const answers = await Promise.all([
      submit(database, ADA, { changes: [line('2/NSI-2017-0002', true)] }, OPTIONS),
      submit(database, BEN, { changes: [line('2/NSI-2017-0003', true)] }, OPTIONS),
    ]);
    assert.deepEqual(
      answers.map(({ outcome }) => outcome),
      ['accepted', 'accepted'],
    );
    const [again] = await made(submit(database, BEN, { changes: [line('2/NSI-2017-0002', true)] }, OPTIONS));
    assert.equal(again?.changed, false);
    assert.deepEqual(await doneIn(database, 2), [
      ['2', 'ada'],
      ['3', 'ben'],
    ]);
    assert.equal((await eventsOf(database.queries, 'roundup', '2')).length, 2);
    await verifyLog(database.queries);
  });

  test('a tick that comes late counts where the line was carried over to; opening it again opens that line alone', async () => {
    await using database = await withRounds();
    const [tick] = await made(submit(database, ADA, { changes: [line('1/NSI-2017-0002', true)] }, OPTIONS));
    assert.deepEqual(await doneIn(database, 2), [
      ['2', 'ada'],
      ['3', null],
    ]);
    await made(submit(database, BEN, { changes: [line('1/NSI-2017-0002', null, tick?.version)] }, OPTIONS));
    assert.deepEqual(await doneIn(database, 1), [
      ['1', null],
      ['2', null],
    ]);
    assert.deepEqual((await doneIn(database, 2))[0], ['2', 'ada']);
  });

  test('what is said late of a line takes nothing from what was said since where it was carried over to', async () => {
    await using database = await withRounds();
    const remark = (round: number, value: string | null, saw = 0) => ({
      ...{ kind: 'roundup_line', id: `${round}/NSI-2017-0002`, field: 'remark', value, saw },
    });
    const last = async () => (await linesOf(database.queries, 2)).find(({ issue }) => issue.endsWith('2'));
    // As long as nothing else was said there, it is one line.
    const [first] = await made(submit(database, ADA, { changes: [remark(1, 'waits')] }, OPTIONS));
    assert.equal((await last())?.remark, 'waits');
    const [own] = await made(
      submit(database, BEN, { changes: [remark(2, 'does not build', first?.version)] }, OPTIONS),
    );
    await made(submit(database, ADA, { changes: [remark(1, 'waits for you', first?.version)] }, OPTIONS));
    const after = await last();
    assert.deepEqual([after?.remark, after?.remarkVersion], ['does not build', own?.version]);

    const [tick] = await made(submit(database, BEN, { changes: [line('2/NSI-2017-0002', true)] }, OPTIONS));
    await made(submit(database, ADA, { changes: [line('1/NSI-2017-0002', true)] }, OPTIONS));
    assert.equal((await last())?.version, tick?.version, 'what was done there already is nobody else’s tick');
    await made(submit(database, BEN, { changes: [line('2/NSI-2017-0002', null, tick?.version)] }, OPTIONS));
  });

  test('whoever did not see a tick cannot take it away; it can be undone, and lists from elsewhere leave a version, too', async () => {
    await using database = await withRounds();
    const [tick] = await made(submit(database, ADA, { changes: [line('2/NSI-2017-0003', true)] }, OPTIONS));
    const blind = await submit(database, BEN, { changes: [line('2/NSI-2017-0003', null)] }, OPTIONS);
    assert.ok(blind.outcome === 'conflict');
    assert.deepEqual([blind.conflicts[0]?.by, blind.conflicts[0]?.theirs], [ADA.id, true]);
    assert.equal((await undo(database, BEN, tick?.version ?? 0, OPTIONS)).outcome, 'accepted');
    assert.deepEqual((await doneIn(database, 2))[1], ['3', null]);
    await tickLines(database, [{ issue: 'NSI-2017-0003', remark: 'waits' }], { by: 'fpletz', cause: 'test' });
    const stale = await submit(database, BEN, { changes: [line('2/NSI-2017-0003', null)] }, OPTIONS);
    assert.equal(stale.outcome, 'conflict');
  });

  test('many at once: what is done already and what is not on the list is said; who may not decide proposes', async () => {
    await using database = await withRounds();
    await tickLines(database, [{ issue: 'NSI-2017-0003', remark: null }], { by: 'fpletz', cause: 'test' });
    const marks = ['2', '3', '4'].map((n) => ({
      issue: `NSI-2017-000${n}`,
      done: true,
      remark: 'looked at',
    }));
    const proposed = await submitTicks(database, CLEO, { number: 2, marks }, OPTIONS);
    assert.equal(proposed.answer.outcome, 'proposed');
    const { answer, ...rest } = await submitTicks(
      database,
      ADA,
      { number: 2, marks, key: 'key-of-test' },
      OPTIONS,
    );
    assert.equal(answer.outcome, 'accepted');
    assert.deepEqual(rest, {
      ticked: ['NSI-2017-0002'],
      already: ['NSI-2017-0003'],
      unknown: ['NSI-2017-0004'],
    });
    const again = await submitTicks(database, BEN, { number: 2, marks }, OPTIONS);
    assert.deepEqual(again.answer, { outcome: 'accepted', proposal: null, made: [] });
    assert.deepEqual(
      (await linesOf(database.queries, 2)).map(({ doneBy, remark }) => [doneBy, remark]),
      [
        ['ada', 'looked at'],
        ['fpletz', 'looked at'],
      ],
    );
    await assert.rejects(submitTicks(database, ADA, { number: 9, marks }, OPTIONS), /no roundup 9/);
  });

  test('what is said behind a line goes on with it, can be taken back, and is erased wherever it went', async () => {
    await using database = await withRounds();
    const remark = (round: number, value: string | null, saw: number) => ({
      ...{ kind: 'roundup_line', id: `${round}/NSI-2017-0003`, field: 'remark', value, saw },
    });
    const remarks = async () =>
      (
        await sql<{ remark: string | null }>`select remark from roundup_line where issue = 'NSI-2017-0003'
        order by roundup`.execute(database.queries)
      ).rows.map((row) => row.remark);
    const [said] = await made(submit(database, ADA, { changes: [remark(2, 'hunter2', 0)] }, OPTIONS));
    const version = said?.version ?? 0;
    await closeRoundup(database, { actor: 'test' });
    await sql`insert into roundup (number, opened_at, covers_since, covers_until)
      values (3, '2017-03-15', '2017-03-08', '2017-03-15')`.execute(database.queries);
    await database.transaction((tx) =>
      insertLines(tx, 3, [
        { issue: 'NSI-2017-0003', carriedFrom: 2, remark: 'hunter2', remarkVersion: version },
      ]),
    );
    // Whoever sees it there has seen that entry.
    const [more] = await made(
      submit(database, BEN, { changes: [remark(3, 'hunter2, does not build', version)] }, OPTIONS),
    );
    assert.deepEqual(await remarks(), ['hunter2', 'hunter2, does not build']);
    assert.equal((await undo(database, BEN, more?.version ?? 0, OPTIONS)).outcome, 'accepted');
    assert.deepEqual(await remarks(), ['hunter2', 'hunter2']);
    await tickLines(database, [{ issue: 'NSI-2017-0003', remark: 'waits' }], { by: 'fpletz', cause: 'test' });
    assert.deepEqual(await remarks(), ['hunter2', 'hunter2 · waits']);

    const admin = { ...ADA, role: 'security' as const };
    await redact(database, admin, version, 'a password', { ...OPTIONS, copies: [forgetRemarks] });
    // What others said beside it stays.
    assert.deepEqual(await remarks(), ['(redacted)', '(redacted) · waits']);
    const { rows } = await sql<{
      id: number;
    }>`select id from event where payload::text like '%hunter2%'`.execute(database.queries);
    // That one was undone, and says something else: its reader is told of it.
    assert.deepEqual(rows, [{ id: more?.version }]);
    // The entry that told of both is erased; asked for once more, the rest goes, too.
    const { rows: lines } = await sql<{ version: number }>`select remark_version as version from roundup_line
      where roundup = 3 and issue = 'NSI-2017-0003'`.execute(database.queries);
    await redact(database, admin, lines[0]?.version ?? 0, 'another', { ...OPTIONS, copies: [forgetRemarks] });
    assert.deepEqual(await remarks(), ['(redacted)', '(redacted)']);
    await verifyLog(database.queries);
  });
});
