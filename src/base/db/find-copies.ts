import { sql } from 'kysely';
import { canonicalJson } from '#base/formats';
import type { Queries } from './database.ts';
import type { LoggedEvent } from './event-log.ts';

/** Every entry that says this very value of a field of that thing. Reads the whole history, as all of these: for what is done rarely. */
export async function eventsSaying(
  queries: Queries,
  { kind, id, field, value }: { kind: string; id: string; field: string; value: unknown },
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from event
    where payload->>'kind' = ${kind} and payload->>'id' = ${id} and payload->>'field' = ${field}
      and payload->'value' = ${canonicalJson(value)}::jsonb order by id`.execute(queries);
  return rows.map((row) => row.id);
}

/** Every entry that was carried over from that one, to whatever thing. */
export async function eventsCarriedFrom(queries: Queries, event: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from event
    where payload->'carried' = ${JSON.stringify(event)}::jsonb order by id`.execute(queries);
  return rows.map(({ id }) => id);
}

/** Every entry about that thing that gives these very words as its cause. */
export async function eventsCausedBy(
  queries: Queries,
  { entity, entityId, cause }: { entity: string; entityId: string; cause: string },
): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from event
    where entity = ${entity} and entity_id = ${entityId} and cause = ${cause} order by id`.execute(queries);
  return rows.map(({ id }) => id);
}

/** What an entry says behind a line of a roundup; null for what says nothing there. */
export function remarkIn({ entity, payload }: Pick<LoggedEvent, 'entity' | 'payload'>): string | null {
  const { kind, field, value, remark } = payload ?? {};
  const words = kind === undefined ? remark : kind === 'roundup_line' && field === 'remark' ? value : null;
  return entity === 'roundup' && typeof words === 'string' && words !== '' ? words : null;
}

/** Every entry of a roundup whose remark, or the one before it, is these words, alone or as one of several (`a · b`). */
export async function eventsRemarking(queries: Queries, words: string): Promise<number[]> {
  const part = ` · ${words} · `;
  const { rows } = await sql<{ id: number }>`select id from event where entity = 'roundup'
      and (position(${part} in ' · ' || (payload->>'remark') || ' · ') > 0
        or position(${part} in ' · ' || (payload->>'was') || ' · ') > 0
        or payload->>'kind' = 'roundup_line' and position(${part} in ' · ' || (payload->>'value') || ' · ') > 0)
    order by id`.execute(queries);
  return rows.map(({ id }) => id);
}

/** Every entry that tells of that change set: that it was made, decided, and what it set. */
export async function eventsOfProposal(queries: Queries, proposal: number): Promise<number[]> {
  const { rows } = await sql<{ id: number }>`select id from event
    where payload->'proposal' = ${JSON.stringify(proposal)}::jsonb order by id`.execute(queries);
  return rows.map(({ id }) => id);
}
