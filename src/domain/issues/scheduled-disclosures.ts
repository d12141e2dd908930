import { type Bundle, compareText } from './bundle.ts';

/** A vulnerability of a product, and when its record was published. */
export interface Disclosure {
  /** Canonical product name. */
  product: string;
  /** Canonical id. */
  vulnerability: string;
  /** ISO 8601. */
  published: string;
}

/**
 * Whose flaws all come out on days that are known for years, in one release for each of its products: Oracle's Critical Patch
 * Updates, on a Tuesday from the 14th on of January, April, July and October
 * (https://www.oracle.com/security-alerts/). Records follow within days.
 */
const ORACLE: ReadonlySet<string> = new Set(['mysql', 'openjdk', 'virtualbox']);
const MONTHS = ['01', '04', '07', '10'];
const FIRST_DAY = 14;
const MOST = 100;
const PREFIX = 'cpu:';

/**
 * Critical Patch Updates, as witnesses for grouping ({@link Bundle.witness}): one for each product and quarter that closes several of the
 * vulnerabilities. Does not depend on their order.
 */
export function scheduledDisclosures(disclosures: readonly Disclosure[]): Bundle[] {
  const updates = new Map<string, { product: string; month: string; vulnerabilities: Set<string> }>();
  for (const { product, vulnerability, published } of disclosures) {
    const month = published.slice(0, 7);
    if (!ORACLE.has(product) || !MONTHS.includes(month.slice(5))) continue;
    if (Number(published.slice(8, 10)) < FIRST_DAY) continue;
    const id = `${PREFIX}${product}:${month}`;
    const update = updates.get(id) ?? { product, month, vulnerabilities: new Set() };
    updates.set(id, update);
    update.vulnerabilities.add(vulnerability);
  }
  return [...updates]
    .filter(([, { vulnerabilities }]) => vulnerabilities.size > 1 && vulnerabilities.size <= MOST)
    .map(
      ([id, { product, month, vulnerabilities }]): Bundle => ({
        ...{ id, source: 'oracle-cpu', published: `${month}-${FIRST_DAY}`, products: [product] },
        vulnerabilities: [...vulnerabilities].sort(compareText),
        witness: true,
      }),
    )
    .sort((a, b) => compareText(a.id, b.id));
}

/** Whether flaws of a product come out on such days. */
export function isScheduled(product: string): boolean {
  return ORACLE.has(product);
}

/** "Oracle’s Critical Patch Update of 2017-07" for the id of one; null for any other id. */
export function disclosureNamed(id: string): string | null {
  return id.startsWith(PREFIX)
    ? `Oracle’s Critical Patch Update of ${id.slice(id.lastIndexOf(':') + 1)}`
    : null;
}
