import { appendEvents, type Database, type NewEvent } from '#base/db';
import { MusterError } from '#base/errors';
import { standing } from '#domain/issues';
import { findRoundup, tickLine, untickLine } from './store.ts';

export interface Tick {
  issue: string;
  remark: string | null;
}

/** What became of each tick. */
export interface TickResult {
  roundup: number;
  ticked: string[];
  /** Somebody was faster: their tick stays. */
  already: string[];
  /** Not on this roundup. */
  unknown: string[];
}

/**
 * Ticks lines of a roundup. A line that is ticked already stays as it is, with the name of who was first, so a list that
 * was edited elsewhere never takes anybody's tick away.
 *
 * @param number of the roundup; default the latest
 * @throws MusterError NOT_FOUND where there is no such roundup
 */
export async function tickLines(
  database: Database,
  ticks: readonly Tick[],
  options: { number?: number | undefined; by: string; cause: string },
): Promise<TickResult> {
  return database.transaction(async (tx) => {
    const roundup = await findRoundup(tx, options.number);
    if (roundup === null)
      throw new MusterError('NOT_FOUND', `there is no roundup ${options.number ?? 'yet'}`);
    const result: TickResult = { roundup: roundup.number, ticked: [], already: [], unknown: [] };
    const now = await standing(
      tx,
      ticks.map(({ issue }) => issue),
    );
    const events: NewEvent[] = [];
    for (const { issue, remark } of [...ticks].sort((a, b) => (a.issue < b.issue ? -1 : 1))) {
      // The list may still carry the id of an issue that was merged since.
      const moved = now.get(issue);
      let outcome = await tickLine(tx, roundup.number, issue, options.by, remark);
      if (outcome === null && moved !== undefined && moved !== issue)
        outcome = await tickLine(tx, roundup.number, moved, options.by, remark);
      (outcome === null ? result.unknown : outcome ? result.ticked : result.already).push(issue);
      if (outcome) {
        events.push({
          entity: 'roundup',
          entityId: String(roundup.number),
          type: 'roundup.line.ticked',
          actor: options.by,
          cause: options.cause,
          payload: { issue, remark },
        });
      }
    }
    await appendEvents(tx, events);
    return result;
  });
}

/** Takes the tick of one line back; the history keeps both. */
export async function untick(
  database: Database,
  issue: string,
  options: { number?: number | undefined; by: string },
): Promise<void> {
  await database.transaction(async (tx) => {
    const roundup = await findRoundup(tx, options.number);
    const outcome = roundup === null ? null : await untickLine(tx, roundup.number, issue);
    if (roundup === null || outcome === null)
      throw new MusterError(
        'NOT_FOUND',
        `${issue} is not on ${roundup === null ? 'any roundup' : `roundup ${roundup.number}`}`,
      );
    if (!outcome) return;
    await appendEvents(tx, [
      {
        entity: 'roundup',
        entityId: String(roundup.number),
        type: 'roundup.line.unticked',
        actor: options.by,
        cause: 'undo',
        payload: { issue },
      },
    ]);
  });
}
