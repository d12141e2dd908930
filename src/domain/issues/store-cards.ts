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

export async function writeCards(tx: Tx, cards: readonly StoredCard[]): Promise<void> {
  await sql`insert into issue_card (issue, changed, brief, page, sources)
    select issue, changed, brief, page,
      array(select distinct a->>'source' from json_array_elements(page->'advisories') a order by 1)
    from json_to_recordset(${JSON.stringify(cards)}::json) as r(issue text, changed bigint, brief json, page json)
    order by issue
    on conflict (issue) do update set changed = excluded.changed, brief = excluded.brief, page = excluded.page,
      sources = excluded.sources`.execute(tx);
}

/** Of issues that have a card, its advisories. */
export async function advisoriesByCard(
  queries: Queries,
  issues: readonly string[],
): Promise<Map<string, IssueCard['advisories']>> {
  const { rows } = await sql<{ issue: string; advisories: IssueCard['advisories'] }>`
    select issue, page->'advisories' as advisories from issue_card where issue = any(${issues}::text[])`.execute(
    queries,
  );
  return new Map(rows.map(({ issue, advisories }) => [issue, advisories]));
}

/** Of issues that have a card, whether it knows of an advisory with its day. */
export async function announcedByCard(
  queries: Queries,
  issues: readonly string[],
): Promise<Map<string, boolean>> {
  const { rows } = await sql<{ issue: string; announced: boolean }>`
    select issue, brief->>'since' is not null as announced from issue_card where issue = any(${issues}::text[])`.execute(
    queries,
  );
  return new Map(rows.map(({ issue, announced }) => [issue, announced]));
}

/**
 * Takes away cards that say why somebody put flaws together or apart, where that entry of the history is erased: they are
 * made again without it.
 */
export async function forgetCards(tx: Tx, events: readonly number[]): Promise<void> {
  await sql`delete from issue_card c using issue_link l join issue_atom t
      on (t.product, t.vulnerability) in ((l.product_a, l.vulnerability_a), (l.product_b, l.vulnerability_b))
    where l.event = any(${events}::bigint[]) and c.issue = t.issue`.execute(tx);
}
