import type { Source } from '../source.ts';
import { nvd11 } from './nvd-1.1.ts';
import { nvd20 } from './nvd-2.0.ts';
import { nvdOverride } from './nvd-2.0-override.ts';

/** The National Vulnerability Database of NIST: CVE records with CPE names, scores and tagged references. */
export const nvd: Source = {
  id: 'nvd',
  aliases: ['nist', 'nvd.nist.gov'],
  title: 'National Vulnerability Database',
  homepage: 'https://nvd.nist.gov/',
  licence: {
    name: 'public domain (work of the US government)',
    url: 'https://nvd.nist.gov/general/FAQ-Sections/General-FAQs',
    attribution: 'This product uses the NVD API but is not endorsed or certified by the NVD.',
  },
  version: 2,
  expectEveryHours: 24,
  usualPerWeek: [500, 20000],
  proven: true,
  maxRemovedShare: 0.02,
  formats: [nvd20, nvd11, nvdOverride],
  feeds: [
    {
      format: 'nvd-2.0',
      url: 'https://nvd.nist.gov/feeds/json/cve/2.0/nvdcve-2.0-modified.json.gz',
      path: 'nvdcve-2.0-modified.json.gz',
      since: '2026-08-21',
    },
  ],
};
