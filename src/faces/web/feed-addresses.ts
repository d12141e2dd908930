import { channelAddress, packageAddress } from './components/addresses.ts';

/** Addresses of the Atom feeds. */

export const ISSUES_FEED = '/feeds/issues.atom';
export const ROUNDUPS_FEED = '/feeds/roundups.atom';
export const GATES_FEED = '/feeds/gates.atom';

export function channelFeedAddress(name: string): string {
  return `/feeds${channelAddress(name)}`;
}

export function packageFeedAddress(attr: string): string {
  return `/feeds${packageAddress(attr)}`;
}

export interface FeedLink {
  href: string;
  title: string;
}

/** The feeds of what a page is about, for readers that look for one (autodiscovery), and for its foot. */
export function feedsOf(path: string): FeedLink[] {
  const [, kind, name] = /^\/(channels|packages)\/([^/]+)$/.exec(path) ?? [];
  if (kind !== undefined && name !== undefined)
    return [
      { href: `/feeds${path}`, title: `${kind === 'channels' ? 'Channel' : 'Package'} ${plain(name)}` },
    ];
  return [
    ...(path === '/' || /^\/issues\b/.test(path) ? [{ href: ISSUES_FEED, title: 'Issues' }] : []),
    ...(path === '/' || /^\/roundups\b/.test(path) ? [{ href: ROUNDUPS_FEED, title: 'Roundups' }] : []),
    ...(/^\/(?:roundups$|gates\b)/.test(path) ? [{ href: GATES_FEED, title: 'Release gates' }] : []),
  ];
}

/** Addresses that come this far are percent-encoded UTF-8. */
function plain(part: string): string {
  return decodeURIComponent(part);
}
