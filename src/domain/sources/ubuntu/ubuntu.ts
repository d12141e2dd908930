import type { Source } from '../source.ts';
import { apiCves } from './api-cves.ts';
import { notices } from './notices.ts';
import { osvCve } from './osv-cve.ts';
import { osvUsn } from './osv-usn.ts';
import { ubuntuOval } from './oval.ts';
import { uct } from './uct.ts';
import { usnDb } from './usn-db.ts';
import { vex } from './vex.ts';

/** Ubuntu's security notices (USN) and its CVE tracker (UCT). */
export const ubuntu: Source = {
  id: 'ubuntu',
  aliases: ['usn', 'uct', 'ubuntu-cve-tracker'],
  title: 'Ubuntu Security Notices and CVE Tracker',
  homepage: 'https://ubuntu.com/security/notices',
  licence: {
    name: 'CC-BY-SA-4.0',
    url: 'https://creativecommons.org/licenses/by-sa/4.0/',
    attribution: 'Ubuntu Security Notices and Ubuntu CVE Tracker, Canonical Ltd.',
  },
  version: 3,
  // Notices come on every working day; the longest pause is the one around New Year.
  expectEveryHours: 120,
  usualPerWeek: [40, 500],
  proven: true,
  maxRemovedShare: 0.02,
  // Best first: where two forms carry the same report, the earlier one is kept.
  formats: [uct, usnDb, notices, osvUsn, apiCves, osvCve, vex, ubuntuOval],
  // Only what is whole in one file: a page of the API would make all other notices look removed. See readme.md.
  feeds: [
    {
      format: 'usn-db',
      url: 'https://usn.ubuntu.com/usn-db/database-all.json.bz2',
      path: 'usn-db/database-all.json.bz2',
      since: '2017-01-01',
    },
  ],
};
