import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { createCleartextMessage, generateKey, sign } from 'openpgp';
import { type Database, eventsOf, verifyLog } from '#base/db';
import { ownVulnerabilities } from '#domain/issues';
import { redact, submit, undo } from '#domain/proposals';
import { listQuarantine } from '#domain/sources';
import { testDatabase } from '../../../test/database.ts';
import { ADA, BEN, CLEO, DORA, made, OPTIONS, withPeople } from '../../../test/people.ts';
import type { ThreadClaim, ThreadDecision } from './decision.ts';
import { addKeys, removeKey } from './keys.ts';
import { knownLists } from './lists.ts';
import { maildirAt, mboxAt } from './mailboxes.ts';
import { patchOf, readMails } from './read-thread.ts';
import { REOPENING } from './recognise.ts';
import { redactMail } from './redact-mail.ts';
import {
  countWaitingThreads,
  findThreads,
  type Thread,
  threadById,
  threadsOfIssue,
} from './store-reading.ts';
import { syncMailbox } from './sync-mail.ts';
import { sampleMail, takeInMails } from './testing-threads.ts';

const ISSUE = 'NSI-2017-0001';
const DIFF = 'diff --git a/x.c b/x.c\n--- a/x.c\n+++ b/x.c\n@@ -1,2 +1,2 @@\n same\n-old\n+new\n';

async function onlyThread(database: Database): Promise<Thread> {
  const found = await findThreads(database.queries, { state: 'all', limit: 10 });
  assert.equal(found.length, 1);
  return found[0] as Thread;
}

const set = (
  thread: number,
  field: 'decision' | 'claim',
  value: ThreadDecision | ThreadClaim | null,
  saw = 0,
) => ({
  changes: [{ kind: 'thread', id: String(thread), field, value: value as never, saw }],
});

