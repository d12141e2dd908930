import { asList, type ChannelHead, type RoundupView } from '#domain/roundup';
import type { Frame } from '../layout.tsx';
import { ChannelPage, type ChannelPageProps } from './channel.tsx';
import { HomePage, type HomePageProps } from './home.tsx';
import { IssuePage, type IssuePageProps } from './issue.tsx';
import { NotFoundPage, type NotFoundPageProps } from './not-found.tsx';
import { PackagePage, type PackagePageProps } from './package.tsx';
import { ReportPage, type ReportPageProps } from './report.tsx';
import { RoundupPage, type RoundupPageProps } from './roundup.tsx';
import { SourcePage, type SourcePageProps } from './source.tsx';
import { SourcesPage, type SourcesPageProps } from './sources.tsx';

/** Props for every page, for tests: each field filled, so that each piece of each page is drawn. */

const CHANNELS: ChannelHead[] = [
  { name: 'nixos-17.03', lifecycle: 'supported' },
  { name: 'nixos-16.03', lifecycle: 'end_of_life' },
];

export const FRAME: Frame = {
  team: 'NixOS',
  path: '/roundups/31',
  now: '2017-03-01T10:20:00Z',
  stylesheet: '/assets/style.css',
  theme: 'dark',
  nav: [
    { href: '/roundups/31', label: 'Roundup 31', detail: '17 of 42' },
    { href: '/sources', label: 'Sources' },
  ],
  search: { action: '/search', query: 'openssl' },
  person: { handle: 'ada', href: '/account' },
  sources: [
    { title: 'Debian', state: 'fresh', since: '2017-03-01T10:08:00Z' },
    { title: 'oss-security', state: 'silent', since: '2017-02-28T13:00:00Z' },
    { title: 'Red Hat', state: 'failing', since: '2016-12-28T13:00:00Z' },
    { title: 'Alpine', state: 'never', since: null },
  ],
  links: [{ href: '/atom.xml', label: 'Atom' }],
  version: '0.1.0',
};

const PATCH = {
  url: 'https://github.com/openssl/openssl/commit/00d965474b22b54e4275232bc71ee0c699c5cd21',
  vulnerability: 'CVE-2017-3731',
  source: 'debian',
};

export const ROUNDUP: RoundupView = {
  number: 31,
  team: 'NixOS',
  openedAt: '2017-03-01T05:45:00Z',
  coversSince: '2017-02-22',
  coversUntil: '2017-03-01',
  lead: 'globin',
  closedAt: '2017-03-07T18:00:00Z',
  previous: 30,
  channels: CHANNELS,
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
          vulnerabilities: ['CVE-2017-3731', 'CVE-2017-3732', 'CVE-2016-7055', 'CVE-2016-7056'],
          done: false,
          doneBy: null,
          carriedFrom: 30,
          remark: 'waits for the rebuild',
          version: 0,
          remarkVersion: 0,
          cells: [
            {
              channel: 'nixos-17.03',
              verdict: 'unknown',
              packages: [
                { attr: 'openssl', version: '1.0.2j', verdict: 'unknown', why: 'orders disagree' },
                { attr: 'openssl_1_1_0', version: '1.1.0c', verdict: 'not_affected', why: '' },
                { attr: 'openssl_1_0_1', version: '', verdict: 'not_affected', why: '' },
              ],
            },
            {
              channel: 'nixos-16.03',
              verdict: 'affected',
              packages: [{ attr: 'openssl', version: '1.0.2j', verdict: 'affected', why: '1.0.2j < 1.0.2k' }],
            },
          ],
          advisories: [
            {
              id: 'DSA-3773-1',
              source: 'debian',
              published: '2017-01-27',
              url: 'https://www.debian.org/security/2017/dsa-3773',
            },
            { id: 'RHSA-2017:0286', source: 'redhat', published: null, url: null },
          ],
          patches: [PATCH],
        },
        {
          issue: 'NSI-2017-0051',
          title: 'openssl: side channel',
          severity: null,
          exploitation: null,
          vulnerabilities: [],
          done: true,
          doneBy: 'fpletz',
          carriedFrom: null,
          remark: null,
          version: 122,
          remarkVersion: 0,
          cells: [
            { channel: 'nixos-17.03', verdict: 'absent', packages: [] },
            { channel: 'nixos-16.03', verdict: 'not_affected', packages: [] },
          ],
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
          title: 'heap overflow',
          severity: 'critical',
          exploitation: null,
          vulnerabilities: ['CVE-2016-9560'],
          done: true,
          doneBy: 'globin',
          carriedFrom: null,
          remark: 'not vulnerable',
          version: 0,
          remarkVersion: 0,
          cells: [],
          advisories: [{ id: 'GLSA-201702-07', source: 'gentoo', published: '2017-02-14', url: null }],
          patches: [],
        },
      ],
    },
  ],
  lines: 3,
  remaining: 1,
  completed: 2,
  carried: 1,
  thanks: ['fpletz', 'globin'],
};

