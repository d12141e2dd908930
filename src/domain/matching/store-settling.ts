import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';

/**
 * When the matcher last wrote something, for which moment of it settling was begun, and for which it was done: as the
 * database writes them, to the microsecond, for a Date would lose what came in between.
 */
export interface SettlingState {
  matchedAt: string | null;
  begunFor: string | null;
  settledFor: string | null;
}

/** Keeps two processes from beginning to settle at once. */
export async function lockSettling(tx: Tx): Promise<SettlingState> {
  const { rows } =
    await sql<SettlingState>`select m.matched_at::text as "matchedAt", q.begun_for::text as "begunFor",
    q.settled_for::text as "settledFor" from queue_state q, matching_state m for update of q`.execute(tx);
  return rows[0] ?? { matchedAt: null, begunFor: null, settledFor: null };
}

export async function recordSettling(
  tx: Tx,
  step: 'begun_for' | 'settled_for',
  matchedAt: string | null,
): Promise<void> {
  await sql`update queue_state set ${sql.ref(step)} = ${matchedAt}::timestamptz`.execute(tx);
}

/** What people may have to look at since after a moment: it was not there before, or looked safe. */
export async function freshSuggestions(
  queries: Queries,
  since: string,
): Promise<{ issue: string; attr: string }[]> {
  const { rows } = await sql<{ issue: string; attr: string }>`select issue, attr from suggestion
    where due_since > ${since}::timestamptz order by id`.execute(queries);
  return rows;
}
