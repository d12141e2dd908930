import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Database } from '#base/db';
import { testDatabase } from '../../../test/database.ts';
import { disableAccount, enableAccount } from './administer.ts';
import { createAccount, signUp } from './create-account.ts';
import { inviteOf, makeInvite, withdrawInvite } from './invites.ts';
import { setPassword, setProfile } from './profile.ts';
import { LIMITS, takeFromBucket } from './rate-limit.ts';
import { hashOf, newSecret } from './secrets.ts';
import {
  endOtherSessions,
  endSession,
  endSessionById,
  listSessions,
  recogniseSession,
  SESSION_DAYS,
} from './sessions.ts';
import { signInByPassword } from './sign-in.ts';
import { accountByHandle, listAccounts, putSettings, settingsOf } from './store.ts';
import { codeOf, done, from, later, NOW, PASSWORD, person, ROOT, toldOf } from './testing-accounts.ts';

let database: Database;
before(async () => {
  database = await testDatabase();
});
after(() => database.close());

const signIn = (handle: string, password = PASSWORD, at = from(`addr of ${handle}`), now = NOW) =>
  signInByPassword(database, { handle, password }, at, now);

describe('signing in by password', () => {
  test('opens a session for whoever knows it, however they write their handle', async () => {
    const { account } = await person(database, 'ada');
    for (const typed of ['ada', '@ADA ', 'Ada']) {
      const { secret } = done(await signIn(typed));
      const session = await recogniseSession(database, secret, NOW);
      assert.deepEqual(
        [session?.account, session?.handle, session?.role, session?.prolonged],
        [account.id, 'ada', 'contributor', false],
      );
    }
    assert.deepEqual(await toldOf(database, account), ['created', 'signed_in', 'signed_in', 'signed_in']);
  });

  test('says the same of a wrong password, an unknown handle, one that cannot be, and a closed account', async () => {
    await person(database, 'bea', 'triager');
    const { account } = await person(database, 'closed');
    done(await disableAccount(database, ROOT, 'closed', 'left', NOW));
    const without = done(
      await createAccount(
        database,
        ROOT,
        { handle: 'nopass', name: 'No', email: '', role: 'contributor', password: null },
        NOW,
      ),
    );
    const answers = [
      await signIn('bea', 'not the password'),
      await signIn('nobody-there'),
      await signIn('аda'),
      await signIn(''),
      await signIn('closed'),
      await signIn(without.account.handle),
      await signIn(without.account.handle, ''),
      await signIn('bea', ''),
      await signIn('bea', 'x'.repeat(2_000_000)),
    ];
    for (const answer of answers) assert.deepEqual(answer, { ...answers[0] });
    assert.equal(codeOf(answers[0] ?? { outcome: '' }), 'WRONG');
    done(await enableAccount(database, ROOT, 'closed', NOW));
    done(await signIn('closed'));
    assert.deepEqual(await toldOf(database, account), ['created', 'disabled', 'enabled', 'signed_in']);
  });

  test('is limited for an account, wherever from, and says when to come back; right ones forgive', async () => {
    const { account } = await person(database, 'cem');
    const tries = LIMITS.passwordOfAccount.capacity;
    for (let n = 0; n < tries; n += 1)
      assert.equal(codeOf(await signIn('cem', 'wrong wrong wrong', from(`10.0.0.${n}`))), 'WRONG');
    const refusal = await signIn('cem', PASSWORD, from('10.0.1.1'));
    assert.ok(refusal.outcome === 'refused');
    assert.equal(refusal.code, 'LIMITED');
    assert.equal(refusal.afterSeconds, LIMITS.passwordOfAccount.perSeconds / tries);
    assert.equal(codeOf(await signIn('cem', PASSWORD, from('10.0.1.1'))), 'LIMITED');
    assert.deepEqual(await toldOf(database, account), ['created', 'sign_in.limited'], 'told once');
    // Somebody else's account is not touched, nor one that does not exist told from one that does.
    for (let n = 0; n < tries; n += 1) await signIn('cem-2', 'wrong', from(`10.0.2.${n}`));
    assert.equal(codeOf(await signIn('cem-2', 'wrong', from('10.0.2.99'))), 'LIMITED');
    const soon = new Date(NOW.getTime() + 90_000);
    done(await signIn('cem', PASSWORD, from('10.0.1.1'), soon));
    for (let n = 0; n < tries; n += 1)
      assert.equal(codeOf(await signIn('cem', 'wrong', from(`10.0.3.${n}`), soon)), 'WRONG');
  });

  test('is limited for an address, whichever accounts are tried', async () => {
    for (let n = 0; n < LIMITS.signInFromAddress.capacity; n += 1)
      assert.equal(codeOf(await signIn(`victim-${n}`, 'wrong', from('203.0.113.9'))), 'WRONG');
    assert.equal(codeOf(await signIn('victim-x', 'wrong', from('203.0.113.9'))), 'LIMITED');
    assert.equal(codeOf(await signIn('victim-x', 'wrong', from('203.0.113.10'))), 'WRONG');
  });
});

