import { sql } from 'kysely';
import type { Database, Tx } from './database.ts';

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

/** How long after the n-th failure the next attempt is made: one minute, doubled each time, at most a day. */
const RETRY_AFTER = sql`least(interval '1 minute' * power(2, least(attempts, 11)), interval '1 day')`;

/**
 * Carries out what is due, one effect after another, each under a row lock so that no two processes do the same one.
 * `deliver` gets the key and must hand it on to whatever it calls: a process that dies between the effect and its
 * record does the effect again under the same key.
 *
 * @param kinds only of these kinds: what nobody here can carry out waits for who can
 * @returns how many were delivered, and how many failed and will be tried again
 */
export async function deliverEffects(
  database: Database,
  deliver: (effect: Effect) => Promise<void>,
  now = new Date(),
  kinds?: readonly string[],
): Promise<{ delivered: number; failed: number }> {
  const outcome = { delivered: 0, failed: 0 };
  for (;;) {
    const done = await database.transaction(async (tx) => {
      const row = await tx
        .selectFrom('outbox')
        .select(['id', 'idempotency_key as key', 'kind', 'payload'])
        .where('delivered_at', 'is', null)
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
        await sql`update outbox set attempts = attempts + 1, last_error = ${message}, due_at = ${now}::timestamptz + ${RETRY_AFTER}
          where id = ${row.id}`.execute(tx);
        return false;
      }
    });
    if (done === null) return outcome;
    if (done) outcome.delivered += 1;
    else outcome.failed += 1;
  }
}
