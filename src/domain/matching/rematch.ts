import type { Database, Queries, Tx } from '#base/db';
import type { VersionStatement } from '#base/versions';
import { latestRevisions, packageName, packagesAt, representatives } from '#domain/channels';
import { canonicalProduct, computeIssues, groupingState, issuesToMatch, watchProducts } from '#domain/issues';
import { type NameIndex, nameIndex } from './candidates.ts';
import { type MatchChannel, matchIssue, type Suggestion } from './match-issue.ts';
import { productNames } from './product-names.ts';
import { settleSuggestions } from './settle.ts';
import { lockMatching, markStaleExcept, recordMatching, storeSuggestions } from './store.ts';
import type { Statement } from './verdict.ts';

/** Raised when the matcher finds or judges otherwise than before: everything is then matched again. */
export const MATCHER_VERSION = 1;

/** How many issues are matched in one go: so many statements fit well into memory. */
const BATCH = 400;

export interface RematchResult {
  issues: number;
  /** Suggestions that were not there before. */
  fresh: number;
  /** False where nothing had changed since the last run. */
  ran: boolean;
  seconds: { grouping: number; matching: number };
}

/**
 * Brings issues and suggestions up to the reports and the channels' latest revisions: tells the issues room which
 * products are ours, lets it group, and matches every issue. Does nothing where nothing has changed.
 */
export async function rematch(
  database: Database,
  onProgress?: (done: number, of: number) => void,
): Promise<RematchResult> {
  const start = performance.now();
  const revisions = await latestRevisions(database.queries);
  const channels = await loadChannels(
    database.queries,
    revisions.map(({ channel }) => channel),
  );
  const products = [...new Set(channels.flatMap((channel) => channel.products))];
  await watchProducts(database, products);
  await computeIssues(database);
  const { computed_at: computedAt } = await groupingState(database.queries);
  const packagesSeen = revisions
    .map(({ channel, commit }) => `${channel}@${commit}`)
    .sort()
    .join(' ');
  const grouped = performance.now();
  const outcome = await database.transaction(async (tx) => {
    const state = await lockMatching(tx);
    const same =
      state.issues_computed_at?.getTime() === computedAt?.getTime() &&
      state.packages_seen === packagesSeen &&
      state.matcher_version === MATCHER_VERSION;
    if (same) return { issues: 0, fresh: 0, ran: false };
    const result = await matchAll(tx, channels, onProgress);
    await recordMatching(tx, {
      issues_computed_at: computedAt,
      packages_seen: packagesSeen,
      matcher_version: MATCHER_VERSION,
    });
    return { ...result, ran: true };
  });
  await settleSuggestions(database);
  return {
    ...outcome,
    seconds: {
      grouping: secondsBetween(start, grouped),
      matching: secondsBetween(grouped, performance.now()),
    },
  };
}

function secondsBetween(start: number, end: number): number {
  return Math.round((end - start) / 10) / 100;
}

async function matchAll(
  tx: Tx,
  channels: readonly MatchChannel[],
  onProgress?: (done: number, of: number) => void,
) {
  const standing: string[] = [];
  let issues = 0;
  let fresh = 0;
  for await (const batch of issuesToMatch(tx, BATCH)) {
    const suggestions: Suggestion[] = [];
    for (const { id, product, vulnerabilities, affected } of batch.issues) {
      const statements = new Map<string, Statement[]>();
      for (const statement of affected) {
        if (statement.versions === null) continue;
        const list = statements.get(statement.vulnerability);
        const whole = { ...statement, versions: statement.versions as VersionStatement };
        if (list === undefined) statements.set(statement.vulnerability, [whole]);
        else list.push(whole);
      }
      suggestions.push(
        ...matchIssue({ id, names: productNames(product, affected), vulnerabilities, statements }, channels),
      );
    }
    fresh += await storeSuggestions(
      tx,
      batch.issues.map(({ id }) => id),
      suggestions,
      MATCHER_VERSION,
    );
    standing.push(...batch.issues.map(({ id }) => id));
    issues += batch.issues.length;
    onProgress?.(issues, batch.of);
  }
  await markStaleExcept(tx, standing);
  return { issues, fresh };
}

interface LoadedChannel extends MatchChannel {
  index: NameIndex;
  /** Canonical products that its packages may be. */
  products: string[];
}

/** The package sets to match against: of the attributes that are the same package, one. */
async function loadChannels(queries: Queries, names: readonly string[]): Promise<LoadedChannel[]> {
  const loaded: LoadedChannel[] = [];
  for (const name of names) {
    const all = await packagesAt(queries, name);
    const representative = representatives(all);
    const packages = all
      .filter(({ attr }) => representative.get(attr) === attr)
      .map((pkg) => {
        const own = packageName(pkg.pname);
        return { ...pkg, name: own, product: canonicalProduct('nixpkgs', own) };
      });
    const products = [...new Set(packages.map(({ product }) => product))];
    loaded.push({ name, index: nameIndex(packages), products });
  }
  return loaded;
}
