import { type RawBuilder, type Selectable, sql } from 'kysely';
import type { Queries, Tables, Tx } from '#base/db';
import type { Channel, Lifecycle } from './channel.ts';
import type { MaintainerContact, PackageFact } from './package.ts';
import type { PeriodChanges } from './periods.ts';

/** A revision as it is stored. */
export interface Revision {
  channel: string;
  commit: string;
  committedAt: Date;
  importedAt: Date;
  /** Number of packages in its set. */
  packages: number;
  /** Whether a list of patches came with it. */
  patchesKnown: boolean;
}

export interface StoredRevision extends Revision {
  /** Hexadecimal; see `setHash`. */
  contentHash: string;
}

/** Rows for one statement: enough that the way to the server counts for nothing, few enough for a modest message. */
const BATCH = 2000;

/** Makes the channel where it is new, and locks it until the transaction ends: imports of one channel come one after the other. */
export async function lockChannel(tx: Tx, name: string, lifecycle: string): Promise<{ isNew: boolean }> {
  const made = await tx
    .insertInto('channel')
    .values({ name, lifecycle })
    .onConflict((conflict) => conflict.doNothing())
    .executeTakeFirst();
  await tx
    .selectFrom('channel')
    .select('name')
    .where('name', '=', name)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { isNew: made.numInsertedOrUpdatedRows === 1n };
}

/** A channel, locked until the transaction ends; null where there is none. */
export async function channelForUpdate(tx: Tx, name: string): Promise<Channel | null> {
  const row = await tx
    .selectFrom('channel')
    .selectAll()
    .where('name', '=', name)
    .forUpdate()
    .executeTakeFirst();
  return row === undefined ? null : channelOf(row);
}

export async function saveChannel(tx: Tx, channel: Channel): Promise<void> {
  const { name, lifecycle, released, endOfLife } = channel;
  await tx
    .updateTable('channel')
    .set({ lifecycle, released, end_of_life: endOfLife })
    .where('name', '=', name)
    .execute();
}

/** Every channel, by name. */
export async function allChannels(queries: Queries): Promise<Channel[]> {
  return (await queries.selectFrom('channel').selectAll().orderBy('name').execute()).map(channelOf);
}

function channelOf(row: Selectable<Tables['channel']>): Channel {
  const { name, lifecycle, released, end_of_life } = row;
  // The column's check allows no other word.
  return { name, lifecycle: lifecycle as Lifecycle, released, endOfLife: end_of_life };
}

/** All revisions of a channel, oldest first. */
export async function revisionsOf(queries: Queries, channel: string): Promise<StoredRevision[]> {
  const rows = await queries
    .selectFrom('revision')
    .selectAll()
    .where('channel', '=', channel)
    .orderBy('committed_at')
    .execute();
  return rows.map((row) => ({ ...revisionOf(row), contentHash: row.content_hash.toString('hex') }));
}

/** The newest revision of every channel that has one, by channel; with `channel`, of that one. */
export async function newestRevisions(queries: Queries, channel?: string): Promise<Revision[]> {
  const query = queries
    .selectFrom('revision')
    .distinctOn('channel')
    .selectAll()
    .orderBy('channel')
    .orderBy('committed_at', 'desc');
  const rows = await (channel === undefined ? query : query.where('channel', '=', channel)).execute();
  return rows.map(revisionOf);
}

function revisionOf(row: Selectable<Tables['revision']>): Revision {
  return {
    channel: row.channel,
    commit: row.commit,
    committedAt: row.committed_at,
    importedAt: row.imported_at,
    packages: row.packages,
    patchesKnown: row.patches_known,
  };
}

/** Rows of `package_period p` that hold at a time: all of the state of one channel at one of its revisions. */
export function holdsAt(channel: string, at: Date): RawBuilder<boolean> {
  return sql<boolean>`p.channel = ${channel} and p.since <= ${at} and (p.until is null or p.until > ${at})`;
}

/** The set of a revision. */
export async function factsAt(queries: Queries, channel: string, at: Date): Promise<Map<string, string>> {
  // One text: the driver needs ten times as long for 28,000 rows.
  const { rows } = await sql<{ all: string | null }>`
    select string_agg(encode(p.fact, 'hex') || p.attr, E'\n') as all from package_period p where ${holdsAt(channel, at)}`.execute(
    queries,
  );
  const facts = new Map<string, string>();
  for (const line of rows[0]?.all?.split('\n') ?? []) facts.set(line.slice(64), line.slice(0, 64));
  return facts;
}