const roundup: RoundupPageProps = { frame: FRAME, roundup: asList(ROUNDUP) };

export const ISSUE: IssuePageProps = {
  frame: { ...FRAME, path: '/issues/NSI-2017-0043', theme: null },
  id: 'NSI-2017-0043',
  product: 'openssl',
  title: 'openssl: denial of service',
  severity: 'high',
  severityBy: 'NVD',
  exploitation: {
    known: { since: '2021-11-03', due: '2022-05-03', ransomware: true, vulnerabilities: ['CVE-2017-3731'] },
    likely: { percentile: 97, since: '2017-02-20', vulnerability: 'CVE-2017-3731' },
  },
  opened: '2017-01-26',
  lastReport: '2017-02-20',
  advisories: [
    {
      id: 'DSA-3773-1',
      source: 'debian',
      sourceTitle: 'Debian',
      published: '2017-01-27',
      url: 'https://www.debian.org/security/2017/dsa-3773',
      report: 'DSA-3773-1',
      citedBy: [],
      fixed: [
        { name: 'openssl', release: 'jessie', version: '1.0.1t-1+deb8u6' },
        { name: 'openssl', release: null, version: null },
      ],
      patches: [PATCH],
    },
    {
      id: 'RHSA-2017:0286',
      source: 'redhat',
      sourceTitle: 'Red Hat',
      published: '2017-02-20',
      url: 'https://access.redhat.com/errata/RHSA-2017:0286',
      report: null,
      citedBy: ['nvd'],
      fixed: [],
      patches: [],
    },
  ],
  patches: [
    {
      ...PATCH,
      vulnerability: null,
      url: 'https://git.openssl.org/gitweb/?p=openssl.git;h=2198b3a55de681e1f3c2',
    },
  ],
  channels: CHANNELS,
  summary: `A crash, see **CVE-2017-3731**. <script>alert("1")</script>`,
  seen: { title: 3, severity: 0, summary: 12 },
  comments: {
    older: true,
    shown: [
      {
        number: 17,
        by: { label: '@ada', initials: 'AL', handle: 'ada' },
        at: '2017-02-28T13:00:00Z',
        editedAt: '2017-02-28T14:00:00Z',
        body: `@fpletz look: <script>alert("1")</script>`,
        version: 4,
        may: 'edit',
      },
      {
        number: 18,
        by: { label: 'a visitor', initials: 'V', handle: null },
        at: '2017-02-28T13:00:00Z',
        editedAt: null,
        body: null,
        version: 5,
        may: 'take_back',
      },
    ],
  },
  packages: [
    {
      attr: 'openssl',
      score: 0.97,
      listed: null,
      again: ['CVE-2017-3731 is high now, medium then'],
      reasons: [
        { part: 'name', points: 0.6, why: 'openssl' },
        { part: 'another line of releases', points: -0.15, why: '' },
      ],
      cells: [
        {
          channel: 'nixos-17.03',
          verdict: 'not_affected',
          version: '1.0.2k',
          evidence: [
            { vulnerability: 'CVE-2017-3731', verdict: 'not_affected', why: '1.0.2k is not before 1.0.2k' },
          ],
          patched: ['CVE-2017-3730'],
          asked: true,
        },
        { channel: 'nixos-16.03', verdict: 'absent', version: null, evidence: [], patched: [], asked: false },
      ],
    },
  ],
  vulnerabilities: [
    {
      id: 'CVE-2017-3731',
      aliases: ['GHSA-2222-3333-4444'],
      state: 'published',
      severity: 'high',
      score: 7.5,
      cvss: { version: '3.0', vector: 'CVSS:3.0/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H' },
      published: '2017-05-04',
      description: 'A truncated packet can make a server read beyond a buffer.',
      weaknesses: ['CWE-125'],
      records: [{ source: 'nvd', key: 'CVE-2017-3731', title: 'NVD' }],
    },
    {
      id: 'CVE-2016-7055',
      aliases: [],
      state: 'reserved',
      severity: null,
      score: null,
      cvss: null,
      published: null,
      description: null,
      weaknesses: [],
      records: [],
    },
  ],
  reports: [
    {
      source: 'debian',
      sourceTitle: 'Debian',
      key: 'DSA-3773-1',
      title: 'openssl -- security update',
      published: '2017-01-27',
      coverage: 'partial',
      why: ['the first advisory that names CVE-2017-3731 for openssl'],
    },
  ],
  roundups: [20, 31],
};

