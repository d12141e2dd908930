import type { Source } from '../source.ts';
import { alpineOsv } from './osv.ts';
import { rejections } from './rejections.ts';
import { secdbJson, secdbYaml } from './secdb.ts';

const RELEASES = ['edge', 'v3.24', 'v3.23', 'v3.22', 'v3.21', 'v3.20', 'v3.19', 'v3.18'];

/** Alpine Linux: what each version of a package mended, and what was found not to be true. */
export const alpine: Source = {
  id: 'alpine',
  aliases: ['alpine-secdb', 'secdb'],
  title: 'Alpine Linux security database',
  homepage: 'https://security.alpinelinux.org/',
  licence: {
    name: 'no statement',
    url: 'https://secdb.alpinelinux.org/',
    attribution: 'Alpine Linux, https://secdb.alpinelinux.org/',
  },
  version: 1,
  expectEveryHours: 168,
  usualPerWeek: [5, 300],
  proven: true,
  maxRemovedShare: 0.05,
  formats: [secdbJson, secdbYaml, rejections, alpineOsv],
  feeds: [
    ...RELEASES.flatMap((release) =>
      ['main', 'community'].map((repository) => ({
        format: 'secdb',
        url: `https://secdb.alpinelinux.org/${release}/${repository}.json`,
        path: `secdb/${release}/${repository}.json`,
        since: '2020-06-08',
      })),
    ),
    ...['main', 'community'].map((repository) => ({
      format: 'rejections',
      url: `https://gitlab.alpinelinux.org/alpine/security/security-rejections/-/raw/master/${repository}.yaml`,
      path: `security-rejections/${repository}.yaml`,
      since: '2024-01-01',
    })),
  ],
};
