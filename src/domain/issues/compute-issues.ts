import type { Database, Queries } from '#base/db';
import { reportsMark } from '#domain/sources';
import { askBoxes } from './ask-boxes.ts';
import { underCanonicalIds } from './constraints.ts';
import { group } from './grouping.ts';
import { proposeDismissals } from './propose-dismissals.ts';
import { readForGrouping } from './read-bundles.ts';
import { refreshCards } from './refresh-cards.ts';
import { refreshVulnerabilities } from './refresh-vulnerabilities.ts';
import { activeLinks, linksMark } from './store-links.ts';
import { ownMark } from './store-own.ts';
import { insertWatched, lockGrouping, productsMark, recordGrouping, watchedProducts } from './store-state.ts';
import { refreshIssueStatistics } from './store-writing.ts';
import { writeIssues } from './write-issues.ts';

/** Raised when the rule, the product names or the titles change: everything is then computed anew. */
export const GROUPING_VERSION = 4;

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
    const { reports, own, bundles } = await readForGrouping(tx, queries, canonicalIds);
    onStep(`grouping ${reports.length} reports`);
    const partition = group(bundles, underCanonicalIds(await activeLinks(tx), canonicalIds));
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
    await proposeDismissals(database);
    await askBoxes(database);
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
