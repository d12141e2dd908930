import type { Queries, Tx } from '#base/db';
import { ratingOf } from '#base/formats';
import { aliasStatements, type RecordFacts, recordsOf, vulnerabilitiesChangedSince } from '#domain/sources';
import { uniteAliases } from './aliases.ts';
import { flawOf } from './issue-title.ts';
import {
  canonicalIds,
  rejectedIds,
  upsertVulnerabilities,
  type Vulnerability,
} from './store-vulnerabilities.ts';

/** Whose facts are taken first where several records describe one vulnerability: NVD scores, CVE.org names. */
const SCORES_FROM = ['nvd', 'cve'];
const WORDS_FROM = ['cve', 'nvd'];
const BATCH = 5000;

/**
 * Describes anew every vulnerability that a report changed after `mark` speaks of.
 *
 * @param queries where reports are read: beside the transaction, one batch while the one before it is written
 * @returns for every id that is an alias, the id that its set goes by; and the ids of which something new is said
 */
export async function refreshVulnerabilities(
  tx: Tx,
  queries: Queries,
  mark: number,
  onProgress: (done: number, of: number) => void = () => {},
): Promise<{ canonicalIds: ReadonlyMap<string, string>; spokenOf: readonly string[] }> {
  const changed = await vulnerabilitiesChangedSince(queries, mark);
  const before = await canonicalIds(tx);
  const { canonical } = uniteAliases(await aliasStatements(queries), await rejectedIds(tx));
  const renamed = [...new Set([...before.keys(), ...canonical.keys()])].filter(
    (id) => before.get(id) !== canonical.get(id),
  );
  const ids = [...new Set([...changed, ...renamed])].sort();
  let next = recordsOf(queries, ids.slice(0, BATCH));
  for (let start = 0; start < ids.length; start += BATCH) {
    onProgress(start, ids.length);
    const batch = ids.slice(start, start + BATCH);
    const records = new Map<string, RecordFacts[]>();
    for (const record of await next) {
      const known = records.get(record.vulnerability);
      if (known === undefined) records.set(record.vulnerability, [record]);
      else known.push(record);
    }
    next = recordsOf(queries, ids.slice(start + BATCH, start + 2 * BATCH));
    const rows = batch.map((id) => describe(id, canonical.get(id) ?? id, records.get(id) ?? []));
    // Where writing fails the reading must not be left alone: its failure would then be nobody's.
    await Promise.all([upsertVulnerabilities(tx, rows), next]);
  }
  return { canonicalIds: canonical, spokenOf: ids };
}

/** One description from several records. A rejection by anybody who numbers them holds; without any record it is reserved. */
function describe(id: string, canonical: string, records: readonly RecordFacts[]): Vulnerability {
  const words = inOrder(records, WORDS_FROM);
  const scores = inOrder(records, SCORES_FROM);
  const described = words.find(({ description }) => description !== null);
  const score =
    scores.flatMap(({ cvss }) => cvss ?? []).sort((a, b) => Number(b.version) - Number(a.version))[0]
      ?.score ?? null;
  const state = records.some((each) => each.state === 'rejected')
    ? 'rejected'
    : records.some((each) => each.state === 'published')
      ? 'published'
      : 'reserved';
  const saying = records.filter((each) => each.state === state);
  const weaknesses = [...new Set(records.flatMap((record) => record.weaknesses ?? []))];
  return {
    id,
    canonical,
    state,
    // What is published bears its day, as it is written; of the others it is the record's last change that made it so.
    stateSince: state === 'published' ? null : earliest(saying.map(({ saidAt }) => saidAt)),
    stateBy: [...new Set(saying.map(({ source }) => source))].sort(),
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

function earliest(moments: readonly Date[]): Date | null {
  return moments.reduce<Date | null>((first, at) => (first === null || at < first ? at : first), null);
}

function inOrder(records: readonly RecordFacts[], sources: readonly string[]): RecordFacts[] {
  const rank = ({ source }: RecordFacts) =>
    sources.includes(source) ? sources.indexOf(source) : sources.length;
  return [...records].sort((a, b) => rank(a) - rank(b));
}