describe('threads as triage items', () => {
  test('are attached, dismissed or turned into issues by the one path, with history and undo', async () => {
    await using database = await withPeople();
    await takeInMails(database, [{ id: '1', subject: 'openssl: a flaw', body: 'CVE-2017-7777' }]);
    const { id, factsVersion: knew } = await onlyThread(database);
    const attach: ThreadDecision = { as: 'attached', issue: ISSUE, knew };
    const [first] = await made(submit(database, ADA, set(id, 'decision', attach), OPTIONS));
    assert.deepEqual(
      (await threadsOfIssue(database.pool, ISSUE)).threads.map(({ id, attached }) => [id, attached]),
      [[id, true]],
    );
    const late = await submit(
      database,
      BEN,
      set(id, 'decision', { as: 'dismissed', reason: 'spam', knew }),
      OPTIONS,
    );
    assert.equal(late.outcome, 'conflict', 'two who decide at once see each other');
    await made(undo(database, BEN, first?.version ?? 0, OPTIONS));
    assert.equal((await onlyThread(database)).waits, true);
    assert.deepEqual(await threadsOfIssue(database.pool, ISSUE), { total: 0, threads: [] });

    const { version } = await onlyThread(database);
    const draft = { product: 'openssl', title: 'openssl: a flaw' };
    const [made1] = await made(
      submit(database, ADA, set(id, 'decision', { as: 'issue', draft, knew }, version), OPTIONS),
    );
    const { issue } = await onlyThread(database);
    assert.match(issue ?? '', /^NSI-/);
    const { rows } = await sql<{ id: string }>`select id from own_vulnerability`.execute(database.queries);
    const [own] = await ownVulnerabilities(
      database.queries,
      rows.map((row) => row.id),
    );
    assert.deepEqual([own?.madeBy, own?.draft, own?.withdrawnAt], [ADA.id, draft, null]);
    await made(undo(database, ADA, made1?.version ?? 0, OPTIONS));
    const [after] = await ownVulnerabilities(
      database.queries,
      rows.map((row) => row.id),
    );
    assert.ok(after?.withdrawnAt instanceof Date, 'the issue goes with what made it');

    const types = (await eventsOf(database.queries, 'thread', String(id))).map(({ type }) => type);
    assert.deepEqual(types, Array(4).fill('thread.decision.set'));
  });

  test('contributors propose; nobody attaches to what is not there, or dismisses without a reason', async () => {
    await using database = await withPeople();
    await takeInMails(database, [{ id: '1' }]);
    const { id } = await onlyThread(database);
    const proposed = await submit(
      database,
      CLEO,
      set(id, 'decision', { as: 'dismissed', reason: 'talk', knew: 0 }),
      OPTIONS,
    );
    assert.equal(proposed.outcome, 'proposed');
    await assert.rejects(
      submit(
        database,
        ADA,
        set(id, 'decision', { as: 'attached', issue: 'NSI-2017-9999', knew: 0 }),
        OPTIONS,
      ),
      /no issue/,
    );
    for (const wrong of [
      { as: 'dismissed', knew: 0 },
      { as: 'dismissed', reason: 'other', knew: 0 },
      { as: 'dismissed', reason: 'talk' },
    ])
      assert.equal(
        (await submit(database, ADA, set(id, 'decision', wrong as never), OPTIONS)).outcome,
        'refused',
      );
    assert.equal((await onlyThread(database)).waits, true);
  });

  test('are claimed for a while; deciding lets go', async () => {
    await using database = await withPeople();
    await takeInMails(database, [{ id: '1' }]);
    const { id } = await onlyThread(database);
    const until = new Date(Date.now() + 3_600_000).toISOString();
    await made(submit(database, CLEO, set(id, 'claim', { person: CLEO.id, until }), OPTIONS));
    assert.deepEqual(
      (await findThreads(database.queries, { claimedBy: CLEO.id, limit: 5 })).map((thread) => thread.id),
      [id],
    );
    const { claimVersion } = await onlyThread(database);
    const taken = await submit(
      database,
      { ...CLEO, id: 'person:5', account: 5 },
      set(id, 'claim', null, claimVersion),
      OPTIONS,
    );
    assert.equal(taken.outcome, 'proposed', 'somebody else’s claim is not theirs to end');
    await made(
      submit(database, ADA, set(id, 'decision', { as: 'dismissed', reason: 'talk', knew: 0 }), OPTIONS),
    );
    assert.equal((await onlyThread(database)).claim, null);
  });

  test('come back when a patch or a product is added, never for words alone, and say what it was', async () => {
    await using database = await withPeople();
    await takeInMails(database, [{ id: '1', subject: 'a problem' }]);
    const { id } = await onlyThread(database);
    const dismiss = async () => {
      const { version, factsVersion } = await onlyThread(database);
      await made(
        submit(
          database,
          ADA,
          set(id, 'decision', { as: 'dismissed', reason: 'talk', knew: factsVersion }, version),
          OPTIONS,
        ),
      );
    };
    const answer = async (name: string, body: string) => {
      await takeInMails(database, [{ id: name, answers: ['1'], subject: 'Re: a problem', body }]);
      const { waits, decision, facts } = await onlyThread(database);
      return waits
        ? facts
            .filter(({ kind, since }) => REOPENING.has(kind) && since > (decision?.knew ?? 0))
            .map(({ kind, label, value }) => [kind, label ?? value])
        : null;
    };
    await dismiss();
    assert.equal(await answer('2', 'I think so, too. See https://example.org/ and DSA-3000-1.'), null);
    assert.deepEqual(await answer('3', `here:\n\n${DIFF}`), [['patch', 'x.c']]);
    await dismiss();
    assert.equal(await answer('4', `here it is again:\n\n${DIFF}`), null, 'the same patch adds nothing');
    assert.equal(await answer('5', DIFF.replace(/^/gm, '> ')), null);
    assert.deepEqual(await answer('6', 'Package: openssl\n'), [['product', 'openssl']]);
    await dismiss();
    assert.deepEqual(await answer('7', 'Use CVE-2017-5555.'), [['cve', 'CVE-2017-5555']]);
    // Seen and decided as before: with what one knows now it is another decision.
    await dismiss();
    assert.deepEqual(await countWaitingThreads(database.queries), { waiting: 0, reopened: 0 });
  });

  test('two that turn out to be one keep what was decided, and the number of neither is lost', async () => {
    await using database = await withPeople();
    await takeInMails(database, [{ id: '1', subject: 'one' }]);
    await takeInMails(database, [{ id: '3', subject: 'Re: one', answers: ['2'], body: 'CVE-2017-3333' }]);
    const [second, first] = (await findThreads(database.queries, { limit: 5 })).sort(
      (a, b) => b.id - a.id,
    ) as [Thread, Thread];
    await made(
      submit(database, ADA, set(second.id, 'decision', { as: 'attached', issue: ISSUE, knew: 1 }), OPTIONS),
    );
    await takeInMails(database, [{ id: '2', subject: 'Re: one', answers: ['1'] }]);
    const [whole, gone] = [
      await threadById(database.queries, first.id),
      await threadById(database.queries, second.id),
    ];
    assert.deepEqual(
      [whole?.messages, whole?.waits, gone?.redirect, gone?.waits],
      [3, true, first.id, false],
    );
    assert.deepEqual(
      await threadsOfIssue(database.pool, ISSUE).then(({ threads: [thread] }) => thread?.id),
      first.id,
    );
    assert.equal(
      (await eventsOf(database.queries, 'thread', String(second.id))).at(-1)?.type,
      'thread.joined',
    );
    const refused = await submit(
      database,
      ADA,
      set(second.id, 'decision', null, gone?.version ?? 0),
      OPTIONS,
    );
    assert.equal(refused.outcome, 'refused');
  });

  test('brought in as history wait for nobody, until something is added', async () => {
    await using database = await withPeople();
    const done = await takeInMails(database, [{ id: '1', body: 'CVE-2017-1111' }], { archived: true });
    assert.equal(done.threads, 1);
    assert.equal((await countWaitingThreads(database.queries)).waiting, 0);
    await takeInMails(database, [{ id: '2', answers: ['1'], body: 'CVE-2017-2222' }]);
    assert.deepEqual(await countWaitingThreads(database.queries), { waiting: 1, reopened: 1 });
  });

  test('brought in as history wait for nobody in whatever batches it comes', async () => {
    await using database = await withPeople();
    const archive = (...mails: Parameters<typeof takeInMails>[1][number][]) =>
      takeInMails(database, mails, { archived: true });
    const waiting = async () => (await countWaitingThreads(database.queries)).waiting;
    await archive({ id: '1' });
    await archive({ id: '2', answers: ['1'], body: `CVE-2017-2222\n${DIFF}` });
    assert.equal(await waiting(), 0, 'what an answer adds');
    await archive({ id: '9', answers: ['5'], body: 'CVE-2017-9999' });
    await archive({ id: '5', answers: ['1'], body: 'CVE-2017-5555' });
    assert.equal(await waiting(), 0, 'threads that join');
    await archive({ id: '6', answers: ['1', 'gone'], body: 'CVE-2017-6666' });
    await archive({ id: 'gone', body: 'CVE-2017-7777' });
    assert.equal(await waiting(), 0, 'threads that come apart');
    assert.equal((await findThreads(database.queries, { state: 'archived', limit: 9 })).length, 2);
    // What waits is not made history by what history adds to it, or joins it with.
    await takeInMails(database, [{ id: '20', answers: ['19'], body: 'CVE-2017-2020' }]);
    await archive({ id: '21', answers: ['20'], body: 'CVE-2017-2121' });
    assert.equal(await waiting(), 1);
    await archive({ id: '19', answers: ['1'] });
    assert.equal(await waiting(), 1);
    await takeInMails(database, [{ id: '30', answers: ['1'], body: 'CVE-2017-3030' }]);
    assert.deepEqual(await countWaitingThreads(database.queries), { waiting: 1, reopened: 1 });
  });

  test('brought in as history can be let wait all the same, and back', async () => {
    await using database = await withPeople();
    await takeInMails(database, [{ id: '1', body: 'CVE-2017-1111' }], { archived: true });
    const { id, version, archivedAtVersion } = await onlyThread(database);
    assert.equal(archivedAtVersion, 1);
    const [done] = await made(
      submit(database, ADA, set(id, 'decision', { as: 'waiting', knew: 1 }, version), OPTIONS),
    );
    assert.equal((await onlyThread(database)).waits, true);
    await made(undo(database, ADA, done?.version ?? 0, OPTIONS));
    assert.deepEqual(await countWaitingThreads(database.queries), { waiting: 0, reopened: 0 });
  });

  test('nobody knows more of a thread than there is', async () => {
    await using database = await withPeople();
    await takeInMails(database, [{ id: '1' }]);
    const { id, factsVersion } = await onlyThread(database);
    const dismissed = (knew: number) =>
      submit(database, ADA, set(id, 'decision', { as: 'dismissed', reason: 'talk', knew }), OPTIONS);
    assert.equal((await dismissed(3_000_000_000)).outcome, 'refused');
    await assert.rejects(dismissed(factsVersion + 1), /nobody knew version/);
    assert.equal((await onlyThread(database)).waits, true);
    await made(dismissed(factsVersion));
  });
});

