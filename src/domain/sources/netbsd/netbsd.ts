import type { Source } from '../source.ts';
import { pkgVulnerabilities } from './pkg-vulnerabilities.ts';

/** NetBSD: the list of vulnerable packages of pkgsrc. Written from its documentation; not held against real bytes yet. */
export const netbsd: Source = {
  id: 'netbsd',
  aliases: ['pkgsrc', 'pkg-vulnerabilities'],
  title: 'pkgsrc pkg-vulnerabilities',
  homepage: 'https://www.pkgsrc.org/',
  licence: {
    name: 'no statement',
    url: 'https://ftp.netbsd.org/pub/NetBSD/packages/vulns/',
    attribution: 'The NetBSD Foundation, pkgsrc security team',
  },
  version: 1,
  expectEveryHours: 168,
  usualPerWeek: [5, 200],
  proven: false,
  maxRemovedShare: 0.01,
  formats: [pkgVulnerabilities],
  feeds: [
    {
      format: 'pkg-vulnerabilities',
      url: 'https://ftp.netbsd.org/pub/NetBSD/packages/vulns/pkg-vulnerabilities',
      path: 'pkg-vulnerabilities',
      since: '2008-01-01',
    },
  ],
};
