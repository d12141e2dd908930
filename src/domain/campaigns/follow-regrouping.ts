import { appendEvents, type Database, lockHistory, type Tx } from '#base/db';
import { MusterError } from '#base/errors';
import { type Along, mergeIssues, regroupingKey, splitIssue } from '#domain/issues';
import { knownRegroupings, type StoredRegrouping, settleRegrouping, wordsOf } from './store.ts';

/**
 * Does what a suggestion says, as a decision of the one who follows it: it merges, or splits.
 *
 * @returns ids of the issues that there are now: one, or the two parts
 * @throws MusterError NOT_FOUND where it does not hold (any more), CONFLICT where it was dismissed meanwhile, or the issues hold something
 * else by now than what it is about
 */
export async function followRegrouping(
  database: Database,
  key: string,
  decision: { author: string; reason: string },
): Promise<string[]> {
  const found = await holding(database.queries, key);
  const { kind, issue, other, out } = found;
  const along: Along = async (tx, sides) => {
    // People's words are said under this lock: nobody dismisses it from here on.
    await lockHistory(tx);
    await holding(tx, key);
    await checkWaiting(tx, key);
    checkSides(found, sides);
    await settleRegrouping(tx, key);
    await appendEvents(tx, [
      {
        ...{ entity: 'regrouping', entityId: key, type: 'regrouping.followed', actor: decision.author },
        ...{ cause: 'decision', payload: { kind, issue, other }, topics: ['regroupings'] },
      },
    ]);
  };
  return kind === 'merge' && other !== null
    ? [await mergeIssues(database, issue, other, decision, along)]
    : splitIssue(database, issue, out, decision, along);
}

async function holding(queries: Database['queries'], key: string): Promise<StoredRegrouping> {
  const [found] = await knownRegroupings(queries, [key]);
  if (found === undefined || !found.holds)
    throw new MusterError('NOT_FOUND', 'this suggestion to merge or split does not hold any more');
  return found;
}

async function checkWaiting(tx: Tx, key: string): Promise<void> {
  const [word] = await wordsOf(tx, 'regrouping', [key]);
  if (word !== undefined && word.value !== null)
    throw new MusterError('CONFLICT', 'this suggestion to merge or split was dismissed meanwhile');
}

function checkSides({ key, kind }: StoredRegrouping, sides: Parameters<Along>[1]): void {
  if (regroupingKey(kind, ...sides) !== key)
    throw new MusterError(
      'CONFLICT',
      'the issues hold other vulnerabilities by now than when this was suggested',
    );
}
