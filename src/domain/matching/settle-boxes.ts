import type { Database } from '#base/db';
import { boxesSetSince } from '#domain/issues';
import { planQueue, writeQueue } from './refresh-queue.ts';
import { suggestionsOfIssues } from './store-exploitation.ts';
import { readBoxesSeen, recordBoxesSeen } from './store-state.ts';

const BATCH = 250;

/**
 * After boxes were set by hand: what waited of their issues because records had changed since the last time waits no more.
 *
 * @returns how many places in the queue came out otherwise
 */
export async function settleBoxes(database: Database): Promise<number> {
  const { queries } = database;
  const { upTo, issues } = await boxesSetSince(queries, await readBoxesSeen(queries));
  const suggestions = await suggestionsOfIssues(queries, issues);
  let written = 0;
  for (let start = 0; start < suggestions.length; start += BATCH) {
    const planned = await planQueue(queries, suggestions.slice(start, start + BATCH));
    written += planned.wrong.length;
    if (planned.wrong.length > 0) await database.transaction((tx) => writeQueue(tx, planned));
  }
  await recordBoxesSeen(queries, upTo);
  return written;
}
