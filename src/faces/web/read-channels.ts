import { type Channel, latestRevisions, listChannels, type Revision } from '#domain/channels';
import type { ChannelHead } from '#domain/roundup';
import type { Site } from './site.ts';

/** Every channel, by name, whatever its life cycle. */
export interface KnownChannels {
  all: readonly Channel[];
  /** As the heads of columns. */
  heads: ChannelHead[];
  /** The newest revision of those that have one: of the others nothing is known, which is not the same as having nothing. */
  newest: ReadonlyMap<string, Revision>;
}

export async function readChannels(site: Site): Promise<KnownChannels> {
  const { queries } = site.database;
  const [all, revisions] = await Promise.all([listChannels(queries, today(site)), latestRevisions(queries)]);
  return {
    all,
    heads: all.map(({ name, lifecycle }) => ({ name, lifecycle })),
    newest: new Map(revisions.map((revision) => [revision.channel, revision])),
  };
}

/** The day on which life cycles are looked at. */
export function today(site: Site): string {
  return site.now().toISOString().slice(0, 10);
}
