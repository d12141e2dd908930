import type { Queries } from '#base/db';
import { factsForMatching, type MatchingFacts } from '#domain/sources';
import { OWN_PREFIX } from './own-vulnerability.ts';
import { productOf } from './product-of.ts';
import { atomsOf, standingIssues } from './store.ts';
import { ownVulnerabilities } from './store-own.ts';

/** An issue with what is said of the names and versions of its products. */
export interface IssueToMatch {
  id: string;
  /** One, unless people linked atoms of several; the issue's own first. */
  products: ProductToMatch[];
}

export interface ProductToMatch {
  product: string;
  /** Those of the issue that are this product's. */
  vulnerabilities: string[];
  /** Only of what is the product under some name: an advisory may speak of others too. */
  affected: MatchingFacts[];
  /** How people call it who opened an issue that no report tells of. */
  said: string[];
}

/**
 * Those of the given issues that stand, with what is said of them, in the order of their ids. It depends on what is stored,
 * not on where it lies.
 *
 * @param product `productOf`, or one that remembers
 */
export async function issuesToMatch(
  queries: Queries,
  ids: readonly string[],
  product: typeof productOf = productOf,
): Promise<IssueToMatch[]> {
  const issues = await standingIssues(queries, ids);
  const atoms = await atomsOf(
    queries,
    issues.map(({ id }) => id),
  );
  const vulnerabilities = [...new Set(atoms.map(({ vulnerability }) => vulnerability))];
  const facts = groupBy(await factsForMatching(queries, vulnerabilities), (fact) => fact.vulnerability);
  const owned = vulnerabilities.filter((id) => id.startsWith(`${OWN_PREFIX}-`));
  const opened = owned.length === 0 ? [] : await ownVulnerabilities(queries, owned);
  const calls = new Map(opened.map(({ id, draft }) => [id, draft?.product]));
  const byIssue = groupBy(atoms, ({ issue }) => issue);
  return issues.map(({ id, product: first }): IssueToMatch => {
    const parts = groupBy(byIssue.get(id) ?? [], (atom) => atom.product);
    const names = [...parts.keys()].sort((a, b) => Number(b === first) - Number(a === first));
    return {
      id,
      products: names.map((name) => {
        const own = (parts.get(name) ?? []).map(({ vulnerability }) => vulnerability);
        const affected = own
          .flatMap((vulnerability) => facts.get(vulnerability) ?? [])
          .filter((fact) => product(fact) === name);
        // What was erased of it leaves the canonical name.
        const said = own.flatMap((id) => (calls.has(id) ? [name, calls.get(id) ?? name] : []));
        return {
          product: name,
          vulnerabilities: own,
          affected: inOrder(affected),
          said: [...new Set(said)].sort(),
        };
      }),
    };
  });
}

/** The same reports say it in the same order, however they are stored. */
function inOrder(facts: readonly MatchingFacts[]): MatchingFacts[] {
  return facts
    .map((fact) => ({ fact, key: orderKey(fact) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ fact }) => fact);
}

function orderKey(fact: MatchingFacts): string {
  const { vulnerability, source, report, ecosystem, vendor, name, release, versions, note, denied } = fact;
  return JSON.stringify([
    vulnerability,
    source,
    report,
    ecosystem,
    vendor,
    name,
    release,
    note,
    versions,
    denied,
  ]);
}

function groupBy<T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const row of rows) {
    const key = keyOf(row);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [row]);
    else group.push(row);
  }
  return groups;
}
