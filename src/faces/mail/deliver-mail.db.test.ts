import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sql } from 'kysely';
import { type Database, deliverEffects, outboxState } from '#base/db';
import { MusterError } from '#base/errors';
import type { OutgoingMail } from '#base/mail';
import {
  accountById,
  askConfirmation,
  askRecovery,
  confirmAddress,
  grantRecovery,
  inviteOf,
  makeInvite,
  putSettings,
  setProfile,
  settingsOf,
  signUp,
  stopMail,
  useRecovery,
  withdrawInvite,
} from '#domain/accounts';
import {
  editableIntake,
  forgetNotices,
  type IntakeDecision,
  intakeById,
  markNoticesSeen,
  noticesOf,
  notify,
  receiveReport,
} from '#domain/issues';
import { editables, submit } from '#domain/proposals';
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
    assert.deepEqual(await confirmAddress(database, link, NOW), {
      outcome: 'done',
      handle: 'dora',
      waits: false,
    });
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

describe('another address', () => {
  const MAILS = { mails: true };
  const account = async (database: Database) => accountById(database.queries, ADA);
  const change = (database: Database, email: string, options = MAILS) =>
    setProfile(database, { id: ADA }, { name: 'Ada', email }, NOW, options);
  const both = async (database: Database) => {
    const mails = await deliver(database);
    const to = (address: string) => mails.find((mail) => mail.to === address);
    return { old: secretIn(to('ada@a.example')), next: secretIn(to('ada@b.example')), count: mails.length };
  };

  test('holds when whoever reads the old one and whoever reads the new one have both said so', async () => {
    for (const order of [
      ['old', 'next'],
      ['next', 'old'],
    ] as const) {
      await using database = await withPeople();
      const asked = await change(database, 'ada@b.example');
      assert.ok(asked.outcome === 'done' && asked.asked);
      const links = await both(database);
      assert.equal(links.count, 2);
      const first = await confirmAddress(database, links[order[0]], NOW);
      assert.deepEqual(first, { outcome: 'done', handle: 'ada', waits: true });
      assert.deepEqual(await confirmAddress(database, links[order[0]], NOW), first, 'twice is once');
      assert.equal((await account(database))?.email, 'ada@a.example');
      const second = await confirmAddress(database, links[order[1]], NOW);
      assert.deepEqual(second, { outcome: 'done', handle: 'ada', waits: false });
      const changed = await account(database);
      assert.deepEqual([changed?.email, changed?.emailConfirmedAt], ['ada@b.example', NOW]);
      for (const link of [links.old, links.next])
        assert.equal((await confirmAddress(database, link, NOW)).outcome, 'refused');
    }
  });

  test('is forgotten after three days, by another wish, and by saving the one that there is', async () => {
    await using database = await withPeople();
    await change(database, 'ada@b.example');
    const first = await both(database);
    const late = new Date(NOW.getTime() + 3 * 86_400_000);
    assert.equal((await confirmAddress(database, first.old, late)).outcome, 'refused');
    await change(database, 'ada@c.example');
    for (const link of [first.old, first.next])
      assert.equal((await confirmAddress(database, link, NOW)).outcome, 'refused');
    const second = await deliver(database);
    await change(database, 'ada@a.example');
    for (const mail of second)
      assert.equal((await confirmAddress(database, secretIn(mail), NOW)).outcome, 'refused');
    assert.equal((await account(database))?.email, 'ada@a.example');
    assert.notEqual((await account(database))?.emailConfirmedAt, null);
  });

  test('of none takes the word of the old one; without mail, or from an unconfirmed one, it is set at once', async () => {
    await using database = await withPeople();
    await change(database, '');
    const [mail, ...more] = await deliver(database);
    assert.deepEqual([mail?.to, more], ['ada@a.example', []]);
    assert.equal((await account(database))?.email, 'ada@a.example');
    await confirmAddress(database, secretIn(mail), NOW);
    assert.deepEqual(
      [(await account(database))?.email, (await account(database))?.emailConfirmedAt],
      [null, null],
    );
    await change(database, 'ada@b.example');
    assert.equal((await account(database))?.email, 'ada@b.example');
    await change(database, 'ada@c.example', { mails: false });
    assert.deepEqual(
      [(await account(database))?.email, (await account(database))?.emailConfirmedAt],
      ['ada@c.example', null],
    );
    assert.deepEqual(await deliver(database), []);
  });
});

