import type { ChannelRow } from './components/channel-table.tsx';
import { totalOf } from './components/figures.tsx';
import { NO_ISSUES, type OpenIssues } from './open-issues.ts';
import { readChannels } from './read-channels.ts';
import type { Site } from './site.ts';

/** Every channel, whatever its life cycle, with what may be open in it. */
export async function channelFigures(site: Site, open: OpenIssues): Promise<ChannelRow[]> {
  const { heads, newest } = await readChannels(site);
  return heads.map((channel) => {
    const counts = open.counts.get(channel.name);
    const revision = newest.get(channel.name);
    return {
      channel,
      packages: revision?.packages ?? 0,
      revisedAt: revision?.committedAt.toISOString() ?? null,
      affected: counts?.affected ?? NO_ISSUES,
      unknown: counts === undefined ? 0 : totalOf(counts.unknown),
    };
  });
}
