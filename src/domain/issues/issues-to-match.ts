import type { Queries } from '#base/db';
import { factsForMatching, type MatchingFacts } from '#domain/sources';
import { productOf } from './product-of.ts';
import { atomsOf, countIssues, issuesAfter } from './store.ts';

/** An issue with what is said of its product's names and versions. */
export interface IssueToMatch {
  id: string;
  product: string;
  vulnerabilities: string[];
  /** Only of what is the issue's product under some name: an advisory may speak of others too. */
  affected: MatchingFacts[];
}

/** Every issue that stands, some at a time. */
export async function* issuesToMatch(
  queries: Queries,
  batch: number,
): AsyncGenerator<{ issues: IssueToMatch[]; of: number }> {
  const { issues: of } = await countIssues(queries);
  for (let after = ''; ; ) {
    const issues = await issuesAfter(queries, after, batch);
    if (issues.length === 0) return;
    after = issues.at(-1)?.id ?? after;
    const atoms = await atomsOf(
      queries,
      issues.map(({ id }) => id),
    );
    const facts = new Map<string, MatchingFacts[]>();
    for (const fact of await factsForMatching(queries, [
      ...new Set(atoms.map(({ vulnerability }) => vulnerability)),
    ])) {
      const list = facts.get(fact.vulnerability);
      if (list === undefined) facts.set(fact.vulnerability, [fact]);
      else list.push(fact);
    }
    const ready = issues.map(({ id, product }): IssueToMatch => {
      const own = atoms.filter(({ issue }) => issue === id);
      const products = new Set(own.map((atom) => atom.product));
      const vulnerabilities = own.map(({ vulnerability }) => vulnerability);
      const affected = vulnerabilities
        .flatMap((vulnerability) => facts.get(vulnerability) ?? [])
        .filter((fact) => products.has(productOf(fact)));
      return { id, product, vulnerabilities, affected };
    });
    yield { issues: ready, of };
  }
}
