import { createHash, createSign, type KeyObject, randomBytes } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { makeKeyPair } from './key-pairs.ts';

/** An OpenID provider and a GitHub of the tests' own, on loopback: real codes, PKCE, client passwords and signatures. */

/** Whom the provider vouches for. */
export interface VouchedPerson {
  sub: string;
  name?: string;
  email?: string;
  email_verified?: boolean;
  preferred_username?: string;
}

export interface TestProvider extends AsyncDisposable {
  /** `http://127.0.0.1:12345` */
  url: string;
  clientId: string;
  clientSecret: string;
  /** Who sits before the browser: the next sign-in is theirs. */
  person: VouchedPerson;
  /** Who they are at GitHub. */
  login: { id: number; login: string; name: string | null };
  /** Changes claims, header or signature of the next identity token: what an attacker would. */
  forge: Forge | null;
  /** Answers nothing but errors. */
  broken: boolean;
  close(): Promise<void>;
}

export interface Forge {
  claims?: Record<string, unknown>;
  /** Signed by somebody else, or by nobody. */
  signature?: 'other' | 'none';
}

interface Code {
  redirect: string;
  challenge: string;
  nonce: string | null;
}

export async function startProvider(): Promise<TestProvider> {
  const { publicKey, privateKey } = makeKeyPair('RSA');
  const other = makeKeyPair('RSA').privateKey;
  const codes = new Map<string, Code>();
  const tokens = new Set<string>();
  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  };
  const self: TestProvider = {
    url,
    clientId: 'muster',
    clientSecret: 'a secret: with signs/of+its own',
    person: { sub: '1', name: 'Ada Lovelace', preferred_username: 'ada' },
    login: { id: 1815, login: 'ada-l', name: 'Ada Lovelace' },
    forge: null,
    broken: false,
    close,
    [Symbol.asyncDispose]: close,
  };

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { pathname, searchParams } = new URL(request.url ?? '/', url);
    const json = (body: unknown, status = 200) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (self.broken) return void json({ error: 'server_error' }, 503);
    if (pathname === '/.well-known/openid-configuration') return void json(metadata());
    if (pathname === '/jwks')
      return void json({
        keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k', use: 'sig', alg: 'RS256' }],
      });
    if (pathname === '/authorize' || pathname === '/login/oauth/authorize')
      return leadBack(searchParams, response);
    if (pathname === '/token' || pathname === '/login/oauth/access_token') {
      const form = new URLSearchParams(await bodyOf(request));
      const code = codes.get(form.get('code') ?? '');
      codes.delete(form.get('code') ?? '');
      if (!isClient(request, form, pathname === '/token')) return void json({ error: 'invalid_client' }, 401);
      const verifier = createHash('sha256')
        .update(form.get('code_verifier') ?? '')
        .digest('base64url');
      if (code === undefined || code.redirect !== form.get('redirect_uri') || code.challenge !== verifier)
        // GitHub says so with 200.
        return void json({ error: 'invalid_grant' }, pathname === '/token' ? 400 : 200);
      const token = randomBytes(16).toString('hex');
      tokens.add(token);
      const common = { access_token: token, token_type: 'bearer' };
      return void json(pathname === '/token' ? { ...common, id_token: identityToken(code) } : common);
    }
    if (pathname === '/user') {
      const token = /^Bearer (.*)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
      return void json(
        tokens.has(token) ? self.login : { message: 'Bad credentials' },
        tokens.has(token) ? 200 : 401,
      );
    }
    json({ error: 'not_found' }, 404);
  }

  function leadBack(asked: URLSearchParams, response: ServerResponse): void {
    const redirect = new URL(asked.get('redirect_uri') ?? '');
    if (asked.get('client_id') !== self.clientId || asked.get('code_challenge_method') !== 'S256')
      return void response.writeHead(400).end('who asks?');
    const code = randomBytes(16).toString('hex');
    codes.set(code, {
      redirect: redirect.href,
      challenge: asked.get('code_challenge') ?? '',
      nonce: asked.get('nonce'),
    });
    redirect.searchParams.set('code', code);
    redirect.searchParams.set('state', asked.get('state') ?? '');
    response.writeHead(302, { location: redirect.href }).end();
  }

  function isClient(request: IncomingMessage, form: URLSearchParams, byHeader: boolean): boolean {
    if (!byHeader)
      return form.get('client_id') === self.clientId && form.get('client_secret') === self.clientSecret;
    const basic = Buffer.from(
      (request.headers.authorization ?? '').replace(/^Basic /, ''),
      'base64',
    ).toString();
    const [id = '', secret = ''] = basic.split(':');
    const plain = (text: string) => decodeURIComponent(text.replaceAll('+', ' '));
    return plain(id) === self.clientId && plain(secret) === self.clientSecret;
  }

  function identityToken({ nonce }: Code): string {
    const { claims = {}, signature } = self.forge ?? {};
    self.forge = null;
    const now = Math.floor(Date.now() / 1000);
    const payload = {
      iss: url,
      aud: self.clientId,
      iat: now,
      exp: now + 300,
      ...(nonce === null ? {} : { nonce }),
      ...self.person,
      ...claims,
    };
    const head = { alg: signature === 'none' ? 'none' : 'RS256', kid: 'k', typ: 'JWT' };
    const signed = `${part(head)}.${part(payload)}`;
    return signature === 'none'
      ? `${signed}.`
      : `${signed}.${sign(signed, signature === 'other' ? other : privateKey)}`;
  }

  function metadata() {
    return {
      issuer: url,
      authorization_endpoint: `${url}/authorize`,
      token_endpoint: `${url}/token`,
      jwks_uri: `${url}/jwks`,
      response_types_supported: ['code'],
      subject_types_supported: ['public'],
      id_token_signing_alg_values_supported: ['RS256'],
    };
  }

  return self;
}

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function sign(text: string, key: KeyObject): string {
  return createSign('RSA-SHA256').update(text).sign(key, 'base64url');
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += chunk;
  return text;
}
