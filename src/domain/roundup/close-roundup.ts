import { appendEvents, type Database } from '#base/db';
import { MusterError } from '#base/errors';
import { closeRoundupRow, findRoundup, linesOf, lockRoundups } from './store.ts';

/**
 * Closes the open roundup. What is not done stays on its list and is carried over by the next one.
 *
 * @throws MusterError TRANSITION_BARRED where none is open
 */
export async function closeRoundup(
  database: Database,
  options: { at?: Date; actor: string },
): Promise<{ number: number; completed: number; remaining: number }> {
  return database.transaction(async (tx) => {
    await lockRoundups(tx);
    const roundup = await findRoundup(tx);
    if (roundup === null || roundup.closedAt !== null)
      throw new MusterError('TRANSITION_BARRED', 'no roundup is open');
    const at = options.at ?? new Date();
    const lines = await linesOf(tx, roundup.number);
    const completed = lines.filter(({ doneAt }) => doneAt !== null).length;
    const remaining = lines.length - completed;
    await closeRoundupRow(tx, roundup.number, at < roundup.openedAt ? roundup.openedAt : at);
    await appendEvents(tx, [
      {
        entity: 'roundup',
        entityId: String(roundup.number),
        type: 'roundup.closed',
        actor: options.actor,
        cause: 'closed',
        payload: { completed, remaining },
      },
    ]);
    return { number: roundup.number, completed, remaining };
  });
}
