import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { IssueBrief, IssueCard } from './card.ts';

/** A card with the computation that it was made after. */
export interface StoredCard {
  issue: string;
  changed: number;
  brief: IssueBrief;
  page: IssueCard;
}

/** Issues whose card is missing, or was made before they last changed; with the computation that they changed in. */
export async function staleCards(
  queries: Queries,
  { among, limit }: { among?: readonly string[]; limit: number },
): Promise<{ id: string; changed: number }[]> {
  const which = among === undefined ? sql`true` : sql`i.id = any(${among}::text[])`;
  const { rows } = await sql<{ id: string; changed: number }>`
    select i.id, i.changed from issue i left join issue_card c on c.issue = i.id
    where i.redirect is null and c.changed is distinct from i.changed and ${which} order by i.id limit ${limit}`.execute(
    queries,
  );
  return rows;
}

/** Cards of lists, by issue; stale ones too. */
export async function briefsOf(queries: Queries, ids: readonly string[]): Promise<Map<string, IssueBrief>> {
  const { rows } = await sql<{ issue: string; brief: IssueBrief }>`
    select issue, brief from issue_card where issue = any(${ids}::text[])`.execute(queries);
  return new Map(rows.map(({ issue, brief }) => [issue, brief]));
}

export async function writeCards(tx: Tx, cards: readonly StoredCard[]): Promise<void> {
  await sql`insert into issue_card (issue, changed, brief, page)
    select issue, changed, brief, page
    from json_to_recordset(${JSON.stringify(cards)}::json) as r(issue text, changed bigint, brief json, page json)
    order by issue
    on conflict (issue) do update set changed = excluded.changed, brief = excluded.brief, page = excluded.page`.execute(
    tx,
  );
}

/** Cards that hold words which have to be forgotten: they are made again without them. */
export async function dropCards(tx: Tx, issues: readonly string[]): Promise<void> {
  if (issues.length > 0) await sql`delete from issue_card where issue = any(${issues}::text[])`.execute(tx);
}
