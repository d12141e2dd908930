import type { Queries } from '#base/db';
import { aliasStatements } from '#domain/sources';
import { uniteAliases } from './aliases.ts';
import { atomKey } from './bundle.ts';
import { underCanonicalIds } from './constraints.ts';
import { readForGrouping } from './read-bundles.ts';
import { aliasClaims, type Claim, type Regrouping, regroupings } from './regroup.ts';
import { activeLinks } from './store-links.ts';
import { canonicalIds, rejectedIds } from './store-vulnerabilities.ts';
import { allAtoms } from './store-writing.ts';

/**
 * Where the issues, as they are stored, disagree with what is known all at once ({@link regroupings}).
 *
 * @param mail what threads of mailing lists name together
 */
export async function findRegroupings(
  queries: Queries,
  mail: readonly { thread: number; ids: readonly string[] }[],
): Promise<Regrouping[]> {
  const canonical = await canonicalIds(queries);
  const { bundles } = await readForGrouping(queries, queries, canonical);
  const { refusals } = uniteAliases(await aliasStatements(queries), await rejectedIds(queries));
  const stated = aliasClaims(refusals, canonical);
  const told = mail.map(({ thread, ids }): Claim => {
    const named = new Set(ids.map((id) => canonical.get(id) ?? id));
    return { kind: 'thread', thread, ids: [...named].sort() };
  });
  return regroupings(
    bundles,
    new Map((await allAtoms(queries)).map((atom) => [atomKey(atom), atom.issue])),
    underCanonicalIds(await activeLinks(queries), canonical),
    [...stated, ...told],
  );
}
