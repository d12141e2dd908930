import type { ChannelRow } from './components/channel-table.tsx';
import { readChannels } from './read-channels.ts';
import type { OpenIssues, Site } from './site.ts';
import { countSeverities } from './suggestion-rows.ts';

/** Every channel, whatever its life cycle, with what may be open in it. */
export async function channelFigures(site: Site, open: OpenIssues): Promise<ChannelRow[]> {
  const { heads, newest } = await readChannels(site);
  return heads.map((channel) => {
    const issues = open.byChannel.get(channel.name);
    const revision = newest.get(channel.name);
    return {
      channel,
      packages: revision?.packages ?? 0,
      revisedAt: revision?.committedAt.toISOString() ?? null,
      affected: countSeverities(issues?.affected ?? [], open.grades),
      unknown: (issues?.unknown ?? []).filter((id) => open.grades.has(id)).length,
    };
  });
}
