import * as openid from 'openid-client';
import { MusterError } from '#base/errors';
import { smallFetch } from '#base/http';
import { readEmail, readLine } from './checks.ts';
import type { ProvedIdentity } from './identities.ts';

/** What the settings say of those with whose word people may sign in. */
export interface ProviderSettings {
  oidcIssuer?: string | undefined;
  oidcClientId?: string | undefined;
  oidcClientSecret?: string | undefined;
  oidcName: string;
  githubClientId?: string | undefined;
  githubClientSecret?: string | undefined;
  githubUrl: string;
  githubApiUrl: string;
  contact?: string | undefined;
}

/** What has to be remembered between sending somebody away and their coming back (RFC 9700, section 2.1). */
export interface ProviderStep {
  state: string;
  /** Of PKCE. */
  verifier: string;
  nonce: string;
}

/** Somebody whose word is taken for who a person is. */
export interface Provider {
  id: ProvedIdentity['name'];
  /** What people call it. */
  label: string;
  /** Under which identities are kept: the issuer's address, `github`, or `github:` and the address of another one. */
  key: string;
  /** Where to send somebody, and what to remember until they come back. */
  begin(redirect: string): Promise<{ url: string; step: ProviderStep }>;
  /**
   * Who came back. `query` is what the provider sent along, to `redirect`.
   *
   * @throws MusterError UNAUTHENTICATED where it proves nothing, FETCH_FAILED where the provider does not answer
   */
  finish(redirect: string, query: string, step: ProviderStep): Promise<ProvedIdentity>;
}

const LIMITS = { maxBytes: 512 * 1024, timeoutMs: 10_000 };
/** The provider's own description is read again after that long. */
const DISCOVERY_MS = 3_600_000;

/** Those that the settings name. @throws MusterError CONFIG_INVALID where one is half set */
export function makeProviders(settings: ProviderSettings): Provider[] {
  const { oidcIssuer, oidcClientId, oidcClientSecret, githubClientId, githubClientSecret } = settings;
  const providers: Provider[] = [];
  if (oidcIssuer !== undefined || oidcClientId !== undefined || oidcClientSecret !== undefined) {
    if (oidcIssuer === undefined || oidcClientId === undefined || oidcClientSecret === undefined)
      throw new MusterError('CONFIG_INVALID', 'oidcIssuer, oidcClientId and oidcClientSecret go together');
    providers.push(openIdProvider(oidcIssuer, oidcClientId, oidcClientSecret, settings));
  }
  if (githubClientId !== undefined || githubClientSecret !== undefined) {
    if (githubClientId === undefined || githubClientSecret === undefined)
      throw new MusterError('CONFIG_INVALID', 'githubClientId and githubClientSecret go together');
    providers.push(gitHub(githubClientId, githubClientSecret, settings));
  }
  return providers;
}

/** Any OpenID provider, by its own description of itself (OpenID Connect Discovery 1.0). */
function openIdProvider(
  issuer: string,
  clientId: string,
  clientSecret: string,
  { oidcName, contact }: ProviderSettings,
): Provider {
  let found: { at: number; configuration: Promise<openid.Configuration> } | null = null;
  const configuration = () => {
    if (found !== null && Date.now() - found.at < DISCOVERY_MS) return found.configuration;
    const reading = discover(issuer, clientId, clientSecret, contact);
    const mine = { at: Date.now(), configuration: reading };
    found = mine;
    reading.catch(() => {
      if (found === mine) found = null;
    });
    return reading;
  };
  return {
    id: 'oidc',
    label: oidcName,
    key: issuer.replace(/\/$/, ''),
    async begin(redirect) {
      return beginAt(await ask(issuer, configuration), redirect, 'openid profile email');
    },
    async finish(redirect, query, step) {
      const at = await ask(issuer, configuration);
      const tokens = await ask(issuer, () => grant(at, redirect, query, step, true));
      const claims = tokens.claims();
      if (claims === undefined) throw new MusterError('UNAUTHENTICATED', 'the provider named nobody');
      const text = (name: string) => (typeof claims[name] === 'string' ? claims[name] : null);
      return proved({
        provider: issuer.replace(/\/$/, ''),
        subject: claims.sub,
        name: 'oidc',
        label: text('preferred_username') ?? text('email') ?? text('name'),
        displayName: text('name'),
        email: text('email'),
        emailVerified: claims.email_verified === true,
        github: null,
      });
    },
  };
}

