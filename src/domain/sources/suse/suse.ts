import type { Source } from '../source.ts';
import { csaf, csafVex } from './csaf.ts';
import { cvrf, cvrfCve } from './cvrf.ts';
import { suseOsv } from './osv.ts';
import { suseOval } from './oval.ts';

const PUB = 'https://ftp.suse.com/pub/projects/security';

/** SUSE and openSUSE: announcements, and what SUSE knows of each CVE in its products. */
export const suse: Source = {
  id: 'suse',
  aliases: ['opensuse', 'sles', 'suse-su'],
  title: 'SUSE and openSUSE',
  homepage: 'https://www.suse.com/support/security/',
  licence: {
    name: 'CC-BY-4.0 (CVRF of 2015 to 2019: CC-BY-NC-4.0)',
    url: 'https://creativecommons.org/licenses/by/4.0/',
    attribution: 'SUSE Product Security Team, https://www.suse.com/support/security/',
  },
  version: 2,
  expectEveryHours: 96,
  usualPerWeek: [40, 1500],
  proven: true,
  maxRemovedShare: 0.02,
  // OSV first: it alone names source packages.
  formats: [suseOsv, csaf, cvrf, csafVex, cvrfCve, suseOval],
  // Archives: 33,772 requests for single files took 84 minutes, the archive 6. Then changes.csv, see readme.md.
  feeds: [
    { format: 'osv', url: `${PUB}/osv.tar.bz2`, path: 'osv.tar.bz2', since: '2024-06-01' },
    { format: 'csaf', url: `${PUB}/csaf.tar.bz2`, path: 'csaf.tar.bz2', since: '2023-01-01' },
    { format: 'cvrf', url: `${PUB}/cvrf1.2.tar.bz2`, path: 'cvrf1.2.tar.bz2', since: '2019-01-01' },
  ],
};
