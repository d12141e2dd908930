import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import { canonicalJson } from '#base/formats';
import type { Change, FieldValue } from './editable.ts';
import type { Proposal } from './store.ts';

/** Open proposals that show on one of these pages, oldest first. */
export async function openProposalsOn(queries: Queries, topics: readonly string[]): Promise<Proposal[]> {
  const { rows } =
    await sql<Proposal>`select id, author, created_at as "createdAt", changes, topics, remark, state,
      stale_since as "staleSince", decided_by as "decidedBy", decided_at as "decidedAt", decision_reason as "decisionReason",
      amended, waits_for as "waitsFor"
    from proposal where state = 'open' and topics && ${topics}::text[] order by id`.execute(queries);
  return rows;
}

/** Puts other changes into an open proposal: the same ones, on the thing that they are about now. */
export async function rewriteProposal(
  tx: Tx,
  id: number,
  now: { changes: readonly Change[]; touches: string[]; topics: string[]; staleAt: Date | null },
): Promise<void> {
  await sql`update proposal set changes = ${JSON.stringify(now.changes)}::jsonb, touches = ${now.touches}::text[],
      topics = ${now.topics}::text[], stale_since = coalesce(stale_since, ${now.staleAt})
    where id = ${id}`.execute(tx);
}

/** What change sets are to forget. */
export interface ForgottenChanges {
  touches: readonly string[];
  /** Of those fields everywhere this very value … */
  value: FieldValue | undefined;
  /** … and in these change sets whatever they said of them, with the words around it … */
  proposals: readonly number[];
  /** … and what was carried over from those entries of the history, wherever it is. */
  events: readonly number[];
}

/**
 * Erases what change sets said.
 *
 * @returns the change sets that were open, and now hold something that could not be accepted any more
 */
export async function eraseChanges(tx: Tx, forgotten: ForgottenChanges): Promise<number[]> {
  const { touches, proposals, events } = forgotten;
  const value = forgotten.value === undefined ? null : canonicalJson(forgotten.value);
  const carried = sql`coalesce((c->>'carried')::bigint = any(${events}::bigint[]), false)`;
  const erased = (column: 'changes' | 'amended') => sql`(select jsonb_agg(
      case when ${carried} or (c->>'kind' || '/' || (c->>'id') || '#' || (c->>'field') = any(${touches}::text[])
        and (id = any(${proposals}::bigint[]) or c->'value' = ${value}::jsonb))
      then c || '{"value": null, "redacted": true}' else c end order by o)
    from jsonb_array_elements(${sql.ref(column)}) with ordinality as x(c, o))`;
  const whole = sql`(id = any(${proposals}::bigint[]) or exists (select from jsonb_array_elements(changes) c where ${carried}))`;
  const { rows } = await sql<{
    id: number;
    open: boolean;
  }>`update proposal set changes = ${erased('changes')},
      amended = ${erased('amended')},
      remark = case when not ${whole} then remark end,
      decision_reason = case when ${whole} and decision_reason is not null then '(redacted)' else decision_reason end
    where ${whole} or touches && ${touches}::text[]
    returning id, state = 'open' and changes @? '$[*] ? (@.redacted == true)' as open`.execute(tx);
  return rows.filter(({ open }) => open).map(({ id }) => id);
}
