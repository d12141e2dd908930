import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { eventsOf } from '#base/db';
import { machine, VISITOR } from '#domain/policies';
import { submit, undo } from '#domain/proposals';
import { ADA, BEN, CLEO, DORA, made, OPTIONS, withPeople } from '../../../test/people.ts';
import { COMMENT_LIMITS, postComment } from './post-comment.ts';
import { commentsOf } from './store-comments.ts';

const ISSUE = 'NSI-2017-0001';
const edit = (id: string, value: string | null, saw: number) => ({
  changes: [{ kind: 'comment', id, field: 'body', value, saw }],
});

describe('comments', () => {
  test('are kept as they were written, with their author, and told in the history of their issue', async () => {
    await using database = await withPeople();
    const body = '  It is **not** hit:\r\n\r\n- see <b>CVE-2017-3731</b> ';
    const { id, issue } = await postComment(database, CLEO, { issue: ISSUE, body });
    assert.equal(issue, ISSUE);
    const [comment] = await commentsOf(database.queries, [ISSUE]);
    assert.deepEqual([comment?.id, comment?.author, comment?.body], [id, CLEO.id, body]);
    const [event] = await eventsOf(database.queries, 'issue', ISSUE);
    assert.deepEqual([event?.id, event?.actor, event?.payload?.value], [comment?.version, CLEO.id, body]);
  });

  test('visitors cannot, and what says nothing is refused', async () => {
    await using database = await withPeople();
    await assert.rejects(postComment(database, VISITOR, { issue: ISSUE, body: 'x' }), /takes an account/);
    await assert.rejects(postComment(database, CLEO, { issue: ISSUE, body: ' \n' }), /says nothing/);
    await assert.rejects(
      postComment(database, CLEO, { issue: ISSUE, body: 'x'.repeat(20_001) }),
      /longer than/,
    );
    await assert.rejects(postComment(database, CLEO, { issue: 'NSI-2017-0099', body: 'x' }), /no issue/);
    assert.deepEqual(await eventsOf(database.queries, 'issue', ISSUE), []);
  });

  test('sent twice under one key, also at the same moment, is one comment; the key is its sender’s', async () => {
    await using database = await withPeople();
    const once = { issue: ISSUE, body: 'once', key: 'a-key' };
    const [a, b] = await Promise.all([postComment(database, CLEO, once), postComment(database, CLEO, once)]);
    assert.deepEqual(a, b);
    assert.equal((await commentsOf(database.queries, [ISSUE])).length, 1);
    await assert.rejects(postComment(database, ADA, once), /somebody else used that key/);
  });

  test('are edited and taken back by their author only; security takes back and rewords nothing', async () => {
    await using database = await withPeople();
    const { id } = await postComment(database, CLEO, { issue: ISSUE, body: 'first' });
    const name = `${ISSUE}/${id}`;
    const version = async () => (await commentsOf(database.queries, [ISSUE]))[0]?.version ?? 0;
    for (const actor of [ADA, BEN, DORA, machine('rules')]) {
      const answer = await submit(database, actor, edit(name, 'mine now', await version()), OPTIONS);
      assert.equal(answer.outcome === 'refused' && answer.refusals[0]?.code, 'FORBIDDEN');
    }
    await made(submit(database, CLEO, edit(name, 'second', await version()), OPTIONS));
    const stale = await submit(database, CLEO, edit(name, 'third', 1), OPTIONS);
    assert.equal(stale.outcome, 'conflict');
    const refused = await submit(database, ADA, edit(name, null, await version()), OPTIONS);
    assert.equal(refused.outcome, 'refused');
    await made(submit(database, DORA, edit(name, null, await version()), OPTIONS));
    assert.equal((await commentsOf(database.queries, [ISSUE]))[0]?.body, null);
  });

  test('taking back is undone, and posting is', async () => {
    await using database = await withPeople();
    const { id } = await postComment(database, CLEO, { issue: ISSUE, body: 'first' });
    const name = `${ISSUE}/${id}`;
    const [posted] = await eventsOf(database.queries, 'issue', ISSUE);
    await made(undo(database, CLEO, posted?.id ?? 0, OPTIONS));
    const [gone] = await commentsOf(database.queries, [ISSUE]);
    assert.equal(gone?.body, null);
    await made(undo(database, CLEO, gone?.version ?? 0, OPTIONS));
    assert.equal((await commentsOf(database.queries, [ISSUE]))[0]?.body, 'first');
    const elsewhere = await submit(database, CLEO, edit(name.replace('0001', '0002'), 'x', 0), OPTIONS);
    assert.equal(elsewhere.outcome === 'refused' && elsewhere.refusals[0]?.code, 'UNKNOWN');
  });

  test('a newcomer can say only so much at once', async () => {
    await using database = await withPeople();
    const at = new Date('2017-03-01T10:00:00Z');
    const say = (n: number, when = at) => postComment(database, CLEO, { issue: ISSUE, body: `${n}` }, when);
    const { capacity, perSeconds } = COMMENT_LIMITS.contributor;
    for (let n = 0; n < capacity; n += 1) await say(n);
    await assert.rejects(say(capacity), /go on in \d+ seconds/);
    await postComment(database, ADA, { issue: ISSUE, body: 'a triager is not stopped' }, at);
    await say(capacity, new Date(at.getTime() + perSeconds * 1000));
    assert.equal((await commentsOf(database.queries, [ISSUE])).length, capacity + 2);
  });
});
