import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Database } from '#base/db';
import { VISITOR } from '#domain/policies';
import { testDatabase } from '../../../test/database.ts';
import { disableAccount, enableAccount, setRole } from './administer.ts';
import {
  askRecovery,
  grantRecovery,
  recoverByOperator,
  recoveryOf,
  useRecovery,
  withdrawRecovery,
} from './recover.ts';
import { recogniseSession } from './sessions.ts';
import { signInByPassword } from './sign-in.ts';
import { accountByHandle, meansOf } from './store.ts';
import { insertIdentity } from './store-identities.ts';
import { insertPasskey } from './store-passkeys.ts';
import { openRecoveries } from './store-recoveries.ts';
import { codeOf, done, from, later, NOW, PASSWORD, person, ROOT, toldOf } from './testing-accounts.ts';
import { makeToken, recogniseToken, revokeToken } from './tokens.ts';

let database: Database;
before(async () => {
  database = await testDatabase();
});
after(() => database.close());

const role = (by: Parameters<typeof setRole>[1], handle: string, to: string) =>
  setRole(database, by, handle, { role: to, reason: 'the test' }, NOW);

describe('an admin', () => {
  test('gives roles, which hold at once for who is signed in; nobody else does', async () => {
    const { actor: admin } = await person(database, 'root', 'admin');
    const { account } = await person(database, 'ada');
    const { actor: security } = await person(database, 'sec', 'security');
    const { secret } = done(
      await signInByPassword(database, { handle: 'ada', password: PASSWORD }, from(), NOW),
    );
    done(await role(admin, '@Ada', 'triager'));
    assert.equal((await recogniseSession(database, secret, NOW))?.role, 'triager');
    done(await role(admin, 'ada', 'triager'));
    for (const by of [security, VISITOR]) assert.equal(codeOf(await role(by, 'ada', 'admin')), 'FORBIDDEN');
    for (const wrong of ['visitor', 'root', '', '__proto__'])
      assert.equal(codeOf(await role(admin, 'ada', wrong)), 'MALFORMED', wrong);
    assert.equal(codeOf(await role(admin, 'nobody', 'triager')), 'UNKNOWN');
    assert.deepEqual(await toldOf(database, account), ['created', 'signed_in', 'role.set']);
  });

  test('who is the last one stays one, in our code and in the database', async () => {
    await using fresh = await testDatabase();
    const { account, actor } = await person(fresh, 'only', 'admin');
    const last = (to: string) => setRole(fresh, actor, 'only', { role: to, reason: '' }, NOW);
    assert.equal(codeOf(await last('security')), 'BARRED');
    assert.equal(codeOf(await disableAccount(fresh, actor, 'only', 'gone', NOW)), 'BARRED');
    await assert.rejects(
      fresh.pool.query(`update account set role = 'triager' where id = $1`, [account.id]),
      /the last admin/,
    );
    await assert.rejects(
      fresh.pool.query('update account set disabled_at = now() where id = $1', [account.id]),
      /the last admin/,
    );
    const { actor: second } = await person(fresh, 'second', 'admin');
    // Each of the two takes the other's role at once: one of them comes too late.
    const answers = await Promise.all([
      setRole(fresh, actor, 'second', { role: 'security', reason: '' }, NOW),
      setRole(fresh, second, 'only', { role: 'security', reason: '' }, NOW),
    ]);
    assert.deepEqual(answers.map(codeOf).sort(), ['BARRED', 'done']);
  });

  test('closes an account: sessions end, tokens open nothing, and neither comes back with it', async () => {
    const { account } = await person(database, 'bob', 'triager');
    const { secret } = done(
      await signInByPassword(database, { handle: 'bob', password: PASSWORD }, from(), NOW),
    );
    const made = await makeToken(database, ROOT, account.id, { name: 'ci', scopes: ['write'], days: 9 }, NOW);
    const { token } = done(made);
    assert.ok(await recogniseToken(database, token, NOW));
    assert.equal(codeOf(await disableAccount(database, ROOT, 'bob', ' ', NOW)), 'MALFORMED');
    done(await disableAccount(database, ROOT, 'bob', 'left the team', NOW));
    done(await disableAccount(database, ROOT, 'bob', 'twice', NOW));
    const closed = async () => [
      await recogniseSession(database, secret, NOW),
      await recogniseToken(database, token, NOW),
    ];
    assert.deepEqual(await closed(), [null, null]);
    assert.equal(
      codeOf(await makeToken(database, ROOT, account.id, { name: 'x', scopes: ['read'], days: 1 }, NOW)),
      'UNKNOWN',
    );
    assert.equal(codeOf(await askRecovery(database, ROOT, 'bob', 'it is him', NOW)), 'BARRED');
    done(await enableAccount(database, ROOT, 'bob', NOW));
    assert.deepEqual(await closed(), [null, null]);
    assert.equal((await accountByHandle(database.queries, 'bob'))?.role, 'triager');
    assert.deepEqual(await toldOf(database, account), [
      'created',
      'signed_in',
      'token.made',
      'disabled',
      'enabled',
    ]);
  });
});

