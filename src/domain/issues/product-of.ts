import { canonicalProduct } from './products.ts';

/** A name as a report gives it. */
interface GivenName {
  ecosystem: string;
  vendor: string | null;
  name: string;
}

/** The canonical product of a name as a report gives it: records name vendor and product, everybody else a package. */
export function productOf({ ecosystem, vendor, name }: GivenName): string {
  if (ecosystem !== 'cpe' && ecosystem !== 'cve') return canonicalProduct(ecosystem, name);
  return canonicalProduct('cpe', vendor === null ? name : `${vendor}:${name}`);
}

/** `productOf` that remembers its answers: some thousand names stand in hundreds of thousands of reports. For one run. */
export function rememberedProducts(): (given: GivenName) => string {
  const known = new Map<string, string>();
  return (given) => {
    const key = `${given.ecosystem}\n${given.vendor ?? ''}\n${given.name}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const product = productOf(given);
    known.set(key, product);
    return product;
  };
}
