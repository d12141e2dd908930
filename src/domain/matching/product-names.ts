import type { ProductNames } from './candidates.ts';

/** What a report says of a product's name. */
interface NameFact {
  ecosystem: string;
  vendor: string | null;
  name: string;
  note: string | null;
}

const DISTRIBUTIONS = new Set(['debian', 'ubuntu', 'gentoo', 'redhat']);

/** Every name that reports give to a product, once each; `said`: those that people give it. */
export function productNames(
  product: string,
  facts: readonly NameFact[],
  said: readonly string[] = [],
): ProductNames {
  const distributions = new Map<string, ProductNames['distributions'][number]>();
  const cpes = new Map<string, ProductNames['cpes'][number]>();
  for (const { ecosystem, vendor, name, note } of facts) {
    const key = `${ecosystem}\n${vendor ?? ''}\n${name}`;
    if (DISTRIBUTIONS.has(ecosystem)) distributions.set(key, { name, ecosystem });
    else if (ecosystem === 'cpe' || ecosystem === 'cve') {
      // Limited only where every mention is.
      const known = cpes.get(key);
      cpes.set(key, { vendor, name, only: known === undefined ? note : known.only === null ? null : note });
    }
  }
  return {
    product,
    distributions: [...distributions.values()],
    cpes: [...cpes.values()],
    ...(said.length > 0 && { said }),
  };
}
