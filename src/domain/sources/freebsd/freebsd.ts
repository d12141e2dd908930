import type { Source } from '../source.ts';
import { vuxml } from './vuxml.ts';

/** FreeBSD: VuXML, the vulnerabilities of its ports and of itself. */
export const freebsd: Source = {
  id: 'freebsd',
  aliases: ['vuxml'],
  title: 'FreeBSD VuXML',
  homepage: 'https://vuxml.freebsd.org/',
  licence: {
    name: 'BSD-2-Clause',
    url: 'https://cgit.freebsd.org/ports/tree/security/vuxml/vuln.xml',
    attribution: 'Jacques Vidrine and contributors, FreeBSD VuXML',
  },
  version: 1,
  expectEveryHours: 168,
  usualPerWeek: [2, 60],
  proven: true,
  maxRemovedShare: 0.01,
  formats: [vuxml],
  feeds: [
    {
      format: 'vuxml',
      url: 'https://vuxml.freebsd.org/freebsd/vuln.xml.bz2',
      path: 'vuln.xml.bz2',
      since: '2014-01-01',
    },
  ],
};
