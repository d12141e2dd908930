import type { Source } from '../source.ts';
import { almaErrata, almaOldErrata } from './errata.ts';
import { almaOsv } from './osv.ts';
import { almaOval } from './oval.ts';
import { almaUpdateinfo } from './updateinfo.ts';

/** AlmaLinux: errata (ALSA), Red Hat's built again under Red Hat's numbers. */
export const alma: Source = {
  id: 'alma',
  aliases: ['almalinux', 'alsa'],
  title: 'AlmaLinux',
  homepage: 'https://errata.almalinux.org/',
  licence: {
    name: 'MIT',
    url: 'https://github.com/AlmaLinux/osv-database/blob/master/LICENSE',
    attribution: 'AlmaLinux OS Foundation, https://errata.almalinux.org/',
  },
  version: 2,
  expectEveryHours: 168,
  usualPerWeek: [3, 250],
  proven: true,
  maxRemovedShare: 0.02,
  // First those that name source packages.
  formats: [almaErrata, almaOldErrata, almaUpdateinfo, almaOsv, almaOval],
  feeds: ['8', '9', '10'].map((release) => ({
    format: 'errata',
    url: `https://errata.almalinux.org/${release}/errata.full.json`,
    path: `${release}/errata.full.json`,
    since: '2022-01-01',
  })),
};
