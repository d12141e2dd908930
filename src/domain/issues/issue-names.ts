import type { Queries } from '#base/db';
import { factsForMatching } from '#domain/sources';
import { atomsOf } from './store.ts';

/** How records call what an issue is about. */
export interface IssueNames {
  /** Canonical products of its atoms. */
  products: string[];
  /** As NVD (`cpe`) and the record itself (`cve`) name it, in lower case. */
  named: { ecosystem: 'cpe' | 'cve'; vendor: string | null; name: string }[];
}

/** Products and vendors of some issues, as people know them and as records name them. */
export async function namesOfIssues(
  queries: Queries,
  issues: readonly string[],
): Promise<Map<string, IssueNames>> {
  const atoms = await atomsOf(queries, issues);
  const facts = await factsForMatching(queries, [
    ...new Set(atoms.map(({ vulnerability }) => vulnerability)),
  ]);
  const named = new Map<string, IssueNames['named']>();
  for (const { vulnerability, ecosystem, vendor, name } of facts) {
    if (ecosystem !== 'cpe' && ecosystem !== 'cve') continue;
    const list = named.get(vulnerability) ?? [];
    named.set(vulnerability, list);
    list.push({ ecosystem, vendor: vendor?.toLowerCase() ?? null, name: name.toLowerCase() });
  }
  return new Map(
    issues.map((issue) => {
      const own = atoms.filter((atom) => atom.issue === issue);
      return [
        issue,
        {
          products: [...new Set(own.map(({ product }) => product))],
          named: own.flatMap(({ vulnerability }) => named.get(vulnerability) ?? []),
        },
      ];
    }),
  );
}
