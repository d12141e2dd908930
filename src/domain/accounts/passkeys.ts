import {
  type AuthenticationResponseJSON,
  generateAuthenticationOptions,
  generateRegistrationOptions,
  type RegistrationResponseJSON,
  verifyAuthenticationResponse,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import { z } from 'zod';
import { appendEvents, type Database, lockHistory } from '#base/db';
import { type Account, actorOf, type Holder, toldOf } from './account.ts';
import { limited, type Outcome, refused } from './answer.ts';
import { readLine } from './checks.ts';
import { hashOf } from './secrets.ts';
import { enter, type From, limitAddress, type SignedIn } from './sign-in.ts';
import { meansOf } from './store.ts';
import {
  deletePasskey,
  insertPasskey,
  nameOfPasskey,
  passkeyById,
  passkeysOf,
  usePasskey,
} from './store-passkeys.ts';
import { putStep, takeStep } from './store-steps.ts';

/** For whom a passkey is: the browser gives it to nobody else (WebAuthn Level 3, section 5.1.3). */
export interface RelyingParty {
  /** Shown by the browser. */
  name: string;
  /** A domain: `muster.example.org`. */
  id: string;
  /** `https://muster.example.org` */
  origin: string;
}

const STEP_MS = 5 * 60_000;
const MOST_PASSKEYS = 20;
const NAME_RULE = 'Give it a name of 1 to 60 characters, to tell it from the others.';

const base64url = (longest: number) =>
  z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .max(longest);

/** What a browser answers, no larger than any authenticator makes it; what else is in it is left out. */
const REGISTRATION = z.object({
  id: base64url(1500),
  rawId: base64url(1500),
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url(4000),
    attestationObject: base64url(60_000),
    transports: z
      .array(z.string().regex(/^[a-z-]{1,20}$/))
      .max(10)
      .optional(),
  }),
});

const AUTHENTICATION = z.object({
  id: base64url(1500),
  rawId: base64url(1500),
  type: z.literal('public-key'),
  response: z.object({
    clientDataJSON: base64url(4000),
    authenticatorData: base64url(4000),
    signature: base64url(4000),
    userHandle: base64url(200).optional(),
  }),
});

/** What the browser needs to make a passkey for an account. */
export async function beginPasskey(
  database: Database,
  account: Pick<Account, 'id' | 'handle' | 'name'>,
  party: RelyingParty,
  now: Date,
) {
  const options = await generateRegistrationOptions({
    rpName: party.name,
    rpID: party.id,
    userName: account.handle,
    userDisplayName: account.name,
    userID: userHandle(account.id),
    attestationType: 'none',
    excludeCredentials: await passkeysOf(database.queries, account.id),
    // It alone opens the account, without a handle: it has to be found without one, and to ask for a finger or a PIN.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
  });
  await putChallenge(database, 'passkey-new', options.challenge, { account: account.id }, now);
  return options;
}

/** Adds the passkey that the browser made, if it answers a challenge of ours to that very account. */
export async function addPasskey(
  database: Database,
  account: Holder,
  party: RelyingParty,
  { answer, name }: { answer: unknown; name: string },
  now: Date,
): Promise<Outcome<{ id: string }>> {
  const line = readLine(name, 60);
  if (line === null) return refused('MALFORMED', NAME_RULE, 'name');
  const parsed = REGISTRATION.safeParse(answer);
  if (!parsed.success) return refused('MALFORMED', 'That is no answer of a passkey.');
  const response: RegistrationResponseJSON = {
    ...parsed.data,
    response: { ...parsed.data.response, transports: parsed.data.response.transports ?? [] },
    clientExtensionResults: {},
  };
  const made = await verifyRegistrationResponse({
    response,
    expectedChallenge: async (challenge) =>
      (await takeChallenge(database, 'passkey-new', challenge, now))?.account === account.id,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
  }).catch(() => null);
  if (made === null || !made.verified)
    return refused('WRONG', 'The passkey did not answer as it should, or too late. Try again.');
  const { credential } = made.registrationInfo;
  return database.transaction(async (tx): Promise<Outcome<{ id: string }>> => {
    await lockHistory(tx);
    if ((await meansOf(tx, account.id)).passkeys >= MOST_PASSKEYS)
      return refused('BARRED', `There are ${MOST_PASSKEYS} passkeys already. Remove one first.`);
    const added = await insertPasskey(tx, {
      id: credential.id,
      account: account.id,
      publicKey: credential.publicKey,
      counter: credential.counter,
      transports: response.response.transports ?? [],
      name: line,
      at: now,
    });
    if (!added) return refused('TAKEN', 'That passkey is known already.');
    await appendEvents(tx, [toldOf(account, 'passkey.added', actorOf(account), 'by hand')], now);
    return { outcome: 'done', id: credential.id };
  });
}

