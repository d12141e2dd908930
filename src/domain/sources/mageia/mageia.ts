import { foreignId, osvFormat, osvIdIn } from '../forms/osv.ts';
import type { Source } from '../source.ts';

/** Advisories in OSV, single or in the zip of osv.dev. CVEs stand in `related`, older ones cite LWN and other distributions. */
const mageiaOsv = osvFormat({
  name: 'osv',
  ours: (path, head) => /^MGA[SA]A-\d/.test(osvIdIn(path, head) ?? '') || /"id"\s*:\s*"MGA[SA]A-/.test(head),
  kindOf: (id) => (/^MGA[SA]A-\d{4}-\d{4,5}$/.test(id) ? 'advisory' : foreignId(id, 'Mageia')),
  urlOf: (id) => `https://advisories.mageia.org/${id}.html`,
  placeOf: ({ ecosystem }) => ({ ecosystem: 'mageia', release: /^Mageia:(.{1,20})$/.exec(ecosystem)?.[1] }),
  rebuilt: true,
});

/** Mageia: security advisories (MGASA). */
export const mageia: Source = {
  id: 'mageia',
  aliases: ['mgasa'],
  title: 'Mageia',
  homepage: 'https://advisories.mageia.org/',
  licence: {
    name: 'CC-BY-SA-4.0',
    url: 'https://creativecommons.org/licenses/by-sa/4.0/',
    attribution: 'Mageia, https://advisories.mageia.org/',
  },
  version: 1,
  expectEveryHours: 14 * 24,
  usualPerWeek: [1, 40],
  proven: true,
  maxRemovedShare: 0.02,
  formats: [mageiaOsv],
  feeds: [
    {
      format: 'osv',
      url: 'https://osv-vulnerabilities.storage.googleapis.com/Mageia/all.zip',
      path: 'osv/all.zip',
      since: '2025-01-01',
    },
  ],
};
