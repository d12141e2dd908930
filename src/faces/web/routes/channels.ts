import type { Hono } from 'hono';
import { sendPage } from '../answer.ts';
import { channelFigures } from '../channel-figures.ts';
import { ChannelsPage } from '../pages/channels.tsx';
import type { Site } from '../site.ts';

/** `/channels`: every channel, with what may be open in it. */
export function channelsRoutes(app: Hono, site: Site): void {
  const data = async () => ({ channels: await channelFigures(site, await site.openIssues()) });
  app.get('/channels', async (c) => sendPage(c, site, 'html', await data(), ChannelsPage));
  app.get('/channels.json', async (c) => sendPage(c, site, 'json', await data(), ChannelsPage));
}
