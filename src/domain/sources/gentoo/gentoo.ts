import type { Source } from '../source.ts';
import { glsa } from './glsa.ts';

/** Gentoo Linux Security Advisories. */
export const gentoo: Source = {
  id: 'gentoo',
  aliases: ['glsa'],
  title: 'Gentoo Linux Security Advisories',
  homepage: 'https://security.gentoo.org/glsa',
  licence: {
    name: 'CC-BY-SA-2.5',
    url: 'https://creativecommons.org/licenses/by-sa/2.5/',
    attribution: 'Gentoo Linux Security Advisories, Gentoo Foundation, Inc.',
  },
  version: 2,
  // Advisories come in batches, with weeks of silence between them.
  expectEveryHours: 45 * 24,
  usualPerWeek: [0, 60],
  proven: true,
  maxRemovedShare: 0.01,
  formats: [glsa],
  feeds: [
    {
      format: 'glsa',
      url: 'https://gitweb.gentoo.org/data/glsa.git/snapshot/glsa-master.tar.gz',
      path: 'glsa-master.tar.gz',
      since: '2018-01-01',
    },
  ],
};
