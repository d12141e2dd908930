import assert from 'node:assert/strict';
import { type Database, eventsOf } from '#base/db';
import { type Actor, machine } from '#domain/policies';
import { type Account, actorOf } from './account.ts';
import type { Refused } from './answer.ts';
import { createAccount } from './create-account.ts';
import type { From } from './sign-in.ts';

/** What tests of accounts share. Loaded by tests alone. */

export const NOW = new Date('2017-03-01T12:00:00Z');
export const PASSWORD = 'engines weave algebra';
export const ROOT: Actor = { ...machine('test'), role: 'admin' };

const DAY = 86_400_000;

/** So many days later. */
export function later(days: number, from = NOW): Date {
  return new Date(from.getTime() + days * DAY);
}

/** A browser at some address. */
export function from(address = '192.0.2.1', replaces?: string): From {
  return { address, browser: 'Firefox on Linux', replaces };
}

/** An account with the password of all of them. */
export async function person(
  database: Database,
  handle: string,
  role: Account['role'] = 'contributor',
): Promise<{ account: Account; actor: Actor }> {
  const made = await createAccount(
    database,
    ROOT,
    { handle, name: `${handle} of the tests`, email: '', role, password: PASSWORD },
    NOW,
  );
  const { account } = done(made);
  return { account, actor: actorOf(account) };
}

/** What came of something that was not refused. */
export function done<T extends { outcome: string }>(outcome: T): Exclude<T, Refused> {
  if (outcome.outcome === 'refused') assert.fail(JSON.stringify(outcome));
  return outcome as Exclude<T, Refused>;
}

/** The code of a refusal. */
export function codeOf(outcome: { outcome: string }): string {
  return outcome.outcome === 'refused' ? (outcome as Refused).code : outcome.outcome;
}

/** What the history tells of an account, without the prefix. */
export async function toldOf(database: Database, account: { id: number }): Promise<string[]> {
  const events = await eventsOf(database.queries, 'account', String(account.id));
  return events.map(({ type }) => type.replace('account.', ''));
}
