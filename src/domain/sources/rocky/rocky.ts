import type { Source } from '../source.ts';
import { apollo } from './apollo.ts';
import { rockyOsv } from './osv.ts';
import { rockyUpdateinfo } from './updateinfo.ts';

/** Rocky Linux: errata (RLSA), Red Hat's built again under Red Hat's numbers, and those of its groups (RXSA). */
export const rocky: Source = {
  id: 'rocky',
  aliases: ['rockylinux', 'rlsa'],
  title: 'Rocky Linux',
  homepage: 'https://errata.rockylinux.org/',
  licence: {
    name: 'CC-BY-4.0',
    url: 'https://creativecommons.org/licenses/by/4.0/',
    attribution: 'Rocky Enterprise Software Foundation, https://errata.rockylinux.org/',
  },
  version: 1,
  expectEveryHours: 168,
  usualPerWeek: [3, 250],
  proven: true,
  maxRemovedShare: 0.02,
  formats: [apollo, rockyUpdateinfo, rockyOsv],
  feeds: [
    {
      format: 'osv',
      url: 'https://osv-vulnerabilities.storage.googleapis.com/Rocky%20Linux/all.zip',
      path: 'osv/all.zip',
      since: '2023-01-01',
    },
  ],
};
