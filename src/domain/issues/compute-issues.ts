import type { Database, Queries } from '#base/db';
import { type AdvisoryFacts, advisories, recordNames, recordsNaming, reportsMark } from '#domain/sources';
import { atomKey, type Bundle, bundleIds } from './bundle.ts';
import { underCanonicalIds } from './constraints.ts';
import { group } from './grouping.ts';
import { ownBundle } from './own-vulnerability.ts';
import { productOf } from './product-of.ts';
import { readWitnesses } from './read-witnesses.ts';
import { refreshCards } from './refresh-cards.ts';
import { refreshVulnerabilities } from './refresh-vulnerabilities.ts';
import { activeLinks, linksMark } from './store-links.ts';
import { ownMark, standingOwn } from './store-own.ts';
import { insertWatched, lockGrouping, productsMark, recordGrouping, watchedProducts } from './store-state.ts';
import { refreshIssueStatistics } from './store-writing.ts';
import { reckonDays } from './undated.ts';
import { writeIssues } from './write-issues.ts';

/** Raised when the rule, the product names or the titles change: everything is then computed anew. */
export const GROUPING_VERSION = 2;

export interface ComputeResult {
  /** False where nothing had changed. */
  ran: boolean;
  issues: number;
  opened: number;
  /** Issues that went into another one. */
  merged: number;
}

/**
 * Brings vulnerabilities and issues up to the stored reports, people's links and vulnerabilities, and the watched products.
 * The outcome depends on these alone, never on the order in which they came; an issue keeps its id as long as it keeps most of
 * its atoms. All of it or nothing: a run that dies leaves what was there before.
 *
 * @param onStep told what comes next, in a few words
 */
export async function computeIssues(
  database: Database,
  onStep: (step: string) => void = () => {},
): Promise<ComputeResult> {
  const { queries } = database;
  const reportsChanged = await reportsMark(database);
  const outcome = await database.transaction(async (tx) => {
    const state = await lockGrouping(tx);
    const seen = await marks(tx, reportsChanged);
    if (!isNew(state, seen)) return { ran: false, issues: 0, opened: 0, merged: 0 };
    const computation = state.computation + 1;
    // What the reports say is read beside the transaction: the next part while the last one is written.
    const { canonicalIds, spokenOf } = await refreshVulnerabilities(
      tx,
      queries,
      state.grouping_version === GROUPING_VERSION ? state.reports_changed : 0,
      (done, of) => onStep(`vulnerabilities ${done}/${of}`),
    );
    onStep('reading reports');
    const reports = await readBundles(queries, canonicalIds);
    onStep(`grouping ${reports.length} reports`);
    const own = await standingOwn(tx);
    const partition = group(
      [
        ...reports.map(({ bundle }) => bundle),
        ...own.map(ownBundle),
        ...(await readWitnesses(tx, canonicalIds)),
      ],
      underCanonicalIds(await activeLinks(tx), canonicalIds),
    );
    onStep(`writing ${partition.issues.length} issues`);
    const result = await writeIssues(tx, {
      partition,
      reportIds: new Map(reports.map(({ bundle, report }) => [bundle.id, report])),
      canonicalIds,
      spokenOf: [...spokenOf, ...own.filter(({ version }) => version > state.own_seen).map(({ id }) => id)],
      own: new Set(own.map(({ id }) => id)),
      computation,
      cause: `rule ${GROUPING_VERSION}`,
    });
    await recordGrouping(tx, { ...seen, computation });
    return { ran: true, ...result };
  });
  if (outcome.ran) {
    await refreshIssueStatistics(database);
    // Outside of the transaction: where this is cut off, cards are made when they are asked for, and by the next run.
    await refreshCards(database, { onStep: (made) => onStep(`${made} cards`) });
  }
  return outcome;
}

/** What the outcome depends on, as numbers that grow with every change of it. */
async function marks(queries: Queries, reportsChanged: number) {
  return {
    reports_changed: reportsChanged,
    links_seen: await linksMark(queries),
    own_seen: await ownMark(queries),
    products_seen: await productsMark(queries),
    grouping_version: GROUPING_VERSION,
  };
}

type Marks = Awaited<ReturnType<typeof marks>>;

