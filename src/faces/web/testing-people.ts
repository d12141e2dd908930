import assert from 'node:assert/strict';
import type { Hono } from 'hono';
import type { Database } from '#base/db';
import { type Account, createAccount, signInByPassword } from '#domain/accounts';
import type { Actor } from '#domain/policies';
import { NOW } from './sample-database.ts';

/** People for tests of the whole application, and the forms that they send. Loaded by tests alone. */

export const PASSWORD = 'engines weave algebra';
/** Whoever has the machine itself. */
export const OPERATOR: Actor = { id: 'cli:test', role: 'admin', account: null };
/** Where `app.request('/path')` is asked. */
const ORIGIN = 'http://localhost';

export interface TestPerson {
  account: Account;
  actor: Actor;
  /** What the session's cookie holds. */
  secret: string;
  /** For the header `Cookie`. */
  cookie: string;
}

/** Makes an account. */
export async function makeAccount(
  database: Database,
  handle: string,
  role: Account['role'] = 'contributor',
  { name = `${handle} of the tests`, now = NOW }: { name?: string | undefined; now?: Date } = {},
): Promise<Account> {
  const person = { handle, name, email: `${handle}@example.org`, role, password: PASSWORD };
  const made = await createAccount(database, OPERATOR, person, now);
  assert.ok(made.outcome === 'done', JSON.stringify(made));
  return made.account;
}

/** Starts another session of an account. */
export async function signInAgain(database: Database, account: Account, now = NOW): Promise<TestPerson> {
  const from = { address: `test ${Math.random()}`, browser: 'Firefox on Linux', replaces: undefined };
  const signed = await signInByPassword(database, { handle: account.handle, password: PASSWORD }, from, now);
  assert.ok(signed.outcome === 'done', JSON.stringify(signed));
  const actor = { id: `person:${account.id}`, role: account.role, account: account.id };
  return { account, actor, secret: signed.secret, cookie: `muster=${signed.secret}` };
}

/** Makes an account and signs it in. */
export async function signIn(
  database: Database,
  handle: string,
  role: Account['role'] = 'contributor',
  now = NOW,
  name?: string,
): Promise<TestPerson> {
  return signInAgain(database, await makeAccount(database, handle, role, { name, now }), now);
}

/** Sends a form as a page of ours would. */
export async function sendForm(
  app: Hono,
  path: string,
  fields: Readonly<Record<string, string>> | URLSearchParams,
  { cookie, headers = {} }: { cookie?: string | undefined; headers?: Record<string, string> } = {},
): Promise<Response> {
  return app.request(path, {
    method: 'POST',
    headers: {
      Origin: ORIGIN,
      'Content-Type': 'application/x-www-form-urlencoded',
      ...(cookie === undefined ? {} : { Cookie: cookie }),
      ...headers,
    },
    body: new URLSearchParams(fields instanceof URLSearchParams ? fields : { ...fields }).toString(),
  });
}

/** Sends JSON as a script of ours would. */
export async function sendJson(
  app: Hono,
  path: string,
  body: unknown,
  { cookie, headers = {} }: { cookie?: string | undefined; headers?: Record<string, string> } = {},
): Promise<Response> {
  return app.request(path, {
    method: 'POST',
    headers: {
      Origin: ORIGIN,
      'Content-Type': 'application/json',
      ...(cookie === undefined ? {} : { Cookie: cookie }),
      ...headers,
    },
    body: JSON.stringify(body),
  });
}

/** What a browser would keep of an answer's cookies: name → value; empty for those that are taken away. */
export function cookiesOf(response: Response): Map<string, string> {
  return new Map(
    response.headers.getSetCookie().map((line) => {
      const [pair = ''] = line.split(';');
      const at = pair.indexOf('=');
      return [pair.slice(0, at), pair.slice(at + 1)];
    }),
  );
}
