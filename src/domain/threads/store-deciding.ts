import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { FieldState, FieldValue, Forgotten, Written } from '#domain/proposals';

/** The fields of threads that stand; one that is part of another now is left out. */
export async function readThreads(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, Record<string, FieldState>>> {
  const numbers = ids.filter((id) => /^[1-9]\d{0,14}$/.test(id)).map(Number);
  const { rows } = await sql<{
    id: number;
    decision: FieldValue;
    version: number;
    claim: FieldValue;
    claimVersion: number;
  }>`select id, decision, version, claim, claim_version as "claimVersion" from thread
    where id = any(${numbers}::bigint[]) and redirect is null`.execute(tx);
  return new Map(
    rows.map(({ id, decision, version, claim, claimVersion }) => [
      String(id),
      { decision: { value: decision, version }, claim: { value: claim, version: claimVersion } },
    ]),
  );
}

/** What a thread had asked for when it became an issue, null where it did not; and the version of what it speaks of. */
export async function stateOf(
  queries: Queries,
  thread: number,
): Promise<{ request: string | null; factsVersion: number }> {
  const { rows } = await sql<{
    request: string | null;
    factsVersion: number;
  }>`select request, facts_version as "factsVersion" from thread where id = ${thread}`.execute(queries);
  return rows[0] ?? { request: null, factsVersion: 0 };
}

export async function writeDecision(
  tx: Tx,
  { id, value, version, actor, at }: Written,
  came: { issue: string | null; request: string | null },
): Promise<void> {
  const decided = value !== null;
  await sql`update thread set decision = ${decided ? JSON.stringify(value) : null}::jsonb, version = ${version},
      decided_by = ${decided ? actor : null}, decided_at = ${decided ? at : null}, issue = ${came.issue},
      request = ${came.request}, claim = case when ${decided} then null else claim end,
      claim_version = case when ${decided} and claim is not null then ${version} else claim_version end
    where id = ${Number(id)}`.execute(tx);
}

export async function writeClaim(tx: Tx, { id, value, version }: Written): Promise<void> {
  await sql`update thread set claim = ${value === null ? null : JSON.stringify(value)}::jsonb, claim_version = ${version}
    where id = ${Number(id)}`.execute(tx);
}

/** Forgets what people wrote when they decided; that they did stays. */
export async function eraseThread(tx: Tx, forgotten: readonly Forgotten[]): Promise<void> {
  await sql`update thread t set decision = t.decision - 'note' - 'draft'
    from jsonb_to_recordset(${JSON.stringify(forgotten)}::jsonb) as r(id bigint, field text, events bigint[])
    where t.id = r.id and r.field = 'decision' and t.version = any(r.events)`.execute(tx);
}
