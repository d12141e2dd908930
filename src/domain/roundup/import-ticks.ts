import type { Database } from '#base/db';
import { parseMarkdown } from './parse-markdown.ts';
import { type TickResult, tickLines } from './tick-lines.ts';

/** What came of an edited list. */
export interface ImportResult extends TickResult {
  /** Lines that could not be taken as they stand. */
  problems: { line: number; message: string }[];
}

/**
 * Takes ticks back from a roundup that was edited as markdown. Only ticks count: a line that is not ticked there, or was
 * deleted, takes nothing away here.
 */
export async function importTicks(
  database: Database,
  text: string,
  options: { number?: number | undefined; by: string; cause: string },
): Promise<ImportResult> {
  const parsed = parseMarkdown(text);
  const ticks = parsed.ticks.filter(({ done }) => done).map(({ issue, remark }) => ({ issue, remark }));
  const number = options.number ?? parsed.roundup ?? undefined;
  const result = await tickLines(database, ticks, { ...options, number });
  return { ...result, problems: parsed.problems };
}
