import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { sql } from 'kysely';
import type { Database } from '#base/db';
import { type Posting, readMessage, threadsOf } from '#base/mail';
import { testDatabase } from '../../../test/database.ts';
import { productFinder } from './find-products.ts';
import { incomingOf } from './incoming.ts';
import { knownLists } from './lists.ts';
import { vocabularyOf } from './sync-mail.ts';
import { sampleMail, takeInMails } from './testing-threads.ts';

const IDS = ['a', 'b', 'c', 'd', 'e', 'f'];

/** Messages that follow each other in every way, also in circles, and some with an id that others bear. */
const mail = fc.record(
  {
    id: fc.constantFrom(...IDS),
    answers: fc.oneof(
      fc.constant([]),
      fc.array(fc.constantFrom(...IDS, 'gone', 'gone-too'), { maxLength: 3 }),
    ),
    subject: fc.constantFrom(
      'Re: one long subject here',
      'one long subject here',
      'Re: one longest subject here',
      'Re: x',
      'x',
    ),
    date: fc.oneof(
      fc.integer({ min: 1, max: 28 }).map((day) => `2017-06-${String(day).padStart(2, '0')}T10:00:00Z`),
      fc.constant(''),
    ),
    from: fc.constantFrom('ada@a.example', 'ben@a.example'),
    to: fc.constantFrom('ada@a.example', 'ben@a.example', 'list@a.example'),
    body: fc.constantFrom('words', 'bug 68065', 'CVE-2017-1234 bug 68065', 'CVE-2017-9999'),
  },
  { requiredKeys: ['subject', 'body', 'date', 'from', 'to'] },
);

async function postingOf(bytes: Buffer): Promise<Posting> {
  const list = [...knownLists().values()][0];
  assert.ok(list !== undefined);
  return (
    await incomingOf(readMessage(bytes), list, bytes, {
      findProducts: productFinder(vocabularyOf([])),
      keys: [],
    })
  ).posting;
}

async function partitionOf({ queries }: Database): Promise<{ threads: string[][]; wrong: number }> {
  const { rows } = await sql<{
    keys: string[];
  }>`select array_agg(encode(fingerprint, 'hex') order by fingerprint) as keys
    from mail group by thread order by 1`.execute(queries);
  const { rows: wrong } = await sql`select t.id from thread t left join lateral (
      select count(*) as messages, min(sent_at) as first_at, max(sent_at) as last_at from mail m where m.thread = t.id) m on true
    where case when t.redirect is null then t.messages <> m.messages or t.messages = 0
        or t.first_at is distinct from m.first_at or t.last_at is distinct from m.last_at
      else m.messages > 0 or exists (select from thread o where o.id = t.redirect and o.redirect is not null) end
    union all select f.thread from thread_fact f where not exists (
      select from mail m cross join lateral json_array_elements(m.facts) j
      where m.thread = f.thread and j->>0 = f.kind and j->>1 = f.value)
    union all select m.thread from mail m cross join lateral json_array_elements(m.facts) j where not exists (
      select from thread_fact f where f.thread = m.thread and j->>0 = f.kind and j->>1 = f.value)`.execute(
    queries,
  );
  return { threads: rows.map(({ keys }) => keys), wrong: wrong.length };
}

test('whatever comes in whatever order and portions, the same threads are stored, with what their messages say', async () => {
  await using database = await testDatabase();
  const portions = fc.array(mail, { minLength: 1, maxLength: 12 }).chain((all) =>
    fc.record({
      all: fc.constant(all),
      order: fc.shuffledSubarray(
        all.map((_, index) => index),
        { minLength: all.length },
      ),
      cuts: fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 12, maxLength: 12 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(portions, async ({ all, order, cuts }) => {
      await sql`truncate thread, mail, mail_reference, thread_fact`.execute(database.queries);
      const messages = all.map((each) => sampleMail(each));
      const left = order.map((index) => messages[index] ?? Buffer.alloc(0));
      for (const cut of cuts) {
        const portion = left.splice(0, cut);
        if (portion.length > 0) await takeInMails(database, portion);
      }
      const distinct = new Map<string, Posting>();
      for (const bytes of messages) {
        const posting = await postingOf(bytes);
        distinct.set(posting.key, posting);
      }
      const { threads, wrong } = await partitionOf(database);
      assert.deepEqual(threads, threadsOf([...distinct.values()]));
      assert.equal(wrong, 0, 'counts, dates, redirects and facts are those of the messages');
    }),
    { numRuns: 60 },
  );
});
