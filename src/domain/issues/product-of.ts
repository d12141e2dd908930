import { canonicalProduct } from './products.ts';

/** The canonical product of a name as a report gives it: records name vendor and product, everybody else a package. */
export function productOf({
  ecosystem,
  vendor,
  name,
}: {
  ecosystem: string;
  vendor: string | null;
  name: string;
}): string {
  if (ecosystem !== 'cpe' && ecosystem !== 'cve') return canonicalProduct(ecosystem, name);
  return canonicalProduct('cpe', vendor === null ? name : `${vendor}:${name}`);
}
