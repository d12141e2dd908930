import { sql } from 'kysely';
import type { Database, Queries, Tx } from './database.ts';

/** An effect on the outside that is to happen once the transaction has committed. */
export interface Effect {
  /** The same key twice is the same effect: it happens once. */
  key: string;
  kind: string;
  payload: Record<string, unknown>;
  dueAt?: Date;
}

/** Puts an effect into the outbox, in the transaction that causes it. False if it was asked for before. */
export async function enqueueEffect(tx: Tx, effect: Effect): Promise<boolean> {
  const { rows } = await sql<{ id: number }>`insert into outbox (idempotency_key, kind, payload, due_at)
    values (${effect.key}, ${effect.kind}, ${JSON.stringify(effect.payload)}::jsonb, ${effect.dueAt ?? new Date()})
    on conflict (idempotency_key) do nothing returning id`.execute(tx);
  return rows.length > 0;
}

/** Thrown by whoever delivers, where trying again cannot help. */
export class Undeliverable extends Error {}

/** After so many attempts, some nine days, an effect is given up. */
const MOST_ATTEMPTS = 20;

/** How long after the n-th failure the next attempt is made: one minute, doubled each time, at most a day. */
const RETRY_AFTER = sql`least(interval '1 minute' * power(2, least(attempts, 11)), interval '1 day')`;

/**
 * Carries out what is due, one effect after another, each under a row lock so that no two processes do the same one.
 * `deliver` gets the key and must hand it on to whatever it calls: a process that dies between the effect and its
 * record does the effect again under the same key.
 *
 * What cannot be delivered at all, or was tried too often, is given up, and is shown as that (outboxState).
 *
 * @param kinds only of these kinds: what nobody here can carry out waits for who can
 * @param most how many are carried out at most; the others stay due
 * @returns how many were delivered, and how many failed: those that are not given up will be tried again
 */
export async function deliverEffects(
  database: Database,
  deliver: (effect: Effect) => Promise<void>,
  now = new Date(),
  kinds?: readonly string[],
  most = Number.POSITIVE_INFINITY,
): Promise<{ delivered: number; failed: number }> {
  const outcome = { delivered: 0, failed: 0 };
  while (outcome.delivered + outcome.failed < most) {
    const done = await database.transaction(async (tx) => {
      const row = await tx
        .selectFrom('outbox')
        .select(['id', 'idempotency_key as key', 'kind', 'payload'])
        .where('delivered_at', 'is', null)
        .where('given_up_at', 'is', null)
        .where('due_at', '<=', now)
        .$if(kinds !== undefined, (query) => query.where('kind', 'in', [...(kinds ?? [])]))
        .orderBy('due_at')
        .orderBy('id')
        .limit(1)
        .forUpdate()
        .skipLocked()
        .executeTakeFirst();
      if (row === undefined) return null;
      try {
        await deliver({ key: row.key, kind: row.kind, payload: row.payload as Record<string, unknown> });
        await tx
          .updateTable('outbox')
          .set({ delivered_at: new Date(), last_error: null })
          .where('id', '=', row.id)
          .execute();
        return true;
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        await sql`update outbox set attempts = attempts + 1, last_error = ${message}, due_at = ${now}::timestamptz + ${RETRY_AFTER},
            given_up_at = case when ${error instanceof Undeliverable} or attempts + 1 >= ${MOST_ATTEMPTS}::int then ${now}::timestamptz end
          where id = ${row.id}`.execute(tx);
        return false;
      }
    });
    if (done === null) return outcome;
    if (done) outcome.delivered += 1;
    else outcome.failed += 1;
  }
  return outcome;
}

/** How the outbox stands, for whoever runs Muster. */
export interface OutboxState {
  /** Due now or later, for the first time. */
  waiting: number;
  /** Failed at least once, and tried again. */
  failing: number;
  givenUp: number;
  /** The last failures, the latest first. */
  failures: { id: number; kind: string; attempts: number; error: string; since: Date; givenUp: boolean }[];
}

/** How effects of these kinds stand. */
export async function outboxState(
  queries: Queries,
  kinds: readonly string[],
  limit = 10,
): Promise<OutboxState> {
  const { rows: counts } = await sql<Omit<OutboxState, 'failures'>>`select
      count(*) filter (where given_up_at is null and attempts = 0) as waiting,
      count(*) filter (where given_up_at is null and attempts > 0) as failing,
      count(*) filter (where given_up_at is not null) as "givenUp"
    from outbox where delivered_at is null and kind = any(${kinds}::text[])`.execute(queries);
  const { rows: failures } = await sql<OutboxState['failures'][number]>`select id, kind, attempts,
      coalesce(last_error, '') as error, created_at as since, given_up_at is not null as "givenUp"
    from outbox where delivered_at is null and attempts > 0 and kind = any(${kinds}::text[])
    order by id desc limit ${limit}`.execute(queries);
  return { waiting: 0, failing: 0, givenUp: 0, ...counts[0], failures };
}

/** Has everything that failed tried again at once, also what was given up. @returns how many */
export async function retryEffects(
  queries: Queries,
  kinds: readonly string[],
  at = new Date(),
): Promise<number> {
  const { numAffectedRows } = await sql`update outbox set due_at = ${at}, given_up_at = null, attempts = 1
    where delivered_at is null and attempts > 0 and kind = any(${kinds}::text[])`.execute(queries);
  return Number(numAffectedRows ?? 0);
}
