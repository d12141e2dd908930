import type { Source } from '../source.ts';
import { kevCsv, kevJson } from './catalogue.ts';

/** CISA's catalogue of vulnerabilities that are known to be exploited: a signal, not a report of a flaw in a product. */
export const kev: Source = {
  id: 'kev',
  aliases: ['cisa', 'cisa-kev'],
  title: 'CISA Known Exploited Vulnerabilities',
  homepage: 'https://www.cisa.gov/known-exploited-vulnerabilities-catalog',
  licence: {
    name: 'CC0-1.0',
    url: 'https://www.cisa.gov/sites/default/files/licenses/kev/license.txt',
    attribution: 'Cybersecurity and Infrastructure Security Agency (CISA)',
  },
  version: 1,
  expectEveryHours: 14 * 24,
  usualPerWeek: [0, 30],
  proven: true,
  maxRemovedShare: 0.01,
  formats: [],
  signals: [kevJson, kevCsv],
  feeds: [
    {
      format: 'kev',
      url: 'https://www.cisa.gov/sites/default/files/feeds/known_exploited_vulnerabilities.json',
      path: 'known_exploited_vulnerabilities.json',
      since: '2021-11-03',
    },
  ],
};
