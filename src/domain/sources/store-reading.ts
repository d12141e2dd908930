import { sql } from 'kysely';
import type { Queries } from '#base/db';
import type { VersionStatement } from '#base/versions';
import { type PackedLink, unpackLinks } from './pack-links.ts';
import { type PackedVersions, unpackVersions } from './pack-versions.ts';
import type { Affected, CvssScore, Link, ReportKind, Severity } from './source.ts';

/** An advisory as grouping needs it. */
export interface AdvisoryFacts {
  report: number;
  source: string;
  key: string;
  published: Date | null;
  vulnerabilities: string[];
  packages: PackageName[];
}

export interface PackageName {
  ecosystem: string;
  vendor: string | null;
  name: string;
}

/** Every advisory that stands, in the order in which they were published. */
export async function advisories(queries: Queries): Promise<AdvisoryFacts[]> {
  const { rows } = await sql<AdvisoryFacts>`
    select r.id as report, r.source, r.key, r.published, r.vulnerabilities,
      coalesce((select json_agg(p) from (select distinct ecosystem, vendor, name from report_affected where report = r.id) p), '[]') as packages
    from report r
    where r.kind = 'advisory' and r.gone_at is null and r.withdrawn is null
    order by r.published, r.source, r.key`.execute(queries);
  return rows;
}

/** Records of vulnerabilities that name one of the products `names` (as their ecosystem spells it). */
export async function recordsNaming(queries: Queries, names: readonly string[]): Promise<AdvisoryFacts[]> {
  const { rows } = await sql<AdvisoryFacts>`
    select r.id as report, r.source, r.key, r.published, r.vulnerabilities,
      json_agg(json_build_object('ecosystem', p.ecosystem, 'vendor', p.vendor, 'name', p.name)) as packages
    from (select distinct report, ecosystem, vendor, name from report_affected where name = any(${names}::text[])) p
    join report r on r.id = p.report
    where r.kind = 'record' and r.gone_at is null and r.withdrawn is null and r.state is distinct from 'rejected'
    group by r.id
    order by r.published, r.source, r.key`.execute(queries);
  return rows;
}

/** Names under which records speak of products. */
export async function recordNames(queries: Queries): Promise<PackageName[]> {
  const { rows } = await sql<PackageName>`
    select distinct a.ecosystem, a.vendor, a.name from report_affected a where a.ecosystem in ('cpe', 'cve')`.execute(
    queries,
  );
  return rows;
}

/** What the records say of one vulnerability. */
export interface RecordFacts {
  vulnerability: string;
  source: string;
  state: 'published' | 'reserved' | 'rejected';
  title: string;
  description: string | null;
  published: Date | null;
  severity: Severity | null;
  cvss: CvssScore[] | null;
  weaknesses: string[] | null;
  /** When it was last changed, as it says; else when we first read it. */
  saidAt: Date;
}

