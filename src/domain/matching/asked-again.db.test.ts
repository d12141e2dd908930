import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { type Database, together, verifyLog } from '#base/db';
import { bringBackPostponed, comparedBoxesReading, mergeIssues, statusesOf } from '#domain/issues';
import { submit, undo } from '#domain/proposals';
import { testDatabase } from '../../../test/database.ts';
import { ADA, made, OPTIONS, status } from '../../../test/people.ts';
import { record, type SampleRecord } from '../../../test/records.ts';
import { announce, release } from '../../../test/sample-world.ts';
import { decideSuggestions } from './decide-suggestions.ts';
import { nextSuggestions } from './next-suggestions.ts';
import { rematch } from './rematch.ts';
import { settleBoxes } from './settle-boxes.ts';
import { decisionsOfIssues } from './store-decisions.ts';

const CVE = 'CVE-2017-0001';
const CHANNEL = 'nixos-17.03';
const MEDIUM: SampleRecord = {
  product: 'frobd',
  score: { vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:L/I:N/A:N', score: 5.3, severity: 'MEDIUM' },
};
const CRITICAL: SampleRecord = {
  ...MEDIUM,
  score: { vector: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H', score: 9.8, severity: 'CRITICAL' },
};

let days = 0;
/** The record says this from a new day on, and everything is computed that hangs on it. */
async function say(database: Database, what: SampleRecord): Promise<void> {
  days += 1;
  await record(database, CVE, `2018-01-${String((days % 27) + 1).padStart(2, '0')}`, what);
  await rematch(database);
}

/** frobd 1.1 in a channel, and a flaw of what is before 1.2. */
async function world(): Promise<{ database: Database; issue: string }> {
  const database = await testDatabase();
  await sql`insert into account (handle, name, role) values ('ada', 'Ada', 'triager')`.execute(
    database.queries,
  );
  await sql`insert into channel (name) values (${CHANNEL})`.execute(database.queries);
  await release(database, CHANNEL, 1, { frobd: '1.1' });
  await announce(database, [{ number: 3001, package: 'frobd', vulnerabilities: [CVE] }]);
  await say(database, MEDIUM);
  const [waiting] = await nextSuggestions(database.queries, { account: null });
  assert.ok(waiting !== undefined);
  return { database, issue: waiting.issue };
}

const asked = async ({ queries }: Database) =>
  (await nextSuggestions(queries, { account: null })).map(({ again }) => again);

async function decide(database: Database, issue: string): Promise<void> {
  const [before] = await decisionsOfIssues(database.queries, [issue]);
  const confirms = before === undefined ? {} : { confirms: before.version };
  const { answer } = await decideSuggestions(
    database,
    ADA,
    [{ id: `${issue}/frobd`, decision: { decision: 'accepted', ...confirms }, saw: before?.version ?? 0 }],
    OPTIONS,
  );
  assert.equal(answer.outcome, 'accepted');
}

const boxes = async ({ queries }: Database, issue: string) =>
  (await statusesOf(queries, [issue])).map(({ channel, value }) => [channel, value.status]);

describe('a record that changes after somebody decided', () => {
  const CHANGES: [string, SampleRecord, string[]][] = [
    [
      'other versions',
      { ...MEDIUM, before: '1.4' },
      [`${CVE} affects frobd from 1.0 before 1.4 now, frobd from 1.0 before 1.2 then`],
    ],
    ['a graver flaw', CRITICAL, [`${CVE} is critical now, medium then`]],
    ['a number that is rejected', { state: 'REJECTED' }, [`${CVE} was rejected since`]],
  ];
  for (const [what, now, words] of CHANGES) {
    test(`${what}: asks again with the difference, and takes nothing back`, async () => {
      const { database: opened, issue } = await world();
      await using database = opened;
      await decide(database, issue);
      const before = await boxes(database, issue);
      assert.deepEqual(before, [[CHANNEL, 'affected']]);
      assert.deepEqual(await asked(database), []);
      await say(database, now);
      assert.deepEqual(await asked(database), [words]);
      assert.deepEqual(await boxes(database, issue), before);
      await decide(database, issue);
      assert.deepEqual(await asked(database), [], 'said again');
      await verifyLog(database.queries);
    });

    test(`${what}: asks again of a box that was set by hand, without a decision`, async () => {
      const { database: opened, issue } = await world();
      await using database = opened;
      const set = (note: string, saw: number) =>
        made(
          submit(
            database,
            ADA,
            { changes: [status(issue, { status: 'affected', note }, saw, `frobd/${CHANNEL}`)] },
            OPTIONS,
          ),
        );
      const [first] = await set('by hand', 0);
      await rematch(database);
      assert.deepEqual(await asked(database), [null], 'nobody has decided on the package');
      await say(database, now);
      assert.deepEqual(await asked(database), [words]);
      assert.deepEqual(await boxes(database, issue), [[CHANNEL, 'affected']], 'what was set stands');
      await set('still', first?.version ?? 0);
      await settleBoxes(database);
      assert.deepEqual(await asked(database), [null], 'said again');
      await say(database, now);
      assert.deepEqual(await asked(database), [null]);
    });
  }

  test('asks a box of a package that nobody proposes, too, until the box is set again', async () => {
    const { database: opened, issue } = await world();
    await using database = opened;
    const box = `bundled/${CHANNEL}`;
    const marked = async () => {
      const { rows } = await sql<{
        again: string[] | null;
      }>`select again from box_look where package = 'bundled'`.execute(database.queries);
      return rows.map(({ again }) => again);
    };
    const value = { status: 'not_affected', note: 'it has no parser' };
    const [first] = await made(submit(database, ADA, { changes: [status(issue, value, 0, box)] }, OPTIONS));
    assert.deepEqual(await marked(), [null]);
    await say(database, CRITICAL);
    assert.deepEqual(await marked(), [[`${CVE} is critical now, medium then`]]);
    await announce(database, [{ number: 3001, package: 'frobd', vulnerabilities: [CVE, 'CVE-2017-0002'] }]);
    await rematch(database);
    assert.deepEqual(await marked(), [
      ['CVE-2017-0002 came in since', `${CVE} is critical now, medium then`],
    ]);
    const again = { ...value, note: 'it still has none' };
    await made(submit(database, ADA, { changes: [status(issue, again, first?.version ?? 0, box)] }, OPTIONS));
    assert.deepEqual(await marked(), [null], 'set again');
  });

  test('asks of a box that was postponed, too, when its day has come and nobody has been there', async () => {
    const { database: opened, issue } = await world();
    await using database = opened;
    const until = new Date(Date.now() + 10 * 86_400_000);
    const value = { status: 'postponed', until: until.toISOString().slice(0, 10) };
    await made(submit(database, ADA, { changes: [status(issue, value, 0, `frobd/${CHANNEL}`)] }, OPTIONS));
    await say(database, CRITICAL);
    const words = [`${CVE} is critical now, medium then`];
    assert.deepEqual(await asked(database), [words]);
    assert.equal(await bringBackPostponed(database, until), 1);
    await settleBoxes(database);
    assert.deepEqual(await asked(database), [words], 'no person has seen it');
    await say(database, CRITICAL);
    assert.deepEqual(await asked(database), [words]);

    await announce(database, [
      { number: 3001, package: 'frobd', vulnerabilities: [CVE] },
      { number: 3009, package: 'frobd', vulnerabilities: ['CVE-2016-0009'] },
    ]);
    await rematch(database);
    const { rows } = await sql<{
      issue: string;
    }>`select issue from issue_atom where vulnerability = 'CVE-2016-0009'`.execute(database.queries);
    await mergeIssues(database, issue, rows[0]?.issue ?? '', { author: ADA.id, reason: 'one flaw' });
    await rematch(database);
    const [again] = (await asked(database)).filter((each) => each !== null);
    assert.ok(again?.includes(`${CVE} is critical now, medium then`), 'also as part of another issue');
  });

  test('asks no more of a box that somebody emptied', async () => {
    const { database: opened, issue } = await world();
    await using database = opened;
    const [first] = await made(
      submit(
        database,
        ADA,
        { changes: [status(issue, { status: 'affected' }, 0, `frobd/${CHANNEL}`)] },
        OPTIONS,
      ),
    );
    await say(database, CRITICAL);
    assert.deepEqual(await asked(database), [[`${CVE} is critical now, medium then`]]);
    await made(undo(database, ADA, first?.version ?? 0, OPTIONS));
    await settleBoxes(database);
    assert.deepEqual(await asked(database), [null]);
    const compared = await together({ boxes: comparedBoxesReading })(database.pool, [issue]);
    assert.deepEqual(compared.boxes, [], 'it rests on nothing');
    await say(database, MEDIUM);
    const { rows } = await sql`select from record_look`.execute(database.queries);
    assert.deepEqual(rows, [], 'what nothing rests on is not kept');
  });

  test('asks what was set by hand and is part of another issue now', async () => {
    const { database: opened, issue } = await world();
    await using database = opened;
    await announce(database, [
      { number: 3001, package: 'frobd', vulnerabilities: [CVE] },
      { number: 3009, package: 'frobd', vulnerabilities: ['CVE-2016-0009'] },
    ]);
    await rematch(database);
    const { rows } = await sql<{
      issue: string;
    }>`select issue from issue_atom where vulnerability = 'CVE-2016-0009'`.execute(database.queries);
    const other = rows[0]?.issue ?? '';
    assert.notEqual(other, issue);
    await made(
      submit(
        database,
        ADA,
        { changes: [status(issue, { status: 'affected' }, 0, `frobd/${CHANNEL}`)] },
        OPTIONS,
      ),
    );
    await mergeIssues(database, issue, other, { author: ADA.id, reason: 'one flaw' });
    await rematch(database);
    assert.deepEqual((await asked(database)).filter((again) => again !== null).length, 1);
  });
});
