import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { FieldState, FieldValue, Written } from '#domain/proposals';
import type { BatchDecision } from './batch-decision.ts';
import type { Held, HeldFacts } from './hold.ts';

/** A file that waits for a person, or did. */
export interface Batch {
  id: number;
  source: string;
  path: string;
  kind: HeldFacts['kind'];
  facts: HeldFacts;
  heldAt: Date;
  decision: BatchDecision | null;
  version: number;
  decidedBy: string | null;
  decidedAt: Date | null;
  appliedAt: Date | null;
  overtakenAt: Date | null;
}

/**
 * Remembers that a file is held; what was held of the same path before is overtaken by it, but for what somebody released: that
 * word holds for a week. @returns its number
 */
export async function holdBatch(tx: Tx, source: string, { path, facts, hash }: Held): Promise<number> {
  await sql`update source_batch set overtaken_at = now()
    where source = ${source} and path = ${path} and hash <> ${hash} and applied_at is null and overtaken_at is null
      and decision->>'as' is distinct from 'released'`.execute(tx);
  const { rows } = await sql<{ id: number }>`
    insert into source_batch (source, path, hash, kind, facts, held_at, seen_at)
    values (${source}, ${path}, ${hash}, ${facts.kind}, ${JSON.stringify(facts)}::jsonb, now(), now())
    on conflict (source, path, hash) where applied_at is null do update set seen_at = now(), overtaken_at = null, facts = excluded.facts, kind = excluded.kind
    returning id`.execute(tx);
  return rows[0]?.id ?? 0;
}

/** How long somebody's word holds for a file that went on changing meanwhile. */
const HOLDS_FOR = sql`interval '7 days'`;

/**
 * Whether somebody released this very file, or, within a week, one of the same path from which at least as much was gone:
 * a source that changes every hour would otherwise never come through.
 */
export async function isReleased(
  tx: Tx,
  source: string,
  path: string,
  hash: Buffer,
  { gone, changed }: Pick<HeldFacts, 'gone' | 'changed'>,
): Promise<boolean> {
  const { rows } = await sql`select 1 from source_batch
    where source = ${source} and path = ${path} and decision->>'as' = 'released' and applied_at is null and overtaken_at is null
      and (hash = ${hash} or (decided_at > now() - ${HOLDS_FOR}
        and (facts->>'gone')::int >= ${gone} and (facts->>'changed')::int * 2 >= ${changed}))
    limit 1`.execute(tx);
  return rows.length > 0;
}

/** A file of that path was applied: what waited for a decision about it waits no more. */
export async function settleBatches(tx: Tx, source: string, path: string, hash: Buffer): Promise<void> {
  await sql`update source_batch set
      applied_at = case when hash = ${hash} or decision->>'as' = 'released' then now() end,
      overtaken_at = case when hash = ${hash} or decision->>'as' = 'released' then null else now() end
    where source = ${source} and path = ${path} and applied_at is null and overtaken_at is null`.execute(tx);
}

/**
 * Files of those paths are again what is stored: what is held of them waits no more, but for what somebody released, whose
 * word holds should it come again. @returns what was held
 */
export async function overtakeBatches(
  tx: Tx,
  source: string,
  paths: readonly string[],
): Promise<Pick<Batch, 'path' | 'kind'>[]> {
  if (paths.length === 0) return [];
  const { rows } = await sql<Pick<Batch, 'path' | 'kind'>>`update source_batch
    set overtaken_at = case when decision->>'as' is distinct from 'released' then now() end
    where source = ${source} and path = any(${paths}::text[]) and applied_at is null and overtaken_at is null
    returning path, kind`.execute(tx);
  return rows;
}

/** Held files, the latest first; `waiting`: only those that nobody decided on. */
export async function listBatches(
  queries: Queries,
  { waiting = false, source, limit = 100 }: { waiting?: boolean; source?: string; limit?: number } = {},
): Promise<Batch[]> {
  let query = select(queries);
  if (waiting)
    query = query
      .where('applied_at', 'is', null)
      .where('overtaken_at', 'is', null)
      .where('decision', 'is', null);
  if (source !== undefined) query = query.where('source', '=', source);
  return query.orderBy('held_at', 'desc').orderBy('id', 'desc').limit(limit).$castTo<Batch>().execute();
}

export async function batchById(queries: Queries, id: number): Promise<Batch | null> {
  return (await select(queries).where('id', '=', id).$castTo<Batch>().executeTakeFirst()) ?? null;
}

function select(queries: Queries) {
  return queries
    .selectFrom('source_batch')
    .select(['id', 'source', 'path', 'kind', 'facts', 'held_at as heldAt', 'decision', 'version'])
    .select(['decided_by as decidedBy', 'decided_at as decidedAt', 'applied_at as appliedAt'])
    .select('overtaken_at as overtakenAt');
}

/** The decisions on batches, for whoever changes them. */
export async function readDecisions(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, Record<string, FieldState>>> {
  const numbers = ids.filter((id) => /^[1-9]\d{0,14}$/.test(id)).map(Number);
  if (numbers.length === 0) return new Map();
  const rows = await tx
    .selectFrom('source_batch')
    .select(['id', 'decision', 'version'])
    .where('id', 'in', numbers)
    .execute();
  return new Map(
    rows.map(({ id, decision, version }) => [
      String(id),
      { decision: { value: decision as FieldValue, version } },
    ]),
  );
}

/** Which of the batches can no longer be decided on, and why. */
export async function settled(tx: Tx, id: number): Promise<'applied' | 'overtaken' | null> {
  const batch = await batchById(tx, id);
  if (batch?.appliedAt != null) return 'applied';
  return batch?.overtakenAt == null ? null : 'overtaken';
}

/** Writes what somebody decided. @returns the source that it is about */
export async function writeDecision(tx: Tx, change: Written): Promise<string | null> {
  const { rows } = await sql<{ source: string }>`
    update source_batch set decision = ${JSON.stringify(change.value)}::jsonb, version = ${change.version},
      decided_by = ${change.value === null ? null : change.actor}, decided_at = ${change.value === null ? null : change.at}
    where id = ${Number(change.id)} returning source`.execute(tx);
  return rows[0]?.source ?? null;
}