describe('a session', () => {
  test('is found by its secret alone, and no secret is stored', async () => {
    const { account } = await person(database, 'dora');
    const { secret } = done(await signIn('dora'));
    assert.match(secret, /^[A-Za-z0-9_-]{43}$/);
    const { rows } = await database.pool.query(
      "select encode(hash, 'hex') as hash from session where account = $1",
      [account.id],
    );
    assert.deepEqual(rows, [{ hash: hashOf(secret).toString('hex') }]);
    for (const wrong of [
      undefined,
      '',
      newSecret(),
      secret.slice(0, -1),
      `${secret}A`,
      hashOf(secret).toString('hex'),
      hashOf(secret).toString('base64url'),
      "' or true --",
      '\0'.repeat(43),
    ])
      assert.equal(await recogniseSession(database, wrong, NOW), null);
  });

  test('lasts as long as it is used, and its use is written down every five minutes at most', async () => {
    await person(database, 'emil');
    const { secret, account } = done(await signIn('emil'));
    const seen = async () => (await listSessions(database.queries, account.id, NOW))[0]?.seenAt.getTime();
    const minutes = (n: number) => new Date(NOW.getTime() + n * 60_000);
    assert.equal((await recogniseSession(database, secret, minutes(4)))?.prolonged, false);
    assert.equal(await seen(), NOW.getTime());
    assert.equal((await recogniseSession(database, secret, minutes(6)))?.prolonged, true);
    assert.equal(await seen(), minutes(6).getTime());
    assert.equal((await recogniseSession(database, secret, minutes(7)))?.prolonged, false);
    const almost = later(SESSION_DAYS - 0.01, minutes(6));
    assert.ok(await recogniseSession(database, secret, almost));
    assert.ok(await recogniseSession(database, secret, later(SESSION_DAYS - 0.01, almost)));
    assert.equal(await recogniseSession(database, secret, later(3 * SESSION_DAYS, almost)), null);
  });

  test('ends by signing out, from another one, all at once, and with a new sign-in of the same browser', async () => {
    const { account, actor } = await person(database, 'fay');
    const holder = { id: account.id, handle: 'fay', role: actor.role };
    const secrets: string[] = [];
    for (let n = 0; n < 5; n += 1) secrets.push(done(await signIn('fay')).secret);
    const open = async () =>
      (await Promise.all(secrets.map((secret) => recogniseSession(database, secret, NOW)))).map(
        (session) => session !== null,
      );
    await endSession(database, secrets[0]);
    await endSession(database, undefined);
    const second = await recogniseSession(database, secrets[1], NOW);
    assert.equal(codeOf(await endSessionById(database, holder, second?.id ?? '', NOW)), 'done');
    assert.equal(codeOf(await endSessionById(database, holder, second?.id ?? '', NOW)), 'UNKNOWN');
    assert.deepEqual(await open(), [false, false, true, true, true]);
    secrets.push(done(await signIn('fay', PASSWORD, from('fay', secrets[2]))).secret);
    assert.deepEqual(await open(), [false, false, false, true, true, true], 'the browser’s old one ended');
    const { sessions } = done(await endOtherSessions(database, holder, secrets[5], NOW));
    assert.equal(sessions, 2);
    assert.deepEqual(await open(), [false, false, false, false, false, true]);
  });

  test('of somebody else is out of reach', async () => {
    await person(database, 'gil');
    const { account } = await person(database, 'eve');
    const { secret } = done(await signIn('gil'));
    const session = await recogniseSession(database, secret, NOW);
    const eve = { id: account.id, handle: 'eve', role: account.role };
    assert.equal(codeOf(await endSessionById(database, eve, session?.id ?? '', NOW)), 'UNKNOWN');
    done(await endOtherSessions(database, eve, undefined, NOW));
    assert.ok(await recogniseSession(database, secret, NOW));
  });

  test('is not opened by what a browser brought along: sign-in makes a new one', async () => {
    const { account } = await person(database, 'hal');
    const planted = newSecret();
    const { secret } = done(await signIn('hal', PASSWORD, from('hal', planted)));
    assert.notEqual(secret, planted);
    assert.equal(await recogniseSession(database, planted, NOW), null);
    assert.equal((await listSessions(database.queries, account.id, NOW)).length, 1);
  });
});