/** What the browser needs to ask for whichever passkey somebody has here. */
export async function beginPasskeySignIn(
  database: Database,
  party: RelyingParty,
  address: string,
  now: Date,
): Promise<Outcome<{ options: Awaited<ReturnType<typeof generateAuthenticationOptions>> }>> {
  const wait = await limitAddress(database, 'signInFromAddress', address, now);
  if (wait !== null) return limited(wait);
  const options = await generateAuthenticationOptions({ rpID: party.id, userVerification: 'required' });
  await putChallenge(database, 'passkey-sign-in', options.challenge, {}, now);
  return { outcome: 'done', options };
}

/** Signs in whoever has the passkey. */
export async function signInByPasskey(
  database: Database,
  party: RelyingParty,
  answer: unknown,
  from: From,
  now: Date,
): Promise<Outcome<SignedIn>> {
  const wrong = refused('WRONG', 'This passkey opens no account here, or it was too late. Try again.');
  const parsed = AUTHENTICATION.safeParse(answer);
  if (!parsed.success) return wrong;
  const known = await passkeyById(database.queries, parsed.data.id);
  if (known === null) return wrong;
  const { userHandle: handle, ...rest } = parsed.data.response;
  if (handle !== undefined && handle !== Buffer.from(userHandle(known.account)).toString('base64url'))
    return wrong;
  const response: AuthenticationResponseJSON = { ...parsed.data, response: rest, clientExtensionResults: {} };
  const shown = await verifyAuthenticationResponse({
    response,
    expectedChallenge: async (challenge) =>
      (await takeChallenge(database, 'passkey-sign-in', challenge, now)) !== null,
    expectedOrigin: party.origin,
    expectedRPID: party.id,
    requireUserVerification: true,
    credential: {
      id: parsed.data.id,
      publicKey: new Uint8Array(known.publicKey),
      counter: known.counter,
      transports: known.transports,
    },
  }).catch(() => null);
  if (shown === null || !shown.verified) return wrong;
  const { newCounter } = shown.authenticationInfo;
  const signedIn = await enter(database, known.account, { ...from, means: 'passkey' }, now, {
    // Removed while we looked, or a copy of it was faster.
    async still(tx) {
      if ((await passkeyById(tx, parsed.data.id))?.counter !== known.counter) return false;
      await usePasskey(tx, parsed.data.id, newCounter, now);
      return true;
    },
  });
  return signedIn === null ? wrong : { outcome: 'done', ...signedIn };
}

export async function renamePasskey(
  database: Database,
  account: Holder,
  { id, name }: { id: string; name: string },
  now: Date,
): Promise<Outcome> {
  const line = readLine(name, 60);
  if (line === null) return refused('MALFORMED', NAME_RULE, 'name');
  return database.transaction(async (tx): Promise<Outcome> => {
    await lockHistory(tx);
    if (!(await nameOfPasskey(tx, account.id, id, line)))
      return refused('UNKNOWN', 'There is no such passkey.');
    await appendEvents(tx, [toldOf(account, 'passkey.named', actorOf(account), 'by hand')], now);
    return { outcome: 'done' };
  });
}

/** Removes a passkey, unless nothing would be left to sign in with. */
export async function removePasskey(
  database: Database,
  account: Holder,
  id: string,
  now: Date,
): Promise<Outcome<{ name: string }>> {
  return database.transaction(async (tx): Promise<Outcome<{ name: string }>> => {
    await lockHistory(tx);
    const { password, passkeys, identities } = await meansOf(tx, account.id);
    if (!password && identities === 0 && passkeys <= 1)
      return refused(
        'BARRED',
        'It is the only way into your account. Set a password or add another one first.',
      );
    const name = await deletePasskey(tx, account.id, id);
    if (name === null) return refused('UNKNOWN', 'There is no such passkey.');
    await appendEvents(tx, [toldOf(account, 'passkey.removed', actorOf(account), 'by hand')], now);
    return { outcome: 'done', name };
  });
}

/** What a passkey keeps of an account: no name, nothing that changes. */
function userHandle(account: number): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(`account ${account}`));
}

function putChallenge(
  database: Database,
  kind: 'passkey-new' | 'passkey-sign-in',
  challenge: string,
  payload: Record<string, unknown>,
  now: Date,
): Promise<void> {
  const expiresAt = new Date(now.getTime() + STEP_MS);
  return putStep(database.queries, { id: hashOf(challenge).toString('hex'), kind, payload, expiresAt });
}

/** Each challenge is answered once. */
function takeChallenge(
  database: Database,
  kind: 'passkey-new' | 'passkey-sign-in',
  challenge: string,
  now: Date,
): Promise<Record<string, unknown> | null> {
  return takeStep(database.queries, hashOf(challenge).toString('hex'), kind, now);
}
