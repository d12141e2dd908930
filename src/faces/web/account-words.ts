import { findEvents, type LoggedEvent } from '#base/db';
import type { Site } from './site.ts';

/** What happened to an account, in words, newest first. */
export async function accountHistory(
  site: Site,
  account: number,
): Promise<{ event: number; at: string; words: string; by: string }[]> {
  const { events } = await findEvents(site.database.queries, {
    entity: 'account',
    entityId: String(account),
    limit: 30,
  });
  const names = await site.names(events.map(({ actor }) => actor));
  return events.map((event) => ({
    event: event.id,
    at: event.at.toISOString(),
    words: wordsOf(event),
    by: names(event.actor).label,
  }));
}

function wordsOf({ type, payload, cause }: LoggedEvent): string {
  const told = payload ?? {};
  const words = WORDS[type]?.(told) ?? type.replace(/^account\./, '').replace(/[._]/g, ' ');
  return UNSAID.has(cause) || cause === told.means ? words : `${words}: ${cause}`;
}

/** Causes that say nothing. */
const UNSAID = new Set(['by hand', 'sign-up']);

type Told = Record<string, unknown>;

const WORDS: Readonly<Record<string, (told: Told) => string>> = {
  'account.created': ({ role }) => `account made, as ${role}`,
  'account.signed_in': ({ means }) => `signed in by ${means}`,
  'account.sign_in.limited': () => 'many wrong passwords were tried',
  'account.sessions.ended': ({ sessions }) => ended(sessions),
  'account.profile.set': ({ fields }) => `${list(fields)} changed`,
  'account.password.set': ({ sessions }) => `password set, ${ended(sessions)}`,
  'account.passkey.added': () => 'passkey added',
  'account.passkey.named': () => 'passkey renamed',
  'account.passkey.removed': () => 'passkey removed',
  'account.identity.linked': ({ provider }) => `${door(provider)} linked`,
  'account.identity.unlinked': ({ provider }) => `${door(provider)} unlinked`,
  'account.token.made': ({ scopes }) => `token made for ${list(scopes)}`,
  'account.token.revoked': () => 'token revoked',
  'account.role.set': ({ role }) => `role set to ${role}`,
  'account.disabled': ({ sessions, tokens }) =>
    `account closed, ${ended(sessions)}, ${tokens} tokens revoked`,
  'account.enabled': () => 'account opened again',
  'account.recovery.asked': () => 'a way back in was asked for',
  'account.recovery.granted': () => 'a way back in was granted',
  'account.recovery.withdrawn': () => 'the way back in was withdrawn',
  'account.recovery.used': () => 'the way back in was used',
};

function ended(sessions: unknown): string {
  return `${sessions} ${sessions === 1 ? 'session' : 'sessions'} ended`;
}

function list(words: unknown): string {
  return Array.isArray(words) ? words.join(', ') : '';
}

function door(provider: unknown): string {
  return provider === 'github' ? 'GitHub' : 'single sign-on';
}
