import type { Context } from 'hono';
import { together } from '#base/db';
import { latestRoundupReading } from '#domain/roundup';
import { SOURCES } from '#domain/sources';
import { roundupAddress, SOURCES_ADDRESS } from './components/addresses.ts';
import { HISTORY_ADDRESS, KEYS_ADDRESS, PROPOSALS_ADDRESS } from './editing-addresses.ts';
import { feedsOf } from './feed-addresses.ts';
import { freshnessOf } from './freshness.ts';
import type { Frame, NavItem } from './layout.tsx';
import {
  ACCOUNT_ADDRESS,
  API_PAGE_ADDRESS,
  CAMPAIGNS_ADDRESS,
  CHANNELS_ADDRESS,
  INSIGHT_ADDRESS,
  ISSUES_ADDRESS,
  PACKAGES_ADDRESS,
  PEOPLE_ADDRESS,
  QUEUE_ADDRESS,
  REGROUPINGS_ADDRESS,
  REPORT_ADDRESS,
  ROUNDUPS_ADDRESS,
  SEARCH_ADDRESS,
  THREADS_ADDRESS,
} from './list-addresses.ts';
import { readNotice } from './notice.ts';
import { wordsOf } from './request-checks.ts';
import { signInAddress } from './session-guard.ts';
import type { Site } from './site.ts';
import { sourceTitle } from './source-titles.ts';
import { themeLinks, themeOf } from './theme.ts';
import { whoOf } from './who.ts';

export type LatestRoundup = NonNullable<ReturnType<typeof latestRoundupReading.read>>;

const ask = together({ roundup: latestRoundupReading });

async function readLatest(site: Site): Promise<LatestRoundup | null> {
  return (await ask(site.database.pool, [])).roundup;
}

/**
 * What stands around a page: one query, and the kept state of the sources.
 *
 * @param options.latest the newest roundup, of whoever has read it with the rest of the page
 */
export async function makeFrame(
  c: Context,
  site: Site,
  {
    json = true,
    feeds = false,
    latest,
  }: { json?: boolean; feeds?: boolean; latest?: LatestRoundup | null } = {},
): Promise<Frame> {
  const [roundup, states, notice] = await Promise.all([
    latest === undefined ? readLatest(site) : latest,
    site.sources(),
    readNotice(c, site),
  ]);
  const now = site.now();
  const byId = new Map(states.map((state) => [state.source, state]));
  const plain = bareFrame(c, site);
  const feedLinks = feeds ? feedsOf(plain.path) : [];
  return {
    ...plain,
    notice,
    feeds: feedLinks,
    nav: [
      roundup === null
        ? { href: ROUNDUPS_ADDRESS, label: 'Roundups' }
        : {
            href: roundupAddress(roundup.number),
            label: `Roundup ${roundup.number}`,
            detail: `${roundup.completed} of ${roundup.lines}`,
          },
      ...NAV,
    ],
    search: {
      action: SEARCH_ADDRESS,
      query: new URL(c.req.url).pathname === SEARCH_ADDRESS ? wordsOf(c, 'q') : '',
    },
    sources: SOURCES.map((source) =>
      freshnessOf({ ...source, title: sourceTitle(source.id) }, byId.get(source.id), now),
    ),
    links: [
      ...(roundup === null ? [] : [{ href: ROUNDUPS_ADDRESS, label: 'All roundups' }]),
      { href: REPORT_ADDRESS, label: 'Report a problem' },
      { href: PROPOSALS_ADDRESS, label: 'Proposals' },
      { href: CAMPAIGNS_ADDRESS, label: 'Campaigns' },
      { href: REGROUPINGS_ADDRESS, label: 'Merge or split' },
      { href: HISTORY_ADDRESS, label: 'History' },
      { href: PEOPLE_ADDRESS, label: 'People' },
      { href: KEYS_ADDRESS, label: 'Keys' },
      ...feedLinks.map(({ href, title }) => ({ href, label: `Atom: ${title}` })),
      { href: API_PAGE_ADDRESS, label: 'API' },
      // The answer to a form is at no address of its own.
      ...(c.req.method === 'POST'
        ? []
        : [...(json ? [{ href: jsonAddress(c), label: 'This page as JSON' }] : []), ...themeLinks(c)]),
    ],
  };
}

const NAV: readonly NavItem[] = [
  { href: QUEUE_ADDRESS, label: 'Queue' },
  { href: THREADS_ADDRESS, label: 'Threads' },
  { href: ISSUES_ADDRESS, label: 'Issues' },
  { href: CHANNELS_ADDRESS, label: 'Channels' },
  { href: PACKAGES_ADDRESS, label: 'Packages' },
  { href: SOURCES_ADDRESS, label: 'Sources' },
  { href: INSIGHT_ADDRESS, label: 'Insight' },
];

/** The frame of a page that has to work without the database: what was refused, what failed. */
export function bareFrame(c: Context, site: Site): Frame {
  return {
    team: site.config.team,
    path: new URL(c.req.url).pathname,
    now: site.now().toISOString(),
    stylesheet: site.assets.stylesheet.path,
    theme: themeOf(c),
    nav: [{ href: ROUNDUPS_ADDRESS, label: 'Roundups' }, ...NAV],
    search: { action: SEARCH_ADDRESS, query: '' },
    person: personIn(c),
    sources: null,
    links: [],
    version: site.assets.version,
    script: site.assets.script.path,
    viewer: whoOf(c).actor.account === null ? undefined : whoOf(c).actor.id,
  };
}

/** Who is signed in, or where one does that and comes back. */
function personIn(c: Context): Frame['person'] {
  const { handle } = whoOf(c);
  const { pathname, search } = new URL(c.req.url);
  return handle === null
    ? { handle: null, href: signInAddress(c.req.method === 'POST' ? '/' : pathname + search) }
    : { handle, href: ACCOUNT_ADDRESS };
}

/** The same page as JSON, with what it was asked for. */
function jsonAddress(c: Context): string {
  const { pathname, search } = new URL(c.req.url);
  return `${pathname === '/' ? '/index' : pathname}.json${search}`;
}
