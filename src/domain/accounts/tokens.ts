import { appendEvents, type Database, lockHistory } from '#base/db';
import { SCOPES, type Scope, scopesFor } from '#domain/policies';
import { actorOf, type Holder, toldOf } from './account.ts';
import { type Outcome, refused } from './answer.ts';
import { readLine } from './checks.ts';
import { hashOf, isSecret, newSecret } from './secrets.ts';
import { accountById } from './store.ts';
import {
  insertToken,
  revokeTokenRow,
  type TokenRow,
  tokenByHash,
  tokensOf,
  touchToken,
} from './store-tokens.ts';

/** So that scanners for secrets that were published by mistake find it. */
const PREFIX = 'muster_';
const DAY_MS = 86_400_000;
const TOUCH_AFTER_MS = 5 * 60_000;
const LONGEST_DAYS = 366;
const MOST_TOKENS = 50;

/** What somebody asks for. */
export interface NewToken {
  name: string;
  scopes: readonly string[];
  /** After which it opens nothing any more; null for never. */
  days: number | null;
}

/**
 * Makes a token for an account.
 *
 * @param by who asks: its owner, or whoever has the machine itself
 * @returns the token, which is nowhere else: only its hash is stored
 */
export async function makeToken(
  database: Database,
  by: { id: string },
  account: number,
  { name, scopes, days }: NewToken,
  now: Date,
): Promise<Outcome<{ id: number; token: string }>> {
  const line = readLine(name, 80);
  if (line === null)
    return refused('MALFORMED', 'Give it a name of 1 to 80 characters, for what it is.', 'name');
  const wanted = SCOPES.filter((scope) => scopes.includes(scope));
  if (wanted.length === 0 || wanted.length !== new Set(scopes).size)
    return refused('MALFORMED', `Choose what it is for: ${SCOPES.join(', ')}.`, 'scopes');
  if (days !== null && !(Number.isInteger(days) && days >= 1 && days <= LONGEST_DAYS))
    return refused('MALFORMED', `It may be good for 1 to ${LONGEST_DAYS} days.`, 'days');
  return database.transaction(async (tx): Promise<Outcome<{ id: number; token: string }>> => {
    await lockHistory(tx);
    const owner = await accountById(tx, account);
    if (owner === null || owner.disabledAt !== null) return refused('UNKNOWN', 'There is no such account.');
    const beyond = wanted.filter((scope) => !scopesFor(owner).includes(scope));
    if (beyond.length > 0)
      return refused('FORBIDDEN', `Your role has no use for ${beyond.join(' and ')}.`, 'scopes');
    if ((await tokensOf(tx, account, now)).length >= MOST_TOKENS)
      return refused('BARRED', `There are ${MOST_TOKENS} tokens already. Revoke one that nobody uses.`);
    const secret = newSecret();
    const id = await insertToken(tx, {
      hash: hashOf(secret),
      account,
      name: line,
      scopes: wanted,
      at: now,
      expiresAt: days === null ? null : new Date(now.getTime() + days * DAY_MS),
    });
    const told = toldOf(owner, 'token.made', by, 'by hand', { token: id, scopes: wanted });
    await appendEvents(tx, [told], now);
    return { outcome: 'done', id, token: `${PREFIX}${secret}` };
  });
}

export async function revokeToken(
  database: Database,
  account: Holder,
  id: number,
  now: Date,
): Promise<Outcome<{ name: string }>> {
  return database.transaction(async (tx): Promise<Outcome<{ name: string }>> => {
    await lockHistory(tx);
    const name = await revokeTokenRow(tx, account.id, id, now);
    if (name === null) return refused('UNKNOWN', 'There is no such token any more.');
    await appendEvents(
      tx,
      [toldOf(account, 'token.revoked', actorOf(account), 'by hand', { token: id })],
      now,
    );
    return { outcome: 'done', name };
  });
}

/** Who a token stands for; null where it opens nothing. One query, and every few minutes a second one. */
export async function recogniseToken(
  database: Database,
  token: string,
  now: Date,
): Promise<(Omit<TokenRow, 'usedAt'> & { scopes: Scope[] }) | null> {
  const secret = token.startsWith(PREFIX) ? token.slice(PREFIX.length) : undefined;
  if (!isSecret(secret)) return null;
  const row = await tokenByHash(database.pool, hashOf(secret), now);
  if (row === null) return null;
  const { usedAt, ...rest } = row;
  if (usedAt === null || now.getTime() - usedAt.getTime() >= TOUCH_AFTER_MS)
    await touchToken(database.queries, row.id, now);
  return rest;
}
