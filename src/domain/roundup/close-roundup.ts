import { appendEvents, type Database, lockHistory } from '#base/db';
import { MusterError } from '#base/errors';
import { closeRoundupRow, findRoundup, linesOf, lockRoundups, openGateOf } from './store.ts';

/**
 * Closes the open weekly roundup, or the release gate of a channel (with `release`, only where it is that one). What is not done stays on its list; of the weekly one it
 * is carried over by the next one.
 *
 * @throws MusterError TRANSITION_BARRED where none is open
 */
export async function closeRoundup(
  database: Database,
  options: { at?: Date; actor: string; gate?: string; release?: string },
): Promise<{ number: number; completed: number; remaining: number }> {
  return database.transaction(async (tx) => {
    // Nobody ticks while it is seen what is done.
    await lockHistory(tx);
    await lockRoundups(tx);
    const { gate, release } = options;
    const roundup = gate === undefined ? await findRoundup(tx) : await openGateOf(tx, gate);
    const other = release !== undefined && roundup?.release !== release;
    if (roundup === null || roundup.closedAt !== null || other)
      throw new MusterError(
        'TRANSITION_BARRED',
        gate === undefined
          ? 'no roundup is open'
          : `no release gate ${other ? `${release} ` : ''}of ${gate} is open`,
      );
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
        payload: {
          completed,
          remaining,
          ...(gate !== undefined && { channel: gate, release: roundup.release }),
        },
      },
    ]);
    return { number: roundup.number, completed, remaining };
  });
}