const suggestion = {
  issue: 'NSI-2017-0043',
  title: 'openssl: denial of service',
  severity: 'high' as const,
  exploitation: null,
  publicSince: '2017-01-26',
  product: 'openssl',
  cells: ROUNDUP.sections[0]?.lines[0]?.cells ?? [],
};

const packagePage: PackagePageProps = {
  frame: FRAME,
  attr: 'openssl',
  pname: 'openssl-pname',
  kind: 'attribute',
  description: 'A cryptographic library',
  homepage: 'https://www.openssl.org/',
  licences: ['OpenSSL'],
  maintainers: [
    { name: 'Peter', github: 'peti' },
    { name: 'Nobody', github: null },
  ],
  channels: CHANNELS.map((channel, index) => ({
    channel,
    version: index === 0 ? '1.0.2k' : null,
    since: '2017-01-28',
    patches: ['use-etc-ssl-certs.patch'],
    position: {
      path: 'pkgs/openssl/default.nix',
      url: 'https://github.com/NixOS/nixpkgs/blob/master/pkgs/openssl/default.nix',
    },
    knownVulnerabilities: ['CVE-2016-2107 is not fixed'],
  })),
  total: 2345,
  after: 'NSI-2017-0040',
  next: 'NSI-2017-0043',
  suggestions: [suggestion],
};

const counts = { critical: 1, high: 7, medium: 19, low: 6, none: 0, unrated: 3 };

const channelPage: ChannelPageProps = {
  frame: FRAME,
  channel: { name: 'nixos-16.03', lifecycle: 'end_of_life' },
  released: '2016-04-01',
  endOfLife: '2016-10-31',
  packages: 24_870,
  counts: { affected: counts, unknown: { ...counts, high: 0 } },
  gate: { release: '16.09' },
  mayPlan: true,
  revisions: [
    {
      commit: '8f3c1a2b7b3e91d0aa00112233445566778899aa',
      url: 'https://github.com/NixOS/nixpkgs/commit/8f3c1a2b7b3e91d0aa00112233445566778899aa',
      committedAt: '2016-10-29T08:00:00Z',
      importedAt: '2016-10-29T11:00:00Z',
      packages: 24_870,
    },
  ],
  suggestions: {
    rows: [{ ...suggestion, cells: suggestion.cells.slice(1) }],
    page: 2,
    pages: 3,
    total: 63,
  },
};

const report: ReportPageProps = {
  frame: FRAME,
  source: {
    id: 'debian',
    title: 'Debian',
    licence: { name: 'as Debian says', url: 'https://www.debian.org/license' },
  },
  id: 'DSA-3773-1',
  kind: 'advisory',
  title: 'openssl -- security update',
  description: 'Several flaws were found.\n\nThey are fixed in jessie.',
  url: 'https://www.debian.org/security/2017/dsa-3773',
  published: '2017-01-27',
  modified: '2017-01-28',
  fetchedFirst: '2017-01-27T20:00:00Z',
  fetchedLast: '2017-03-01T10:08:00Z',
  revision: 2,
  goneAt: '2017-02-28',
  withdrawn: 'superseded',
  state: 'rejected',
  severity: 'medium',
  severityAs: 'moderate',
  cvss: [{ version: '3.0', vector: 'CVSS:3.0/AV:N', score: 7.5, by: 'nvd' }],
  vulnerabilities: ['CVE-2017-3731'],
  aliases: ['GHSA-2222-3333-4444'],
  weaknesses: ['CWE-125'],
  cites: ['RHSA-2017:0286'],
  links: [{ url: 'https://security-tracker.debian.org/tracker/openssl', kind: 'web', note: 'tracker' }],
  affected: [
    {
      ecosystem: 'debian',
      vendor: 'openssl',
      name: 'openssl',
      release: 'jessie',
      status: 'not_affected',
      fixed: '1.0.1t-1+deb8u6',
      range: 'before 1.0.1t-1+deb8u6',
      vulnerability: 'CVE-2017-3731',
      note: 'code not present',
    },
  ],
  issues: [{ id: 'NSI-2017-0043', title: 'openssl: denial of service', coverage: 'partial' }],
  raw: { href: '/reports/debian/DSA-3773-1/raw', bytes: 4_312 },
};

