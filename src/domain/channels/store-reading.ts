import { sql } from 'kysely';
import type { Queries, Reading } from '#base/db';
import type { Channel } from './channel.ts';
import type { Maintainer, PackageKind } from './package.ts';
import { holdsAt } from './store.ts';

/** A package of one revision: what pages and the matcher need of it. */
export interface PackageRow {
  attr: string;
  kind: PackageKind;
  pname: string;
  version: string;
  name: string;
  patches: string[];
  knownVulnerabilities: string[];
  homepage: string | null;
  sourceUrl: string | null;
  position: string | null;
  maintainers: Maintainer[];
}

const ROW = sql`f.attr, f.kind, f.pname, f.version, f.name, f.patches, f.known_vulnerabilities as "knownVulnerabilities",
  f.homepage, s.url as "sourceUrl", f.position, f.maintainers`;
const JOINS = sql`package_period p join package_fact f on f.hash = p.fact
  left join package_source s on s.attr = f.attr and s.version = f.version`;

/** The packages of a revision, by attribute; with `attrs`, those of them. */
export async function packageRows(
  queries: Queries,
  channel: string,
  at: Date,
  attrs?: readonly string[],
): Promise<PackageRow[]> {
  const some = attrs === undefined ? sql`` : sql`and p.attr = any(${[...attrs]})`;
  const { rows } = await sql<PackageRow>`
    select ${ROW} from ${JOINS} where ${holdsAt(channel, at)} ${some} order by p.attr collate "C"`.execute(
    queries,
  );
  return rows;
}

/** A part of the packages of a revision, by attribute, after one of them. */
export async function packageRowsAfter(
  queries: Queries,
  channel: string,
  at: Date,
  { after, limit }: { after: string | null; limit: number },
): Promise<PackageRow[]> {
  const rest = after === null ? sql`` : sql`and p.attr collate "C" > ${after}`;
  // Which attributes they are is asked first: their facts are then looked up one by one, and not for the whole set.
  const { rows } = await sql<PackageRow>`
    select ${ROW} from (
      select p.* from package_period p where ${holdsAt(channel, at)} ${rest} order by p.attr collate "C" limit ${limit}
    ) p join package_fact f on f.hash = p.fact left join package_source s on s.attr = f.attr and s.version = f.version
    order by p.attr collate "C"`.execute(queries);
  return rows;
}

/** Description, licences and flags of one package of a revision, which lists do without. */
export interface PackageDetails extends PackageRow {
  description: string | null;
  licences: string[];
  broken: boolean;
  unfree: boolean;
  insecure: boolean;
  /** Since which revision it is exactly this. */
  since: Date;
}

/** One attribute in the newest revision of every channel that has it. */
export async function currentOf(
  queries: Queries,
  attr: string,
): Promise<(PackageDetails & { channel: string })[]> {
  const { rows } = await sql<PackageDetails & { channel: string }>`
    select p.channel, ${ROW}, f.description, f.licences, f.broken, f.unfree, f.insecure, p.since
    from ${JOINS} where p.attr = ${attr} and p.until is null`.execute(queries);
  return rows;
}

/** One state of a package in a channel. */
export interface PackagePeriod {
  version: string;
  patches: string[];
  knownVulnerabilities: string[];
  since: Date;
  until: Date | null;
}

/** Every state that an attribute had in a channel, oldest first. */
export async function periodsOf(queries: Queries, channel: string, attr: string): Promise<PackagePeriod[]> {
  const { rows } = await sql<PackagePeriod>`
    select f.version, f.patches, f.known_vulnerabilities as "knownVulnerabilities", p.since, p.until
    from package_period p join package_fact f on f.hash = p.fact
    where p.channel = ${channel} and p.attr = ${attr} order by p.since`.execute(queries);
  return rows;
}

/** What a package was in two revisions; null where it was not in one of them. */
export interface StatePair {
  attr: string;
  before: PackageState | null;
  after: PackageState | null;
}

export interface PackageState {
  pname: string;
  version: string;
  patches: string[];
  knownVulnerabilities: string[];
}

/** Every attribute that is not exactly the same in two revisions, by attribute. */
export async function differingStates(
  queries: Queries,
  channel: string,
  from: Date,
  to: Date,
): Promise<StatePair[]> {
  const state = (fact: string) => {
    const f = sql.ref(fact);
    return sql`case when ${f}.hash is null then null else json_build_object('pname', ${f}.pname, 'version', ${f}.version,
      'patches', ${f}.patches, 'knownVulnerabilities', ${f}.known_vulnerabilities) end`;
  };
  // Only what began or ended in between can differ: a hundredth of the set.
  const [first, last] = from <= to ? [from, to] : [to, from];
  const { rows } = await sql<StatePair>`
    with touched as (
        select distinct attr from package_period
        where channel = ${channel} and ((since > ${first} and since <= ${last}) or (until > ${first} and until <= ${last}))
      ),
      before as (select p.attr, p.fact from package_period p join touched using (attr) where ${holdsAt(channel, from)}),
      after as (select p.attr, p.fact from package_period p join touched using (attr) where ${holdsAt(channel, to)}),
      differing as (
        select coalesce(b.attr, a.attr) as attr, b.fact as old, a.fact as new
        from before b full join after a on a.attr = b.attr where a.fact is distinct from b.fact
      )
    select d.attr, ${state('o')} as before, ${state('n')} as after
    from differing d left join package_fact o on o.hash = d.old left join package_fact n on n.hash = d.new
    order by d.attr collate "C"`.execute(queries);
  return rows;
}

