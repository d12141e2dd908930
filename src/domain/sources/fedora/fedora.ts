import type { Source } from '../source.ts';
import { bodhi } from './bodhi.ts';
import { fedoraUpdateinfo } from './updateinfo.ts';

/** Fedora and EPEL: updates, as Bodhi has them and as their repositories list them. */
export const fedora: Source = {
  id: 'fedora',
  aliases: ['epel', 'bodhi'],
  title: 'Fedora and EPEL',
  homepage: 'https://bodhi.fedoraproject.org/',
  licence: {
    name: 'no statement',
    url: 'https://fedoraproject.org/wiki/Legal:Main',
    attribution: 'Fedora Project, https://bodhi.fedoraproject.org/',
  },
  version: 1,
  expectEveryHours: 72,
  usualPerWeek: [40, 400],
  proven: true,
  maxRemovedShare: 0.02,
  formats: [bodhi, fedoraUpdateinfo],
  // A page at a time, by `pushed_since`: see readme.md. One page as a file would make all other updates look removed.
  feeds: [],
};
