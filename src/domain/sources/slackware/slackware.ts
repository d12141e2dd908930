import type { Source } from '../source.ts';
import { changelog } from './changelog.ts';
import { ssa } from './ssa.ts';

/** Slackware: its ChangeLog, and the advisories that go to its list. Written from public texts; not held against real bytes yet. */
export const slackware: Source = {
  id: 'slackware',
  aliases: ['ssa', 'slackware-security'],
  title: 'Slackware Linux',
  homepage: 'http://www.slackware.com/security/',
  licence: {
    name: 'no statement',
    url: 'http://www.slackware.com/security/',
    attribution: 'Slackware Linux Project',
  },
  version: 1,
  expectEveryHours: 21 * 24,
  usualPerWeek: [0, 20],
  proven: false,
  maxRemovedShare: 0.01,
  formats: [ssa, changelog],
  feeds: [
    {
      format: 'changelog',
      url: 'https://ftp.slackware.com/pub/slackware/slackware64-15.0/ChangeLog.txt',
      path: 'slackware64-15.0/ChangeLog.txt',
      since: '2022-02-02',
    },
  ],
};
