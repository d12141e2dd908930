import type { Source } from '../source.ts';
import { chromeReleases } from './releases.ts';

/** Chrome: what each release mends. Written from what the feed is documented to be; not held against real bytes yet. */
export const chrome: Source = {
  id: 'chrome',
  aliases: ['chromium', 'chrome-releases'],
  title: 'Chrome Releases',
  homepage: 'https://chromereleases.googleblog.com/',
  licence: {
    name: 'no statement',
    url: 'https://chromereleases.googleblog.com/',
    attribution: 'Google, Chrome Releases',
  },
  version: 1,
  expectEveryHours: 14 * 24,
  usualPerWeek: [0, 6],
  proven: false,
  // The feed holds the last releases only: what leaves it is not taken back.
  maxRemovedShare: 1,
  formats: [chromeReleases],
  feeds: [
    {
      format: 'releases',
      url: 'https://chromereleases.googleblog.com/feeds/posts/default?max-results=50',
      path: 'feeds/posts/default.xml',
      since: '2013-01-01',
    },
  ],
};
