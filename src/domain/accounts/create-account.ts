import { appendEvents, type Database, lockHistory, type Tx } from '#base/db';
import { type Actor, maySignUp, type Role, type SignUp } from '#domain/policies';
import { type Account, actorOf, toldOf } from './account.ts';
import { limited, type Outcome, type Refused, refused } from './answer.ts';
import { EMAIL_RULE, HANDLE_RULE, isReserved, NAME_RULE, readEmail, readHandle, readName } from './checks.ts';
import { keepIdentity, type ProvedIdentity } from './identities.ts';
import { inviteOf } from './invites.ts';
import { hashPassword } from './password.ts';
import { problemOfPassword } from './password-rules.ts';
import { startSession } from './sessions.ts';
import { type From, limitAddress, type SignedIn } from './sign-in.ts';
import { accountByHandle, accountById, insertAccount, putPassword } from './store.ts';
import { useInviteRow } from './store-invites.ts';

/** What somebody says of themselves. */
export interface NewAccount {
  handle: string;
  name: string;
  /** Empty for none. */
  email: string;
}

interface Checked {
  handle: string;
  name: string;
  email: string | null;
}

/** An account that an admin makes, or whoever has the machine itself. */
export async function createAccount(
  database: Database,
  by: Actor,
  input: NewAccount & { role: Account['role']; password: string | null },
  now: Date,
): Promise<Outcome<{ account: Account }>> {
  const checked = check(input, input.password);
  if ('outcome' in checked) return checked;
  const hash = input.password === null ? null : await hashPassword(input.password);
  return database.transaction(async (tx): Promise<Outcome<{ account: Account }>> => {
    await lockHistory(tx);
    const account = await insert(tx, { ...checked, emailConfirmed: false, role: input.role }, now);
    if ('outcome' in account) return account;
    if (hash !== null) await putPassword(tx, account.id, hash, now);
    await appendEvents(tx, [toldOf(account, 'created', by, 'by hand', publicOf(account))], now);
    return { outcome: 'done', account };
  });
}

/** How whoever signs up will sign in: by password, or with somebody else's word for who they are. */
export type SignUpMeans = { password: string } | { identity: ProvedIdentity };

/** Makes an account for whoever asks, as the team allows it, and signs them in. */
export async function signUp(
  database: Database,
  input: NewAccount & {
    /** Of the link of an invitation. */
    invite: string | undefined;
    means: SignUpMeans;
  },
  mode: SignUp,
  from: From,
  now: Date,
): Promise<Outcome<SignedIn>> {
  const { means } = input;
  const password = 'password' in means ? means.password : null;
  const identity = 'identity' in means ? means.identity : null;
  const checked = check(input, password);
  if ('outcome' in checked) return checked;
  if (isReserved(checked.handle))
    return refused('TAKEN', 'That handle would read as if the team spoke. Take another one.', 'handle');
  const wait = await limitAddress(database, 'signUpFromAddress', from.address, now);
  if (wait !== null) return limited(wait);
  const hash = password === null ? null : await hashPassword(password);
  return database
    .transaction(async (tx): Promise<Outcome<SignedIn>> => {
      await lockHistory(tx);
      const invite = await inviteOf(tx, input.invite, now);
      if (!maySignUp(mode, { invited: invite !== null })) return refused('FORBIDDEN', whyNot(mode));
      // Whoever has the link of a mailed invitation reads mail there.
      const emailConfirmed =
        checked.email !== null &&
        ((identity?.emailVerified === true && checked.email === identity.email) ||
          (invite !== null && checked.email === invite.email));
      const role = invite?.role ?? 'contributor';
      const account = await insert(tx, { ...checked, emailConfirmed, role }, now);
      if ('outcome' in account) return account;
      if (hash !== null) await putPassword(tx, account.id, hash, now);
      const cause = invite === null ? 'sign-up' : `invite ${invite.id} of ${invite.madeBy}`;
      const told = [toldOf(account, 'created', actorOf(account), cause, publicOf(account))];
      if (invite !== null) await useInviteRow(tx, invite.id, account.id, now);
      if (identity !== null) {
        const kept = await keepIdentity(tx, account, identity, now);
        if (kept.outcome === 'refused') throw new Taken(kept);
        told.push(kept.told);
      }
      await appendEvents(tx, told, now);
      const secret = await startSession(
        tx,
        account,
        { means: identity?.name ?? 'sign-up', browser: from.browser, replaces: from.replaces },
        now,
      );
      return { outcome: 'done', account: (await accountById(tx, account.id)) ?? account, secret };
    })
    .catch((error: unknown) => {
      if (error instanceof Taken) return error.refusal;
      throw error;
    });
}

/** Takes the transaction back with it. */
class Taken extends Error {
  readonly refusal: Refused;

  constructor(refusal: Refused) {
    super(refusal.why);
    this.refusal = refusal;
  }
}

function whyNot(mode: SignUp): string {
  return mode === 'invite'
    ? 'Accounts are made by invitation here, and this one is used, withdrawn or too old. Ask for another.'
    : 'Accounts are made by the admins here. Reading and reporting need none.';
}

function check(input: NewAccount, password: string | null): Checked | Refused {
  const handle = readHandle(input.handle);
  if (handle === null) return refused('MALFORMED', HANDLE_RULE, 'handle');
  const name = readName(input.name);
  if (name === null) return refused('MALFORMED', NAME_RULE, 'name');
  const email = input.email.trim() === '' ? null : readEmail(input.email);
  if (email === null && input.email.trim() !== '') return refused('MALFORMED', EMAIL_RULE, 'email');
  const problem = password === null ? null : problemOfPassword(password, { handle, name, email });
  return problem === null ? { handle, name, email } : refused('MALFORMED', problem, 'password');
}

async function insert(
  tx: Tx,
  wanted: Checked & { emailConfirmed: boolean; role: Exclude<Role, 'visitor'> },
  now: Date,
): Promise<Account | Refused> {
  if ((await accountByHandle(tx, wanted.handle)) !== null)
    return refused(
      'TAKEN',
      `@${wanted.handle} is somebody else. Handles are never given away again.`,
      'handle',
    );
  const account = {
    handle: wanted.handle,
    name: wanted.name,
    email: wanted.email,
    emailConfirmedAt: wanted.emailConfirmed ? now : null,
    role: wanted.role,
    github: null,
    createdAt: now,
  };
  return { ...account, id: await insertAccount(tx, account), disabledAt: null };
}

/** What of an account everybody sees. */
function publicOf({ handle, role }: Account): Record<string, unknown> {
  return { handle, role };
}
