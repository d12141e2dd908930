import type { LoggedEvent } from '#base/db';
import { EDITABLES } from '#faces/editing';

/**
 * What anybody may listen to: the kinds of things that have public pages. What happens to accounts and reports of visitors
 * is nobody else's business, not even that it happens.
 */
const PUBLIC_KINDS = new Set([
  'issue',
  'package',
  'channel',
  'roundup',
  'proposal',
  'proposals',
  'queue',
  'report',
  'source',
  'vulnerability',
  'rota',
  'issues',
  'new_issue',
  'rule',
  'rules',
]);

const MOST_TOPICS = 60;
const LONGEST_TOPIC = 300;

/** `issue:NSI-2017-0043,package:openssl,issue:*` as topics; null where there is none, too many, or one that is not public. */
export function parseTopics(text: string): string[] | null {
  const topics = [...new Set(text.split(',').filter((topic) => topic !== ''))];
  if (topics.length === 0 || topics.length > MOST_TOPICS) return null;
  return topics.every(isPublic) ? topics : null;
}

export function isPublic(topic: string): boolean {
  return topic.length <= LONGEST_TOPIC && PUBLIC_KINDS.has(kindOf(topic));
}

/** `issue:NSI-2017-0043` → `issue` */
export function kindOf(topic: string): string {
  const colon = topic.indexOf(':');
  return colon === -1 ? topic : topic.slice(0, colon);
}

/** The topics of a subscription that something concerns. `*` concerns all of them. */
export function concerned(subscribed: ReadonlySet<string>, topics: readonly string[]): string[] {
  if (topics.includes('*')) return ['*'];
  return topics.filter((topic) => subscribed.has(topic) || subscribed.has(`${kindOf(topic)}:*`));
}

/**
 * Topics of an entry of the history, for whoever was not there when it was told. The history keeps the entity alone; what
 * else a change touches its kind says. Of anything else nobody can say (`*`): reading a page once too often costs little.
 */
export function topicsOfEvent({ entity, entityId, payload }: LoggedEvent): string[] {
  const kind = payload === null ? undefined : EDITABLES.get(String(payload.kind));
  if (kind === undefined) return NARROW.has(entity) ? [`${entity}:${entityId}`] : ['*'];
  return [`${entity}:${entityId}`, ...kind.history(String(payload?.id)).topics];
}

/** Entities whose own entries touch no other page. */
const NARROW = new Set(['source', 'report', 'vulnerability']);