/** Ids of the vulnerabilities that reports changed after `mark` speak of. */
export async function vulnerabilitiesChangedSince(queries: Queries, mark: number): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select distinct unnest(vulnerabilities || coalesce(aliases, '{}')) as id from report where changed > ${mark}`.execute(
    queries,
  );
  return rows.map(({ id }) => id);
}

/** Records of the given vulnerabilities, several for one where several sources have it. */
export async function recordsOf(
  queries: Queries,
  vulnerabilities: readonly string[],
): Promise<RecordFacts[]> {
  const { rows } = await sql<RecordFacts>`
    select v.vulnerability, r.source, coalesce(r.state, 'published') as state, r.title, r.description, r.published,
      r.severity, r.cvss, r.weaknesses, coalesce(r.modified, r.fetched_first) as "saidAt"
    from report_vulnerability v join report r on r.id = v.report
    where v.vulnerability = any(${vulnerabilities}::text[]) and r.kind = 'record' and r.gone_at is null
    order by v.vulnerability, r.source, r.key`.execute(queries);
  return rows;
}

/** What records say of other names of the flaw that they describe. */
export async function aliasStatements(
  queries: Queries,
): Promise<{ source: string; id: string; aliases: string[] }[]> {
  const { rows } = await sql<{ source: string; id: string; aliases: string[] }>`
    select source, vulnerabilities[1] as id, aliases from report
    where kind = 'record' and gone_at is null and aliases is not null and cardinality(vulnerabilities) > 0`.execute(
    queries,
  );
  return rows;
}

/** A report as a page or an answer shows it. */
export interface Report {
  id: number;
  source: string;
  key: string;
  kind: ReportKind;
  format: string;
  raw: Buffer;
  pack: number;
  revision: number;
  title: string;
  description: string | null;
  published: Date | null;
  modified: Date | null;
  url: string | null;
  state: string | null;
  withdrawn: string | null;
  severity: Severity | null;
  severityAs: string | null;
  cvss: CvssScore[] | null;
  vulnerabilities: string[];
  aliases: string[] | null;
  cites: string[] | null;
  weaknesses: string[] | null;
  /** What one can act on or that names an advisory; `allLinks` has the others. */
  links: Link[];
  path: string;
  fetchedFirst: Date;
  fetchedLast: Date;
  goneAt: Date | null;
}

function selectReports(queries: Queries) {
  return queries
    .selectFrom('report')
    .select([
      'id',
      'source',
      'key',
      'kind',
      'format',
      'raw',
      'pack',
      'revision',
      'title',
      'description',
      'published',
      'modified',
      'url',
    ])
    .select([
      'state',
      'withdrawn',
      'severity',
      'severity_as as severityAs',
      'cvss',
      'vulnerabilities',
      'aliases',
      'cites',
    ])
    .select([
      'weaknesses',
      'links',
      'path',
      'fetched_first as fetchedFirst',
      'fetched_last as fetchedLast',
      'gone_at as goneAt',
    ])
    .$castTo<StoredReport>();
}

/** A report as its row has it. */
type StoredReport = Omit<Report, 'links'> & { links: PackedLink[] | null };

function asReport({ links, ...row }: StoredReport): Report {
  return { ...row, links: unpackLinks(links) };
}

/** The report of that key, or null. */
export async function reportByKey(queries: Queries, source: string, key: string): Promise<Report | null> {
  const row = await selectReports(queries)
    .where('source', '=', source)
    .where('key', '=', key)
    .executeTakeFirst();
  return row === undefined ? null : asReport(row);
}

/** The reports of those ids, in the order in which they were published. */
export async function reportsById(queries: Queries, ids: readonly number[]): Promise<Report[]> {
  const rows = await selectReports(queries)
    .where('id', '=', sql<number>`any(${ids}::bigint[])`)
    .orderBy('published')
    .orderBy('source')
    .orderBy('key')
    .execute();
  return rows.map(asReport);
}

/** Every report that names one of the vulnerabilities, in the order in which they were published. */
export async function reportsNaming(queries: Queries, vulnerabilities: readonly string[]): Promise<Report[]> {
  if (vulnerabilities.length === 0) return [];
  const rows = await selectReports(queries)
    .where(
      'id',
      'in',
      sql<number>`(select report from report_vulnerability where vulnerability = any(${vulnerabilities}::text[]))`,
    )
    .where('gone_at', 'is', null)
    .orderBy('published')
    .orderBy('source')
    .orderBy('key')
    .execute();
  return rows.map(asReport);
}

/** A row of a report, with null for what it does not say. */
export type ReportAffected = {
  [Key in keyof Affected]-?:
    | Exclude<Affected[Key], undefined>
    | (undefined extends Affected[Key] ? null : never);
} & { report: number };

/** What the reports say of packages, for display and for verdicts. */
export async function affectedOf(queries: Queries, reports: readonly number[]): Promise<ReportAffected[]> {
  if (reports.length === 0) return [];
  const rows = await queries
    .selectFrom('report_affected')
    .select([
      'report',
      'ecosystem',
      'vendor',
      'name',
      'release',
      'vulnerability',
      'status',
      'fixed',
      'versions',
      'note',
    ])
    .where('report', '=', sql<number>`any(${reports}::bigint[])`)
    .$castTo<Omit<ReportAffected, 'versions'> & { versions: PackedVersions | null }>()
    .execute();
  return rows.map((row) => ({ ...row, versions: unpackVersions(row.versions) }));
}

/** What a report says of one package and one vulnerability, as matching needs it. */
export interface MatchingFacts {
  vulnerability: string;
  source: string;
  /** Empty where only the name counts. */
  report: string;
  ecosystem: string;
  vendor: string | null;
  name: string;
  release: string | null;
  /** Null where only the name counts: stable releases take fixes into old versions, which say nothing of upstream's. */
  versions: VersionStatement | null;
  note: string | null;
  /** How many vulnerabilities the report says this of at once. */
  together: number;
  /** Its distribution looked into it and found that it is not true of its package. */
  denied: boolean;
}

/** Names and version statements of every report on the given vulnerabilities. */
export async function factsForMatching(
  queries: Queries,
  vulnerabilities: readonly string[],
): Promise<MatchingFacts[]> {
  if (vulnerabilities.length === 0) return [];
  const named = sql`named as (
    select n.vulnerability, r.id as report_id, r.source, r.key as report, cardinality(r.vulnerabilities) as names
    from report_vulnerability n join report r on r.id = n.report
    where n.vulnerability = any(${vulnerabilities}::text[])
      and r.gone_at is null and r.withdrawn is null and r.state is distinct from 'rejected')`;
  const joined = sql`named n join report_affected a
    on a.report = n.report_id and (a.vulnerability is null or a.vulnerability = n.vulnerability)`;
  const { rows: statements } = await sql<
    Omit<MatchingFacts, 'versions' | 'denied'> & { versions: PackedVersions | null }
  >`
    with ${named}
    select n.vulnerability, n.source, n.report, a.ecosystem, a.vendor, a.name, a.release, a.versions, a.note,
      case when a.vulnerability is null then n.names else 1 end as together
    from ${joined} where ${FOLLOWS_UPSTREAM}`.execute(queries);
  const { rows: names } = await sql<
    Pick<MatchingFacts, 'vulnerability' | 'source' | 'ecosystem' | 'vendor' | 'name' | 'denied'>
  >`
    with ${named}
    select n.vulnerability, n.source, a.ecosystem, a.vendor, a.name, bool_or(${DENIED}) as denied
    from ${joined} where not ${FOLLOWS_UPSTREAM} group by 1, 2, 3, 4, 5`.execute(queries);
  return [
    ...statements.map((row) => ({ ...row, versions: unpackVersions(row.versions), denied: false })),
    ...names.map((row) => ({ ...row, report: '', release: null, versions: null, note: null, together: 1 })),
  ];
}

/** A distribution's word that it looked into it and found it not to be true of its package: Alpine's rejections, of every release. */
const DENIED = sql<boolean>`a.ecosystem = 'alpine' and a.release is null and a.status = 'not_affected' and a.note = 'rejected'`;

/** Releases of distributions that follow upstream: their fixed version is an upstream release. */
const FOLLOWS_UPSTREAM = sql<boolean>`(a.ecosystem in ('cpe', 'cve', 'gentoo', 'arch', 'pypi', 'npm', 'rubygems')
  or (a.ecosystem = 'debian' and a.release = 'sid') or (a.ecosystem = 'ubuntu' and a.release = 'upstream')
  or (a.ecosystem = 'alpine' and a.release = 'edge'))`;

/** How many reports stand. */
export async function countReports(queries: Queries): Promise<{ reports: number }> {
  const { rows } = await sql<{
    reports: number;
  }>`select count(*) as reports from report where gone_at is null`.execute(queries);
  return rows[0] ?? { reports: 0 };
}

/** Stored documents that an earlier version of the parser read, in the order of their ids. */
export async function outdated(
  queries: Queries,
  source: { id: string; version: number },
  after: number,
  limit: number,
) {
  return queries
    .selectFrom('report')
    .select(['id', 'document', 'path', 'format', 'raw', 'pack'])
    .where('source', '=', source.id)
    .where('parser_version', '<', source.version)
    .where('id', '>', after)
    .orderBy('id')
    .limit(limit)
    .execute();
}

/** Name of a report's document in its file, which its parser needs to read it again. */
export async function documentOf(queries: Queries, report: number): Promise<string | null> {
  const row = await queries
    .selectFrom('report')
    .select('document')
    .where('id', '=', report)
    .executeTakeFirst();
  return row?.document ?? null;
}
