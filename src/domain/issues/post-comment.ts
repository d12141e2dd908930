import { appendEvents, type Database, lockHistory, type Tx } from '#base/db';
import { MusterError } from '#base/errors';
import { type Limit, takeFromBucket } from '#domain/accounts';
import { type Actor, mayComment, type Role } from '#domain/policies';
import { commentBody } from './editable-comment.ts';
import { standing } from './store.ts';
import { commentByKey, insertComment } from './store-comments.ts';

/** How much somebody may say at once: a newcomer little, whoever decides as much as anybody can type. */
export const COMMENT_LIMITS: Readonly<Record<Exclude<Role, 'visitor'>, Limit>> = {
  contributor: { capacity: 10, perSeconds: 600 },
  triager: { capacity: 60, perSeconds: 600 },
  security: { capacity: 60, perSeconds: 600 },
  admin: { capacity: 60, perSeconds: 600 },
};

export interface NewComment {
  issue: string;
  /** Markdown. */
  body: string;
  /** Chosen by the sender: sent again under the same key it is the same comment. */
  key?: string | undefined;
}

/**
 * Says something of an issue; of one that was merged, where it is now.
 *
 * @returns the comment's number, and the issue that it is on
 * @throws MusterError NOT_FOUND, FORBIDDEN, USAGE where it says nothing or too much, RATE_LIMITED, CONFLICT where somebody
 *   else used that key
 */
export async function postComment(
  database: Database,
  actor: Actor,
  comment: NewComment,
  at = new Date(),
): Promise<{ id: number; issue: string }> {
  if (mayComment(actor) !== 'apply' || actor.role === 'visitor')
    throw new MusterError('FORBIDDEN', 'commenting takes an account');
  const parsed = commentBody.safeParse(comment.body);
  if (!parsed.success)
    throw new MusterError(
      'USAGE',
      `a comment that ${parsed.error.issues.map(({ message }) => message).join('; ')}`,
    );
  const limit = COMMENT_LIMITS[actor.role];
  return database.transaction(async (tx) => {
    const { id: last } = await lockHistory(tx);
    if (comment.key !== undefined) {
      const earlier = await commentByKey(tx, comment.key);
      if (earlier !== null && earlier.author !== actor.id)
        throw new MusterError('CONFLICT', 'somebody else used that key');
      if (earlier !== null) return { id: earlier.id, issue: earlier.issue };
    }
    const wait = await takeFromBucket(tx, `comment:${actor.id}`, limit, at);
    if (wait !== null)
      throw new MusterError('RATE_LIMITED', `that was a lot to say; go on in ${wait} seconds`);
    return addComment(tx, { ...comment, author: actor.id, actor: actor.id, after: last, at });
  });
}

/**
 * The same in a transaction whose caller has checked everything and holds the lock on the history.
 *
 * @param after number of the history's last entry
 */
export async function addComment(
  tx: Tx,
  comment: NewComment & { author: string; actor: string; after: number; at: Date; carried?: number },
): Promise<{ id: number; issue: string }> {
  const issue = (await standing(tx, [comment.issue])).get(comment.issue);
  if (issue === undefined) throw new MusterError('NOT_FOUND', `there is no issue ${comment.issue}`);
  const { author, actor, body, at } = comment;
  const version = comment.after + 1;
  const id = await insertComment(tx, { issue, author, body, key: comment.key ?? null, at, version });
  await appendEvents(
    tx,
    [
      {
        entity: 'issue',
        entityId: issue,
        type: 'comment.body.set',
        actor,
        cause: 'comment',
        payload: {
          kind: 'comment',
          id: `${issue}/${id}`,
          field: 'body',
          value: body,
          was: 0,
          ...(author === actor ? {} : { author }),
          ...(comment.carried === undefined ? {} : { carried: comment.carried }),
        },
      },
    ],
    at,
  );
  return { id, issue };
}