describe('a token', () => {
  test('is known by its hash alone, has a name, scopes and an end', async () => {
    const { account, actor } = await person(database, 'tom', 'triager');
    const make = (change: Partial<Parameters<typeof makeToken>[3]>) =>
      makeToken(database, actor, account.id, { name: 'ci', scopes: ['read'], days: 90, ...change }, NOW);
    const { token, id } = done(await make({ scopes: ['read', 'propose'] }));
    assert.match(token, /^muster_[A-Za-z0-9_-]{43}$/);
    const known = await recogniseToken(database, token, NOW);
    assert.deepEqual(
      [known?.account, known?.handle, known?.scopes],
      [account.id, 'tom', ['read', 'propose']],
    );
    const { rows } = await database.pool.query('select t::text as row from api_token t');
    assert.ok(rows.every(({ row }) => !row.includes(token.slice(7))));
    for (const wrong of [token.slice(7), `${token}x`, `muster_${'A'.repeat(43)}`, 'muster_', '', 'muster_\0'])
      assert.equal(await recogniseToken(database, wrong, NOW), null, wrong);
    assert.ok(await recogniseToken(database, token, later(89.9)));
    assert.equal(await recogniseToken(database, token, later(90)), null);
    const holder = { ...account };
    assert.equal(codeOf(await revokeToken(database, { ...holder, id: holder.id + 1 }, id, NOW)), 'UNKNOWN');
    assert.equal(done(await revokeToken(database, holder, id, NOW)).name, 'ci');
    assert.equal(codeOf(await revokeToken(database, holder, id, NOW)), 'UNKNOWN');
    assert.equal(await recogniseToken(database, token, NOW), null);
    for (const [change, code] of [
      [{ name: '' }, 'MALFORMED'],
      [{ name: 'x'.repeat(81) }, 'MALFORMED'],
      [{ scopes: [] }, 'MALFORMED'],
      [{ scopes: ['root'] }, 'MALFORMED'],
      [{ scopes: ['read', 'root'] }, 'MALFORMED'],
      [{ scopes: ['admin'] }, 'FORBIDDEN'],
      [{ days: 0 }, 'MALFORMED'],
      [{ days: 1.5 }, 'MALFORMED'],
      [{ days: Number.NaN }, 'MALFORMED'],
      [{ days: 367 }, 'MALFORMED'],
    ] as const)
      assert.equal(codeOf(await make(change)), code, JSON.stringify(change));
    const forever = done(await make({ days: null }));
    assert.ok(await recogniseToken(database, forever.token, later(36_500)));
  });

  test('follows the role of its account', async () => {
    const { account, actor } = await person(database, 'una', 'admin');
    const { token } = done(
      await makeToken(database, actor, account.id, { name: 'x', scopes: ['admin'], days: 1 }, NOW),
    );
    done(await role(ROOT, 'una', 'contributor'));
    assert.equal((await recogniseToken(database, token, NOW))?.role, 'contributor');
  });
});

