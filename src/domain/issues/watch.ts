import type { Database, Queries } from '#base/db';
import { MusterError } from '#base/errors';
import { type Actor, atLeast } from '#domain/policies';
import { sourceNamed } from '#domain/sources';
import { standing } from './store.ts';
import { deleteWatch, insertWatch } from './store-watches.ts';

/** Kinds of things that can be watched. */
const WATCHABLE = ['issue', 'package', 'channel', 'source'] as const;

/**
 * Somebody wants to hear of what happens to an issue, a package or a channel (`package:openssl`), or of what is wrong with a
 * source (`source:debian`, `source:all`). Watching twice is watching.
 * An issue that was merged is watched where it is now.
 *
 * @throws MusterError FORBIDDEN without an account, USAGE, NOT_FOUND
 */
export async function watch(
  database: Database,
  actor: Actor,
  topic: string,
  at = new Date(),
): Promise<{ topic: string }> {
  const account = accountOf(actor);
  const now = await topicNow(database.queries, topic);
  await insertWatch(database.queries, account, now, at);
  return { topic: now };
}

/** … and no more. What was not watched is not watched. Errors as watch. */
export async function unwatch(database: Database, actor: Actor, topic: string): Promise<{ topic: string }> {
  const account = accountOf(actor);
  const now = await topicNow(database.queries, topic);
  await deleteWatch(database.queries, account, now);
  return { topic: now };
}

function accountOf(actor: Actor): number {
  if (actor.account === null || !atLeast(actor, 'contributor'))
    throw new MusterError('FORBIDDEN', 'watching takes an account');
  return actor.account;
}

async function topicNow(queries: Queries, topic: string): Promise<string> {
  const [, kind, id] = /^([a-z]+):([^\s]{1,200})$/.exec(topic) ?? [];
  if (id === undefined || !WATCHABLE.some((each) => each === kind))
    throw new MusterError('USAGE', `${topic.slice(0, 80)}: what can be watched is ${WATCHABLE.join(', ')}`);
  if (kind === 'source') return id === 'all' ? topic : `source:${sourceNamed(id).id}`;
  if (kind !== 'issue') return topic;
  const issue = (await standing(queries, [id])).get(id);
  if (issue === undefined) throw new MusterError('NOT_FOUND', `there is no issue ${id}`);
  return `issue:${issue}`;
}
