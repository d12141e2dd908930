import type { Source } from '../source.ts';
import { epssCsv } from './scores.ts';

/** EPSS: how likely each CVE is to be exploited within thirty days. A signal, not a report of a flaw in a product. */
export const epss: Source = {
  id: 'epss',
  aliases: ['first-epss'],
  title: 'Exploit Prediction Scoring System',
  homepage: 'https://www.first.org/epss/',
  licence: {
    name: 'free use with attribution',
    url: 'https://www.first.org/epss/faq',
    attribution: 'EPSS at FIRST, https://www.first.org/epss/',
  },
  version: 1,
  // Daily; a model's change moves every score.
  expectEveryHours: 60,
  usualPerWeek: [1000, 2_500_000],
  proven: true,
  maxRemovedShare: 0.01,
  formats: [],
  signals: [epssCsv],
  feeds: [
    {
      format: 'epss',
      url: 'https://epss.empiricalsecurity.com/epss_scores-current.csv.gz',
      path: 'epss_scores-current.csv.gz',
      since: '2025-01-01',
    },
  ],
};
