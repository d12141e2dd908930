import { appendEvents, type Database, lockHistory } from '#base/db';
import { MusterError } from '#base/errors';
import { type Actor, mayRedact } from '#domain/policies';
import { eraseRaw } from '#domain/sources';
import { forgetMail } from './store-mailboxes.ts';
import { lockThreads } from './store-placing.ts';
import { mailById } from './store-reading.ts';
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
  at = new Date(),
): Promise<{ thread: number }> {
  if (!mayRedact(actor)) throw new MusterError('FORBIDDEN', 'redacting takes somebody of the security role');
  if (reason.trim() === '')
    throw new MusterError('USAGE', 'a redaction needs a reason: the history keeps it');
  return database.transaction(async (tx) => {
    await lockThreads(tx);
    await lockHistory(tx);
    const mail = await mailById(tx, id);
    if (mail === null) throw new MusterError('NOT_FOUND', `there is no message ${id}`);
    if (mail.redactedAt === null) {
      await eraseRaw(tx, mail);
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
