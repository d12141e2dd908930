import type { Hono } from 'hono';
import { attributesKnown, channelsKnown } from '#domain/channels';
import { GATES_FEED, ISSUES_FEED, ROUNDUPS_FEED } from '../feed-addresses.ts';
import { channelFeed, gatesFeed, issuesFeed, packageFeed, roundupsFeed, sendFeed } from '../feeds.ts';
import type { Site } from '../site.ts';
import { sendNotFound } from './not-found.ts';

/** Atom feeds (RFC 4287): of issues, of roundups, of release gates, of each channel, of each package. */
export function feedRoutes(app: Hono, site: Site): void {
  const { queries } = site.database;
  app.get(ISSUES_FEED, async (c) => sendFeed(c, site, await issuesFeed(site)));
  app.get(ROUNDUPS_FEED, async (c) => sendFeed(c, site, await roundupsFeed(site)));
  app.get(GATES_FEED, async (c) => sendFeed(c, site, await gatesFeed(site)));
  app.get('/feeds/channels/:name', async (c) => {
    const name = c.req.param('name');
    if (!(await channelsKnown(queries, [name])).has(name)) return sendNotFound(c, site);
    return sendFeed(c, site, await channelFeed(site, name));
  });
  app.get('/feeds/packages/:attr', async (c) => {
    const attr = c.req.param('attr');
    if (!(await attributesKnown(queries, [attr])).has(attr)) return sendNotFound(c, site);
    return sendFeed(c, site, await packageFeed(site, attr));
  });
}
