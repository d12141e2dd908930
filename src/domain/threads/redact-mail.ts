import { appendEvents, type Database, eventsOf, lockHistory, redactEvent, type Tx } from '#base/db';
import { MusterError } from '#base/errors';
import { type Actor, mayRedact } from '#domain/policies';
import { eraseRaw } from '#domain/sources';
import { forgetMail, patchesOf } from './store-mailboxes.ts';
import { lockThreads } from './store-placing.ts';
import { joinedInto, mailById } from './store-reading.ts';
import { refreshThreads } from './store-writing.ts';

/**
 * Erases a message for good: its bytes in their pack, its subject, and whose it was. That there was one stays, and its
 * fingerprint, so that it does not come again with the next copy; what others quoted of it is theirs, and is redacted there.
 *
 * @throws MusterError FORBIDDEN, NOT_FOUND, USAGE without a reason
 */
export async function redactMail(
  database: Database,
  actor: Actor,
  id: number,
  reason: string,
  { at = new Date(), thread }: { at?: Date; thread?: number } = {},
): Promise<{ thread: number }> {
  if (!mayRedact(actor)) throw new MusterError('FORBIDDEN', 'redacting takes somebody of the security role');
  if (reason.trim() === '')
    throw new MusterError('USAGE', 'a redaction needs a reason: the history keeps it');
  return database.transaction(async (tx) => {
    await lockThreads(tx);
    await lockHistory(tx);
    const mail = await mailById(tx, id);
    // Whoever names the thread as well means a message of that one.
    if (mail === null || (thread !== undefined && mail.thread !== thread))
      throw new MusterError('NOT_FOUND', `there is no message ${id}`);
    if (mail.redactedAt === null) {
      await eraseRaw(tx, mail);
      await eraseInHistory(tx, mail, { actor: actor.id, reason: reason.trim() });
      await forgetMail(tx, id, at);
      await refreshThreads(tx, [mail.thread]);
      const event = {
        ...{ entity: 'thread', entityId: String(mail.thread), type: 'mail.redacted', actor: actor.id },
        ...{ cause: 'redaction', payload: { mail: id, reason: reason.trim() }, topics: ['threads'] },
      };
      await appendEvents(tx, [event], at);
    }
    return { thread: mail.thread };
  });
}

/** What brought its thread back, where that names files of the message. */
async function eraseInHistory(
  tx: Tx,
  { id, thread }: { id: number; thread: number },
  by: { actor: string; reason: string },
): Promise<void> {
  const patches = new Set(await patchesOf(tx, id));
  const threads = [thread, ...(await joinedInto(tx, thread)).map((other) => other.id)];
  for (const each of threads) {
    for (const event of await eventsOf(tx, 'thread', String(each))) {
      if (event.type !== 'thread.reopened') continue;
      const { added = [] } = (event.payload ?? {}) as { added?: { kind: string; value: string }[] };
      if (added.some(({ kind, value }) => kind === 'patch' && patches.has(value)))
        await redactEvent(tx, event.id, by);
    }
  }
}