/** Attributes with patches in a revision. */
export async function patchesAt(queries: Queries, channel: string, at: Date): Promise<Map<string, string[]>> {
  const { rows } = await sql<{ attr: string; patches: string[] }>`
    select p.attr, f.patches from package_period p join package_fact f on f.hash = p.fact
    where ${holdsAt(channel, at)} and f.patches <> '{}'`.execute(queries);
  return new Map(rows.map(({ attr, patches }) => [attr, patches]));
}

export async function factsByHash(queries: Queries, hashes: readonly string[]): Promise<PackageFact[]> {
  const found: PackageFact[] = [];
  for (const batch of batches(hashes)) {
    const { rows } = await sql<PackageFact>`
      select attr, kind, name, pname, version, description, homepage, position, patches,
        known_vulnerabilities as "knownVulnerabilities", maintainers, licences, broken, unfree, insecure
      from package_fact where hash in (select decode(value, 'hex') from json_array_elements_text(${json(batch)}))`.execute(
      queries,
    );
    found.push(...rows);
  }
  return found;
}

/** Stores facts that are not there yet, and the names in them. */
export async function insertFacts(tx: Tx, facts: ReadonlyMap<string, PackageFact>): Promise<void> {
  // In the order of their keys, everywhere: imports of two channels that share facts wait for each other but never in a circle.
  // Fields that most facts do not have are left out: the message is half as long.
  const rows = [...facts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([hash, fact]) => ({
      hash: `\\x${hash}`,
      attr: fact.attr,
      kind: fact.kind === 'attribute' ? undefined : fact.kind,
      name: fact.name,
      pname: fact.pname,
      version: fact.version,
      description: fact.description ?? undefined,
      homepage: fact.homepage ?? undefined,
      position: fact.position ?? undefined,
      patches: some(fact.patches),
      vulnerabilities: some(fact.knownVulnerabilities),
      maintainers: some(fact.maintainers.map(({ name, github }) => ({ name, github }))),
      licences: some(fact.licences),
      broken: fact.broken || undefined,
      unfree: fact.unfree || undefined,
      insecure: fact.insecure || undefined,
    }));
  for (const batch of batches(rows)) {
    await sql`
      insert into package_fact (hash, attr, kind, name, pname, version, description, homepage, position, patches,
        known_vulnerabilities, maintainers, licences, broken, unfree, insecure)
      select hash, attr, coalesce(kind, 'attribute'), name, pname, version, description, homepage, position,
        coalesce(patches, '{}'), coalesce(vulnerabilities, '{}'), coalesce(maintainers, '[]'), coalesce(licences, '{}'),
        coalesce(broken, false), coalesce(unfree, false), coalesce(insecure, false)
      from json_to_recordset(${json(batch)}) as f(hash bytea, attr text, kind text, name text, pname text, version text,
        description text, homepage text, position text, patches text[], vulnerabilities text[], maintainers jsonb,
        licences text[], broken boolean, unfree boolean, insecure boolean)
      on conflict do nothing`.execute(tx);
  }
  const names = [...facts.values()]
    .map(({ attr, pname }) => ({ attr, pname }))
    .sort((a, b) => (a.attr < b.attr || (a.attr === b.attr && a.pname < b.pname) ? -1 : 1));
  for (const batch of batches(names)) {
    await sql`
      insert into package_name (attr, pname)
      select n.attr, n.pname from json_to_recordset(${json(batch)}) as n(attr text, pname text)
      on conflict do nothing`.execute(tx);
  }
}

/** Carries out a plan for a revision at `at`, with the date of the revision after it. */
export async function applyPeriods(
  tx: Tx,
  channel: string,
  at: Date,
  next: Date | null,
  changes: PeriodChanges,
): Promise<void> {
  for (const attrs of batches(changes.split)) {
    await sql`
      insert into package_period (channel, attr, fact, since, until)
      select p.channel, p.attr, p.fact, ${next}, p.until from package_period p
      where ${holdsAt(channel, at)} and p.attr in ${listed(attrs)}`.execute(tx);
  }
  for (const attrs of batches(changes.end)) {
    await sql`update package_period p set until = ${at} where ${holdsAt(channel, at)} and p.attr in ${listed(attrs)}`.execute(
      tx,
    );
  }
  for (const attrs of batches(changes.extend)) {
    await sql`
      update package_period set since = ${at}
      where channel = ${channel} and since = ${next} and attr in ${listed(attrs)}`.execute(tx);
  }
  for (const rows of batches(changes.begin)) {
    const written = await sql`
      insert into package_period (channel, attr, fact, since, until)
      select ${channel}, n.attr, f.hash, ${at}::timestamptz, ${next}::timestamptz
      from json_to_recordset(${json(rows)}) as n(attr text, fact text)
      join package_fact f on f.hash = decode(n.fact, 'hex')`.execute(tx);
    if (written.numAffectedRows !== BigInt(rows.length)) throw new Error('a period has no fact');
  }
}