describe('a way back in', () => {
  const reason = 'called me from the number that we know';

  test('takes two admins, opens the account once, within a day, and voids what opened it before', async () => {
    const { account } = await person(database, 'lost', 'triager');
    const { actor: first } = await person(database, 'first', 'admin');
    const { actor: second } = await person(database, 'zweite', 'admin');
    const { actor: security } = await person(database, 'secu', 'security');
    const session = done(
      await signInByPassword(database, { handle: 'lost', password: PASSWORD }, from(), NOW),
    );
    const { token } = done(
      await makeToken(database, first, account.id, { name: 'ci', scopes: ['read'], days: 1 }, NOW),
    );
    await database.transaction(async (tx) => {
      await insertIdentity(tx, { provider: 'x', subject: '1', account: account.id, label: null, at: NOW });
      await insertPasskey(tx, {
        id: 'stolen',
        account: account.id,
        publicKey: new Uint8Array(1),
        counter: 0,
        transports: [],
        name: 'stolen',
        at: NOW,
      });
    });

    assert.equal(codeOf(await askRecovery(database, security, 'lost', reason, NOW)), 'FORBIDDEN');
    assert.equal(
      codeOf(await askRecovery(database, first, 'first', reason, NOW)),
      'FORBIDDEN',
      'own account',
    );
    assert.equal(codeOf(await askRecovery(database, first, 'lost', '', NOW)), 'MALFORMED');
    assert.equal(codeOf(await askRecovery(database, first, 'nobody', reason, NOW)), 'UNKNOWN');
    const { id } = done(await askRecovery(database, first, 'lost', reason, NOW));
    assert.equal(codeOf(await askRecovery(database, second, 'lost', reason, NOW)), 'BARRED', 'one waits');
    assert.equal(codeOf(await grantRecovery(database, first, id, NOW)), 'FORBIDDEN', 'who asked');
    assert.equal(codeOf(await grantRecovery(database, security, id, NOW)), 'FORBIDDEN');
    const secret = done(await grantRecovery(database, second, id, NOW)).secret ?? '';
    assert.equal(codeOf(await grantRecovery(database, second, id, NOW)), 'UNKNOWN', 'twice');

    assert.equal((await recoveryOf(database.queries, secret, later(0.99)))?.handle, 'lost');
    assert.equal(await recoveryOf(database.queries, secret, later(1)), null);
    const use = (password: string, at = NOW) =>
      useRecovery(database, { secret, password }, from('of the lost'), at);
    assert.equal(codeOf(await use('short')), 'MALFORMED');
    assert.equal(codeOf(await use('a wholly new one', later(2))), 'UNKNOWN', 'too old');
    const answers = await Promise.all([use('a wholly new one'), use('a wholly new one')]);
    assert.deepEqual(answers.map(codeOf).sort(), ['UNKNOWN', 'done'], 'once');
    assert.equal(codeOf(await use('a wholly new one')), 'UNKNOWN');

    assert.equal(await recogniseSession(database, session.secret, NOW), null);
    assert.equal(await recogniseToken(database, token, NOW), null);
    assert.deepEqual(await meansOf(database.queries, account.id), {
      password: true,
      passkeys: 0,
      identities: 0,
    });
    const sign = (password: string) =>
      signInByPassword(database, { handle: 'lost', password }, from('x'), NOW);
    assert.equal(codeOf(await sign(PASSWORD)), 'WRONG');
    done(await sign('a wholly new one'));
    assert.deepEqual((await toldOf(database, account)).slice(-5), [
      'recovery.asked',
      'recovery.granted',
      'recovery.used',
      'signed_in',
      'signed_in',
    ]);
  });

  test('that was withdrawn, or granted anew, opens nothing', async () => {
    const { account } = await person(database, 'vic');
    const { actor: first } = await person(database, 'admin-a', 'admin');
    const { actor: second } = await person(database, 'admin-b', 'admin');
    const ask = async () => done(await askRecovery(database, first, 'vic', reason, NOW)).id;
    const asked = await ask();
    done(await withdrawRecovery(database, second, asked, NOW));
    assert.equal(codeOf(await grantRecovery(database, second, asked, NOW)), 'UNKNOWN');
    const older = done(await grantRecovery(database, second, await ask(), NOW)).secret ?? '';
    const newer = done(await grantRecovery(database, second, await ask(), NOW)).secret ?? '';
    assert.equal(await recoveryOf(database.queries, older, NOW), null);
    assert.ok(await recoveryOf(database.queries, newer, NOW));
    const [open] = (await openRecoveries(database.queries, NOW)).filter(({ handle }) => handle === 'vic');
    done(await withdrawRecovery(database, first, open?.id ?? 0, NOW));
    assert.equal(await recoveryOf(database.queries, newer, NOW), null);
    const last = done(await grantRecovery(database, second, await ask(), NOW)).secret ?? '';
    done(await disableAccount(database, ROOT, 'vic', 'gone', NOW));
    assert.equal(await recoveryOf(database.queries, last, NOW), null, 'of a closed account');
    assert.equal((await toldOf(database, account)).filter((type) => type === 'recovery.granted').length, 3);
  });

  test('asked for on the machine itself waits for an admin, unless nobody else could grant it', async () => {
    await using fresh = await testDatabase();
    const operator = { id: 'cli:root', role: 'admin', account: null } as const;
    const { account } = await person(fresh, 'sole', 'admin');
    const alone = done(await recoverByOperator(fresh, operator, 'sole', reason, NOW));
    assert.ok(alone.secret !== null);
    done(await useRecovery(fresh, { secret: alone.secret, password: 'back in at last' }, from(), NOW));
    assert.deepEqual((await toldOf(fresh, account)).slice(1, 3), ['recovery.asked', 'recovery.granted']);
    const { actor: other } = await person(fresh, 'other', 'admin');
    const waits = done(await recoverByOperator(fresh, operator, 'sole', reason, NOW));
    assert.equal(waits.secret, null);
    assert.equal(codeOf(await grantRecovery(fresh, operator, waits.id, NOW)), 'FORBIDDEN');
    done(await grantRecovery(fresh, other, waits.id, NOW));
  });

  test('the database itself lets nobody grant their own', async () => {
    const { account } = await person(database, 'wes');
    const row = (asked: string, granted: string | null) =>
      database.pool.query(
        `insert into account_recovery (account, asked_by, asked_at, reason, granted_by, granted_at, secret_hash, expires_at)
         values ($1, $2, now(), 'x', $3, now(), $4, now())`,
        [account.id, asked, granted, Buffer.from(`${asked}${granted}`)],
      );
    await assert.rejects(row('person:1', 'person:1'), /check constraint/);
    await assert.rejects(row(`person:${account.id}`, 'person:1'), /check constraint/);
    await assert.rejects(row('person:1', `person:${account.id}`), /check constraint/);
    await assert.rejects(row('person:1', null), /check constraint/);
    await row('person:1', 'person:2');
  });
});
