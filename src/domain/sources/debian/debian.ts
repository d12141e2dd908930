import type { Source } from '../source.ts';
import { dlaList, dsaList, dtsaList } from './advisory-list.ts';
import { cveList } from './cve-list.ts';
import { debianOsv } from './osv.ts';
import { debianOval } from './oval.ts';
import { trackerJson } from './tracker-json.ts';

const LISTS = 'https://salsa.debian.org/security-tracker-team/security-tracker/-/raw/master/data';

/** Debian's advisories (DSA, DLA, DTSA) and its security tracker. */
export const debian: Source = {
  id: 'debian',
  aliases: ['dsa', 'dla', 'security-tracker'],
  title: 'Debian Security Tracker',
  homepage: 'https://security-tracker.debian.org/',
  licence: {
    name: 'none stated (facts)',
    url: 'https://salsa.debian.org/security-tracker-team/security-tracker',
    attribution: 'Debian security team and Debian LTS team, Debian Security Tracker',
  },
  version: 3,
  // The CVE list changes several times a day, the advisory lists on most days.
  expectEveryHours: 72,
  usualPerWeek: [60, 400],
  proven: true,
  maxRemovedShare: 0.02,
  formats: [dsaList, dlaList, dtsaList, cveList, trackerJson, debianOsv, debianOval],
  feeds: [
    { format: 'dsa-list', url: `${LISTS}/DSA/list`, path: 'data/DSA/list', since: '2018-01-01' },
    { format: 'dla-list', url: `${LISTS}/DLA/list`, path: 'data/DLA/list', since: '2018-01-01' },
    { format: 'cve-list', url: `${LISTS}/CVE/list`, path: 'data/CVE/list', since: '2018-01-01' },
    {
      format: 'tracker-json',
      url: 'https://security-tracker.debian.org/tracker/data/json',
      path: 'tracker/data/json',
      since: '2017-01-01',
    },
  ],
};
