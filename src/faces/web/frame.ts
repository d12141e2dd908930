import type { Context } from 'hono';
import { roundupFigures } from '#domain/roundup';
import { SOURCES } from '#domain/sources';
import { roundupAddress, SOURCES_ADDRESS } from './components/addresses.ts';
import { freshnessOf } from './freshness.ts';
import type { Frame, NavItem } from './layout.tsx';
import {
  CHANNELS_ADDRESS,
  ISSUES_ADDRESS,
  PACKAGES_ADDRESS,
  ROUNDUPS_ADDRESS,
  SEARCH_ADDRESS,
} from './list-addresses.ts';
import { wordsOf } from './request-checks.ts';
import type { Site } from './site.ts';
import { sourceTitle } from './source-titles.ts';
import { themeLinks, themeOf } from './theme.ts';

/** What stands around a page: one query, and the kept state of the sources. */
export async function makeFrame(c: Context, site: Site): Promise<Frame> {
  const [[roundup], states] = await Promise.all([roundupFigures(site.database.queries, 1), site.sources()]);
  const now = site.now();
  const byId = new Map(states.map((state) => [state.source, state]));
  const plain = bareFrame(c, site);
  return {
    ...plain,
    nav: [
      roundup === undefined
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
      ...(roundup === undefined ? [] : [{ href: ROUNDUPS_ADDRESS, label: 'All roundups' }]),
      { href: jsonAddress(c), label: 'This page as JSON' },
      ...themeLinks(c),
    ],
  };
}

const NAV: readonly NavItem[] = [
  { href: ISSUES_ADDRESS, label: 'Issues' },
  { href: CHANNELS_ADDRESS, label: 'Channels' },
  { href: PACKAGES_ADDRESS, label: 'Packages' },
  { href: SOURCES_ADDRESS, label: 'Sources' },
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
    sources: null,
    links: [],
    version: site.assets.version,
  };
}

/** The same page as JSON, with what it was asked for. */
function jsonAddress(c: Context): string {
  const { pathname, search } = new URL(c.req.url);
  return `${pathname === '/' ? '/index' : pathname}.json${search}`;
}
