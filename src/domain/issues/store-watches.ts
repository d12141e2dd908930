import { sql } from 'kysely';
import type { Queries, Reading, Tx } from '#base/db';

/** Watched things are named by their topic: issue:NSI-2017-0043, package:openssl, channel:nixos-17.03. */
export async function insertWatch(queries: Queries, account: number, topic: string, at: Date): Promise<void> {
  await queries
    .insertInto('watch')
    .values({ account, topic, since: at })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}

export async function deleteWatch(queries: Queries, account: number, topic: string): Promise<void> {
  await queries.deleteFrom('watch').where('account', '=', account).where('topic', '=', topic).execute();
}

/** What somebody watches, the latest first. */
export async function watchesOf(
  queries: Queries,
  account: number,
): Promise<{ topic: string; since: Date }[]> {
  return queries
    .selectFrom('watch')
    .select(['topic', 'since'])
    .where('account', '=', account)
    .orderBy('since', 'desc')
    .orderBy('topic')
    .execute();
}

/** Which of the topics somebody watches. */
export async function watchedAmong(
  queries: Queries,
  account: number,
  topics: readonly string[],
): Promise<Set<string>> {
  const rows = await queries
    .selectFrom('watch')
    .select('topic')
    .where('account', '=', account)
    .where('topic', '=', sql<string>`any(${topics}::text[])`)
    .execute();
  return new Set(rows.map(({ topic }) => topic));
}

/** Accounts that watch the issue whose id is `$1`. */
export const issueWatchersReading: Reading<number[]> = {
  sql: `select json_agg(account) from watch where topic = 'issue:' || $1::text`,
  read: (json) => (json ?? []) as number[],
};

/** Who watches any of the topics. */
export async function watchersOf(
  queries: Queries,
  topics: readonly string[],
): Promise<{ account: number; topic: string }[]> {
  if (topics.length === 0) return [];
  return queries
    .selectFrom('watch')
    .select(['account', 'topic'])
    .where('topic', '=', sql<string>`any(${topics}::text[])`)
    .orderBy('account')
    .execute();
}

/** Whoever watched the one watches the other, too; `instead`: and the one no more. */
export async function copyWatches(tx: Tx, from: string, to: string, instead: boolean): Promise<number> {
  const { rows } = await sql`insert into watch (account, topic, since) select account, ${to}, since from watch
    where topic = ${from} on conflict do nothing returning 1`.execute(tx);
  if (instead) await tx.deleteFrom('watch').where('topic', '=', from).execute();
  return rows.length;
}
