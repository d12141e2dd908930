import { sql } from 'kysely';
import type { Tx } from '#base/db';
import type { FieldState } from '#domain/proposals';

/** A line of a list, by the id under which changes name it: `31/NSI-2017-0043`. */
export function parseLineId(id: string): { roundup: number; issue: string } | null {
  const [, roundup, issue] = /^([1-9]\d{0,8})\/([A-Z]{2,8}-\d{4}-\d{1,9})$/.exec(id) ?? [];
  return roundup === undefined || issue === undefined ? null : { roundup: Number(roundup), issue };
}

/** Whether lines are done, and what stands behind them, with the entries that made it so. */
export async function readLineFields(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, { done: FieldState; remark: FieldState }>> {
  const named = ids.flatMap((id) => {
    const parsed = parseLineId(id);
    return parsed === null ? [] : [{ id, ...parsed }];
  });
  const { rows } = await sql<{
    id: string;
    done: boolean;
    version: number;
    remark: string | null;
    remarkVersion: number;
  }>`select r.id, l.done_at is not null as done, l.version, l.remark, l.remark_version as "remarkVersion"
    from json_to_recordset(${JSON.stringify(named)}::json) as r(id text, roundup int, issue text)
    join roundup_line l on l.roundup = r.roundup and l.issue = r.issue`.execute(tx);
  return new Map(
    rows.map(({ id, done, version, remark, remarkVersion }) => [
      id,
      {
        done: { value: done ? true : null, version },
        remark: { value: remark, version: remarkVersion },
      },
    ]),
  );
}