const sources: SourcesPageProps = {
  frame: FRAME,
  sources: [
    {
      id: 'redhat',
      title: 'Red Hat',
      homepage: 'https://access.redhat.com/',
      licence: { name: 'CC-BY-4.0', url: 'https://creativecommons.org/licenses/by/4.0/' },
      state: 'failing',
      unproven: true,
      lastSuccess: '2017-02-27T04:00:00Z',
      lastAttempt: '2017-03-01T04:00:00Z',
      lastError: 'HTTP 503, tried 4 times',
      nextRun: '2017-03-01T08:17:00Z',
      newestReport: '2017-02-26',
      reports: 611,
      quarantined: 9,
      expectEveryHours: 24,
      usualPerWeek: [100, 3000],
      alarms: 2,
    },
  ],
  alarms: [
    {
      id: 4,
      source: 'redhat',
      kind: 'gone',
      subject: 'csaf/advisories/archive.tar.zst',
      facts: { count: 300, of: 611, batch: 3 },
      words: '300 of 611 are gone',
      openedAt: '2017-02-28T04:00:00Z',
      seenAt: '2017-03-01T04:00:00Z',
      closedAt: null,
    },
  ],
  batches: [
    {
      id: 3,
      source: 'redhat',
      path: 'csaf/advisories/archive.tar.zst',
      kind: 'gone',
      facts: { gone: 300, of: 611, now: 311, changed: 0, examples: ['RHSA-2017:0286'] },
      version: 0,
      heldAt: '2017-02-28T04:00:00Z',
      decision: null,
      by: null,
      decidedAt: null,
      appliedAt: null,
      overtaken: false,
    },
  ],
  permission: 'apply',
  mayRun: true,
  watching: false,
  replayed: { freed: 1, tried: 2 },
  quarantine: {
    counts: [{ source: 'redhat', reason: 'not-json', count: 9 }],
    filter: { of: 'redhat', reason: 'not-json' },
    rows: [
      {
        id: 1,
        source: 'redhat',
        path: 'rhsa/RHSA-2017_0286.json',
        document: 'RHSA-2017:0286',
        reason: 'not-json',
        place: 'line 1',
        message: 'expected a value',
        firstSeen: '2017-02-27T04:00:00Z',
        lastSeen: '2017-03-01T04:00:00Z',
        raw: '/quarantine/1/raw',
      },
    ],
    page: 1,
    pages: 2,
    total: 9,
  },
};

const source: SourcePageProps = {
  frame: FRAME,
  source: sources.sources[0] as SourcePageProps['source'],
  alarms: [
    ...sources.alarms,
    ...sources.alarms.map((alarm) => ({ ...alarm, closedAt: '2017-03-01T05:00:00Z' })),
  ],
  batches: [
    ...sources.batches,
    ...sources.batches.map((batch) => ({
      ...batch,
      id: 2,
      decision: 'refused' as const,
      by: '@ada',
      overtaken: true,
    })),
  ],
  runs: [
    {
      ...{ id: 9, startedAt: '2017-03-01T04:00:00Z', endedAt: '2017-03-01T04:01:00Z', outcome: 'failed' },
      ...{ stored: 1, unchanged: 2, quarantined: 3, gone: 4, requests: 5, bytes: 6, error: 'HTTP 503' },
    },
  ],
  quarantine: [{ reason: 'not-json', count: 9 }],
  permission: 'propose',
  mayRun: true,
  watching: true,
};

const home: HomePageProps = {
  frame: { ...FRAME, path: '/' },
  burning: [
    {
      issue: 'NSI-2017-0051',
      title: 'linux: local privilege escalation',
      severity: 'critical',
      exploitation: {
        known: { since: '2017-02-23', due: null, ransomware: false, vulnerabilities: ['CVE-2017-6074'] },
        likely: null,
      },
      publicSince: '2017-02-22',
      channels: ['nixos-17.03'],
    },
  ],
  roundup: {
    number: 31,
    coversSince: '2017-02-22',
    coversUntil: '2017-03-01',
    lead: 'globin',
    lines: 42,
    completed: 25,
    carried: 6,
    closedAt: null,
    nextAt: '2017-03-08T05:45:00Z',
  },
  channels: CHANNELS.map((channel) => ({
    channel,
    packages: 31_204,
    revisedAt: '2017-02-28T22:10:00Z',
    affected: counts,
    unknown: 44,
  })),
  waiting: [{ label: 'documents in quarantine', count: 12, href: '/sources#quarantine' }],
  totals: { reports: 2_914, vulnerabilities: 1_207, issues: 611, suggestions: 402 },
};

