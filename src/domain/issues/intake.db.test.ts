import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { type Database, eventsOf, lastEvent } from '#base/db';
import { submit, undo } from '#domain/proposals';
import { ADA, BEN, CLEO, made, OPTIONS, withPeople } from '../../../test/people.ts';
import { type IntakeDecision, intakeDecision } from './editable-intake.ts';
import { receiveReport, type VisitorReport } from './receive-report.ts';
import { commentsOf } from './store-comments.ts';
import { countWaitingIntake, intakeById, waitingIntake } from './store-intake.ts';
import { ownVulnerabilities } from './store-own.ts';
import { endOfIssue } from './store-reading.ts';

const ISSUE = 'NSI-2017-0001';
const SENDER = { sender: 'hash-of-one', securityContact: 'security@nixos.example', securityKey: 'ABCD 1234' };
const REPORT: VisitorReport = {
  isPublic: true,
  url: 'https://blog.example/bug',
  words: 'openssl crashes',
  package: 'openssl',
};

async function receive(database: Database, more: Partial<VisitorReport> = {}): Promise<number> {
  const answer = await receiveReport(database, { ...REPORT, ...more }, SENDER);
  assert.equal(answer.outcome, 'received');
  return answer.outcome === 'received' ? answer.id : 0;
}

const decide = (id: number, value: IntakeDecision | null, saw = 0) => ({
  changes: [{ kind: 'intake', id: String(id), field: 'decision', value: value as never, saw }],
});

describe('what visitors report', () => {
  test('of what is not public nothing is stored, and the answer says whom to write to', async () => {
    await using database = await withPeople();
    const answer = await receiveReport(database, { ...REPORT, isPublic: false, words: 'SECRET' }, SENDER);
    assert.deepEqual(answer, { outcome: 'not_public', contact: 'security@nixos.example', key: 'ABCD 1234' });
    assert.equal(await countWaitingIntake(database.queries), 0);
    assert.equal(await lastEvent(database.queries), 0);
    const { rows } = await sql`select 1 from rate_limit`.execute(database.queries);
    assert.equal(rows.length, 0);
  });

  test('waits for a triager, and the public history says only that something came', async () => {
    await using database = await withPeople();
    const id = await receive(database, { key: 'form-1' });
    assert.equal(await receive(database, { key: 'form-1' }), id);
    assert.deepEqual(
      (await waitingIntake(database.queries)).map(({ url, words, package: name }) => [url, words, name]),
      [['https://blog.example/bug', 'openssl crashes', 'openssl']],
    );
    const [event] = await eventsOf(database.queries, 'intake', String(id));
    assert.deepEqual(event?.payload, { kind: 'intake', id: String(id), field: 'report' });
    const answer = await submit(database, CLEO, decide(id, { as: 'dismissed', reason: 'no' }), OPTIONS);
    assert.equal(answer.outcome, 'refused');
  });

  test('needs an address of the web or words, and not too many of them', async () => {
    await using database = await withPeople();
    for (const wrong of [
      { url: undefined, words: ' ' },
      { url: 'javascript:alert(1)' },
      { words: 'x'.repeat(10_001) },
    ]) {
      const answer = await receiveReport(database, { ...REPORT, ...wrong }, SENDER);
      assert.equal(answer.outcome, 'refused', JSON.stringify(wrong));
    }
    assert.equal(await countWaitingIntake(database.queries), 0);
  });

  test('so many from one sender', async () => {
    await using database = await withPeople();
    for (let n = 0; n < 5; n += 1) await receive(database);
    const answer = await receiveReport(database, REPORT, SENDER);
    assert.equal(answer.outcome, 'limited');
    const other = await receiveReport(database, REPORT, { ...SENDER, sender: 'another' });
    assert.equal(other.outcome, 'received');
    assert.equal(await countWaitingIntake(database.queries), 6);
  });

  test('is released as a comment, and taken back with its decision', async () => {
    await using database = await withPeople();
    const id = await receive(database);
    const [done] = await made(submit(database, ADA, decide(id, { as: 'comment', issue: ISSUE }), OPTIONS));
    const [comment] = await commentsOf(database.queries, [ISSUE]);
    assert.deepEqual(
      [comment?.author, comment?.body],
      ['visitor', 'openssl crashes\n\nhttps://blog.example/bug'],
    );
    assert.equal((await intakeById(database.queries, id))?.comment, comment?.id);
    assert.equal(await countWaitingIntake(database.queries), 0);
    const late = await submit(database, BEN, decide(id, { as: 'dismissed', reason: 'spam' }), OPTIONS);
    assert.equal(late.outcome, 'conflict', 'two triagers who decide at once see each other');
    await made(undo(database, BEN, done?.version ?? 0, OPTIONS));
    assert.equal((await commentsOf(database.queries, [ISSUE]))[0]?.body, null);
    assert.equal(await countWaitingIntake(database.queries), 1);
  });

  test('becomes a new issue with a number of ours, and none any more when that is taken back', async () => {
    await using database = await withPeople();
    const id = await receive(database);
    const draft = { product: 'openssl', title: 'openssl: crash', references: ['https://blog.example/bug'] };
    const [done] = await made(submit(database, ADA, decide(id, { as: 'issue', draft }), OPTIONS));
    const { issue } = (await intakeById(database.queries, id)) ?? {};
    const { rows } = await sql<{ id: string }>`select id from own_vulnerability`.execute(database.queries);
    const [own] = await ownVulnerabilities(
      database.queries,
      rows.map((row) => row.id),
    );
    assert.deepEqual([own?.madeBy, own?.draft], ['visitor', draft]);
    await made(undo(database, ADA, done?.version ?? 0, OPTIONS));
    assert.ok((await endOfIssue(database.queries, issue ?? '')) instanceof Date);
    assert.equal((await intakeById(database.queries, id))?.issue, null);
  });

  test('is attached to an issue, or dismissed with a reason', async () => {
    await using database = await withPeople();
    const [one, two] = [await receive(database), await receive(database)];
    await made(submit(database, ADA, decide(one, { as: 'attached', issue: ISSUE }), OPTIONS));
    assert.equal((await intakeById(database.queries, one))?.issue, ISSUE);
    assert.equal(intakeDecision.safeParse({ as: 'dismissed', reason: ' ' }).success, false);
    await made(submit(database, ADA, decide(two, { as: 'dismissed', reason: 'known since 2014' }), OPTIONS));
    assert.equal(await countWaitingIntake(database.queries), 0);
    await assert.rejects(
      submit(
        database,
        ADA,
        decide(await receive(database), { as: 'attached', issue: 'NSI-2017-0099' }),
        OPTIONS,
      ),
      /no issue/,
    );
  });
});
