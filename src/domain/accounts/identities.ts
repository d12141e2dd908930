import { appendEvents, type Database, lockHistory, type NewEvent, type Tx } from '#base/db';
import { actorOf, type Holder, toldOf } from './account.ts';
import { type Outcome, type Refused, refused } from './answer.ts';
import { enter, type From, type SignedIn } from './sign-in.ts';
import { meansOf, setGithub } from './store.ts';
import { accountOfIdentity, deleteIdentity, insertIdentity, useIdentity } from './store-identities.ts';

/** Who somebody is, by the word of somebody else who has just shown it to us. */
export interface ProvedIdentity {
  /** Whose word: `github`, `github:https://…`, or an issuer's address. With `subject` it names one person for good. */
  provider: string;
  subject: string;
  /** `github` or `oidc`: by which of our doors they came. */
  name: 'github' | 'oidc';
  /** What the provider calls them, to recognise it by. It may change, and proves nothing. */
  label: string | null;
  displayName: string | null;
  email: string | null;
  emailVerified: boolean;
  /** Login at the public GitHub, by which maintainers are known. */
  github: string | null;
}

/** Signs in whoever that identity is linked to. `unknown` where it is linked to nobody: nothing but a link opens an account. */
export async function signInByIdentity(
  database: Database,
  identity: ProvedIdentity,
  from: From,
  now: Date,
): Promise<Outcome<SignedIn> | { outcome: 'unknown' }> {
  const { provider, subject, label, name } = identity;
  const account = await accountOfIdentity(database.queries, provider, subject);
  if (account === null) return { outcome: 'unknown' };
  const signedIn = await enter(database, account, { ...from, means: name }, now, {
    async still(tx) {
      if ((await accountOfIdentity(tx, provider, subject)) !== account) return false;
      await useIdentity(tx, { provider, subject, label, at: now });
      if (identity.github !== null) await setGithub(tx, account, identity.github);
      return true;
    },
  });
  return signedIn === null
    ? refused('FORBIDDEN', 'That account was closed.')
    : { outcome: 'done', ...signedIn };
}

/** Links an identity to the account of whoever is signed in. */
export async function linkIdentity(
  database: Database,
  account: Holder,
  identity: ProvedIdentity,
  now: Date,
): Promise<Outcome> {
  return database.transaction(async (tx): Promise<Outcome> => {
    await lockHistory(tx);
    const kept = await keepIdentity(tx, account, identity, now);
    if (kept.outcome === 'refused') return kept;
    await appendEvents(tx, [kept.told], now);
    return { outcome: 'done' };
  });
}

/** Links within a transaction that holds the lock. */
export async function keepIdentity(
  tx: Tx,
  account: Holder,
  identity: ProvedIdentity,
  now: Date,
): Promise<{ outcome: 'kept'; told: NewEvent } | Refused> {
  const { provider, subject, label, name } = identity;
  const owner = await accountOfIdentity(tx, provider, subject);
  if (owner !== null)
    return refused(
      'TAKEN',
      owner === account.id
        ? 'It is linked to your account already.'
        : 'It is linked to another account. Sign in there and unlink it first.',
    );
  await insertIdentity(tx, { provider, subject, account: account.id, label, at: now });
  if (identity.github !== null) await setGithub(tx, account.id, identity.github);
  const told = toldOf(account, 'identity.linked', actorOf(account), 'by hand', { provider: name });
  return { outcome: 'kept', told };
}

/** Takes a link off again, unless nothing would be left to sign in with. */
export async function unlinkIdentity(
  database: Database,
  account: Holder,
  { provider, subject, isGithub }: { provider: string; subject: string; isGithub: boolean },
  now: Date,
): Promise<Outcome> {
  return database.transaction(async (tx): Promise<Outcome> => {
    await lockHistory(tx);
    const { password, passkeys, identities } = await meansOf(tx, account.id);
    if (!password && passkeys === 0 && identities <= 1)
      return refused(
        'BARRED',
        'It is the only way into your account. Set a password or add a passkey first.',
      );
    if (!(await deleteIdentity(tx, account.id, provider, subject)))
      return refused('UNKNOWN', 'It is not linked to your account.');
    if (isGithub) await setGithub(tx, account.id, null);
    await appendEvents(
      tx,
      [
        toldOf(account, 'identity.unlinked', actorOf(account), 'by hand', {
          provider: isGithub ? 'github' : 'oidc',
        }),
      ],
      now,
    );
    return { outcome: 'done' };
  });
}
