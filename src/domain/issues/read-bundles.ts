import type { Queries } from '#base/db';
import { type AdvisoryFacts, advisories, recordNames, recordsNaming } from '#domain/sources';
import { atomKey, type Bundle, bundleIds } from './bundle.ts';
import { ownBundle } from './own-vulnerability.ts';
import { productOf } from './product-of.ts';
import { readRejected, recordBundle } from './read-rejected.ts';
import { readWitnesses } from './read-witnesses.ts';
import { isScheduled, scheduledDisclosures } from './scheduled-disclosures.ts';
import { standingOwn } from './store-own.ts';
import { watchedProducts } from './store-state.ts';
import { vulnerabilitiesById } from './store-vulnerabilities.ts';
import { reckonDays } from './undated.ts';
import { isRelease, witnesses } from './witness-source.ts';

/** All that grouping reads. */
export interface Read {
  reports: readonly ReportBundle[];
  /** Vulnerabilities with a number of ours. */
  own: Awaited<ReturnType<typeof standingOwn>>;
  /** Those of the reports, our own, and the witnesses. */
  bundles: Bundle[];
}

/**
 * What is grouped, as it is stored now.
 *
 * @param tx sees what the caller has written: people's vulnerabilities, descriptions
 * @param queries where reports are read
 */
export async function readForGrouping(
  tx: Queries,
  queries: Queries,
  canonicalIds: ReadonlyMap<string, string>,
): Promise<Read> {
  const reports = await readReports(tx, queries, canonicalIds);
  const own = await standingOwn(tx);
  const announced = reports.map(({ bundle }) => bundle);
  return {
    reports,
    own,
    bundles: [
      ...announced,
      ...own.map(ownBundle),
      ...(await readWitnesses(tx, canonicalIds)),
      ...(await readDisclosures(tx, announced)),
    ],
  };
}

/** A report that is grouped, and its number. */
export interface ReportBundle {
  bundle: Bundle;
  report: number;
}

/**
 * Every report that is grouped: each advisory, and the records of watched products that none announces, those included that
 * were rejected since.
 */
async function readReports(
  tx: Queries,
  queries: Queries,
  canonicalIds: ReadonlyMap<string, string>,
): Promise<ReportBundle[]> {
  const facts = (await advisories(queries)).filter(isFirstOfItsKind);
  const reckoned = reckonDays(
    facts.map(({ key, published }) => ({ key, published: published?.toISOString() ?? null })),
  );
  const ids = bundleIds(facts);
  const words = witnesses(facts.map((each) => ({ ...each, packages: each.packages.length })));
  const announced = facts.map((each, index) => {
    const { source, rebuildOf } = words[index] ?? { source: each.source, rebuildOf: null };
    const original = rebuildOf === null ? undefined : ids[rebuildOf];
    const products = productsOf(facts[rebuildOf ?? index] ?? each);
    const named = {
      id: ids[index] ?? each.key,
      source,
      ...(original !== undefined && { rebuildOf: original }),
    };
    // What a rebuild calls binary packages by their own names is what Red Hat built from its source package.
    return advisoryBundle(each, { ...named, products }, reckoned, canonicalIds);
  });
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
    const published = day(record, reckoned);
    alone.set(id, {
      report: record.report,
      bundle: recordBundle(id, { products, published }, vulnerability),
    });
  }
  for (const { vulnerability: id, report, products, published } of await readRejected(
    tx,
    canonicalIds,
    atoms,
  )) {
    const at = day({ key: id, vulnerabilities: [id], published }, reckoned);
    const rejected = {
      report,
      bundle: recordBundle(id, { products, published: at }, canonicalIds.get(id) ?? id),
    };
    const standing = alone.get(id);
    // One of several records of a number may stand while another is rejected.
    alone.set(id, standing === undefined ? rejected : withProducts(standing, products));
  }
  return [...announced, ...alone.values()];
}

function withProducts({ report, bundle }: ReportBundle, products: readonly string[]): ReportBundle {
  return { report, bundle: { ...bundle, products: [...new Set([...bundle.products, ...products])].sort() } };
}

/** A correction of an earlier advisory that names no vulnerability (`DSA-5356-2 regression update`) is no problem of its own. */
function isFirstOfItsKind({ key, vulnerabilities, packages }: AdvisoryFacts): boolean {
  if (vulnerabilities.length > 0) return true;
  return packages.length > 0 && !/^(?:DSA|DLA|USN|LSN)-\d+-(?!1$)\d+$/.test(key);
}

function advisoryBundle(
  facts: AdvisoryFacts,
  named: Pick<Bundle, 'id' | 'source' | 'rebuildOf' | 'products'>,
  reckoned: ReadonlyMap<string, string>,
  canonicalIds: ReadonlyMap<string, string>,
): ReportBundle {
  const vulnerabilities = [...new Set(facts.vulnerabilities.map((id) => canonicalIds.get(id) ?? id))];
  const bundle: Bundle = {
    ...named,
    published: day(facts, reckoned),
    vulnerabilities,
    ...(named.source === 'GLSA' && { rollup: true }),
    ...(isRelease(facts.source) && vulnerabilities.length > 0 && { release: true }),
  };
  return { report: facts.report, bundle };
}

/** What comes out on days that are known for years: as far as reports name it, by the days of its records. */
async function readDisclosures(queries: Queries, bundles: readonly Bundle[]): Promise<Bundle[]> {
  const atoms = bundles.flatMap(({ products, vulnerabilities }) =>
    products
      .filter(isScheduled)
      .flatMap((product) => vulnerabilities.map((vulnerability) => ({ product, vulnerability }))),
  );
  const described = await vulnerabilitiesById(queries, [
    ...new Set(atoms.map(({ vulnerability }) => vulnerability)),
  ]);
  const published = new Map(described.map(({ id, published: at }) => [id, at]));
  return scheduledDisclosures(
    atoms.flatMap((atom) => {
      const at = published.get(atom.vulnerability);
      return at == null ? [] : [{ ...atom, published: at.toISOString() }];
    }),
  );
}

function productsOf({ packages }: AdvisoryFacts): string[] {
  return [...new Set(packages.map(productOf))].sort();
}

/**
 * A report without a date is placed by its number among those of its source (`undated.ts`), or else by the middle of the
 * year of its id: it must not move with the day on which we fetched it.
 */
function day(
  { published, key, vulnerabilities }: Pick<AdvisoryFacts, 'published' | 'key' | 'vulnerabilities'>,
  reckoned: ReadonlyMap<string, string>,
): string {
  if (published !== null) return published.toISOString();
  const year = /(?:19|20)\d{2}/.exec(`${key} ${vulnerabilities[0] ?? ''}`)?.[0] ?? '1999';
  return reckoned.get(key) ?? `${year}-07-01`;
}
