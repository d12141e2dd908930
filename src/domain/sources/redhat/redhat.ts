import type { Source } from '../source.ts';
import { cefs } from './cefs.ts';
import { csafAdvisory, csafVex } from './csaf.ts';
import { redhatCvrf } from './cvrf.ts';
import { hydraCve } from './hydra-cve.ts';
import { hydraList } from './hydra-list.ts';
import { redhatOsv } from './osv.ts';
import { redhatOval } from './oval.ts';

/** Red Hat Product Security: advisories, and what Red Hat knows of each CVE in its products. */
export const redhat: Source = {
  id: 'redhat',
  aliases: ['red-hat', 'rhel', 'rhsa'],
  title: 'Red Hat',
  homepage: 'https://access.redhat.com/security/',
  licence: {
    name: 'CC-BY-4.0',
    url: 'https://creativecommons.org/licenses/by/4.0/',
    attribution: 'Red Hat, Inc., https://access.redhat.com/security/data',
  },
  version: 3,
  expectEveryHours: 24,
  usualPerWeek: [100, 3000],
  proven: true,
  maxRemovedShare: 0.02,
  formats: [csafAdvisory, csafVex, hydraCve, hydraList, redhatCvrf, redhatOsv, redhatOval, cefs],
  feeds: [
    // CSAF documents have no address of their own to begin with: see readme.md.
    {
      format: 'hydra-list',
      url: 'https://access.redhat.com/hydra/rest/securitydata/cve.json?per_page=1000&page=1',
      path: 'hydra/cve.json',
      since: '2017-01-01',
    },
  ],
};