describe('a password', () => {
  test('is changed by whoever knows it; every session ends but the one that changed it, which is new', async () => {
    const { account } = await person(database, 'ivy');
    const other = done(await signIn('ivy')).secret;
    const mine = done(await signIn('ivy')).secret;
    const change = (present: string, next: string) =>
      setPassword(database, account, { present, next }, { browser: null, replaces: mine }, NOW);
    assert.equal(codeOf(await change('wrong', 'a fine new password')), 'WRONG');
    assert.equal(codeOf(await change('', 'a fine new password')), 'WRONG');
    assert.equal(codeOf(await change(PASSWORD, 'short')), 'MALFORMED');
    const { secret } = done(await change(PASSWORD, 'a fine new password'));
    assert.deepEqual(
      (await Promise.all([other, mine, secret].map((each) => recogniseSession(database, each, NOW)))).map(
        (session) => session !== null,
      ),
      [false, false, true],
    );
    assert.equal(codeOf(await signIn('ivy')), 'WRONG');
    done(await signIn('ivy', 'a fine new password'));
    assert.equal(codeOf(await change('wrong', 'another new password')), 'WRONG');
    assert.equal(codeOf(await change('wrong', 'another new password')), 'LIMITED');
  });

  test('with less work behind it than today’s gets today’s at the next sign-in', async () => {
    const { account } = await person(database, 'jan');
    const { hash } = await import('@node-rs/argon2');
    const weak = await hash(PASSWORD, { memoryCost: 1024, timeCost: 1 });
    await database.pool.query('update account_password set hash = $1 where account = $2', [weak, account.id]);
    done(await signIn('jan'));
    const { rows } = await database.pool.query('select hash from account_password where account = $1', [
      account.id,
    ]);
    assert.match(rows[0].hash, /m=19456/);
    done(await signIn('jan'));
  });
});

describe('signing up', () => {
  const me = { handle: 'kim', name: 'Kim', email: 'kim@example.org', invite: undefined };
  const means = { password: PASSWORD };

  test('makes a contributor and signs them in, where everybody may', async () => {
    const { account, secret } = done(await signUp(database, { ...me, means }, 'open', from('kim'), NOW));
    assert.deepEqual(
      [account.role, account.email, account.emailConfirmedAt],
      ['contributor', 'kim@example.org', null],
    );
    assert.equal((await recogniseSession(database, secret, NOW))?.handle, 'kim');
    assert.deepEqual(await toldOf(database, account), ['created', 'signed_in']);
  });

  test('refuses what is taken, reserved, no handle, no name, no address or no password, and makes nothing', async () => {
    const before = (await listAccounts(database.queries, { limit: 1, offset: 0 })).total;
    const cases: [Partial<typeof me & { means: { password: string } }>, string, string][] = [
      [{ handle: 'KIM' }, 'TAKEN', 'handle'],
      [{ handle: 'admin' }, 'TAKEN', 'handle'],
      [{ handle: 'k im' }, 'MALFORMED', 'handle'],
      [{ handle: 'kım' }, 'MALFORMED', 'handle'],
      [{ handle: 'lea', name: '' }, 'MALFORMED', 'name'],
      [{ handle: 'lea', email: 'kim' }, 'MALFORMED', 'email'],
      [{ handle: 'lea', means: { password: 'short' } }, 'MALFORMED', 'password'],
      [{ handle: 'lea-lea-lea-lea', means: { password: 'lea-lea-lea-lea' } }, 'MALFORMED', 'password'],
    ];
    for (const [change, code, field] of cases) {
      const answer = await signUp(database, { ...me, means, ...change }, 'open', from('cases'), NOW);
      assert.ok(answer.outcome === 'refused');
      assert.deepEqual([answer.code, answer.field], [code, field], JSON.stringify(change));
    }
    assert.equal((await listAccounts(database.queries, { limit: 1, offset: 0 })).total, before);
  });

  test('two who want one handle at once: one has it, the other is told', async () => {
    const answers = await Promise.all(
      ['r1', 'r2', 'r3'].map((address) =>
        signUp(database, { ...me, handle: 'race', means }, 'open', from(address), NOW),
      ),
    );
    assert.deepEqual(answers.map(codeOf).sort(), ['TAKEN', 'TAKEN', 'done']);
  });

  test('is limited for an address', async () => {
    for (let n = 0; n < LIMITS.signUpFromAddress.capacity; n += 1)
      done(await signUp(database, { ...me, handle: `swarm-${n}`, means }, 'open', from('swarm'), NOW));
    const answer = await signUp(database, { ...me, handle: 'swarm-x', means }, 'open', from('swarm'), NOW);
    assert.equal(codeOf(answer), 'LIMITED');
  });

  test('takes an invitation where the team wants one: once, in time, with the role that it brings', async () => {
    const { actor } = await person(database, 'boss', 'admin');
    const invite = async (role = 'triager') =>
      done(await makeInvite(database, actor, { note: 'for Lea', role }, NOW)).secret ?? '';
    const up = (
      handle: string,
      secret: string | undefined,
      now = NOW,
      mode: 'invite' | 'closed' = 'invite',
    ) => signUp(database, { ...me, handle, invite: secret, means }, mode, from(handle), now);
    assert.equal(codeOf(await up('lea', undefined)), 'FORBIDDEN');
    assert.equal(codeOf(await up('lea', newSecret())), 'FORBIDDEN');
    const secret = await invite();
    assert.equal((await inviteOf(database.queries, secret, NOW))?.note, 'for Lea');
    assert.equal(codeOf(await up('lea', secret, NOW, 'closed')), 'FORBIDDEN');
    assert.equal(done(await up('lea', secret)).account.role, 'triager');
    assert.equal(codeOf(await up('lea-2', secret)), 'FORBIDDEN', 'used');
    assert.equal(codeOf(await up('lea-3', await invite(), later(8))), 'FORBIDDEN', 'too old');
    const taken = done(await makeInvite(database, actor, { note: 'x', role: 'contributor' }, NOW));
    done(await withdrawInvite(database, actor, taken.id, NOW));
    assert.equal(codeOf(await withdrawInvite(database, actor, taken.id, NOW)), 'UNKNOWN');
    assert.equal(codeOf(await up('lea-4', taken.secret ?? '')), 'FORBIDDEN', 'withdrawn');
    const { actor: other } = await person(database, 'not-boss', 'security');
    assert.equal(codeOf(await makeInvite(database, other, { note: 'x', role: 'triager' }, NOW)), 'FORBIDDEN');
    assert.equal(codeOf(await makeInvite(database, actor, { note: 'x', role: 'admin' }, NOW)), 'MALFORMED');
    assert.equal(codeOf(await makeInvite(database, actor, { note: '', role: 'triager' }, NOW)), 'MALFORMED');
  });
});

