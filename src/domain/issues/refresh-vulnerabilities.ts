import type { Tx } from '#base/db';
import { ratingOf } from '#base/formats';
import { aliasStatements, type RecordFacts, recordsOf, vulnerabilitiesChangedSince } from '#domain/sources';
import { uniteAliases } from './aliases.ts';
import { flawOf } from './issue-title.ts';
import { canonicalIds, rejectedIds, upsertVulnerabilities, type Vulnerability } from './store.ts';

/** Whose facts are taken first where several records describe one vulnerability: NVD scores, CVE.org names. */
const SCORES_FROM = ['nvd', 'cve'];
const WORDS_FROM = ['cve', 'nvd'];
const BATCH = 5000;

/**
 * Describes anew every vulnerability that a report changed after `mark` speaks of.
 *
 * @returns for every id that is an alias, the id that its set goes by
 */
export async function refreshVulnerabilities(tx: Tx, mark: number): Promise<ReadonlyMap<string, string>> {
  const changed = await vulnerabilitiesChangedSince(tx, mark);
  const before = await canonicalIds(tx);
  const { canonical } = uniteAliases(await aliasStatements(tx), await rejectedIds(tx));
  const renamed = [...new Set([...before.keys(), ...canonical.keys()])].filter(
    (id) => before.get(id) !== canonical.get(id),
  );
  const ids = [...new Set([...changed, ...renamed])];
  for (let start = 0; start < ids.length; start += BATCH) {
    const batch = ids.slice(start, start + BATCH);
    const records = new Map<string, RecordFacts[]>();
    for (const record of await recordsOf(tx, batch)) {
      records.set(record.vulnerability, [...(records.get(record.vulnerability) ?? []), record]);
    }
    await upsertVulnerabilities(
      tx,
      batch.map((id) => describe(id, canonical.get(id) ?? id, records.get(id) ?? [])),
    );
  }
  return canonical;
}

/** One description from several records. A rejection by anybody who numbers them holds; without any record it is reserved. */
function describe(id: string, canonical: string, records: readonly RecordFacts[]): Vulnerability {
  const words = inOrder(records, WORDS_FROM);
  const scores = inOrder(records, SCORES_FROM);
  const described = words.find(({ description }) => description !== null);
  const score =
    scores.flatMap(({ cvss }) => cvss ?? []).sort((a, b) => Number(b.version) - Number(a.version))[0]
      ?.score ?? null;
  const weaknesses = [...new Set(records.flatMap((record) => record.weaknesses ?? []))];
  return {
    id,
    canonical,
    state: records.some(({ state }) => state === 'rejected')
      ? 'rejected'
      : records.some(({ state }) => state === 'published')
        ? 'published'
        : 'reserved',
    title: words[0]?.title ?? null,
    description: described?.description ?? null,
    published:
      records
        .map(({ published }) => published)
        .filter((date) => date !== null)
        .sort((a, b) => a.getTime() - b.getTime())[0] ?? null,
    severity:
      score === null ? (scores.find(({ severity }) => severity !== null)?.severity ?? null) : ratingOf(score),
    score,
    weaknesses: weaknesses.length > 0 ? weaknesses : null,
    flaw: flawOf(weaknesses, `${words[0]?.title ?? ''}\n${described?.description ?? ''}`),
  };
}

function inOrder(records: readonly RecordFacts[], sources: readonly string[]): RecordFacts[] {
  const rank = ({ source }: RecordFacts) =>
    sources.includes(source) ? sources.indexOf(source) : sources.length;
  return [...records].sort((a, b) => rank(a) - rank(b));
}
