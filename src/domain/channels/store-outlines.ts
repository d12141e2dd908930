import { sql } from 'kysely';
import type { Queries } from '#base/db';
import { factsAt } from './store.ts';

/** What the matcher needs of a package, without whom it belongs to and what it is for. */
export interface PackageOutline {
  attr: string;
  pname: string;
  version: string;
  patches: string[];
  knownVulnerabilities: string[];
  homepage: string | null;
  sourceUrl: string | null;
  position: string | null;
}

type Row = [string, string, string, string, string[], string[], string | null, string | null, string | null];

/** So many facts in one answer: some megabytes. */
const BATCH = 10_000;

/**
 * The package sets of several revisions, in their order. What revisions and channels have in common is read once, and is
 * one and the same object in all of them.
 */
export async function packageOutlines(
  queries: Queries,
  revisions: readonly { channel: string; committedAt: Date }[],
): Promise<PackageOutline[][]> {
  const sets: PackageOutline[][] = [];
  for await (const set of outlinesOver(queries, revisions)) sets.push(set);
  return sets;
}

/**
 * The package set of one revision after another, in the order in which they are given. What they have in common is read once,
 * and is one and the same object; no more than one set is held at a time.
 */
export async function* outlinesOver(
  queries: Queries,
  revisions: readonly { channel: string; committedAt: Date }[],
): AsyncGenerator<PackageOutline[]> {
  const known = new Map<string, PackageOutline>();
  let facts = new Map<string, string>();
  let before = null as { channel: string; committedAt: Date } | null;
  for (const { channel, committedAt } of revisions) {
    // Of a channel's later revisions only what changed is read: a hundredth of the set.
    if (before?.channel === channel && before.committedAt <= committedAt)
      await readChanges(queries, channel, { after: before.committedAt, upTo: committedAt }, facts);
    else facts = await factsAt(queries, channel, committedAt);
    before = { channel, committedAt };
    const fresh = [...facts.values()].filter((hash) => !known.has(hash));
    await readOutlines(queries, fresh, known);
    const set: PackageOutline[] = [];
    for (const hash of facts.values()) {
      const outline = known.get(hash);
      if (outline !== undefined) set.push(outline);
    }
    yield set;
  }
}

/** Makes of the set of one revision that of a later one. */
async function readChanges(
  queries: Queries,
  channel: string,
  { after, upTo }: { after: Date; upTo: Date },
  facts: Map<string, string>,
): Promise<void> {
  const { rows } = await sql<{ gone: string[] | null; came: [attr: string, fact: string][] | null }>`
    select (select json_agg(attr) from package_period
        where channel = ${channel} and since <= ${after} and until > ${after} and until <= ${upTo}) as gone,
      (select json_agg(json_build_array(attr, encode(fact, 'hex'))) from package_period
        where channel = ${channel} and since > ${after} and since <= ${upTo} and (until is null or until > ${upTo})) as came`.execute(
    queries,
  );
  for (const attr of rows[0]?.gone ?? []) facts.delete(attr);
  for (const [attr, fact] of rows[0]?.came ?? []) facts.set(attr, fact);
}

async function readOutlines(
  queries: Queries,
  hashes: readonly string[],
  into: Map<string, PackageOutline>,
): Promise<void> {
  for (let start = 0; start < hashes.length; start += BATCH) {
    const wanted = JSON.stringify(hashes.slice(start, start + BATCH));
    // One JSON text: the driver needs several times as long for as many rows.
    const { rows } = await sql<{ all: Row[] | null }>`
      select json_agg(json_build_array(encode(f.hash, 'hex'), f.attr, f.pname, f.version, f.patches, f.known_vulnerabilities,
        f.homepage, s.url, f.position)) as all
      from json_array_elements_text(${wanted}::json) w(hash)
      join package_fact f on f.hash = decode(w.hash, 'hex')
      left join package_source s on s.attr = f.attr and s.version = f.version`.execute(queries);
    for (const row of rows[0]?.all ?? []) {
      const [hash, attr, pname, version, patches, knownVulnerabilities, homepage, sourceUrl, position] = row;
      into.set(hash, {
        ...{ attr, pname, version, patches, knownVulnerabilities, homepage, sourceUrl, position },
      });
    }
  }
}
