import type { Queries, Tx } from '#base/db';
import { recordsBehind } from '#domain/sources';
import { atomKey, type Bundle } from './bundle.ts';
import { membersAmong, rejectedAtoms } from './store-rejected.ts';

/** A record that opened an issue and was rejected then: what it said of our products while it stood. */
export interface RejectedRecord {
  report: number;
  vulnerability: string;
  products: string[];
  published: Date | null;
}

/**
 * Records that brought products into issues and were rejected since. A rejected record names no product any more, so that its
 * issue would end without a word: what it had said is taken from the issue itself. What reports name all the same is theirs.
 *
 * @param tx sees what vulnerabilities are described as in this computation
 * @param named atoms that reports name, by atomKey
 */
export async function readRejected(
  tx: Tx | Queries,
  canonicalIds: ReadonlyMap<string, string>,
  named: ReadonlySet<string>,
): Promise<RejectedRecord[]> {
  const atoms = (await rejectedAtoms(tx)).filter(
    ({ product, vulnerability }) =>
      !named.has(atomKey({ product, vulnerability: canonicalIds.get(vulnerability) ?? vulnerability })),
  );
  const records = await recordsBehind(tx, [...new Set(atoms.map(({ vulnerability }) => vulnerability))]);
  const members = await membersAmong(
    tx,
    [...new Set(atoms.map(({ issue }) => issue))],
    records.map(({ report }) => report),
  );
  const behind = new Map<string, number[]>();
  for (const { vulnerability, report } of records)
    behind.set(vulnerability, [...(behind.get(vulnerability) ?? []), report]);
  const found = new Map<string, RejectedRecord>();
  for (const { issue, product, vulnerability, published } of atoms) {
    // Only what a record brought: what an advisory names no more, its source took back.
    const report = behind.get(vulnerability)?.find((each) => members.has(`${issue} ${each}`));
    if (report === undefined) continue;
    const known = found.get(vulnerability);
    if (known === undefined)
      found.set(vulnerability, { report, vulnerability, products: [product], published });
    else known.products.push(product);
  }
  return [...found.values()];
}

/** The key under which a record is grouped: that two records are two says nothing about whether their flaws belong together. */
export function recordBundle(
  id: string,
  what: Pick<Bundle, 'products' | 'published'>,
  canonical: string,
): Bundle {
  return { id, source: `record:${id}`, vulnerabilities: [canonical], ...what };
}
