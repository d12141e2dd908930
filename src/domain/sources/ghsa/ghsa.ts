import type { Source } from '../source.ts';
import { ghsaGraphql } from './graphql.ts';
import { ghsaOsv } from './records.ts';

/** GitHub's advisory database. */
export const ghsa: Source = {
  id: 'ghsa',
  aliases: ['github', 'advisory-database'],
  title: 'GitHub Advisory Database',
  homepage: 'https://github.com/advisories',
  licence: {
    name: 'CC-BY-4.0',
    url: 'https://github.com/github/advisory-database/blob/main/LICENSE.md',
    attribution: 'GitHub Advisory Database, https://github.com/advisories',
  },
  version: 1,
  expectEveryHours: 48,
  usualPerWeek: [100, 5000],
  proven: true,
  maxRemovedShare: 0.02,
  formats: [ghsaOsv, ghsaGraphql],
  // The repository as an archive (300 MB packed); small steps by the API, with a token: see readme.md.
  feeds: [
    {
      format: 'osv',
      url: 'https://codeload.github.com/github/advisory-database/tar.gz/refs/heads/main',
      path: 'advisory-database-main.tar.gz',
      since: '2022-02-01',
    },
  ],
};
