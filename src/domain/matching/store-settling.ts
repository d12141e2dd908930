import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';

/** When the matcher last ran, for which run settling was begun, and for which it was done. */
export interface SettlingState {
  matchedAt: Date | null;
  begunFor: Date | null;
  settledFor: Date | null;
}

/** Keeps two processes from beginning to settle at once. */
export async function lockSettling(tx: Tx): Promise<SettlingState> {
  const state = await tx
    .selectFrom('queue_state')
    .select(['begun_for as begunFor', 'settled_for as settledFor'])
    .forUpdate()
    .executeTakeFirstOrThrow();
  const { matched_at: matchedAt } = await tx
    .selectFrom('matching_state')
    .select('matched_at')
    .executeTakeFirstOrThrow();
  return { ...state, matchedAt };
}

export async function recordSettling(
  tx: Tx,
  step: 'begun_for' | 'settled_for',
  matchedAt: Date | null,
): Promise<void> {
  await tx
    .updateTable('queue_state')
    .set({ [step]: matchedAt })
    .execute();
}

/** What the matcher first proposed after a moment, and people may have to look at. */
export async function freshSuggestions(
  queries: Queries,
  since: Date,
): Promise<{ issue: string; attr: string }[]> {
  const { rows } = await sql<{ issue: string; attr: string }>`select issue, attr from suggestion
    where created_at > ${since} and state = 'open' and verdict <> 'not_affected' order by id`.execute(
    queries,
  );
  return rows;
}
