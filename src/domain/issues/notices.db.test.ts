import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Database } from '#base/db';
import { putSettings } from '#domain/accounts';
import { acceptProposal, rejectProposal, submit } from '#domain/proposals';
import { sourceNamed, syncFiles } from '#domain/sources';
import { ADA, BEN, CLEO, DORA, EVE, field, made, OPTIONS, status, withPeople } from '../../../test/people.ts';
import { claimChange, endClaims } from './claims.ts';
import { postComment } from './post-comment.ts';
import { countUnseenNotices, markNoticesSeen, noticesOf } from './store-notices.ts';
import { watchesOf } from './store-watches.ts';
import { tellPeople } from './tell-people.ts';
import { unwatch, watch } from './watch.ts';

const ISSUE = 'NSI-2017-0001';

async function told(database: Database, account: number): Promise<string[]> {
  const notices = await noticesOf(database.queries, account);
  return notices.map(({ reason, words, topic }) => `${reason} ${topic} ${words}`);
}

async function mails(database: Database): Promise<Record<string, unknown>[]> {
  const { rows } = await sql<{
    payload: Record<string, unknown>;
  }>`select payload from outbox where kind = 'mail'
    order by id`.execute(database.queries);
  return rows.map(({ payload }) => payload);
}

describe('telling people', () => {
  test('who watches a source, or all of them, of each alarm that opens or ends there, also by mail', async () => {
    await using database = await withPeople();
    await watch(database, BEN, 'source:debian');
    await watch(database, CLEO, 'source:all');
    await watch(database, EVE, 'source:nvd');
    await assert.rejects(watch(database, EVE, 'source:none'));
    const read = (text: string) => {
      const file = { path: 'data/DSA/list', open: () => Readable.from([Buffer.from(text)]) };
      return syncFiles(database, sourceNamed('debian'), [file], { ours: true });
    };
    await read('<!doctype html><title>Sorry</title>');
    await read('<!doctype html><title>Sorry again</title>');
    await tellPeople(database, OPTIONS);
    const opened = 'alarm source:debian debian: answers with a web page where data were due';
    assert.deepEqual([await told(database, 2), await told(database, 3)], [[opened], [opened]]);
    await read('[22 Jun 2017] DSA-3896-1 apache2 - security update\n\t[jessie] - apache2 2.4.10-1\n');
    await tellPeople(database, OPTIONS);
    const ended =
      'alarm source:debian debian is well again: it was "answers with a web page where data were due"';
    assert.deepEqual(await told(database, 3), [ended, opened]);
    assert.deepEqual([await told(database, 1), await told(database, 5)], [[], []]);
    const accounts = (await mails(database)).map(({ account }) => account);
    assert.deepEqual(accounts, [2, 3, 2, 3]);
    await unwatch(database, CLEO, 'source:all');
  });

  test('who is mentioned, once, also when the comment is edited; not in code, and not oneself', async () => {
    await using database = await withPeople();
    const body = '@ben look, `@dora` and @nobody and @cleo';
    const { id } = await postComment(database, CLEO, { issue: ISSUE, body });
    await tellPeople(database, OPTIONS);
    const change = { kind: 'comment', id: `${ISSUE}/${id}`, field: 'body', value: `${body} @ada`, saw: 1 };
    await made(submit(database, CLEO, { changes: [change] }, OPTIONS));
    await tellPeople(database, OPTIONS);
    const words = [`mention issue:${ISSUE} @cleo mentioned you on ${ISSUE}`];
    assert.deepEqual(await told(database, 2), words);
    assert.deepEqual(await told(database, 1), words);
    assert.deepEqual([await told(database, 3), await told(database, 4)], [[], []]);
    assert.deepEqual(
      (await mails(database)).map(({ account }) => account),
      [2, 1],
    );
  });

  test('who watches the issue, the package or the channel: once, and never what they did themselves', async () => {
    await using database = await withPeople();
    await watch(database, BEN, `issue:${ISSUE}`);
    await watch(database, BEN, 'package:openssl');
    await watch(database, CLEO, 'package:openssl');
    await watch(database, EVE, 'channel:nixos-16.09');
    await watch(database, ADA, 'package:openssl');
    await made(submit(database, ADA, { changes: [status(ISSUE, { status: 'affected' })] }, OPTIONS));
    await tellPeople(database, OPTIONS);
    const line = `${ISSUE}: openssl in nixos-17.03 is affected (@ada)`;
    assert.deepEqual(await told(database, 2), [`watch issue:${ISSUE} ${line}`]);
    assert.deepEqual(await told(database, 3), [`watch package:openssl ${line}`]);
    assert.deepEqual([await told(database, 5), await told(database, 1)], [[], []]);
    assert.deepEqual(await mails(database), [], 'nobody gets a mail of what they watch, unless they want it');
  });

  test('of a large change set once for each thing that they watch', async () => {
    await using database = await withPeople();
    await watch(database, BEN, 'package:openssl');
    const changes = ['NSI-2017-0001', 'NSI-2017-0002', 'NSI-2017-0003'].map((id) =>
      status(id, { status: 'fixed' }),
    );
    await made(submit(database, ADA, { changes }, OPTIONS));
    await tellPeople(database, OPTIONS);
    assert.equal((await told(database, 2)).length, 1);
  });

  test('whose proposal was decided, and how', async () => {
    await using database = await withPeople();
    const propose = async (value: string) => {
      const answer = await submit(database, CLEO, { changes: [status(ISSUE, { status: value })] }, OPTIONS);
      return answer.outcome === 'proposed' ? answer.proposal : 0;
    };
    const [one, two] = [await propose('affected'), await propose('fixed')];
    await rejectProposal(database, BEN, two, 'not yet: SECRET');
    await made(acceptProposal(database, ADA, one, {}, OPTIONS));
    await tellPeople(database, OPTIONS);
    assert.deepEqual(await told(database, 3), [
      `decision proposal:${one} @ada accepted your proposal ${one}`,
      `decision proposal:${two} @ben rejected your proposal ${two}`,
    ]);
    assert.equal((await mails(database)).length, 2);
  });

  test('whose claim runs out, and whose was taken over', async () => {
    await using database = await withPeople();
    const at = new Date('2017-03-01T10:00:00Z');
    const claim = (actor: typeof ADA, issue: string, saw: number, when = at) =>
      made(
        submit(
          database,
          actor,
          { changes: [claimChange(issue, actor.id, saw, { at: when })] },
          { ...OPTIONS, at: when },
        ),
      );
    await claim(CLEO, ISSUE, 0);
    const [other] = await claim(CLEO, 'NSI-2017-0002', 0);
    await claim(ADA, 'NSI-2017-0002', other?.version ?? 0);
    const inSixDays = new Date('2017-03-07T12:00:00Z');
    assert.deepEqual(await endClaims(database, inSixDays), { ended: 0, warned: 2 });
    assert.deepEqual(
      await endClaims(database, inSixDays),
      { ended: 0, warned: 0 },
      'a second run tells nothing anew',
    );
    assert.deepEqual(await endClaims(database, new Date('2017-03-08T10:00:00Z')), { ended: 2, warned: 0 });
    await tellPeople(database, OPTIONS);
    assert.deepEqual(await told(database, 3), [
      `claim issue:${ISSUE} Your claim of ${ISSUE} has run out`,
      'claim issue:NSI-2017-0002 @ada took over your claim of NSI-2017-0002',
      `claim issue:${ISSUE} Your claim of ${ISSUE} ends on 2017-03-08 10:00 UTC`,
    ]);
  });

  test('by mail as they prefer, and only where mail has been shown to reach them', async () => {
    await using database = await withPeople();
    await putSettings(database.queries, 2, { mail: { watch: true } });
    await putSettings(database.queries, 1, { mail: { mention: false } });
    await watch(database, BEN, `issue:${ISSUE}`);
    await postComment(database, CLEO, { issue: ISSUE, body: '@ada @dora @eve' });
    await tellPeople(database, OPTIONS);
    assert.deepEqual(
      (await mails(database)).map(({ account }) => account),
      [2],
    );
    assert.deepEqual((await told(database, 4)).length, 1);
  });

  test('nothing twice, whatever number of processes tells', async () => {
    await using database = await withPeople();
    await watch(database, BEN, `issue:${ISSUE}`);
    for (let n = 0; n < 5; n += 1) await postComment(database, ADA, { issue: ISSUE, body: `@dora ${n}` });
    const runs = await Promise.all([1, 2, 3].map(() => tellPeople(database, OPTIONS)));
    assert.equal(
      runs.reduce((sum, { notices }) => sum + notices, 0),
      10,
    );
    assert.equal((await told(database, 2)).length, 5);
    assert.deepEqual(await tellPeople(database, OPTIONS), { events: 0, notices: 0, mails: 0 });
  });

  test('no words of anybody are copied into a notice or a mail', async () => {
    await using database = await withPeople();
    await watch(database, BEN, `issue:${ISSUE}`);
    await putSettings(database.queries, 2, { mail: { watch: true } });
    await postComment(database, ADA, { issue: ISSUE, body: '@dora SECRET' });
    await made(
      submit(database, ADA, { changes: [field(ISSUE, 'title', 'SECRET title')], remark: 'SECRET' }, OPTIONS),
    );
    const fixed = { status: 'fixed', note: 'SECRET', fixedIn: 'SECRET' };
    await made(submit(database, ADA, { changes: [status(ISSUE, fixed)] }, OPTIONS));
    await tellPeople(database, OPTIONS);
    const { rows } = await sql<{
      text: string;
    }>`select notice::text as text from notice union all select outbox::text from outbox`.execute(
      database.queries,
    );
    assert.ok(rows.length > 3);
    assert.ok(rows.every(({ text }) => !text.includes('SECRET')));
  });

  test('looked at is looked at', async () => {
    await using database = await withPeople();
    for (let n = 0; n < 3; n += 1) await postComment(database, ADA, { issue: ISSUE, body: '@ben' });
    await tellPeople(database, OPTIONS);
    assert.equal(await countUnseenNotices(database.queries, 2), 3);
    const [, second] = await noticesOf(database.queries, 2);
    await markNoticesSeen(database.queries, 2, { upTo: second?.id ?? 0 });
    assert.equal(await countUnseenNotices(database.queries, 2), 1);
    await markNoticesSeen(database.queries, 2, { topic: `issue:${ISSUE}` });
    assert.deepEqual(await noticesOf(database.queries, 2, { unseen: true }), []);
  });
});

describe('watching', () => {
  test('what is there, by who is somebody', async () => {
    await using database = await withPeople();
    await watch(database, CLEO, `issue:${ISSUE}`);
    await watch(database, CLEO, `issue:${ISSUE}`);
    await watch(database, CLEO, 'package:python3Packages.requests');
    assert.equal((await watchesOf(database.queries, 3)).length, 2);
    await unwatch(database, CLEO, `issue:${ISSUE}`);
    assert.deepEqual(
      (await watchesOf(database.queries, 3)).map(({ topic }) => topic),
      ['package:python3Packages.requests'],
    );
    await assert.rejects(watch(database, CLEO, 'issue:NSI-2017-0099'), /no issue/);
    await assert.rejects(watch(database, CLEO, 'queue'), /what can be watched/);
    await assert.rejects(watch(database, { ...CLEO, account: null }, 'package:x'), /takes an account/);
    assert.equal(DORA.account, 4);
  });
});
