import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { type Database, deliverEffects, outboxState } from '#base/db';
import { MusterError } from '#base/errors';
import type { OutgoingMail } from '#base/mail';
import {
  accountById,
  askConfirmation,
  confirmAddress,
  putSettings,
  settingsOf,
  stopMail,
} from '#domain/accounts';
import { forgetNotices, markNoticesSeen, noticesOf, notify } from '#domain/issues';
import { withPeople } from '../../../test/people.ts';
import { MAIL_KINDS, mailDeliverers } from './deliver-mail.ts';
import { digestTimes } from './digest-times.ts';

const PLACES = { origin: 'https://muster.example', team: 'NixOS' };
const NOW = new Date('2017-06-22T10:00:00Z');
const TOMORROW = new Date('2017-06-23T05:00:00Z');
const nextDigest = digestTimes({ digestAt: '07:00', timezone: 'Europe/Berlin' });
/** Accounts of withPeople. */
const [ADA, BEN] = [1, 2];

/** Delivers what is due as the worker does. @returns the mails that were handed over */
async function deliver(
  database: Database,
  { now = NOW, fail }: { now?: Date; fail?: (mail: OutgoingMail) => void } = {},
): Promise<OutgoingMail[]> {
  const sent: OutgoingMail[] = [];
  const mailer = {
    async send(mail: OutgoingMail) {
      fail?.(mail);
      sent.push(mail);
      return { messageId: mail.key };
    },
    close() {},
  };
  const deliverers = mailDeliverers({ database, mailer, places: PLACES, nextDigest, now: () => now });
  await deliverEffects(database, async (effect) => deliverers[effect.kind]?.(effect), now, MAIL_KINDS);
  return sent;
}

let events = 0;

async function tell(database: Database, account: number, words: string, at = NOW): Promise<void> {
  events += 1;
  const notice = { account, event: events, reason: 'mention' as const, topic: 'issue:NSI-2017-0001', words };
  await database.transaction((tx) => notify(tx, [notice], at, nextDigest));
}

function secretIn(mail: OutgoingMail | undefined): string {
  return /link=([\w-]{43})/.exec(mail?.text ?? '')?.[1] ?? '';
}

