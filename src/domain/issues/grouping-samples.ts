import fc from 'fast-check';
import type { Bundle } from './bundle.ts';
import type { GroupedIssue, Partition } from './partition.ts';

// Made-up reports for the tests of grouping.

/** A bundle of one product. */
export function bundle(
  id: string,
  source: string,
  published: string,
  product: string,
  vulnerabilities: readonly string[],
): Bundle {
  return { id, source, published, products: [product], vulnerabilities };
}

/** CVE ids of one year. */
export function cves(year: string, ...numbers: number[]): string[] {
  return numbers.map((number) => `CVE-${year}-${String(number).padStart(4, '0')}`);
}

/** The ids in an issue. */
export function idsOf({ atoms }: GroupedIssue): string[] {
  return atoms.map(({ vulnerability }) => vulnerability);
}

/** Each issue as its product and ids, sorted: for comparing whole partitions. */
export function stacks({ issues }: Partition): string[] {
  return issues.map((issue) => `${issue.products.join('+')} ${idsOf(issue).join(' ')}`).sort();
}

const VULNERABILITIES = Array.from({ length: 14 }, (_, n) => `CVE-2017-${1000 + n}`);

/** Sets of reports over few products and vulnerabilities, so that they meet often; ids are unique. */
export const anyBundles: fc.Arbitrary<Bundle[]> = fc
  .array(
    fc.record({
      source: fc.constantFrom('DSA', 'USN', 'GLSA', 'RHSA'),
      day: fc.integer({ min: 0, max: 120 }),
      products: fc.subarray(['curl', 'linux', 'php'], { minLength: 0, maxLength: 2 }),
      vulnerabilities: fc.subarray(VULNERABILITIES, { minLength: 0, maxLength: 6 }),
      flag: fc.constantFrom('', '', '', '', 'rollup', 'release'),
    }),
    { maxLength: 25 },
  )
  .map((rows) =>
    rows.map(({ source, day, products, vulnerabilities, flag }, index) => ({
      id: `${source}-${index}`,
      source,
      published: new Date(Date.UTC(2017, 0, 1 + day)).toISOString(),
      products,
      vulnerabilities,
      ...(flag === 'rollup' ? { rollup: true } : flag === 'release' ? { release: true } : {}),
    })),
  );

/** Something with the same thing in another order, at every level that has one. */
export function shuffles(bundles: fc.Arbitrary<Bundle[]>): fc.Arbitrary<[Bundle[], Bundle[]]> {
  return bundles.chain((given) =>
    fc
      .shuffledSubarray(given, { minLength: given.length, maxLength: given.length })
      .map((shuffled): [Bundle[], Bundle[]] => [
        given,
        shuffled.map((each) => ({
          ...each,
          products: [...each.products].reverse(),
          vulnerabilities: [...each.vulnerabilities].reverse(),
        })),
      ]),
  );
}