function isNew(state: Marks, seen: Marks): boolean {
  return (
    state.reports_changed !== seen.reports_changed ||
    state.links_seen !== seen.links_seen ||
    state.own_seen !== seen.own_seen ||
    state.products_seen !== seen.products_seen ||
    state.grouping_version !== seen.grouping_version
  );
}

/** Says which products (canonical names) are ours: what nobody announced opens issues only for these. */
export async function watchProducts(database: Database, products: readonly string[]): Promise<void> {
  await database.transaction(async (tx) => {
    const known = await watchedProducts(tx);
    await insertWatched(
      tx,
      products.filter((product) => !known.has(product)),
    );
  });
}

interface ReportBundle {
  bundle: Bundle;
  report: number;
}

async function readBundles(
  queries: Queries,
  canonicalIds: ReadonlyMap<string, string>,
): Promise<ReportBundle[]> {
  const facts = (await advisories(queries)).filter(isFirstOfItsKind);
  const reckoned = reckonDays(
    facts.map(({ key, published }) => ({ key, published: published?.toISOString() ?? null })),
  );
  const ids = bundleIds(facts);
  const announced = facts.map((each, index) =>
    advisoryBundle(each, ids[index] ?? each.key, reckoned, canonicalIds),
  );
  const atoms = new Set(
    announced.flatMap(({ bundle }) =>
      bundle.products.flatMap((product) =>
        bundle.vulnerabilities.map((vulnerability) => atomKey({ product, vulnerability })),
      ),
    ),
  );
  const watched = await watchedProducts(queries);
  const names = (await recordNames(queries)).filter((named) => watched.has(productOf(named)));
  const records = await recordsNaming(queries, [...new Set(names.map(({ name }) => name))]);
  const alone = new Map<string, ReportBundle>();
  for (const record of records) {
    const [id] = record.vulnerabilities;
    if (id === undefined || alone.has(id)) continue;
    const vulnerability = canonicalIds.get(id) ?? id;
    const products = productsOf(record).filter(
      (product) => watched.has(product) && !atoms.has(atomKey({ product, vulnerability })),
    );
    if (products.length === 0) continue;
    // A source of its own: that two records are two says nothing about whether their flaws belong together.
    const source = `record:${id}`;
    alone.set(id, {
      report: record.report,
      bundle: {
        ...{ id: source, source, products, vulnerabilities: [vulnerability] },
        published: day(record, reckoned),
      },
    });
  }
  return [...announced, ...alone.values()];
}

/** A correction of an earlier advisory that names no vulnerability (`DSA-5356-2 regression update`) is no problem of its own. */
function isFirstOfItsKind({ key, vulnerabilities, packages }: AdvisoryFacts): boolean {
  if (vulnerabilities.length > 0) return true;
  return packages.length > 0 && !/^(?:DSA|DLA|USN|LSN)-\d+-(?!1$)\d+$/.test(key);
}

function advisoryBundle(
  facts: AdvisoryFacts,
  id: string,
  reckoned: ReadonlyMap<string, string>,
  canonicalIds: ReadonlyMap<string, string>,
): ReportBundle {
  const source = facts.key.slice(0, facts.key.search(/[-:]/));
  const vulnerabilities = [...new Set(facts.vulnerabilities.map((id) => canonicalIds.get(id) ?? id))];
  const bundle = {
    id,
    source,
    published: day(facts, reckoned),
    products: productsOf(facts),
    vulnerabilities,
  };
  return { report: facts.report, bundle: source === 'GLSA' ? { ...bundle, rollup: true } : bundle };
}

function productsOf({ packages }: AdvisoryFacts): string[] {
  return [...new Set(packages.map(productOf))].sort();
}

/**
 * A report without a date is placed by its number among those of its source (`undated.ts`), or else by the middle of the
 * year of its id: it must not move with the day on which we fetched it.
 */
function day(
  { published, key, vulnerabilities }: AdvisoryFacts,
  reckoned: ReadonlyMap<string, string>,
): string {
  if (published !== null) return published.toISOString();
  const year = /(?:19|20)\d{2}/.exec(`${key} ${vulnerabilities[0] ?? ''}`)?.[0] ?? '1999';
  return reckoned.get(key) ?? `${year}-07-01`;
}
