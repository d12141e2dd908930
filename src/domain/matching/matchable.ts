import type { ProductToMatch } from '#domain/issues';
import type { MatchIssue } from './match-issue.ts';
import { productNames } from './product-names.ts';
import type { Statement } from './verdict.ts';

/** One product of an issue, as the matcher reads it: what says nothing of versions is no statement. */
export function matchable(
  id: string,
  { product, vulnerabilities, affected, said }: ProductToMatch,
): MatchIssue {
  const statements = new Map<string, Statement[]>();
  for (const { versions, ...fact } of affected) {
    if (versions === null) continue;
    const list = statements.get(fact.vulnerability);
    if (list === undefined) statements.set(fact.vulnerability, [{ ...fact, versions }]);
    else list.push({ ...fact, versions });
  }
  return { id, names: productNames(product, affected, said), vulnerabilities, statements };
}
