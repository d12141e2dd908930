import type { Database } from '#base/db';
import { MusterError } from '#base/errors';
import { type GateName, gateTitle } from './gate-name.ts';
import { parseMarkdown } from './parse-markdown.ts';
import { findGate } from './store.ts';
import { type MarkResult, markLines } from './tick-lines.ts';

/** What came of an edited list. */
export interface ImportResult extends MarkResult {
  /** Lines that could not be taken as they stand. */
  problems: { line: number; message: string }[];
}

/**
 * Takes ticks and remarks back from a roundup that was edited as markdown. A line that is not ticked there, or was deleted,
 * takes nothing away here, and neither does a remark that is gone.
 *
 * @throws MusterError NOT_FOUND where there is no such roundup, or release gate
 */
export async function importTicks(
  database: Database,
  text: string,
  options: { number?: number | undefined; by: string; cause: string },
): Promise<ImportResult> {
  const parsed = parseMarkdown(text);
  const marks = parsed.ticks
    .filter(({ done, remark }) => done || remark !== null)
    .map(({ issue, done, remark }) => ({ issue, done, remark }));
  const number = options.number ?? parsed.roundup ?? (await gateNumber(database, parsed.gate));
  const result = await markLines(database, marks, { ...options, number });
  return { ...result, problems: parsed.problems };
}

async function gateNumber({ queries }: Database, gate: GateName | null): Promise<number | undefined> {
  if (gate === null) return undefined;
  const found = await findGate(queries, gate);
  if (found === null) throw new MusterError('NOT_FOUND', `there is no ${gateTitle(gate)}`);
  return found.number;
}
