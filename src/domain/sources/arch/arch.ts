import type { Source } from '../source.ts';
import { asa } from './asa.ts';
import { avg } from './avg.ts';

/** Arch Linux: groups of its security tracker, and the advisories made of them. */
export const arch: Source = {
  id: 'arch',
  aliases: ['archlinux', 'avg', 'asa'],
  title: 'Arch Linux Security Tracker',
  homepage: 'https://security.archlinux.org/',
  licence: {
    name: 'no statement',
    url: 'https://security.archlinux.org/',
    attribution: 'Arch Linux Security Team, https://security.archlinux.org/',
  },
  version: 1,
  // Since 2021 it has been silent for months at a time: quiet is not healthy, but it is usual.
  expectEveryHours: 60 * 24,
  usualPerWeek: [0, 60],
  proven: true,
  maxRemovedShare: 0.02,
  formats: [avg, asa],
  feeds: [
    { format: 'avg', url: 'https://security.archlinux.org/all.json', path: 'all.json', since: '2017-01-01' },
  ],
};
