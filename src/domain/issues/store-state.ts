import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';

/** Takes the one lock under which issues are computed, and says what the last computation had seen. */
export async function lockGrouping(tx: Tx) {
  return tx.selectFrom('grouping_state').selectAll().forUpdate().executeTakeFirstOrThrow();
}

export async function recordGrouping(
  tx: Tx,
  seen: {
    computation: number;
    reports_changed: number;
    links_seen: number;
    own_seen: number;
    products_seen: number;
    grouping_version: number;
  },
): Promise<void> {
  await tx
    .updateTable('grouping_state')
    .set({ ...seen, computed_at: new Date() })
    .execute();
}

export async function productsMark(queries: Queries): Promise<number> {
  const { rows } = await sql<{ mark: number }>`select count(*) as mark from watched_product`.execute(queries);
  return rows[0]?.mark ?? 0;
}

export async function watchedProducts(queries: Queries): Promise<Set<string>> {
  const rows = await queries.selectFrom('watched_product').select('product').execute();
  return new Set(rows.map(({ product }) => product));
}

export async function insertWatched(tx: Tx, products: readonly string[]): Promise<void> {
  await sql`insert into watched_product (product) select distinct unnest(${products}::text[]) on conflict do nothing`.execute(
    tx,
  );
}
