import type { Source } from '../source.ts';
import { mfsaMarkdown, mfsaYaml } from './mfsa.ts';

/** Mozilla: what each release of its products mends. Records of releases decide how their product's flaws are grouped. */
export const mozilla: Source = {
  id: 'mozilla',
  aliases: ['mfsa', 'firefox'],
  title: 'Mozilla Foundation Security Advisories',
  homepage: 'https://www.mozilla.org/en-US/security/advisories/',
  licence: {
    name: 'MPL-2.0; text CC-BY-SA-3.0',
    url: 'https://www.mozilla.org/en-US/foundation/licensing/website-content/',
    attribution: 'Mozilla Foundation Security Advisories',
  },
  version: 1,
  // Releases come every four weeks, with small ones between them.
  expectEveryHours: 35 * 24,
  usualPerWeek: [0, 15],
  proven: true,
  maxRemovedShare: 0.01,
  formats: [mfsaYaml, mfsaMarkdown],
  feeds: [
    {
      format: 'mfsa',
      url: 'https://codeload.github.com/mozilla/foundation-security-advisories/tar.gz/refs/heads/master',
      path: 'foundation-security-advisories-master.tar.gz',
      since: '2016-01-01',
    },
  ],
};
