import type { Queries } from '#base/db';
import { upstreamFixes } from '#domain/sources';
import type { Bundle } from './bundle.ts';
import { fixReleases, upstreamVersions } from './fix-releases.ts';
import { productOf } from './product-of.ts';

/** What trackers say of releases of upstream that close several vulnerabilities at once: {@link fixReleases} of what is stored. */
export async function readWitnesses(
  queries: Queries,
  canonicalIds: ReadonlyMap<string, string>,
): Promise<Bundle[]> {
  return fixReleases(
    (await upstreamFixes(queries)).flatMap((fix) =>
      upstreamVersions(fix.said).map((version) => ({
        product: productOf(fix),
        version,
        vulnerability: canonicalIds.get(fix.vulnerability) ?? fix.vulnerability,
        published: fix.published.toISOString(),
      })),
    ),
  );
}
