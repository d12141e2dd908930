import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Database } from '#base/db';
import { type Authenticator, makeAuthenticator } from '../../../test/authenticator.ts';
import { testDatabase } from '../../../test/database.ts';
import { disableAccount } from './administer.ts';
import { signUp } from './create-account.ts';
import type { ProvedIdentity } from './identities.ts';
import { linkIdentity, signInByIdentity, unlinkIdentity } from './identities.ts';
import {
  addPasskey,
  beginPasskey,
  beginPasskeySignIn,
  removePasskey,
  renamePasskey,
  signInByPasskey,
} from './passkeys.ts';
import { LIMITS } from './rate-limit.ts';
import { recogniseSession } from './sessions.ts';
import { accountByHandle } from './store.ts';
import { identitiesOf } from './store-identities.ts';
import { passkeysOf } from './store-passkeys.ts';
import { codeOf, done, from, NOW, person, ROOT, toldOf } from './testing-accounts.ts';

const ORIGIN = 'https://muster.example.org';
const PARTY = { name: 'Muster', id: 'muster.example.org', origin: ORIGIN };

let database: Database;
before(async () => {
  database = await testDatabase();
});
after(() => database.close());

const key = () => makeAuthenticator({ origin: ORIGIN, party: PARTY.id });
const minutes = (n: number) => new Date(NOW.getTime() + n * 60_000);

async function challengeToSignIn(address = '192.0.2.7'): Promise<string> {
  return done(await beginPasskeySignIn(database, PARTY, address, NOW)).options.challenge;
}

type Holder = Awaited<ReturnType<typeof person>>['account'];

async function add(account: Holder, authenticator: Authenticator, name = 'my key') {
  const { challenge } = await beginPasskey(database, account, PARTY, NOW);
  return addPasskey(database, account, PARTY, { answer: authenticator.register(challenge), name }, NOW);
}

const signIn = (answer: unknown, now = NOW) => signInByPasskey(database, PARTY, answer, from('pk'), now);

