import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';

/** What people say of two atoms. */
export interface IssueLink {
  id: number;
  kind: 'must' | 'cannot';
  a: { product: string; vulnerability: string };
  b: { product: string; vulnerability: string };
  author: string;
  /** Entry of the history that made it: it says why. */
  event: number;
}

/** Grow whenever people's links or the watched products change. */
export async function linksMark(queries: Queries): Promise<number> {
  const { rows } = await sql<{
    mark: number;
  }>`select count(*) + count(revoked_at) as mark from issue_link`.execute(queries);
  return rows[0]?.mark ?? 0;
}

export async function activeLinks(queries: Queries): Promise<IssueLink[]> {
  const rows = await queries
    .selectFrom('issue_link')
    .selectAll()
    .where('revoked_at', 'is', null)
    .orderBy('id')
    .execute();
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind as IssueLink['kind'],
    a: { product: row.product_a, vulnerability: row.vulnerability_a },
    b: { product: row.product_b, vulnerability: row.vulnerability_b },
    author: row.author,
    event: row.event,
  }));
}

export async function insertLink(tx: Tx, link: Omit<IssueLink, 'id'>): Promise<number> {
  const { id } = await tx
    .insertInto('issue_link')
    .values({
      kind: link.kind,
      product_a: link.a.product,
      vulnerability_a: link.a.vulnerability,
      product_b: link.b.product,
      vulnerability_b: link.b.vulnerability,
      author: link.author,
      event: link.event,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

/** The links that each of some entries of the history made, and that hold. */
export async function linksMadeBy(queries: Queries, events: readonly number[]): Promise<IssueLink[]> {
  if (events.length === 0) return [];
  return (await activeLinks(queries)).filter(({ event }) => events.includes(event));
}

/** False where it was revoked already, or never made. */
export async function revokeLink(tx: Tx, id: number): Promise<boolean> {
  const { numUpdatedRows } = await tx
    .updateTable('issue_link')
    .set({ revoked_at: new Date() })
    .where('id', '=', id)
    .where('revoked_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}
