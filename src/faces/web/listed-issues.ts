import { type Database, together } from '#base/db';
import { type IssueLine, issueLinesAmong } from '#domain/issues';
import { cellsAmong, cellsOfIssues, type IssueCells } from '#domain/matching';

/** Issues as lists show them, by id; those that do not stand are not among them. */
export interface ListedIssues {
  lines: ReadonlyMap<string, IssueLine>;
  cells: ReadonlyMap<string, IssueCells>;
}

const ask = together({ lines: issueLinesAmong('$1::text[]'), cells: cellsAmong('$1::text[]') });

/** Reads lines of a list in one question, and in full what was not matched since lines are made ready. */
export async function readListed(database: Database, ids: readonly string[]): Promise<ListedIssues> {
  const { lines, cells } = await ask(database.pool, [ids]);
  const missing = ids.filter((id) => !cells.has(id));
  return missing.length === 0
    ? { lines, cells }
    : { lines, cells: new Map([...cells, ...(await cellsOfIssues(database.queries, missing))]) };
}
