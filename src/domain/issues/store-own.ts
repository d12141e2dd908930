import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { Severity } from '#domain/sources';
import type { IssueDraft, OwnVulnerability } from './own-vulnerability.ts';

const COLUMNS = sql`id, request, product, draft, published, version, made_by as "madeBy", made_at as "madeAt",
  withdrawn_at as "withdrawnAt"`;

/** Those that stand: what people say there is, beside the reports. */
export async function standingOwn(queries: Queries): Promise<OwnVulnerability[]> {
  const { rows } =
    await sql<OwnVulnerability>`select ${COLUMNS} from own_vulnerability where withdrawn_at is null
    order by id`.execute(queries);
  return rows;
}

/** Grows with every change of them. */
export async function ownMark(queries: Queries): Promise<number> {
  const { rows } = await sql<{
    mark: number;
  }>`select coalesce(max(version), 0) as mark from own_vulnerability`.execute(queries);
  return rows[0]?.mark ?? 0;
}

export async function ownByRequest(
  queries: Queries,
  requests: readonly string[],
): Promise<Map<string, OwnVulnerability>> {
  const { rows } = await sql<OwnVulnerability>`select ${COLUMNS} from own_vulnerability
    where request = any(${requests}::text[])`.execute(queries);
  return new Map(rows.map((row) => [row.request, row]));
}

/** What is known of vulnerabilities that bear a number of ours. */
export async function ownVulnerabilities(
  queries: Queries,
  ids: readonly string[],
): Promise<OwnVulnerability[]> {
  const { rows } =
    await sql<OwnVulnerability>`select ${COLUMNS} from own_vulnerability where id = any(${ids}::text[])
    order by id`.execute(queries);
  return rows;
}

/** The next number of ours in a year. Callers hold the lock on the history. */
export async function nextOwnNumber(tx: Tx, year: number): Promise<number> {
  const { rows } = await sql<{ last: number }>`select coalesce(max(number), 0) as last from own_vulnerability
    where year = ${year}`.execute(tx);
  return (rows[0]?.last ?? 0) + 1;
}

/** The next number of an issue in a year; it is not given again. Callers hold the lock on the history, as grouping does. */
export async function takeIssueNumber(tx: Tx, year: number): Promise<number> {
  const { rows } = await sql<{ last: number }>`insert into issue_number (year, last) values (${year}, 1)
    on conflict (year) do update set last = issue_number.last + 1 returning last`.execute(tx);
  return rows[0]?.last ?? 1;
}

export interface NewOwn {
  id: string;
  year: number;
  number: number;
  request: string;
  product: string;
  draft: IssueDraft;
  flaw: string | null;
  published: Date;
  version: number;
  madeBy: string;
  madeAt: Date;
  issue: { id: string; year: number; number: number; title: string };
}

/** A vulnerability of ours, and the issue that it opens: the one that grouping will find for it. */
export async function insertOwn(tx: Tx, own: NewOwn): Promise<void> {
  const severity: Severity | null = own.draft.severity ?? null;
  await tx
    .insertInto('issue')
    .values({
      ...own.issue,
      product: own.product,
      severity,
      opened: own.published,
      last_report: own.published,
    })
    .execute();
  await tx
    .insertInto('own_vulnerability')
    .values({
      id: own.id,
      year: own.year,
      number: own.number,
      request: own.request,
      product: own.product,
      issue: own.issue.id,
      draft: JSON.stringify(own.draft),
      published: own.published,
      version: own.version,
      made_by: own.madeBy,
      made_at: own.madeAt,
    })
    .execute();
  await describeOwn(tx, own);
  await tx
    .insertInto('issue_atom')
    .values({ product: own.product, vulnerability: own.id, issue: own.issue.id })
    .execute();
}

/** Says of it what records say of others. */
export async function describeOwn(
  tx: Tx,
  { id, draft, flaw, published }: Pick<NewOwn, 'id' | 'draft' | 'flaw' | 'published'>,
): Promise<void> {
  const described = {
    state: 'published',
    title: draft.title,
    description: draft.summary ?? null,
    published,
    severity: draft.severity ?? null,
    flaw,
  };
  await tx
    .insertInto('vulnerability')
    .values({ id, canonical: id, ...described })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(described))
    .execute();
  await forgetCardsNaming(tx, [id]);
}

/** Cards hold what is said of their vulnerabilities: they are made again. */
async function forgetCardsNaming(tx: Tx, vulnerabilities: readonly string[]): Promise<void> {
  await sql`delete from issue_card c using issue_atom a
    where a.vulnerability = any(${vulnerabilities}::text[]) and c.issue = a.issue`.execute(tx);
}

/** Another text, taken back, or back again. */
export async function updateOwn(
  tx: Tx,
  id: string,
  now: { draft?: IssueDraft; version: number; withdrawnAt: Date | null },
): Promise<void> {
  await tx
    .updateTable('own_vulnerability')
    .set({
      version: now.version,
      withdrawn_at: now.withdrawnAt,
      ...(now.draft === undefined ? {} : { draft: JSON.stringify(now.draft) }),
    })
    .where('id', '=', id)
    .execute();
}

/**
 * Where an own vulnerability that is back belongs, or from where one goes that was taken back: its issue stands as long as
 * it holds anything that does. Grouping comes to the same.
 */
export async function placeOwn(tx: Tx, id: string, at: Date): Promise<void> {
  await sql`update own_vulnerability o set issue = coalesce(i.redirect, i.id)
    from issue i where o.id = ${id} and i.id = coalesce(
      (select a.issue from issue_atom a where a.product = o.product and a.vulnerability = o.id), o.issue)`.execute(
    tx,
  );
  await sql`insert into issue_atom (product, vulnerability, issue) select product, id, issue from own_vulnerability
    where id = ${id} and withdrawn_at is null on conflict do nothing`.execute(tx);
  await sql`update issue i set ended_at = case when not exists (
        select from issue_atom a left join own_vulnerability o on o.id = a.vulnerability
        where a.issue = i.id and o.withdrawn_at is null) then coalesce(i.ended_at, ${at}) end
    where i.id = (select issue from own_vulnerability where id = ${id})`.execute(tx);
}

/** The issue that holds what was made for a request, where it is now; null where nothing was (yet). */
export async function issueOfRequest(
  queries: Queries,
  request: string,
): Promise<{ issue: string; vulnerability: string } | null> {
  const { rows } = await sql<{ issue: string; vulnerability: string }>`
    select coalesce(i.redirect, i.id) as issue, o.id as vulnerability
    from own_vulnerability o left join issue_atom a on a.vulnerability = o.id and a.product = o.product
    join issue i on i.id = coalesce(a.issue, o.issue) where o.request = ${request}`.execute(queries);
  return rows[0] ?? null;
}

/** Forgets what was said of them. They keep their numbers. */
export async function eraseOwn(
  tx: Tx,
  forgotten: readonly { id: string; events: readonly number[] }[],
): Promise<void> {
  const rows = JSON.stringify(forgotten);
  const { rows: erased } = await sql<{
    id: string;
  }>`update vulnerability v set title = null, description = null
    from own_vulnerability o, jsonb_to_recordset(${rows}::jsonb) as r(id text, events bigint[])
    where v.id = o.id and o.request = r.id and o.version = any(r.events) returning v.id`.execute(tx);
  await forgetCardsNaming(
    tx,
    erased.map(({ id }) => id),
  );
  await sql`update own_vulnerability o set draft = null from jsonb_to_recordset(${rows}::jsonb) as r(id text, events bigint[])
    where o.request = r.id and o.version = any(r.events)`.execute(tx);
}