describe('what comes in', () => {
  test('only mail of the lists that are read is kept; what is too large is set aside with its place', async () => {
    await using database = await testDatabase();
    const large = (list: string) =>
      Buffer.from(`List-Id: <${list}>\nSubject: x\nX: ${'a'.repeat(1 << 19)}\n\n`);
    const done = await takeInMails(database, [
      { id: '1' },
      { id: '2', list: null, subject: 'PRIVATE' },
      { id: '3', list: 'friends.example.org', subject: 'PRIVATE' },
      large('friends.example.org'),
      large('oss-security.lists.openwall.com'),
      Buffer.from('\n\nno message'),
      { id: '4' },
    ]);
    assert.deepEqual([done.messages, done.stored, done.foreign, done.quarantined], [7, 2, 4, 1]);
    const [entry] = await listQuarantine(database.queries);
    assert.deepEqual(
      [entry?.source, entry?.path, entry?.document, entry?.reason],
      ['mail', 'sample', '4', 'too-large'],
    );
    const { rows } = await sql<{
      subject: string;
    }>`select subject from mail where subject like '%PRIVATE%'`.execute(database.queries);
    assert.deepEqual(rows, []);
  });

  test('an archive whose messages have lost the list is read as one of that list', async () => {
    await using database = await testDatabase();
    const list = knownLists().get('fulldisclosure.seclists.org');
    await takeInMails(database, [{ id: '1', list: null }], { list });
    assert.deepEqual((await onlyThread(database)).lists, ['fulldisclosure.seclists.org']);
  });

  test('a maildir, also while messages are moved in it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-maildir-'));
    try {
      await using database = await testDatabase();
      for (const part of ['cur', 'new', 'tmp']) mkdirSync(join(folder, part));
      writeFileSync(join(folder, 'new', '1.a'), sampleMail({ id: '1' }));
      writeFileSync(join(folder, 'tmp', '2.a'), sampleMail({ id: '2' }));
      const sync = () => syncMailbox(database, maildirAt(folder), { lists: knownLists() });
      assert.deepEqual((await sync()).stored, 1);
      renameSync(join(folder, 'new', '1.a'), join(folder, 'cur', '1.a:2,S'));
      renameSync(join(folder, 'tmp', '2.a'), join(folder, 'new', '2.a'));
      const second = await sync();
      assert.deepEqual([second.stored, second.unchanged], [1, 1]);
      await assert.rejects(
        syncMailbox(database, maildirAt(join(folder, 'cur')), { lists: knownLists() }),
        /no maildir/,
      );
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('what was passed over is read when another list is asked for', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-maildir-'));
    try {
      await using database = await testDatabase();
      for (const part of ['cur', 'new']) mkdirSync(join(folder, part));
      const path = join(folder, 'cur', '1.a');
      writeFileSync(path, sampleMail({ id: '1', list: 'more.example.org' }));
      const sync = (more: string[], list?: string) => {
        const lists = knownLists(more);
        const at = new Date(Date.now() + 3_600_000);
        return syncMailbox(database, maildirAt(folder), {
          lists,
          at,
          list: list === undefined ? undefined : lists.get(list),
        });
      };
      assert.deepEqual([(await sync([])).foreign, (await sync([])).messages], [1, 0]);
      assert.equal((await sync(['more.example.org'])).stored, 1);
      assert.equal((await sync(['more.example.org'])).messages, 0);
      assert.equal((await sync([], 'fulldisclosure.seclists.org')).messages, 1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('what is set aside of a file is not lost when another message stands at its place', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'muster-mbox-'));
    try {
      await using database = await testDatabase();
      const path = join(folder, 'archive');
      const write = (fill: string) =>
        writeFileSync(
          path,
          `From a@b.example Thu Jan  1 00:00:00 2017\nList-Id: <oss-security.lists.openwall.com>\nX: ${fill.repeat(1 << 19)}\n\nwords\n`,
        );
      for (const fill of ['a', 'b', 'b']) {
        write(fill);
        await syncMailbox(database, mboxAt(path), { lists: knownLists() });
      }
      assert.equal((await listQuarantine(database.queries)).length, 2);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  test('messages with one id and different words are all kept, in one thread', async () => {
    await using database = await testDatabase();
    await takeInMails(database, [
      { id: '1', body: 'one' },
      { id: '1', body: 'two' },
    ]);
    await takeInMails(database, [{ id: '1', body: 'three', date: '2017-06-01T00:00:00Z' }]);
    const { id, messages } = await onlyThread(database);
    assert.equal(messages, 3);
    const mails = await readMails(database.queries, id, { offset: 0, limit: 10 });
    const words = mails.map(({ passages }) => passages[0]?.text.trim());
    assert.deepEqual([words[0], words.slice(1).sort()], ['three', ['one', 'two']]);
  });
});

describe('reading a thread', () => {
  test('words, quotes, patches and armour apart; patches as files', async () => {
    await using database = await testDatabase();
    const body = `Ada wrote:\n> quoted\n> more\n\nwords\n\n${DIFF}\nbye\n-----BEGIN PGP SIGNATURE-----\n\nAAAA\n-----END PGP SIGNATURE-----\n`;
    await takeInMails(database, [{ id: '1', body }]);
    const { id } = await onlyThread(database);
    const [mail] = await readMails(database.queries, id, { offset: 0, limit: 10 });
    assert.deepEqual(
      mail?.passages.map(({ kind }) => kind),
      ['words', 'quoted', 'words', 'patch', 'words', 'armor'],
    );
    assert.deepEqual(
      mail?.patches.map(({ number, name, text }) => [number, name, text]),
      [[1, 'x.c', DIFF]],
    );
    assert.equal(
      (await patchOf(database.queries, { thread: id, mail: mail?.id ?? 0, number: 1 }))?.text,
      DIFF,
    );
    assert.equal(await patchOf(database.queries, { thread: id, mail: mail?.id ?? 0, number: 2 }), null);
  });

  test('signatures are checked once their key is known, and no longer when it goes', async () => {
    await using database = await testDatabase();
    const { privateKey, publicKey } = await generateKey({ userIDs: [{ name: 'Ada' }], format: 'object' });
    const text = await sign({
      message: await createCleartextMessage({ text: 'words' }),
      signingKeys: privateKey,
    });
    await takeInMails(database, [{ id: '1', body: text }]);
    assert.equal((await onlyThread(database)).signature, 'unknown_key');
    const { keys, checked } = await addKeys(database, publicKey.armor(), 'operator');
    assert.deepEqual([keys[0]?.owner, checked, (await onlyThread(database)).signature], ['Ada', 1, 'good']);
    await takeInMails(database, [{ id: '2', answers: ['1'], body: text.replace('words', 'other words') }]);
    assert.equal((await onlyThread(database)).signature, 'good', 'the best that can be said');
    await removeKey(database, keys[0]?.fingerprint ?? '');
    assert.equal((await onlyThread(database)).signature, 'unknown_key');
  });
});

describe('redaction', () => {
  test('of a message: nothing of it is anywhere any more, and it does not come again', async () => {
    await using database = await withPeople();
    const secret = sampleMail({
      id: '1',
      from: 'Secretname <secretname@a.example>',
      subject: 'secretsubject',
      body: 'secretword CVE-2017-7777',
    });
    await takeInMails(database, [secret, { id: '2', answers: ['1'], body: 'other words' }]);
    const { id } = await onlyThread(database);
    const [mail] = await readMails(database.queries, id, { offset: 0, limit: 1 });
    await assert.rejects(redactMail(database, ADA, mail?.id ?? 0, 'asked for'), /security role/);
    await redactMail(database, DORA, mail?.id ?? 0, 'its author asked for it');
    assert.deepEqual((await takeInMails(database, [secret])).stored, 0);
    const [gone, other] = await readMails(database.queries, id, { offset: 0, limit: 5 });
    assert.deepEqual([gone?.redacted, gone?.from, gone?.subject, gone?.passages], [true, null, null, []]);
    assert.equal(other?.passages[0]?.text.trim(), 'other words', 'its neighbour in the pack is whole');
    const { rows } = await sql<{ all: string }>`select string_agg(x::text, ' ') as all from (
      select m::text as x from mail m union all select t::text from thread t union all select e.payload::text from event e) a`.execute(
      database.queries,
    );
    assert.doesNotMatch(rows[0]?.all ?? '', /secret/i);
    const { brotliDecompressSync } = await import('node:zlib');
    const packs = await database.queries.selectFrom('raw_pack').select('bytes').execute();
    for (const { bytes } of packs)
      assert.doesNotMatch(brotliDecompressSync(bytes).toString('latin1'), /secret/i);
    assert.equal(
      (await verifyLog(database.queries)).redacted,
      0,
      'the history holds, and needed no redaction',
    );
  });

  test('of a message reaches what its thread came back for, and every other copy of it', async () => {
    await using database = await withPeople();
    await takeInMails(database, [{ id: '1', subject: 'secretless' }]);
    const { id, factsVersion: knew } = await onlyThread(database);
    const dismissed: ThreadDecision = { as: 'dismissed', reason: 'talk', knew };
    await made(submit(database, ADA, set(id, 'decision', dismissed), OPTIONS));
    const body = `bug 4711471\n\n${DIFF.replaceAll('x.c', 'secretfile.c')}`;
    const leak = { id: '2', answers: ['1'], subject: 'Re: secretless', body };
    await takeInMails(database, [leak]);
    assert.equal((await eventsOf(database.queries, 'thread', String(id))).at(-1)?.type, 'thread.reopened');
    const mail = (await readMails(database.queries, id, { offset: 0, limit: 5 })).find(
      ({ patches }) => patches.length > 0,
    );
    assert.equal(await patchOf(database.queries, { thread: id + 1, mail: mail?.id ?? 0, number: 1 }), null);
    await assert.rejects(
      redactMail(database, DORA, mail?.id ?? 0, 'asked for', { thread: id + 1 }),
      /no message/,
    );
    await redactMail(database, DORA, mail?.id ?? 0, 'asked for', { thread: id });
    const copy = { ...leak, to: 'other@a.example', list: 'fulldisclosure.seclists.org' };
    const again = await takeInMails(database, [copy, { id: '3' }]);
    assert.deepEqual([again.stored, again.unchanged], [1, 1]);
    const { rows } = await sql<{ all: string }>`select string_agg(x::text, ' ') as all from (
      select m::text as x from mail m union all select t::text from thread t union all select f::text from thread_fact f
      union all select e.payload::text from event e) a`.execute(database.queries);
    assert.doesNotMatch(rows[0]?.all ?? '', /secretfile|4711471/);
    await verifyLog(database.queries);
  });

  test('of what somebody wrote when they decided', async () => {
    await using database = await withPeople();
    await takeInMails(database, [{ id: '1' }]);
    const { id } = await onlyThread(database);
    const value: ThreadDecision = { as: 'dismissed', reason: 'other', note: 'secretnote', knew: 0 };
    const [done] = await made(submit(database, ADA, set(id, 'decision', value), OPTIONS));
    await redact(database, DORA, done?.version ?? 0, 'a name in it', { kinds: OPTIONS.kinds });
    const { rows } = await sql<{ all: string }>`select string_agg(x::text, ' ') as all from (
      select t::text as x from thread t union all select p::text from proposal p union all select e.payload::text from event e) a`.execute(
      database.queries,
    );
    assert.doesNotMatch(rows[0]?.all ?? '', /secretnote/);
    assert.equal((await onlyThread(database)).waits, false, 'it is decided all the same');
  });
});
