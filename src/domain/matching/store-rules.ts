import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { FieldState, FieldValue, Forgotten, Written } from '#domain/proposals';
import type { ActiveRule, RuleValue } from './rule.ts';

/** A rule as it is stored, with who made it. */
export interface StoredRule {
  id: number;
  /** What its maker called it: changes name it so. */
  request: string;
  /** Null where it was taken back. */
  value: RuleValue | null;
  version: number;
  author: string;
  madeAt: Date;
  expiresOn: string | null;
  revokedAt: Date | null;
  /** How many suggestions it suppresses. */
  suppresses: number;
}

const COLUMNS = sql`r.id, r.request, r.value, r.version, r.author, r.made_at as "madeAt", r.expires_on as "expiresOn",
  r.revoked_at as "revokedAt",
  (select count(*) from suggestion_decision d where d.rule = r.id and d.decision = 'dismissed') as suppresses`;

/** Every rule, the latest first. */
export async function listRules(
  queries: Queries,
  { attr, limit = 100, offset = 0 }: { attr?: string; limit?: number; offset?: number } = {},
): Promise<StoredRule[]> {
  const { rows } = await sql<StoredRule>`select ${COLUMNS} from rule r
    where ${attr ?? null}::text is null or r.attr = ${attr ?? null} order by r.id desc limit ${limit} offset ${offset}`.execute(
    queries,
  );
  return rows;
}

export async function ruleById(queries: Queries, id: number): Promise<StoredRule | null> {
  const { rows } = await sql<StoredRule>`select ${COLUMNS} from rule r where r.id = ${id}`.execute(queries);
  return rows[0] ?? null;
}

/** Rules that hold on a day and speak of what the matcher proposes; or those of some attributes. */
export async function activeRules(
  queries: Queries,
  day: string,
  attrs?: readonly string[],
): Promise<ActiveRule[]> {
  const { rows } = await sql<ActiveRule>`select id, value from rule
    where revoked_at is null and (expires_on is null or expires_on > ${day}::date)
      and (${attrs === undefined}::bool or attr = any(${attrs ?? []}::text[])) order by id`.execute(queries);
  return rows;
}

/** Numbers of suggestions that a rule may speak of, or has decided: those of the attributes of rules, present and past. */
export async function suggestionsUnderRules(
  queries: Queries,
  attrs: readonly string[] | undefined,
  after: number,
  limit: number,
): Promise<number[]> {
  const { rows } = await sql<{
    id: number;
  }>`select s.id from suggestion s left join suggestion_decision d on d.suggestion = s.id
    where s.state = 'open' and s.id > ${after} and (${attrs === undefined}::bool or s.attr = any(${attrs ?? []}::text[]))
      and s.attr in (select attr from rule)
      and (d.suggestion is null or d.rule is not null or (d.decision is null and d.decided_by not like 'person:%'))
    order by s.id limit ${limit}`.execute(queries);
  return rows.map(({ id }) => id);
}

export async function readRules(
  tx: Tx,
  requests: readonly string[],
): Promise<Map<string, { value: FieldState }>> {
  const { rows } = await sql<{
    request: string;
    value: FieldValue;
    version: number;
  }>`select request, value, version from rule
    where request = any(${requests}::text[])`.execute(tx);
  return new Map(rows.map(({ request, value, version }) => [request, { value: { value, version } }]));
}

/** Writes a rule that was checked. @returns its number and the attribute that it spoke of before */
export async function writeRule(
  tx: Tx,
  { id: request, value, version, actor, at }: Written,
): Promise<{ id: number; attrs: string[] }> {
  const known = await tx
    .selectFrom('rule')
    .select(['id', 'attr'])
    .where('request', '=', request)
    .executeTakeFirst();
  const rule = value as RuleValue | null;
  if (rule === null) {
    if (known === undefined) return { id: 0, attrs: [] };
    await tx
      .updateTable('rule')
      .set({ value: null, version, revoked_at: at })
      .where('id', '=', known.id)
      .execute();
    return { id: known.id, attrs: [known.attr] };
  }
  const row = {
    attr: rule.attr,
    vendor: rule.vendor ?? null,
    product: rule.product,
    channel: rule.channel ?? null,
    versions: rule.versions === undefined ? null : JSON.stringify(rule.versions),
    reason: rule.reason,
    note: rule.note ?? null,
    evidence: rule.evidence ?? null,
    value: JSON.stringify(rule),
    version,
    expires_on: rule.expiresOn ?? null,
    revoked_at: null,
  };
  const { id } = await tx
    .insertInto('rule')
    .values({ ...row, request, author: actor, made_at: at })
    .onConflict((conflict) => conflict.column('request').doUpdateSet(row))
    .returning('id')
    .executeTakeFirstOrThrow();
  return { id, attrs: [...new Set([rule.attr, known?.attr ?? rule.attr])] };
}

/** Forgets the words of rules that one of those events made; what they suppress they go on suppressing. */
export async function eraseRules(tx: Tx, forgotten: readonly Forgotten[]): Promise<void> {
  await sql`update rule r set note = null, evidence = null, value = r.value - 'note' - 'evidence'
    from jsonb_to_recordset(${JSON.stringify(forgotten)}::jsonb) as f(id text, events bigint[])
    where r.request = f.id and r.version = any(f.events)`.execute(tx);
}
