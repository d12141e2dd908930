import type { Database } from '#base/db';
import { limited, type Outcome, refused } from './answer.ts';
import type { ProvedIdentity } from './identities.ts';
import type { Provider, ProviderStep } from './providers.ts';
import { hashOf, isSecret, newSecret } from './secrets.ts';
import { limitAddress } from './sign-in.ts';
import { putStep, readStep, takeStep } from './store-steps.ts';

/** People choose an account at the provider, and may have to find their second factor. */
const AWAY_MS = 15 * 60_000;
/** And then a handle. */
const CHOOSING_MS = 60 * 60_000;

/** Why somebody was sent away. */
interface Errand {
  provider: string;
  step: ProviderStep;
  /** Page that they came from. */
  to: string;
  /** The account that the identity is to be linked to; null for signing in. */
  link: number | null;
  /** What an invitation's link held, for whoever has no account yet. */
  invite: string | null;
}

/**
 * Sends somebody to a provider. What is remembered is found again only by the browser that was sent: by what its cookie
 * holds.
 */
export async function sendToProvider(
  database: Database,
  provider: Provider,
  { redirect, address, ...rest }: Omit<Errand, 'provider' | 'step'> & { redirect: string; address: string },
  now: Date,
): Promise<Outcome<{ url: string; secret: string }>> {
  const wait = await limitAddress(database, 'signInFromAddress', address, now);
  if (wait !== null) return limited(wait);
  const { url, step } = await provider.begin(redirect);
  const secret = newSecret();
  const errand: Errand = { provider: provider.key, step, ...rest };
  await putStep(database.queries, {
    id: hashOf(secret).toString('hex'),
    kind: 'provider',
    payload: { ...errand },
    expiresAt: new Date(now.getTime() + AWAY_MS),
  });
  return { outcome: 'done', url, secret };
}

/** Whoever came back, if it is the browser that was sent, the first time, in time, and the provider vouches for them. */
export async function comeBackFrom(
  database: Database,
  provider: Provider,
  { redirect, query, secret }: { redirect: string; query: string; secret: string | undefined },
  now: Date,
): Promise<Outcome<{ identity: ProvedIdentity } & Omit<Errand, 'provider' | 'step'>>> {
  const payload = isSecret(secret)
    ? await takeStep(database.queries, hashOf(secret).toString('hex'), 'provider', now)
    : null;
  const errand = payload as Errand | null;
  if (errand === null || errand.provider !== provider.key)
    return refused(
      'WRONG',
      `This sign-in with ${provider.label} was not begun here, or too long ago. Begin again.`,
    );
  const identity = await provider.finish(redirect, query, errand.step);
  const { to, link, invite } = errand;
  return { outcome: 'done', identity, to, link, invite };
}

/** Who has shown to be somebody, and what they came for. */
export interface KeptForSignUp {
  identity: ProvedIdentity;
  to: string;
  invite: string | null;
}

/** Keeps who somebody has shown to be, while they choose a handle for their new account. */
export async function keepForSignUp(database: Database, kept: KeptForSignUp, now: Date): Promise<string> {
  const secret = newSecret();
  await putStep(database.queries, {
    id: hashOf(secret).toString('hex'),
    kind: 'identity-new',
    payload: { ...kept },
    expiresAt: new Date(now.getTime() + CHOOSING_MS),
  });
  return secret;
}

/** Whoever chooses a handle; taken once an account is made of it. */
export async function keptForSignUp(
  database: Database,
  secret: string | undefined,
  now: Date,
  { take }: { take: boolean },
): Promise<KeptForSignUp | null> {
  if (!isSecret(secret)) return null;
  const read = take ? takeStep : readStep;
  const payload = await read(database.queries, hashOf(secret).toString('hex'), 'identity-new', now);
  return payload as KeptForSignUp | null;
}