describe('mails of what happens', () => {
  test('go out once, lead to the page, and say how to stop them', async () => {
    await using database = await withPeople();
    await tell(database, ADA, '@ben mentioned you on NSI-2017-0001');
    const [mail, ...more] = await deliver(database);
    assert.deepEqual(more, []);
    assert.equal(mail?.to, 'ada@a.example');
    assert.equal(mail.subject, '[NixOS] @ben mentioned you on NSI-2017-0001');
    assert.ok(mail.text.includes('\nhttps://muster.example/issues/NSI-2017-0001\n'), mail.text);
    assert.equal(mail.stop, `https://muster.example/mail/stop?link=${secretIn(mail)}`);
    assert.deepEqual(await deliver(database), []);
    // As if the process had died after the server took it and before the outbox was told.
    await sql`update outbox set delivered_at = null`.execute(database.queries);
    assert.deepEqual(await deliver(database), []);
  });

  test('not of what was looked at meanwhile, not to an account that was closed, nor to an address that nobody confirmed', async () => {
    await using database = await withPeople();
    for (const account of [ADA, BEN]) await tell(database, account, 'words');
    await markNoticesSeen(database.queries, ADA, { topic: 'issue:NSI-2017-0001' });
    await sql`update account set disabled_at = now() where id = ${BEN}`.execute(database.queries);
    await tell(database, 4, 'Dora has confirmed no address');
    assert.deepEqual(await deliver(database), []);
  });

  test('do not tell what was redacted meanwhile', async () => {
    await using database = await withPeople();
    await tell(database, ADA, 'a secret');
    const [notice] = await noticesOf(database.queries, ADA);
    await database.transaction((tx) => forgetNotices(tx, [notice?.event ?? 0]));
    const [mail] = await deliver(database);
    assert.equal(mail?.subject, '[NixOS] (redacted)');
    assert.ok(!JSON.stringify(mail).includes('a secret'));
    const { rows } = await sql<{
      all: string;
    }>`select string_agg(payload::text, ' ') as all from outbox`.execute(database.queries);
    assert.ok(!rows[0]?.all.includes('a secret'), 'no copy in the outbox');
  });

  test('come in one mail a day to who wants that, and never to who wants none', async () => {
    await using database = await withPeople();
    await putSettings(database.queries, ADA, { mailPace: 'daily' });
    await putSettings(database.queries, BEN, { mailPace: 'never' });
    for (const words of ['first', 'second']) await tell(database, ADA, words);
    await tell(database, BEN, 'none');
    assert.deepEqual(await deliver(database), []);
    const [mail, ...more] = await deliver(database, { now: TOMORROW });
    assert.deepEqual(more, []);
    assert.equal(mail?.subject, '[NixOS] 2 things for you');
    assert.match(mail.text, /- first\n.*\n- second\n/);
    assert.deepEqual(await deliver(database, { now: TOMORROW }), []);
  });

  test('beyond twenty an hour come in one', async () => {
    await using database = await withPeople();
    for (let n = 1; n <= 23; n += 1) await tell(database, ADA, `thing ${n}`);
    assert.equal((await deliver(database)).length, 20);
    const rest = await deliver(database, { now: TOMORROW });
    assert.deepEqual(
      rest.map(({ subject }) => subject),
      ['[NixOS] 3 things for you'],
    );
  });

  test('are tried again where the server failed, and given up where it refused', async () => {
    await using database = await withPeople();
    await tell(database, ADA, 'later');
    await tell(database, BEN, 'never');
    const fail = ({ to }: OutgoingMail) => {
      throw to.startsWith('ada')
        ? new MusterError('MAIL_FAILED', 'greylisted')
        : new MusterError('MAIL_REFUSED', 'no such person');
    };
    assert.deepEqual(await deliver(database, { fail }), []);
    const { waiting, failing, givenUp, failures } = await outboxState(database.queries, MAIL_KINDS);
    assert.deepEqual({ waiting, failing, givenUp }, { waiting: 0, failing: 1, givenUp: 1 });
    assert.deepEqual(
      failures.map(({ error, givenUp: over }) => [error, over]),
      [
        ['no such person', true],
        ['greylisted', false],
      ],
    );
    assert.deepEqual(await deliver(database), [], 'not at once');
    const later = new Date(NOW.getTime() + 10 * 60_000);
    assert.deepEqual(
      (await deliver(database, { now: later })).map(({ to }) => to),
      ['ada@a.example'],
    );
  });

  test('stop by the link of any of them, without signing in', async () => {
    await using database = await withPeople();
    await tell(database, ADA, 'first');
    const [mail] = await deliver(database);
    assert.equal((await stopMail(database, 'x'.repeat(43), NOW)).outcome, 'refused');
    assert.equal(
      (await confirmAddress(database, secretIn(mail), NOW)).outcome,
      'refused',
      'it confirms nothing',
    );
    assert.equal((await stopMail(database, secretIn(mail), NOW)).outcome, 'done');
    assert.equal((await settingsOf(database.queries, ADA)).mailPace, 'never');
    await tell(database, ADA, 'second');
    assert.deepEqual(await deliver(database), []);
  });
});

describe('an address', () => {
  const DORA = { id: 4 };

  test('is confirmed by the link of the mail that went there, once', async () => {
    await using database = await withPeople();
    assert.equal((await askConfirmation(database, DORA, NOW)).outcome, 'done');
    const [mail] = await deliver(database);
    assert.equal(mail?.to, (await accountById(database.queries, 4))?.email);
    assert.equal(mail?.stop, undefined);
    const link = secretIn(mail);
    assert.deepEqual(await confirmAddress(database, link, NOW), { outcome: 'done', handle: 'dora' });
    assert.notEqual((await accountById(database.queries, 4))?.emailConfirmedAt, null);
    assert.equal((await confirmAddress(database, link, NOW)).outcome, 'refused');
    assert.equal((await askConfirmation(database, DORA, NOW)).outcome, 'refused', 'it is confirmed already');
  });

  test('is not confirmed by the link to another one, nor by one that is too old', async () => {
    await using database = await withPeople();
    await askConfirmation(database, DORA, NOW);
    const [mail] = await deliver(database);
    const late = new Date(NOW.getTime() + 4 * 86_400_000);
    assert.equal((await confirmAddress(database, secretIn(mail), late)).outcome, 'refused');
    await sql`update account set email = 'other@a.example' where id = 4`.execute(database.queries);
    assert.equal((await confirmAddress(database, secretIn(mail), NOW)).outcome, 'refused');
  });

  test('gets no more than three such mails an hour', async () => {
    await using database = await withPeople();
    const answers: string[] = [];
    for (let n = 0; n < 4; n += 1)
      answers.push((await askConfirmation(database, DORA, new Date(NOW.getTime() + n))).outcome);
    assert.deepEqual(answers, ['done', 'done', 'done', 'refused']);
  });
});
