import type { Database } from '#base/db';
import { MusterError } from '#base/errors';
import { mergeIssues, splitIssue } from '#domain/issues';
import { knownRegroupings, followRegrouping as settle } from './store.ts';

/**
 * Does what a suggestion says, as a decision of the one who follows it: it merges, or splits.
 *
 * @returns ids of the issues that there are now: one, or the two parts
 * @throws MusterError NOT_FOUND where it does not hold (any more)
 */
export async function followRegrouping(
  database: Database,
  key: string,
  decision: { author: string; reason: string },
): Promise<string[]> {
  const [found] = await knownRegroupings(database.queries, [key]);
  if (found === undefined || !found.holds)
    throw new MusterError('NOT_FOUND', 'this suggestion to merge or split does not hold any more');
  const { kind, issue, other, out } = found;
  const issues =
    kind === 'merge' && other !== null
      ? [await mergeIssues(database, issue, other, decision)]
      : await splitIssue(database, issue, out, decision);
  await database.transaction((tx) => settle(tx, key));
  return issues;
}
