import { MusterError } from '#base/errors';
import { type Agreement, bcubed } from './bcubed.ts';
import { atomKey } from './bundle.ts';
import { group } from './grouping.ts';
import { bundleOf, type LabelledAdvisory } from './labelled-advisories.ts';
import type { GroupingOptions } from './rule.ts';

/** How well the grouping foretells what a distribution bundles that it has not seen. Shares from 0 to 1. */
export interface GroupingScore {
  /** Means over the sources left out. */
  f1: number;
  precision: number;
  recall: number;
  /** Atoms of the largest issue, of all groupings made. */
  largest: number;
  bySource: Record<string, Agreement>;
  /** The same under other readings of "its bundle" and "its group": see {@link scoreGrouping}. */
  readings: { advisory: Agreement; whole: Agreement };
  /** Of the grouping of everything. */
  issues: number;
  advisories: number;
}

/** Sources that are left out in turn. */
export const HELD_OUT = ['DSA', 'DLA', 'GLSA', 'USN', 'RHSA'] as const;

/**
 * Leaves one source out, groups the rest, and compares with the bundling of the source left out; then means over the sources.
 * B-cubed over the atoms (product, CVE) that both know: for each, precision is the share of its group's atoms that share a bundle with it,
 * recall the share of its bundles' atoms that share its group. Details that this leaves open, decided so:
 *
 * - Only atoms that both know count, in the group and in the bundle too: of the others the source left out says nothing.
 * - A bundle is one advisory's CVEs in one product, for an issue is of one product.
 * - An atom in several bundles of that source shares a bundle with what is in any of them.
 *
 * `readings.advisory` takes a bundle to be the whole advisory, over all of its products; `readings.whole` also counts the atoms that the
 * other side does not know (they can only lower it).
 * Throws FILE_MALFORMED when none of the sources to leave out is there, or nothing else is.
 */
export function scoreGrouping(
  advisories: readonly LabelledAdvisory[],
  options: Partial<GroupingOptions> = {},
): GroupingScore {
  const all = group(advisories.map(bundleOf), [], options);
  const bySource: Record<string, Agreement> = {};
  const [advisory, whole]: [Agreement[], Agreement[]] = [[], []];
  let largest = 0;
  for (const { atoms } of all.issues) largest = Math.max(largest, atoms.length);
  for (const source of HELD_OUT) {
    const held = advisories.filter((entry) => entry.source === source);
    const rest = advisories.filter((entry) => entry.source !== source);
    if (held.length === 0 || rest.length === 0) continue;
    const { issues, issueOfAtom } = group(rest.map(bundleOf), [], options);
    for (const { atoms } of issues) largest = Math.max(largest, atoms.length);
    const perProduct = held.flatMap(bundlesByProduct);
    bySource[source] = bcubed(issueOfAtom, perProduct);
    advisory.push(
      bcubed(
        issueOfAtom,
        held.map((entry) => bundlesByProduct(entry).flat()),
      ),
    );
    whole.push(bcubed(issueOfAtom, perProduct, { whole: true }));
  }
  if (Object.keys(bySource).length === 0)
    throw new MusterError(
      'FILE_MALFORMED',
      `A score needs advisories of two sources at least, one of them of ${HELD_OUT.join(', ')}.`,
    );
  const { f1, precision, recall } = mean(Object.values(bySource));
  return {
    f1,
    precision,
    recall,
    largest,
    bySource,
    readings: { advisory: mean(advisory), whole: mean(whole) },
    issues: all.issues.length,
    advisories: advisories.length,
  };
}

/** What upstream says that one release of one product mends. */
export interface UpstreamRelease {
  /** Canonical product name. */
  product: string;
  /** What it is called; several entries of one product and name are one release. */
  name: string;
  cves: readonly string[];
}

/**
 * How well advisories alone, grouped without a word of upstream's, foretell what upstream bundles in its releases: B-cubed over the atoms
 * that both know, a bundle being one release of one product.
 */
export function scoreReleases(
  advisories: readonly LabelledAdvisory[],
  releases: readonly UpstreamRelease[],
  options: Partial<GroupingOptions> = {},
): Agreement {
  const { issueOfAtom } = group(advisories.map(bundleOf), [], options);
  const bundles = new Map<string, Set<string>>();
  for (const { product, name, cves } of releases) {
    const key = atomKey({ product, vulnerability: name });
    const bundle = bundles.get(key) ?? new Set();
    bundles.set(key, bundle);
    for (const vulnerability of cves) bundle.add(atomKey({ product, vulnerability }));
  }
  return bcubed(
    issueOfAtom,
    [...bundles.values()].map((bundle) => [...bundle]),
  );
}

function bundlesByProduct({ products, cves }: LabelledAdvisory): string[][] {
  return products.map((product) => cves.map((vulnerability) => atomKey({ product, vulnerability })));
}

/** Means over the sources, each counting the same; atoms are summed. */
function mean(agreements: readonly Agreement[]): Agreement {
  const average = (pick: (agreement: Agreement) => number) =>
    agreements.reduce((sum, agreement) => sum + pick(agreement), 0) / agreements.length;
  return {
    f1: average(({ f1 }) => f1),
    precision: average(({ precision }) => precision),
    recall: average(({ recall }) => recall),
    atoms: agreements.reduce((sum, { atoms }) => sum + atoms, 0),
  };
}