/** Undoes what a revision did to the periods, as if it had never been imported. */
export async function removePeriods(tx: Tx, channel: string, at: Date, next: Date | null): Promise<void> {
  // What only this revision had.
  await sql`delete from package_period where channel = ${channel} and since = ${at} and until is not distinct from ${next}`.execute(
    tx,
  );
  if (next === null) {
    await sql`update package_period set until = null where channel = ${channel} and until = ${at}`.execute(
      tx,
    );
    return;
  }
  await sql`update package_period set since = ${next} where channel = ${channel} and since = ${at}`.execute(
    tx,
  );
  // What ended with it: it goes on where the next revision has the same fact again, and ends there otherwise.
  await sql`
    with rejoined as (
      delete from package_period later using package_period earlier
      where later.channel = ${channel} and later.since = ${next}
        and earlier.channel = ${channel} and earlier.until = ${at} and earlier.attr = later.attr and earlier.fact = later.fact
      returning later.attr, later.until
    )
    update package_period p set until = case when r.attr is null then ${next}::timestamptz else r.until end
    from package_period o left join rejoined r on r.attr = o.attr
    where o.channel = ${channel} and o.until = ${at} and p.channel = o.channel and p.attr = o.attr and p.since = o.since`.execute(
    tx,
  );
}

export async function saveRevision(tx: Tx, revision: Omit<StoredRevision, 'importedAt'>): Promise<void> {
  const row = {
    channel: revision.channel,
    commit: revision.commit,
    committed_at: revision.committedAt,
    packages: revision.packages,
    patches_known: revision.patchesKnown,
    content_hash: Buffer.from(revision.contentHash, 'hex'),
  };
  await tx
    .insertInto('revision')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['channel', 'commit']).doUpdateSet({ ...row, imported_at: new Date() }),
    )
    .execute();
}

/** Of two URLs for one version the one that sorts last stays (https before http before ftp), in whatever order they come. */
export async function mergeSourceUrls(
  tx: Tx,
  urls: readonly { attr: string; version: string; url: string }[],
): Promise<void> {
  const rows = [...urls].sort((a, b) => (a.attr < b.attr ? -1 : 1));
  for (const batch of batches(rows)) {
    await sql`
      insert into package_source as s (attr, version, url)
      select attr, version, url from json_to_recordset(${json(batch)}) as u(attr text, version text, url text)
      on conflict (attr, version) do update set url = excluded.url where excluded.url > s.url`.execute(tx);
  }
}

/** How to reach maintainers, as the newest revision says it. */
export async function mergeContacts(
  tx: Tx,
  contacts: readonly MaintainerContact[],
  seen: Date,
): Promise<void> {
  const known = new Map(contacts.map((one) => [`${one.name}\n${one.github ?? ''}`, one]));
  const rows = [...known].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
  for (const batch of batches(rows)) {
    await sql`
      insert into maintainer as m (name, github, github_id, email, seen)
      select name, coalesce(github, ''), "githubId", email, ${seen}::timestamptz
      from json_to_recordset(${json(batch)}) as c(name text, github text, "githubId" bigint, email text)
      on conflict (name, github) do update set github_id = excluded.github_id, email = excluded.email, seen = excluded.seen
      where excluded.seen > m.seen`.execute(tx);
  }
}

/** A first import doubles the tables; without figures the planner reads them in the wrong order for minutes. */
export async function refreshFigures(tx: Tx): Promise<void> {
  await sql`analyze package_fact (hash), package_period (channel, attr, fact, since, until), package_source (attr, version)`.execute(
    tx,
  );
}

function* batches<T>(rows: readonly T[]): Generator<T[]> {
  for (let i = 0; i < rows.length; i += BATCH) yield rows.slice(i, i + BATCH);
}

function json(value: unknown): RawBuilder<unknown> {
  return sql`${JSON.stringify(value)}::json`;
}

function listed(attrs: readonly string[]): RawBuilder<unknown> {
  return sql`(select json_array_elements_text(${json(attrs)}))`;
}

function some<T>(list: readonly T[]): readonly T[] | undefined {
  return list.length > 0 ? list : undefined;
}
