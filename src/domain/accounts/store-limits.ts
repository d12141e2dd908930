import { sql } from 'kysely';
import type { Queries } from '#base/db';

/**
 * Takes one token, refilling for the time that has passed.
 *
 * @returns null where it was taken, else the part of a token that is there
 */
export async function takeTokens(
  queries: Queries,
  bucket: string,
  { capacity, perSeconds }: { capacity: number; perSeconds: number },
  now: Date,
): Promise<number | null> {
  const refilled = sql<number>`least(${capacity}::float8,
    r.tokens + greatest(0, extract(epoch from ${now}::timestamptz - r.at)::float8) * ${capacity}::float8 / ${perSeconds}::float8)`;
  const { rows } = await sql`insert into rate_limit as r (bucket, tokens, at)
    values (${bucket}, ${capacity}::float8 - 1, ${now}::timestamptz)
    on conflict (bucket) do update set tokens = ${refilled} - 1, at = ${now}::timestamptz where ${refilled} >= 1
    returning 1`.execute(queries);
  if (rows.length > 0) return null;
  const left = await sql<{ tokens: number }>`select ${refilled} as tokens from rate_limit r
    where bucket = ${bucket}`.execute(queries);
  return left.rows[0]?.tokens ?? 0;
}

/** Forgives what was taken. */
export async function fillBucket(queries: Queries, bucket: string): Promise<void> {
  await queries.deleteFrom('rate_limit').where('bucket', '=', bucket).execute();
}

/** Buckets that nobody has touched since are full anyway. */
export async function dropBucketsBefore(queries: Queries, before: Date): Promise<void> {
  await queries.deleteFrom('rate_limit').where('at', '<', before).execute();
}
