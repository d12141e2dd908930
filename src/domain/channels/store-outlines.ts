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
  for (const { channel, committedAt } of revisions) {
    const hashes = [...(await factsAt(queries, channel, committedAt)).values()];
    const fresh = hashes.filter((hash) => !known.has(hash));
    await readOutlines(queries, fresh, known);
    yield hashes.flatMap((hash) => known.get(hash) ?? []);
  }
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
