import { sql } from 'kysely';
import type { Queries } from '#base/db';
import type { Severity } from '#domain/sources';
import { ISSUE, type Issue, STANDS, type StoredAtom } from './store.ts';

/** What pages ask for, beyond what the room itself needs. */
export interface IssueSearch {
  product?: string | undefined;
  severity?: Severity | undefined;
  /** Known to be used by attackers; or known to be, or likely. */
  exploited?: 'known' | 'likely' | undefined;
  /** In the title, whatever the case. */
  words?: string | undefined;
  limit: number;
  offset: number;
}

/**
 * Issues that stand, the one with the latest report first, and how many there are in all.
 *
 * @param total where the caller knows how many
 */
export async function findIssues(
  queries: Queries,
  { product, severity, exploited, words, limit, offset }: IssueSearch,
  total?: number,
): Promise<{ issues: Issue[]; total: number }> {
  let query = queries.selectFrom('issue').where(STANDS);
  if (product !== undefined) query = query.where('product', '=', product);
  if (severity !== undefined) query = query.where('severity', '=', severity);
  if (exploited !== undefined) query = query.where(usedAs(exploited));
  if (words !== undefined) query = query.where('title', 'ilike', `%${words.replace(/[\\%_]/g, '\\$&')}%`);
  const [issues, counted] = await Promise.all([
    query
      .select(ISSUE)
      .orderBy('last_report', 'desc')
      .orderBy('id')
      .limit(limit)
      .offset(offset)
      .$castTo<Issue>()
      .execute(),
    total ?? query.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow(),
  ]);
  return { issues, total: typeof counted === 'number' ? counted : counted.total };
}

function usedAs(exploited: 'known' | 'likely') {
  return exploited === 'known'
    ? sql<boolean>`exists (select from issue_exploitation x where x.issue = issue.id and x.known_since is not null)`
    : sql<boolean>`exists (select from issue_exploitation x where x.issue = issue.id
        and (x.known_since is not null or x.percentile is not null))`;
}

/** Where a list of issues goes on: after that one. */
export interface IssuesAfter extends Omit<IssueSearch, 'offset'> {
  after: { lastReport: Date; id: string } | null;
}

/** The same in the same order, after an issue: whatever comes in meanwhile, none is left out and none comes twice. */
export async function issuesAfter(
  queries: Queries,
  { product, severity, exploited, words, limit, after }: IssuesAfter,
): Promise<Issue[]> {
  let query = queries.selectFrom('issue').where(STANDS);
  if (product !== undefined) query = query.where('product', '=', product);
  if (severity !== undefined) query = query.where('severity', '=', severity);
  if (exploited !== undefined) query = query.where(usedAs(exploited));
  if (words !== undefined) query = query.where('title', 'ilike', `%${words.replace(/[\\%_]/g, '\\$&')}%`);
  if (after !== null)
    query = query
      .where('last_report', '<=', after.lastReport)
      .where(sql<boolean>`(last_report < ${after.lastReport} or id > ${after.id})`);
  return query
    .select(ISSUE)
    .orderBy('last_report', 'desc')
    .orderBy('id')
    .limit(limit)
    .$castTo<Issue>()
    .execute();
}

/** Products whose name contains the words (or begins with less than three letters), with the number of their issues; what is called so comes first, then the shortest. */
export async function findProducts(
  queries: Queries,
  words: string,
  limit: number,
): Promise<{ product: string; issues: number }[]> {
  const text = words.trim().toLowerCase();
  if (text === '') return [];
  const escaped = text.replace(/[\\%_]/g, '\\$&');
  // What is shorter than a trigram is looked for where names begin: that, too, an index knows.
  const pattern = [...text].length < 3 ? `${escaped}%` : `%${escaped}%`;
  return queries
    .selectFrom('issue')
    .select(['product', ({ fn }) => fn.countAll<number>().as('issues')])
    .where(STANDS)
    .where('product', [...text].length < 3 ? 'like' : 'ilike', pattern)
    .groupBy('product')
    .orderBy(sql`lower(product) <> ${text}`)
    .orderBy(sql`length(product)`)
    .orderBy('product')
    .limit(limit)
    .execute();
}

/** Every product that an issue is of. */
export async function productsWithIssues(queries: Queries): Promise<string[]> {
  const rows = await queries.selectFrom('issue').select('product').distinct().execute();
  return rows.map(({ product }) => product);
}

/** What one needs of many issues to count and to sort them. Those that do not stand any more are left out. */
export interface IssueGrade {
  id: string;
  severity: Severity | null;
  opened: Date;
  grownAt: Date;
  /** Known to be used by attackers. */
  exploited: boolean;
}

export async function gradesOf(queries: Queries, issues: readonly string[]): Promise<IssueGrade[]> {
  return queries
    .selectFrom('issue')
    .select(['id', 'severity', 'opened', 'grown_at as grownAt'])
    .select(usedAs('known').as('exploited'))
    .where(STANDS)
    .where('id', '=', sql<string>`any(${issues}::text[])`)
    .$castTo<IssueGrade>()
    .execute();
}

/** When the last report of an issue was taken back; null while it has some. */
export async function endOfIssue(queries: Queries, id: string): Promise<Date | null> {
  const row = await queries.selectFrom('issue').select('ended_at').where('id', '=', id).executeTakeFirst();
  return row?.ended_at ?? null;
}

/** Other names of the flaws that go by the given ids. */
export async function aliasesOf(
  queries: Queries,
  canonical: readonly string[],
): Promise<{ id: string; canonical: string }[]> {
  return queries
    .selectFrom('vulnerability')
    .select(['id', 'canonical'])
    .where('canonical', '=', sql<string>`any(${canonical}::text[])`)
    .whereRef('id', '<>', 'canonical')
    .orderBy('id')
    .execute();
}

/** Up to which computation the issues are, and atoms that say what issues have in common. */
export async function computedIssues(queries: Queries): Promise<{
  computation: number;
  /** Atoms of vulnerabilities in several products, and of those that are asked for. */
  shared(ids: readonly string[]): Promise<StoredAtom[]>;
}> {
  const { computation } = await queries
    .selectFrom('grouping_state')
    .select('computation')
    .executeTakeFirstOrThrow();
  return {
    computation,
    async shared(ids) {
      const { rows } = await sql<StoredAtom>`select product, vulnerability, issue from issue_atom
        where vulnerability = any(${[...new Set(ids)]}::text[]) or vulnerability in
          (select vulnerability from issue_atom group by vulnerability having count(*) > 1)`.execute(queries);
      return rows;
    },
  };
}