const notFound: NotFoundPageProps = {
  frame: { ...FRAME, search: null },
  wanted: 'NSI-2017-9999',
  suggestions: [{ kind: 'package', label: 'openssl', href: '/packages/openssl' }],
  movedTo: { id: 'NSI-2017-0043', title: 'openssl: denial of service' },
};

/** Props of a page, and how they are drawn. `Change` is what a test does to every string of them first. */
export interface SamplePage {
  name: string;
  draw: (change: <T>(props: T) => T) => { toString(): string };
}

export const SAMPLE_PAGES: readonly SamplePage[] = [
  { name: 'roundup', draw: (change) => <RoundupPage {...change(roundup)} /> },
  { name: 'issue', draw: (change) => <IssuePage {...change(ISSUE)} /> },
  { name: 'package', draw: (change) => <PackagePage {...change(packagePage)} /> },
  { name: 'channel', draw: (change) => <ChannelPage {...change(channelPage)} /> },
  { name: 'report', draw: (change) => <ReportPage {...change(report)} /> },
  { name: 'sources', draw: (change) => <SourcesPage {...change(sources)} /> },
  { name: 'source', draw: (change) => <SourcePage {...change(source)} /> },
  { name: 'home', draw: (change) => <HomePage {...change(home)} /> },
  { name: 'not-found', draw: (change) => <NotFoundPage {...change(notFound)} /> },
];

/** The same with every list empty and every field that may be missing missing. */
export const BARE_PAGES: readonly { name: string; draw: () => { toString(): string } }[] = [
  {
    name: 'roundup',
    draw: () => (
      <RoundupPage
        frame={{ ...FRAME, nav: [], sources: [], links: [] }}
        roundup={{
          ...ROUNDUP,
          sections: [],
          channels: [],
          thanks: [],
          lead: null,
          previous: null,
          closedAt: null,
          lines: 0,
          remaining: 0,
          completed: 0,
          carried: 0,
        }}
      />
    ),
  },
  {
    name: 'issue',
    draw: () => (
      <IssuePage
        {...ISSUE}
        severity={null}
        severityBy={null}
        advisories={[]}
        patches={[]}
        channels={[]}
        packages={[]}
        vulnerabilities={[]}
        reports={[]}
        roundups={[]}
      />
    ),
  },
  {
    name: 'package',
    draw: () => (
      <PackagePage
        {...packagePage}
        description={null}
        homepage={null}
        licences={[]}
        maintainers={[]}
        channels={[]}
        suggestions={[]}
      />
    ),
  },
  {
    name: 'channel',
    draw: () => (
      <ChannelPage
        {...channelPage}
        released={null}
        endOfLife={null}
        gate={null}
        revisions={[]}
        suggestions={{ rows: [], page: 1, pages: 0, total: 0 }}
      />
    ),
  },
  {
    name: 'report',
    draw: () => (
      <ReportPage
        {...report}
        description={null}
        url={null}
        published={null}
        modified={null}
        goneAt={null}
        withdrawn={null}
        state={null}
        severity={null}
        severityAs={null}
        cvss={[]}
        vulnerabilities={[]}
        aliases={[]}
        weaknesses={[]}
        cites={[]}
        links={[]}
        affected={[]}
        issues={[]}
      />
    ),
  },
  {
    name: 'sources',
    draw: () => (
      <SourcesPage
        {...sources}
        {...{ frame: FRAME, sources: [], alarms: [], batches: [], replayed: null, watching: null }}
        {...{ permission: 'refuse', mayRun: false }}
        quarantine={{ rows: [], counts: [], filter: { of: null, reason: null }, page: 1, pages: 0, total: 0 }}
      />
    ),
  },
  {
    name: 'home',
    draw: () => (
      <HomePage
        frame={FRAME}
        burning={[]}
        roundup={null}
        channels={[]}
        waiting={[]}
        totals={{ reports: 0, vulnerabilities: 0, issues: 0, suggestions: 0 }}
      />
    ),
  },
  { name: 'not-found', draw: () => <NotFoundPage frame={FRAME} wanted="" suggestions={[]} movedTo={null} /> },
];
