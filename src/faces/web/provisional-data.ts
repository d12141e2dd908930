import type { Queries } from '#base/db';
import type { ProvisionalId } from '#base/formats';
import { rememberedProducts } from '#domain/issues';
import { provisionalEntries } from '#domain/sources';
import type { ProvisionalPageProps } from './pages/provisional.tsx';
import { provisionalWords } from './provisional-words.ts';
import { sourceTitle } from './source-titles.ts';

/** Everything that is known of a provisional id. */
export async function provisionalData(
  queries: Queries,
  wanted: ProvisionalId,
): Promise<Omit<ProvisionalPageProps, 'frame'>> {
  const entries = await provisionalEntries(queries, wanted);
  const product = rememberedProducts();
  return {
    id: wanted.id,
    said: provisionalWords(wanted, entries.length),
    of: wanted.kind === 'renamed' ? wanted.of : null,
    entries: entries.map(({ source, key, title, since, goneAt, packages }) => ({
      ...{ source, sourceTitle: sourceTitle(source), key, title },
      since: since.toISOString(),
      goneAt: goneAt?.toISOString() ?? null,
      packages: packages.map((one) => ({ name: one.name, product: product(one) })),
    })),
  };
}