/** A package that was searched for. */
export interface FoundPackage {
  attr: string;
  pname: string;
  /** Channels whose newest revision has it, by name. */
  versions: { channel: string; version: string }[];
}

/**
 * Packages that the newest revision of some channel has and whose attribute or name contains the words; what is called so
 * comes first, then what begins so, then the shortest.
 */
export async function searchNames(queries: Queries, words: string, limit: number): Promise<FoundPackage[]> {
  const text = words.toLowerCase();
  const pattern = text.replace(/[\\%_]/g, '\\$&');
  // Three characters make a trigram; what is shorter makes one only together with the beginning of a word.
  const matches =
    [...text].length < 3
      ? sql`(n.words like ${`${pattern}%`} or n.words like ${`% ${pattern}%`})`
      : sql`n.words like ${`%${pattern}%`}`;
  const { rows } = await sql<FoundPackage>`
    select n.attr, n.pname, v.versions from package_name n
    cross join lateral (
      select json_agg(json_build_object('channel', p.channel, 'version', f.version) order by p.channel) as versions
      from package_period p join package_fact f on f.hash = p.fact
      where p.attr = n.attr and f.pname = n.pname and p.until is null
    ) v
    where ${matches} and v.versions is not null
    order by case
        when n.words like ${`${pattern} %`} then 0
        when n.words like ${`% ${pattern}`} then 1
        when n.words like ${`${pattern}%`} or n.words like ${`% ${pattern}%`} then 2
        when n.words like ${`%.${pattern}%`} then 3
        else 4 end,
      length(n.attr), n.attr collate "C"
    limit ${limit}`.execute(queries);
  return rows;
}

/** Of some attributes, those that a channel has or once had. */
export async function attributesKnown(queries: Queries, attrs: readonly string[]): Promise<Set<string>> {
  const rows = await queries
    .selectFrom('package_name')
    .select('attr')
    .where('attr', '=', sql<string>`any(${[...attrs]}::text[])`)
    .execute();
  return new Set(rows.map(({ attr }) => attr));
}

/** Of some names, those of channels. */
export async function channelsKnown(queries: Queries, names: readonly string[]): Promise<Set<string>> {
  const rows = await queries
    .selectFrom('channel')
    .select('name')
    .where('name', '=', sql<string>`any(${[...names]}::text[])`)
    .execute();
  return new Set(rows.map(({ name }) => name));
}

/** Mail addresses of maintainers, by name and GitHub name. For letters to them only; no page shows them. */
export async function contactsOf(
  queries: Queries,
  maintainers: readonly Maintainer[],
): Promise<(Maintainer & { email: string | null; githubId: number | null })[]> {
  const wanted = JSON.stringify(maintainers.map(({ name, github }) => ({ name, github: github ?? '' })));
  const { rows } = await sql<{ name: string; github: string; email: string | null; githubId: number | null }>`
    select m.name, m.github, m.email, m.github_id as "githubId"
    from json_to_recordset(${wanted}::json) as w(name text, github text) join maintainer m using (name, github)
    order by m.name, m.github`.execute(queries);
  return rows.map((row) => ({ ...row, github: row.github === '' ? null : row.github }));
}

/** A package of a channel's newest revision, with what tells whether it is the same as another one (see `representatives`). */
export interface Sibling {
  channel: string;
  attr: string;
  pname: string;
  version: string;
  position: string | null;
  patches: string[];
}

/**
 * In the newest revision of every channel that has the attribute: it, and what may be the same package under another
 * attribute, that is what comes from the same file and has a name of its or ends as its attribute does.
 */
export async function siblingsOf(queries: Queries, attr: string): Promise<Sibling[]> {
  const own = await queries.selectFrom('package_name').select('pname').where('attr', '=', attr).execute();
  const pattern = (text: string) => text.toLowerCase().replace(/[\\%_]/g, '\\$&');
  const last = pattern(attr.slice(attr.lastIndexOf('.') + 1));
  const patterns = [`${last} %`, `%.${last} %`, ...own.map(({ pname }) => `% ${pattern(pname)}`)];
  // Asked one after the other: as one query the planner reads every package there is.
  const called = await queries
    .selectFrom('package_name')
    .select('attr')
    .distinct()
    .where((eb) => eb.or(patterns.map((each) => eb('words', 'like', each))))
    .execute();
  const { rows } = await sql<Sibling>`
    select p.channel, f.attr, f.pname, f.version, f.position, f.patches
    from package_period p join package_fact f on f.hash = p.fact
    where p.attr = any(${[attr, ...called.map((row) => row.attr)]}) and p.until is null
    order by p.channel, f.attr collate "C"`.execute(queries);
  const file = new Map(rows.filter((row) => row.attr === attr).map((row) => [row.channel, row.position]));
  return rows.filter(({ channel, position }) => file.has(channel) && file.get(channel) === position);
}

/** Every channel by name, as it was set, and whether a revision of it was ever read. */
export const channelsReading: Reading<(Channel & { read: boolean })[]> = {
  sql: `select json_agg(json_build_object('name', c.name, 'lifecycle', c.lifecycle, 'released', c.released,
      'endOfLife', c.end_of_life, 'read', exists (select from revision r where r.channel = c.name)) order by c.name)
    from channel c`,
  read: (json) => (json ?? []) as (Channel & { read: boolean })[],
};
