import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import type { Database } from '#base/db';
import { listQuarantine } from '#domain/sources';
import { testDatabase } from '../../../test/database.ts';
import { DORA, withPeople } from '../../../test/people.ts';
import { findPatches } from './find-patches.ts';
import { readMails } from './read-thread.ts';
import { redactMail } from './redact-mail.ts';
import { findThreads } from './store-reading.ts';
import { sampleMail, takeInMails } from './testing-threads.ts';

const diffOf = (path: string) => `--- a/x.c\n+++ b/${path}\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n`;
const EMOJI = '\u{1f600}';
/** What PostgreSQL cannot hold as text, each in another place of a message. */
const HOSTILE = [
  { name: 'a path with a NUL', body: diffOf('x\u0000y.c') },
  { name: 'a path that is cut within a character', body: diffOf(`${'x'.repeat(199)}${EMOJI}`) },
  { name: 'a subject that is cut within a character', subject: `Re: ${'x'.repeat(495)}${EMOJI}` },
  { name: 'a name with a NUL', from: '"A\u0000da" <ada@a.example>' },
  { name: 'an address of a patch with a NUL', body: 'https://git.example/x/commit/abcdef12\u0000.patch' },
];

async function factsOf(database: Database): Promise<string[]> {
  const [thread] = await findThreads(database.queries, { state: 'all', limit: 5 });
  return (thread?.facts ?? []).map(({ kind, label }) => `${kind} ${label}`);
}

describe('what a database cannot hold as text', () => {
  for (const { name, ...mail } of HOSTILE)
    test(`in an answer, and in a message that begins a thread: ${name}`, async () => {
      await using database = await withPeople();
      await takeInMails(database, [{ id: '1', body: 'words' }]);
      const done = await takeInMails(database, [{ id: '2', answers: ['1'], ...mail }, { id: '4' }]);
      assert.deepEqual([done.stored, done.quarantined], [2, 0]);
      await takeInMails(database, [{ id: '3', answers: ['gone'], date: '2017-07-01T00:00:00Z', ...mail }]);
      // Joins two threads: both are counted anew from what is stored of their messages.
      const joined = await takeInMails(database, [{ id: 'gone', answers: ['1'] }]);
      assert.equal(joined.stored, 1);
      const [thread] = await findThreads(database.queries, { state: 'all', limit: 5 });
      const mails = await readMails(database.queries, thread?.id ?? 0, { offset: 0, limit: 10 });
      for (const { id } of mails) await redactMail(database, DORA, id, 'asked for');
      assert.deepEqual(
        (await factsOf(database)).filter((fact) => fact.startsWith('patch')),
        [],
      );
    });

  test('names of patches have no control characters and no half ones', () => {
    const [found] = findPatches({ text: `words\n${diffOf('x\u0000\u001by.c')}`, attachments: [] });
    assert.equal(found?.name, 'xy.c');
    const [cut] = findPatches({ text: `words\n${diffOf(`${'x'.repeat(199)}${EMOJI}`)}`, attachments: [] });
    assert.doesNotMatch(cut?.name ?? '', /\p{Cs}/u);
  });
});

test('a message that the database refuses is set aside, and the others of its batch are stored', async () => {
  await using database = await testDatabase();
  await sql`alter table mail add constraint refused check (from_address <> 'mallory@a.example')`.execute(
    database.queries,
  );
  const mails = ['1', '2', '3', '4', '5'].map((id) =>
    sampleMail({ id, ...(id === '4' ? { from: 'mallory@a.example' } : {}) }),
  );
  const done = await takeInMails(database, mails);
  assert.deepEqual([done.stored, done.quarantined, done.threads], [4, 1, 4]);
  const [entry] = await listQuarantine(database.queries);
  assert.deepEqual([entry?.source, entry?.document], ['mail', '3']);
  assert.equal((await takeInMails(database, mails)).unchanged, 4);
});
