import type { LoggedEvent } from '#base/db';
import { EDITABLES, isPublic, kindOf } from '#faces/editing';

const MOST_TOPICS = 60;

/** `issue:NSI-2017-0043,package:openssl,issue:*` as topics; null where there is none, too many, or one that is not public. */
export function parseTopics(text: string): string[] | null {
  const topics = [...new Set(text.split(',').filter((topic) => topic !== ''))];
  if (topics.length === 0 || topics.length > MOST_TOPICS) return null;
  return topics.every(isPublic) ? topics : null;
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