describe('a passkey', () => {
  test('is added, opens the account without a handle, is renamed and removed', async () => {
    const { account } = await person(database, 'ada');
    const authenticator = key();
    done(await add(account, authenticator));
    const options = await beginPasskey(database, account, PARTY, NOW);
    assert.deepEqual(
      options.excludeCredentials?.map(({ id }) => id),
      [authenticator.id],
    );
    assert.equal(options.authenticatorSelection?.residentKey, 'required');
    assert.equal(options.authenticatorSelection?.userVerification, 'required');
    assert.doesNotMatch(Buffer.from(options.user.id, 'base64url').toString(), /ada/);
    const asked = done(await beginPasskeySignIn(database, PARTY, '192.0.2.7', NOW)).options;
    assert.deepEqual(asked.allowCredentials, undefined, 'whichever they have');
    const userHandle = Buffer.from(`account ${account.id}`).toString('base64url');
    const { secret } = done(await signIn(authenticator.signIn(asked.challenge, { userHandle })));
    assert.equal((await recogniseSession(database, secret, NOW))?.handle, 'ada');
    assert.equal((await passkeysOf(database.queries, account.id))[0]?.usedAt?.getTime(), NOW.getTime());
    done(await renamePasskey(database, account, { id: authenticator.id, name: 'blue key' }, NOW));
    assert.equal(codeOf(await renamePasskey(database, account, { id: 'x', name: 'y' }, NOW)), 'UNKNOWN');
    assert.equal(done(await removePasskey(database, account, authenticator.id, NOW)).name, 'blue key');
    assert.equal(codeOf(await signIn(authenticator.signIn(await challengeToSignIn()))), 'WRONG');
    assert.deepEqual(await toldOf(database, account), [
      'created',
      'passkey.added',
      'signed_in',
      'passkey.named',
      'passkey.removed',
    ]);
  });

  test('answers each challenge once, in time, to the one who was asked, for what it was asked', async () => {
    const { account } = await person(database, 'bea');
    const { account: other } = await person(database, 'eve');
    const authenticator = key();
    const offer = (answer: object, to = account, now = NOW) =>
      addPasskey(database, to, PARTY, { answer, name: 'k' }, now);
    const begin = async (whose = account) => (await beginPasskey(database, whose, PARTY, NOW)).challenge;

    assert.equal(
      codeOf(await offer(authenticator.register(await begin()), other)),
      'WRONG',
      'another account',
    );
    assert.equal(
      codeOf(await offer(authenticator.register(await begin()), account, minutes(6))),
      'WRONG',
      'late',
    );
    assert.equal(
      codeOf(await offer(authenticator.register(await challengeToSignIn()))),
      'WRONG',
      'for signing in',
    );
    assert.equal(codeOf(await offer(authenticator.register('made-up'))), 'WRONG');
    const once = authenticator.register(await begin());
    done(await offer(once));
    assert.equal(codeOf(await offer(once)), 'WRONG', 'replayed');
    assert.equal(
      codeOf(await offer(authenticator.register(await begin(other)), other)),
      'TAKEN',
      'known already',
    );

    const shown = authenticator.signIn(await challengeToSignIn());
    done(await signIn(shown));
    assert.equal(codeOf(await signIn(shown)), 'WRONG', 'replayed');
    assert.equal(codeOf(await signIn(authenticator.signIn(await begin()))), 'WRONG', 'for adding');
    assert.equal(
      codeOf(await signIn(authenticator.signIn(await challengeToSignIn()), minutes(6))),
      'WRONG',
      'late',
    );
    const challenge = await challengeToSignIn();
    const two = await Promise.all([
      signIn(authenticator.signIn(challenge)),
      signIn(authenticator.signIn(challenge)),
    ]);
    assert.ok(two.map(codeOf).includes('WRONG'), 'one challenge, two answers');
  });

  test('is believed for our origin, with a person who was verified, and nothing else', async () => {
    const { account } = await person(database, 'cem');
    const authenticator = key();
    done(await add(account, authenticator));
    const forged: [string, Parameters<Authenticator['signIn']>[1]][] = [
      ['another origin', { origin: 'https://evil.example' }],
      ['our name without https', { origin: 'http://muster.example.org' }],
      ['another host of the domain', { origin: 'https://x.muster.example.org' }],
      ['another party', { party: 'evil.example' }],
      ['the wrong kind', { type: 'webauthn.create' }],
      ['nobody there', { flags: 0 }],
      ['somebody, but whom', { flags: 0x01 }],
      ['another account’s handle', { userHandle: Buffer.from('account 1').toString('base64url') }],
    ];
    for (const [what, change] of forged)
      assert.equal(
        codeOf(await signIn(authenticator.signIn(await challengeToSignIn(what), change))),
        'WRONG',
        what,
      );
    for (const [what, change] of forged.slice(0, 7)) {
      const { challenge } = await beginPasskey(database, account, PARTY, NOW);
      const kind = what === 'the wrong kind' ? { type: 'webauthn.get' } : change;
      const answer = key().register(challenge, kind);
      assert.equal(
        codeOf(await addPasskey(database, account, PARTY, { answer, name: 'k' }, NOW)),
        'WRONG',
        what,
      );
    }
    const other = key();
    const stolen = other.signIn(await challengeToSignIn('s')) as { id: string };
    assert.equal(codeOf(await signIn({ ...stolen, id: authenticator.id, rawId: authenticator.id })), 'WRONG');
    done(await signIn(authenticator.signIn(await challengeToSignIn('ok'))));
    authenticator.counter = 3;
    assert.equal(codeOf(await signIn(authenticator.signIn(await challengeToSignIn('c')))), 'WRONG', 'a copy');
  });

  test('that sends nonsense is refused, however large or deep', async () => {
    const { account } = await person(database, 'dan');
    const authenticator = key();
    done(await add(account, authenticator));
    const good = authenticator.signIn(await challengeToSignIn()) as { response: object };
    const deep = JSON.parse(`${'['.repeat(5000)}${']'.repeat(5000)}`);
    for (const answer of [
      null,
      undefined,
      '',
      0,
      [],
      {},
      deep,
      { ...good, id: 'x'.repeat(5000) },
      { ...good, id: '../../etc' },
      { ...good, type: 'password' },
      { ...good, response: { ...good.response, signature: '' } },
      { ...good, response: { ...good.response, signature: 'A'.repeat(100_000) } },
      { ...good, response: { ...good.response, authenticatorData: 'AAAA' } },
      { ...good, response: { ...good.response, clientDataJSON: Buffer.from('{').toString('base64url') } },
      { ...good, response: { ...good.response, clientDataJSON: Buffer.from('null').toString('base64url') } },
    ]) {
      assert.equal(codeOf(await signIn(answer)), 'WRONG');
      const offered = await addPasskey(database, account, PARTY, { answer, name: 'k' }, NOW);
      assert.match(codeOf(offered), /^(?:MALFORMED|WRONG)$/);
    }
    const { challenge } = await beginPasskey(database, account, PARTY, NOW);
    const answer = key().register(challenge);
    for (const name of ['', ' ', 'x'.repeat(61), 'a\u202eb'])
      assert.equal(codeOf(await addPasskey(database, account, PARTY, { answer, name }, NOW)), 'MALFORMED');
  });

  test('of a closed account opens nothing; beginning is limited for an address', async () => {
    const { account } = await person(database, 'fin');
    const authenticator = key();
    done(await add(account, authenticator));
    done(await disableAccount(database, ROOT, 'fin', 'left', NOW));
    assert.equal(codeOf(await signIn(authenticator.signIn(await challengeToSignIn()))), 'WRONG');
    for (let n = 0; n < LIMITS.signInFromAddress.capacity; n += 1) await challengeToSignIn('swarm');
    assert.equal(codeOf(await beginPasskeySignIn(database, PARTY, 'swarm', NOW)), 'LIMITED');
  });
});