/** GitHub speaks OAuth 2 without OpenID: its API says who the token is of. */
function gitHub(
  clientId: string,
  clientSecret: string,
  { githubUrl, githubApiUrl, contact }: ProviderSettings,
): Provider {
  const site = githubUrl.replace(/\/$/, '');
  const configuration = new openid.Configuration(
    {
      issuer: site,
      authorization_endpoint: `${site}/login/oauth/authorize`,
      token_endpoint: `${site}/login/oauth/access_token`,
    },
    clientId,
    { client_secret: clientSecret },
    openid.ClientSecretPost(clientSecret),
  );
  configuration[openid.customFetch] = fetchWith(contact);
  if (isLoopback(site)) openid.allowInsecureRequests(configuration);
  const isPublic = site === 'https://github.com';
  const key = isPublic ? 'github' : `github:${site}`;
  return {
    id: 'github',
    label: 'GitHub',
    key,
    // Without a scope GitHub tells what everybody sees, and that is all we need.
    begin: (redirect) => beginAt(configuration, redirect, ''),
    async finish(redirect, query, step) {
      const tokens = await ask(site, () => grant(configuration, redirect, query, step, false));
      const response = await ask(site, () =>
        openid.fetchProtectedResource(
          configuration,
          tokens.access_token,
          new URL(`${githubApiUrl.replace(/\/$/, '')}/user`),
          'GET',
          null,
          new Headers({ accept: 'application/vnd.github+json' }),
        ),
      );
      const person: unknown = response.ok ? await response.json().catch(() => null) : null;
      const field = (name: string) =>
        typeof person === 'object' && person !== null && name in person
          ? (person as Record<string, unknown>)[name]
          : undefined;
      const id = field('id');
      const login = field('login');
      if (!Number.isSafeInteger(id) || typeof login !== 'string' || !/^[A-Za-z0-9-]{1,60}$/.test(login))
        throw new MusterError('UNAUTHENTICATED', 'GitHub named nobody');
      const name = field('name');
      return proved({
        provider: key,
        subject: String(id),
        name: 'github',
        label: login,
        displayName: typeof name === 'string' ? name : null,
        email: null,
        emailVerified: false,
        github: isPublic ? login : null,
      });
    },
  };
}

async function discover(
  issuer: string,
  clientId: string,
  clientSecret: string,
  contact: string | undefined,
): Promise<openid.Configuration> {
  const execute = isLoopback(issuer) ? [openid.allowInsecureRequests] : [];
  const fetch = fetchWith(contact);
  const options = { execute, [openid.customFetch]: fetch, timeout: LIMITS.timeoutMs / 1000 };
  const first = await openid.discovery(new URL(issuer), clientId, clientSecret, undefined, options);
  const server = first.serverMetadata();
  // Where the provider says nothing, the specification says `client_secret_basic` (Discovery 1.0, section 3).
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic'];
  const byHeader = methods.includes('client_secret_basic') || !methods.includes('client_secret_post');
  const configuration = new openid.Configuration(
    server,
    clientId,
    { client_secret: clientSecret },
    byHeader ? openid.ClientSecretBasic(clientSecret) : openid.ClientSecretPost(clientSecret),
  );
  configuration[openid.customFetch] = fetch;
  for (const apply of execute) apply(configuration);
  // It came by TLS from the provider itself, and could go unchecked (Core 1.0, 3.1.3.7); we would rather know.
  openid.enableNonRepudiationChecks(configuration);
  return configuration;
}

async function beginAt(configuration: openid.Configuration, redirect: string, scope: string) {
  const step: ProviderStep = {
    state: openid.randomState(),
    verifier: openid.randomPKCECodeVerifier(),
    nonce: openid.randomNonce(),
  };
  const url = openid.buildAuthorizationUrl(configuration, {
    redirect_uri: redirect,
    state: step.state,
    code_challenge: await openid.calculatePKCECodeChallenge(step.verifier),
    code_challenge_method: 'S256',
    ...(scope === '' ? {} : { scope, nonce: step.nonce }),
  });
  return { url: url.href, step };
}

function grant(
  configuration: openid.Configuration,
  redirect: string,
  query: string,
  { state, verifier, nonce }: ProviderStep,
  withIdentity: boolean,
) {
  const url = new URL(redirect);
  url.search = query;
  return openid.authorizationCodeGrant(configuration, url, {
    expectedState: state,
    pkceCodeVerifier: verifier,
    idTokenExpected: withIdentity,
    ...(withIdentity ? { expectedNonce: nonce } : {}),
  });
}

/** Runs what the library does; whatever it refuses proves nothing, and what did not answer is said to be that. */
async function ask<T>(whom: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof MusterError) throw error;
    const { message, cause } = error as Error;
    const unanswered = cause instanceof MusterError && cause.code === 'FETCH_FAILED';
    throw unanswered
      ? cause
      : new MusterError('UNAUTHENTICATED', `${new URL(whom).host}: ${message}`, { cause: error });
  }
}

/** What providers say of people are texts from outside like any other. */
function proved(identity: ProvedIdentity): ProvedIdentity {
  if (identity.subject.trim() === '' || identity.subject.length > 255)
    throw new MusterError('UNAUTHENTICATED', 'the provider named nobody that can be told from others');
  const line = (text: string | null, longest: number) =>
    text === null ? null : readLine([...text].slice(0, longest).join(''), longest);
  return {
    ...identity,
    label: line(identity.label, 120),
    displayName: line(identity.displayName, 80),
    email: identity.email === null ? null : readEmail(identity.email),
  };
}

function fetchWith(contact: string | undefined): openid.CustomFetch {
  return (url, { method, headers, body, signal }) =>
    smallFetch(
      url,
      { method, headers, body: bodyOf(body), ...(signal === undefined ? {} : { signal }) },
      { ...LIMITS, contact },
    );
}

function bodyOf(body: openid.FetchBody): string | URLSearchParams | Uint8Array | null {
  if (body === undefined || body === null) return null;
  if (typeof body === 'string' || body instanceof URLSearchParams || body instanceof Uint8Array) return body;
  throw new TypeError('a request of a sign-in has a form or no body');
}

/** Only on the machine itself may a provider be asked without encryption: for trying things out. */
function isLoopback(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(hostname);
}