describe('links of accounts', () => {
  const ZOE = { id: 'person:90', role: 'admin', account: 90 } as const;
  const YAN = { id: 'person:91', role: 'admin', account: 91 } as const;
  const linkIn = (mail: OutgoingMail | undefined) =>
    /(?:invite|link)=([\w-]{43})/.exec(mail?.text ?? '')?.[1] ?? '';
  const from = { address: '192.0.2.1', browser: null, replaces: undefined };
  const NEW = {
    handle: 'grace',
    name: 'Grace',
    email: 'grace@a.example',
    means: { password: 'a fine long password' },
  };

  /** Whether any table holds a text. */
  async function holds(database: Database, text: string): Promise<boolean> {
    const { rows } = await sql<{
      name: string;
    }>`select quote_ident(table_name) as name from information_schema.tables
      where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(database.queries);
    for (const { name } of rows) {
      const { rows: hits } =
        await sql`select from ${sql.raw(name)} t where t::text like ${`%${text}%`} limit 1`.execute(
          database.queries,
        );
      if (hits.length > 0) return true;
    }
    return false;
  }

  test('an invitation goes by mail, makes one account, and shows that mail reaches it', async () => {
    await using database = await withPeople();
    const wanted = { note: 'for Grace', role: 'triager', email: 'grace@a.example' };
    assert.equal((await makeInvite(database, ZOE, wanted, NOW)).outcome, 'refused', 'no mail goes out');
    const made = await makeInvite(database, ZOE, wanted, NOW, { mails: true });
    assert.ok(made.outcome === 'done' && made.secret === null);
    const [mail, ...more] = await deliver(database);
    assert.deepEqual([mail?.to, mail?.subject, more], ['grace@a.example', '[NixOS] You are asked in', []]);
    const invite = linkIn(mail);
    assert.equal(await holds(database, invite), false, 'the link is in the mail alone');
    const late = new Date(NOW.getTime() + 8 * 86_400_000);
    assert.equal(await inviteOf(database.queries, invite, late), null);
    const up = await signUp(database, { ...NEW, invite }, 'invite', from, NOW);
    assert.ok(up.outcome === 'done');
    assert.deepEqual([up.account.role, up.account.emailConfirmedAt], ['triager', NOW]);
    const again = { ...NEW, handle: 'grace-2', invite };
    assert.equal((await signUp(database, again, 'invite', from, NOW)).outcome, 'refused', 'used');
  });

  test('of an invitation that was withdrawn no mail goes out, and the one that did opens nothing', async () => {
    await using database = await withPeople();
    const wanted = { note: 'for Grace', role: 'triager', email: 'grace@a.example' };
    const [first, second] = [
      await makeInvite(database, ZOE, wanted, NOW, { mails: true }),
      await makeInvite(database, ZOE, wanted, NOW, { mails: true }),
    ];
    assert.ok(first.outcome === 'done' && second.outcome === 'done');
    await withdrawInvite(database, ZOE, first.id, NOW);
    const [mail, ...more] = await deliver(database);
    assert.deepEqual(more, []);
    await withdrawInvite(database, ZOE, second.id, NOW);
    const up = await signUp(database, { ...NEW, invite: linkIn(mail) }, 'invite', from, NOW);
    assert.equal(up.outcome, 'refused');
  });

  test('a mail that was taken before its sender died goes again, and both links are good until one is used', async () => {
    await using database = await withPeople();
    const wanted = { note: 'for Grace', role: 'triager', email: 'grace@a.example' };
    await makeInvite(database, ZOE, wanted, NOW, { mails: true });
    const [first] = await deliver(database);
    await sql`update outbox set delivered_at = null`.execute(database.queries);
    const [second] = await deliver(database);
    assert.equal(first?.key, second?.key);
    const up = await signUp(database, { ...NEW, invite: linkIn(first) }, 'invite', from, NOW);
    assert.equal(up.outcome, 'done');
    const again = { ...NEW, handle: 'grace-2', invite: linkIn(second) };
    assert.equal((await signUp(database, again, 'invite', from, NOW)).outcome, 'refused');
  });

  test('a way back in that a second admin granted goes to the confirmed address, once, for a day', async () => {
    await using database = await withPeople();
    const ask = async (handle: string) => {
      const asked = await askRecovery(database, ZOE, handle, 'called me', NOW);
      return asked.outcome === 'done' ? asked.id : 0;
    };
    const byMail = { byMail: true, mails: true };
    const id = await ask('ada');
    assert.equal((await grantRecovery(database, ZOE, id, NOW, byMail)).outcome, 'refused', 'not who asked');
    assert.equal(
      (await grantRecovery(database, YAN, id, NOW, { byMail: true, mails: false })).outcome,
      'refused',
    );
    const dora = await ask('dora');
    assert.equal((await grantRecovery(database, YAN, dora, NOW, byMail)).outcome, 'refused', 'not confirmed');
    const granted = await grantRecovery(database, YAN, id, NOW, byMail);
    assert.deepEqual(granted, { outcome: 'done', handle: 'ada', secret: null, email: 'ada@a.example' });
    const [mail, ...more] = await deliver(database);
    assert.deepEqual([mail?.to, more], ['ada@a.example', []]);
    const secret = linkIn(mail);
    assert.equal(await holds(database, secret), false, 'the link is in the mail alone');
    const use = (at: Date) => useRecovery(database, { secret, password: 'back in at last, me' }, from, at);
    assert.equal((await use(TOMORROW)).outcome, 'done');
    assert.equal((await use(NOW)).outcome, 'refused', 'used');
    assert.notEqual((await account(database))?.emailConfirmedAt, null, 'they read mail there');
  });

  test('of a way back in no mail goes to an address that is not theirs any more; handed over, it confirms nothing', async () => {
    await using database = await withPeople();
    const asked = await askRecovery(database, ZOE, 'ada', 'called me', NOW);
    assert.ok(asked.outcome === 'done');
    await grantRecovery(database, YAN, asked.id, NOW, { byMail: true, mails: true });
    await sql`update account set email = 'ada@b.example' where id = ${ADA}`.execute(database.queries);
    assert.deepEqual(await deliver(database), []);
    const anew = await askRecovery(database, ZOE, 'ada', 'lost that, too', NOW);
    assert.ok(anew.outcome === 'done');
    const granted = await grantRecovery(database, YAN, anew.id, NOW);
    assert.ok(granted.outcome === 'done' && granted.secret !== null && granted.email === null);
    await useRecovery(database, { secret: granted.secret, password: 'back in at last, me' }, from, NOW);
    assert.equal((await account(database))?.emailConfirmedAt, null);
  });
  const account = async (database: Database) => accountById(database.queries, ADA);
});

describe('the answer to a visitor', () => {
  /** Which of the tables that could hold an address hold those words. */
  async function rowsWith({ pool }: Database, words: string): Promise<string[]> {
    const { rows } = await pool.query(
      `select 'intake' as held from intake i where i::text like $1 union all
       select 'outbox' from outbox o where o::text like $1 union all
       select 'event' from event e where e::text like $1`,
      [`%${words}%`],
    );
    return rows.map(({ held }) => held);
  }

  const OPTIONS = { kinds: editables([editableIntake]), rules: { secondOpinion: false }, at: NOW };
  const SENDER = { sender: 'x', securityContact: null, securityKey: null, at: NOW };
  const triager = { id: 'person:1', role: 'triager' as const, account: ADA };

  async function decided(database: Database, value: IntakeDecision): Promise<number> {
    const report = { isPublic: true, words: 'frobd frobs', email: 'eve@example.org' };
    const received = await receiveReport(database, report, SENDER);
    assert.ok(received.outcome === 'received');
    const id = String(received.id);
    const change = { kind: editableIntake.kind, id, field: 'decision', value: value as never, saw: 0 };
    const answer = await submit(database, triager, { changes: [change] }, OPTIONS);
    assert.equal(answer.outcome, 'accepted', JSON.stringify(answer));
    return received.id;
  }

  test('goes out once, with the words of the decision and where it led; their address is forgotten', async () => {
    await using database = await withPeople();
    const id = await decided(database, {
      as: 'attached',
      issue: 'NSI-2017-0001',
      answer: 'Thanks, it is known.',
    });
    assert.equal((await intakeById(database.queries, id))?.email, null);
    assert.deepEqual(await rowsWith(database, 'eve@'), ['intake'], 'kept for the answer alone');
    const [mail, ...more] = await deliver(database);
    assert.deepEqual([mail?.to, more], ['eve@example.org', []]);
    assert.equal(mail?.subject, '[NixOS] What came of your report');
    assert.match(mail?.text ?? '', /Thanks, it is known\./);
    assert.match(mail?.text ?? '', /https:\/\/muster\.example\/issues\/NSI-2017-0001/);
    assert.equal(mail?.stop, undefined);
    assert.deepEqual(await rowsWith(database, 'eve@'), []);
    assert.deepEqual(await deliver(database), []);
  });

  test('their address is forgotten, too, where the server refuses it, or does not come back for a week', async () => {
    await using database = await withPeople();
    await decided(database, { as: 'dismissed', reason: 'no', answer: 'No.' });
    const refuse = () => {
      throw new MusterError('MAIL_REFUSED', 'no such person');
    };
    assert.deepEqual(await deliver(database, { fail: refuse }), []);
    assert.deepEqual(await rowsWith(database, 'eve@'), []);
    await decided(database, { as: 'dismissed', reason: 'no', answer: 'No.' });
    const away = () => {
      throw new MusterError('MAIL_FAILED', 'down');
    };
    assert.deepEqual(await deliver(database, { fail: away }), []);
    assert.deepEqual(await rowsWith(database, 'eve@'), ['intake'], 'it is tried again');
    assert.deepEqual(await deliver(database, { now: new Date(NOW.getTime() + 8 * 86_400_000) }), []);
    assert.deepEqual(await rowsWith(database, 'eve@'), []);
  });

  test('does not go out where nobody wrote one, nor once its words were erased', async () => {
    await using database = await withPeople();
    await decided(database, { as: 'dismissed', reason: 'no' });
    assert.deepEqual(await deliver(database), []);
    const id = await decided(database, { as: 'dismissed', reason: 'no', answer: 'No.' });
    await database.transaction(async (tx) =>
      editableIntake.erase?.(tx, [{ id: String(id), field: 'decision', events: [] }]),
    );
    assert.deepEqual(await deliver(database), []);
  });
});