const GITHUB: ProvedIdentity = {
  provider: 'github',
  subject: '1815',
  name: 'github',
  label: 'ada-l',
  displayName: 'Ada',
  email: null,
  emailVerified: false,
  github: 'ada-l',
};

describe('an identity', () => {
  test('opens the account that it is linked to, and no other, whatever address it says', async () => {
    const { account } = await person(database, 'gus');
    await database.pool.query('update account set email = $1, email_confirmed_at = now() where id = $2', [
      'gus@example.org',
      account.id,
    ]);
    const same = { ...GITHUB, provider: 'https://id.example', email: 'gus@example.org', emailVerified: true };
    assert.equal((await signInByIdentity(database, same, from(), NOW)).outcome, 'unknown');
    done(await linkIdentity(database, account, GITHUB, NOW));
    const { secret } = done(await signInByIdentity(database, GITHUB, from(), NOW)) as { secret: string };
    assert.equal((await recogniseSession(database, secret, NOW))?.handle, 'gus');
    for (const other of [
      { ...GITHUB, subject: '1816' },
      { ...GITHUB, provider: 'https://github.example' },
    ])
      assert.equal((await signInByIdentity(database, other, from(), NOW)).outcome, 'unknown');
    assert.equal((await accountByHandle(database.queries, 'gus'))?.github, 'ada-l');
  });

  test('is linked to one account; a login that GitHub gave to somebody else goes with them', async () => {
    const { account } = await person(database, 'ida');
    const { account: other } = await person(database, 'jo');
    const mine = { ...GITHUB, subject: '7', github: 'Shared', label: 'Shared' };
    done(await linkIdentity(database, account, mine, NOW));
    assert.equal(codeOf(await linkIdentity(database, account, mine, NOW)), 'TAKEN');
    assert.equal(codeOf(await linkIdentity(database, other, mine, NOW)), 'TAKEN');
    done(await linkIdentity(database, other, { ...mine, subject: '8', github: 'shared' }, NOW));
    assert.equal((await accountByHandle(database.queries, 'ida'))?.github, null);
    assert.equal((await accountByHandle(database.queries, 'jo'))?.github, 'shared');
    done(await disableAccount(database, ROOT, 'ida', 'left', NOW));
    assert.equal(codeOf(await signInByIdentity(database, mine, from(), NOW)), 'FORBIDDEN');
  });

  test('makes an account with a handle of one’s own choice, whose address counts only if it was verified', async () => {
    const up = (handle: string, identity: ProvedIdentity, email = 'kim@example.org') =>
      signUp(
        database,
        { handle, name: 'Kim', email, invite: undefined, means: { identity } },
        'open',
        from(handle),
        NOW,
      );
    const oidc = {
      ...GITHUB,
      provider: 'https://id.example',
      name: 'oidc' as const,
      github: null,
      email: 'kim@example.org',
      emailVerified: true,
    };
    const { account } = done(await up('kim', oidc));
    assert.equal(account.emailConfirmedAt?.getTime(), NOW.getTime());
    assert.deepEqual(await toldOf(database, account), ['created', 'identity.linked', 'signed_in']);
    assert.equal(codeOf(await up('kim-2', oidc)), 'TAKEN', 'linked already');
    assert.equal(await accountByHandle(database.queries, 'kim-2'), null, 'and nothing is left of it');
    const unverified = { ...oidc, subject: 'b', emailVerified: false };
    assert.equal(done(await up('kim-3', unverified)).account.emailConfirmedAt, null);
    const typed = done(await up('kim-4', { ...oidc, subject: 'c' }, 'somebody@else.example'));
    assert.equal(typed.account.emailConfirmedAt, null);
  });

  test('or a passkey that is the only way in is not taken off', async () => {
    const identity = { ...GITHUB, subject: '99', github: null };
    const { account } = done(
      await signUp(
        database,
        { handle: 'lou', name: 'Lou', email: '', invite: undefined, means: { identity } },
        'open',
        from('lou'),
        NOW,
      ),
    );
    const off = { provider: 'github', subject: '99', isGithub: true };
    assert.equal(codeOf(await unlinkIdentity(database, account, off, NOW)), 'BARRED');
    const authenticator = key();
    done(await add(account, authenticator));
    assert.equal(codeOf(await unlinkIdentity(database, account, { ...off, subject: '1' }, NOW)), 'UNKNOWN');
    done(await unlinkIdentity(database, account, off, NOW));
    assert.deepEqual(await identitiesOf(database.queries, account.id), []);
    assert.equal(codeOf(await removePasskey(database, account, authenticator.id, NOW)), 'BARRED');
  });
});
