import type { RoundupView } from './view.ts';

/** A small roundup as a week of January 2017 could have looked: two projects, one line done. For tests. */
export const SAMPLE_VIEW: RoundupView = {
  number: 20,
  team: 'NixOS',
  openedAt: '2017-02-01T05:45:00Z',
  coversSince: '2017-01-25',
  coversUntil: '2017-02-01',
  lead: 'globin',
  closedAt: null,
  previous: 19,
  channels: [
    { name: 'nixos-16.09', lifecycle: 'supported' },
    { name: 'nixos-16.03', lifecycle: 'end_of_life' },
    { name: 'nixos-unstable', lifecycle: 'development' },
  ],
  sections: [
    {
      product: 'openssl',
      lines: [
        {
          issue: 'NSI-2017-0043',
          title: 'openssl: denial of service',
          severity: 'high',
          exploitation: {
            known: {
              since: '2021-11-03',
              due: '2022-05-03',
              ransomware: true,
              vulnerabilities: ['CVE-2017-3731'],
            },
            likely: { percentile: 97, since: '2017-02-20', vulnerability: 'CVE-2017-3731' },
          },
          vulnerabilities: ['CVE-2017-3731', 'CVE-2017-3732'],
          done: false,
          doneBy: null,
          carriedFrom: 19,
          remark: null,
          version: 0,
          remarkVersion: 0,
          cells: [
            {
              channel: 'nixos-16.09',
              verdict: 'affected',
              packages: [
                {
                  attr: 'openssl',
                  version: '1.0.2j',
                  verdict: 'affected',
                  why: '1.0.2j < 1.0.2k, CVE record',
                },
              ],
            },
            {
              channel: 'nixos-16.03',
              verdict: 'affected',
              packages: [
                {
                  attr: 'openssl',
                  version: '1.0.2j',
                  verdict: 'affected',
                  why: '1.0.2j < 1.0.2k, CVE record',
                },
              ],
            },
            { channel: 'nixos-unstable', verdict: 'not_affected', packages: [] },
          ],
          advisories: [
            {
              id: 'DSA-3773-1',
              source: 'debian',
              published: '2017-01-27',
              url: 'https://www.debian.org/security/2017/dsa-3773',
            },
            { id: 'GLSA-201702-07', source: 'gentoo', published: null, url: null },
          ],
          patches: [
            {
              url: 'https://github.com/openssl/openssl/commit/00d965474b22b54e4275232bc71ee0c699c5cd21',
              vulnerability: 'CVE-2017-3731',
              source: 'debian',
            },
          ],
        },
        {
          issue: 'NSI-2017-0051',
          title: 'openssl: side channel',
          severity: null,
          exploitation: null,
          vulnerabilities: [],
          done: true,
          doneBy: 'globin',
          carriedFrom: null,
          remark: 'fixed in https://github.com/NixOS/nixpkgs/pull/22000',
          version: 122,
          remarkVersion: 0,
          cells: [],
          advisories: [],
          patches: [],
        },
      ],
    },
    {
      product: 'jasper',
      lines: [
        {
          issue: 'NSI-2017-0044',
          title: 'jasper: heap overflow',
          severity: 'medium',
          exploitation: null,
          vulnerabilities: ['CVE-2016-9560'],
          done: false,
          doneBy: null,
          carriedFrom: null,
          remark: null,
          version: 0,
          remarkVersion: 0,
          cells: [
            { channel: 'nixos-16.09', verdict: 'absent', packages: [] },
            { channel: 'nixos-16.03', verdict: 'absent', packages: [] },
            { channel: 'nixos-unstable', verdict: 'absent', packages: [] },
          ],
          advisories: [],
          patches: [],
        },
      ],
    },
  ],
  lines: 3,
  remaining: 2,
  completed: 1,
  carried: 1,
  thanks: ['fpletz', 'vcunat'],
};