test('one’s own name and address are one’s own to set; a new address is not confirmed', async () => {
  const { account } = await person(database, 'mia');
  const set = (name: string, email: string) => setProfile(database, account, { name, email }, NOW);
  done(await set('Mia M', 'mia@example.org'));
  await database.pool.query('update account set email_confirmed_at = now() where id = $1', [account.id]);
  done(await set('Mia', 'mia@example.org'));
  assert.ok((await accountByHandle(database.queries, 'mia'))?.emailConfirmedAt);
  done(await set('Mia', 'mia@example.com'));
  assert.equal((await accountByHandle(database.queries, 'mia'))?.emailConfirmedAt, null);
  done(await set('Mia', ''));
  assert.equal((await accountByHandle(database.queries, 'mia'))?.email, null);
  assert.equal(codeOf(await set('', '')), 'MALFORMED');
  assert.equal(codeOf(await set('Mia', 'no address')), 'MALFORMED');
  const { rows } = await database.pool.query(
    `select payload::text as payload from event where entity = 'account' and entity_id = $1`,
    [String(account.id)],
  );
  assert.ok(
    rows.every(({ payload }) => !payload.includes('example')),
    'no address in the history',
  );
});

test('no secret of any kind is in the history', async () => {
  const { rows } = await database.pool.query<{ payload: string }>(
    'select payload::text as payload from event',
  );
  assert.ok(rows.length > 30);
  for (const { payload } of rows) assert.doesNotMatch(payload, /[A-Za-z0-9_-]{43}|argon2|engines/);
});

test('settings are kept one by one', async () => {
  const { account } = await person(database, 'nil');
  await putSettings(database.queries, account.id, { keys: false, theme: 'dark' });
  await putSettings(database.queries, account.id, { theme: null });
  assert.deepEqual(await settingsOf(database.queries, account.id), { keys: false });
});

test('a bucket is shared, refills with time and never overflows', async () => {
  const limit = { capacity: 3, perSeconds: 30 };
  const at = (seconds: number) => new Date(NOW.getTime() + seconds * 1000);
  const take = (seconds: number) => takeFromBucket(database.queries, 'b', limit, at(seconds));
  const first = await Promise.all([take(0), take(0), take(0), take(0), take(0)]);
  assert.deepEqual(first.filter((wait) => wait === null).length, 3, 'no more than there are, at once or not');
  assert.deepEqual(
    [await take(1), await take(10), await take(10), await take(10_000), await take(10_000)],
    [9, null, 10, null, null],
  );
  assert.deepEqual([await take(10_000), await take(10_000)], [null, 10]);
  // A clock that goes back gives nothing away.
  assert.equal(await take(9_000), 10);
});

test('search of accounts takes signs of patterns as themselves', async () => {
  const found = async (words: string) =>
    (await listAccounts(database.queries, { words, limit: 5, offset: 0 })).rows.map(({ handle }) => handle);
  assert.deepEqual(await found('DORA'), ['dora']);
  assert.deepEqual(await found('%'), []);
  assert.deepEqual(await found('_'), []);
  assert.deepEqual(await found('\\'), []);
});
