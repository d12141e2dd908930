import type { Source } from '../source.ts';
import { cve4 } from './cve-4.ts';
import { cve5 } from './cve-5.ts';

/** The CVE list of the CVE Program: what whoever numbered a vulnerability (a CNA) says of it. */
export const cve: Source = {
  id: 'cve',
  aliases: ['cve.org', 'cvelist', 'cvelistv5', 'mitre', 'cve4', 'cve5', 'vulnrichment'],
  title: 'CVE.org',
  homepage: 'https://www.cve.org/',
  licence: {
    name: 'CVE terms of use',
    url: 'https://www.cve.org/Legal/TermsOfUse',
    attribution:
      'CVE records: The MITRE Corporation and the CNAs named in them; additions by CISA (vulnrichment) are CC0.',
  },
  version: 2,
  expectEveryHours: 6,
  usualPerWeek: [500, 6000],
  proven: true,
  maxRemovedShare: 0.02,
  formats: [cve5, cve4],
  feeds: [
    {
      format: 'cve-5',
      url: 'https://github.com/CVEProject/cvelistV5/archive/refs/heads/main.tar.gz',
      path: 'cvelistV5-main.tar.gz',
      since: '2026-08-21',
    },
  ],
};
