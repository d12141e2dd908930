import type { Source } from '../source.ts';
import { elsaOval } from './oval.ts';

/** Oracle Linux: advisories (ELSA), most of them Red Hat's built again. */
export const oracle: Source = {
  id: 'oracle',
  aliases: ['oracle-linux', 'elsa'],
  title: 'Oracle Linux',
  homepage: 'https://linux.oracle.com/security/',
  licence: {
    name: 'no statement',
    url: 'https://linux.oracle.com/security/oval/',
    attribution: 'Oracle, https://linux.oracle.com/security/',
  },
  version: 2,
  expectEveryHours: 168,
  usualPerWeek: [5, 300],
  proven: true,
  maxRemovedShare: 0.02,
  formats: [elsaOval],
  feeds: [
    {
      format: 'oval',
      url: 'https://linux.oracle.com/security/oval/com.oracle.elsa-all.xml.bz2',
      path: 'oval/com.oracle.elsa-all.xml.bz2',
      since: '2015-01-01',
    },
  ],
};
