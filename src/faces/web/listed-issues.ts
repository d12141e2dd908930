import { type Database, together } from '#base/db';
import { type IssueLine, issueLines } from '#domain/issues';
import { cellsOfIssues, type IssueCells, issueCells } from '#domain/matching';

/** Issues as lists show them, by id; those that do not stand are not among them. */
export interface ListedIssues {
  lines: ReadonlyMap<string, IssueLine>;
  cells: ReadonlyMap<string, IssueCells>;
}

const ask = together({ lines: issueLines.marks('$1::text[]'), cells: issueCells.marks('$1::text[]') });

const askAll = together({ lines: issueLines.all, cells: issueCells.all });

/** Reads lines of a list, and in full what was not matched since lines are made ready. */
export async function readListed(database: Database, ids: readonly string[]): Promise<ListedIssues> {
  const marks = await ask(database.pool, [ids]);
  const [lines, cells] = await Promise.all([
    issueLines.read(database.pool, marks.lines),
    issueCells.read(database.pool, marks.cells),
  ]);
  return withAllCells(database, ids, { lines, cells });
}

/** The same for whoever goes through thousands: nothing of it is kept. */
export async function readManyListed(database: Database, ids: readonly string[]): Promise<ListedIssues> {
  return withAllCells(database, ids, await askAll(database.pool, [ids]));
}

async function withAllCells(
  { queries }: Database,
  ids: readonly string[],
  { lines, cells }: ListedIssues,
): Promise<ListedIssues> {
  const missing = ids.filter((id) => !cells.has(id));
  if (missing.length === 0) return { lines, cells };
  return { lines, cells: new Map([...cells, ...(await cellsOfIssues(queries, missing))]) };
}
