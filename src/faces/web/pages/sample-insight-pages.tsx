import type { ExposureLine, LoadStretch } from '#domain/insight';
import { ComparePage, type ComparePageProps } from './compare.tsx';
import { EvidencePage } from './evidence.tsx';
import { InsightPage, type InsightPageProps } from './insight.tsx';
import { NumbersPage, type NumbersPageProps } from './numbers.tsx';
import { ProvisionalPage, type ProvisionalPageProps } from './provisional.tsx';
import { FRAME, type SamplePage } from './sample-pages.tsx';

/** Props for the pages of figures, for tests: each field filled, so that each piece of each page is drawn. */

const LINE: ExposureLine = {
  issue: 'NSI-2017-0043',
  title: 'openssl: denial of service',
  severity: 'high',
  channel: 'nixos-16.09',
  packages: ['openssl', 'openssl_1_0_2', 'nodejs', 'ruby'],
  opened: '2017-01-26',
  since: '2017-01-27',
  days: 33,
};

const COUNTS = {
  channel: 'nixos-16.09',
  lifecycle: 'supported' as const,
  endOfLife: null,
  firstRevision: '2016-12-31',
  lastRevision: '2017-02-28',
  revisions: 3,
  exposed: 2,
  unknown: 1,
  bySeverity: { critical: 0, high: 1, medium: 1, low: 0, none: 0, unrated: 0 },
  overdue: 1,
  points: [
    { day: '2016-12-31', value: 0 },
    { day: '2017-02-01', value: 3 },
    { day: '2017-03-01', value: 2 },
  ],
};

const LOAD: LoadStretch = {
  ...{ people: 2, done: 13, busFactor: 1, busiest: 10 / 13, from: '2016-03-01', to: '2017-03-01' },
  shares: [
    { person: 'person:1', done: 10 },
    { person: 'person:2', done: 3 },
  ],
};

const CLOCK = { decided: 4, within: 3, share: 0.75, median: 6, overdue: 1, running: 2 };

const insight: InsightPageProps = {
  frame: FRAME,
  figures: {
    today: '2017-03-01',
    reckonedAt: '2017-03-01T10:10:00Z',
    channels: [
      COUNTS,
      { ...COUNTS, channel: 'nixos-16.03', lifecycle: 'end_of_life', endOfLife: '2016-10-31', exposed: 1 },
    ],
    exposure: {
      windows: [
        {
          channel: 'nixos-16.09',
          issues: 7,
          open: 2,
          median: 12,
          worst: 70,
          upTo10: 2,
          upTo30: 2,
          upTo90: 1,
          more: 0,
        },
        {
          channel: 'nixos-16.03',
          issues: 1,
          open: 1,
          median: null,
          worst: null,
          upTo10: 0,
          upTo30: 0,
          upTo90: 0,
          more: 0,
        },
      ],
      longest: [LINE, { ...LINE, issue: 'NSI-2017-0051', severity: null, packages: [] }],
    },
    tenDays: {
      year: CLOCK,
      channels: [
        { channel: 'nixos-16.09', ...CLOCK },
        { channel: 'nixos-16.03', decided: 0, within: 0, share: null, median: null, overdue: 0, running: 0 },
      ],
      rolling: [
        { month: '2017-01', share: null, decided: 0 },
        { month: '2017-02', share: 0.5, decided: 2 },
        { month: '2017-03', share: 0.75, decided: 4 },
      ],
    },
    coverage: {
      channels: [
        {
          channel: 'nixos-16.09',
          lifecycle: 'supported',
          open: 3,
          looked: 1,
          untouchedHit: 1,
          untouchedUnknown: 1,
        },
        {
          channel: 'nixos-16.03',
          lifecycle: 'end_of_life',
          open: 0,
          looked: 0,
          untouchedHit: 0,
          untouchedUnknown: 0,
        },
      ],
      untouched: [LINE],
    },
    sharing: { quarter: LOAD, year: LOAD },
    totals: { longest: 120, untouched: 1, unmaintained: 1_200, lacking: 44 },
    unmaintained: {
      packages: [
        { package: 'libfrob', channels: ['nixos-16.09', 'nixos-unstable'], issues: 2, worst: 'critical' },
      ],
      exposed: 5,
    },
    lacking: {
      byYears: [
        { years: 1, issues: 2 },
        { years: 3, issues: 1 },
      ],
      lines: [
        {
          ...LINE,
          channel: 'nixos-16.09, nixos-unstable',
          fixedBy: [{ source: 'debian', id: 'DSA-3773-1', day: '2015-01-27' }],
        },
      ],
    },
  },
  people: { 'person:1': '@ada', 'person:2': '@ben' },
};

const REVISION = { commit: 'fa45863ba8edfa45863ba8edfa45863ba8edfa45', committedAt: '2017-01-31T00:00:00Z' };
const LATER = { commit: '78e9665b48ff78e9665b48ff78e9665b48ff78e9', committedAt: '2017-02-28T00:00:00Z' };
const ROW = {
  issue: 'NSI-2017-0043',
  title: 'openssl: denial of service',
  severity: 'high' as const,
  opened: '2017-01-26',
  packages: [
    { attr: 'openssl', before: '1.0.2j', after: '1.0.2k' },
    { attr: 'openssl_1_0_2', before: '1.0.2j', after: null },
    { attr: 'libressl', before: null, after: '2.4' },
    { attr: 'nodejs', before: '6.9.4', after: '6.9.4' },
  ],
};

const compare: ComparePageProps = {
  frame: FRAME,
  channel: { name: 'nixos-16.09', lifecycle: 'supported' },
  revisions: [LATER, REVISION],
  page: 2,
  pages: 3,
  compared: {
    from: REVISION,
    to: LATER,
    came: [{ ...ROW, severity: null }],
    counts: { came: 1, cameWithPackages: 1, went: 1, stayed: 214 },
    went: [ROW],
    stayed: [{ ...ROW, packages: [] }],
    packages: { added: 3, removed: 1, changed: 9 },
  },
};

const numbers: NumbersPageProps = {
  frame: FRAME,
  madeAt: '2017-03-01T06:40:00Z',
  years: [
    {
      ...{ year: 2017, published: 812, reserved: 41, rejected: 7, unrecorded: 3 },
      ...{ highest: 'CVE-2017-1000379', missing: 190, gaps: 61 },
    },
  ],
  provisional: [{ prefix: 'TEMP', ids: 12, issues: 11 }],
  reserved: {
    total: 101,
    listed: 100,
    shown: [
      {
        ...{ id: 'CVE-2017-3731', since: '2017-01-02T00:00:00Z', by: ['cve'], byTitles: ['CVE.org'] },
        ...{ firstTitle: 'Debian', announcements: 4 },
        first: { source: 'debian', key: 'DSA-3773-1', published: '2017-01-27T00:00:00Z' },
      },
      {
        ...{ id: 'CVE-2017-3732', since: null, by: [], byTitles: [] },
        ...{ firstTitle: 'Ubuntu', announcements: 1 },
        first: { source: 'ubuntu', key: 'USN-3181-1', published: null },
      },
    ],
    ...{ page: 1, pages: 2 },
  },
  recordsRead: true,
  longestGap: 1000,
};

export const INSIGHT_PAGES: readonly SamplePage[] = [
  { name: 'insight', draw: (change) => <InsightPage {...change(insight)} /> },
  { name: 'evidence', draw: (change) => <EvidencePage {...change(insight)} /> },
  { name: 'compare', draw: (change) => <ComparePage {...change(compare)} /> },
];

/** The same with every list empty and every field that may be missing missing. */
export const BARE_INSIGHT_PAGES: readonly { name: string; draw: () => { toString(): string } }[] = [
  { name: 'insight', draw: () => <InsightPage frame={FRAME} figures={null} people={{}} /> },
  { name: 'evidence', draw: () => <EvidencePage frame={FRAME} figures={null} /> },
  {
    name: 'compare',
    draw: () => (
      <ComparePage
        frame={FRAME}
        channel={compare.channel}
        revisions={[]}
        compared={null}
        page={1}
        pages={1}
      />
    ),
  },
  {
    name: 'insight of channels to which nothing ever happened',
    draw: () =>
      insight.figures === null ? (
        ''
      ) : (
        <InsightPage
          frame={FRAME}
          people={{}}
          figures={{
            ...insight.figures,
            exposure: { windows: [], longest: [] },
            tenDays: { year: { ...CLOCK, share: null }, channels: [], rolling: [] },
            coverage: { channels: [], untouched: [] },
            sharing: null,
            totals: { longest: 0, untouched: 0, unmaintained: 0, lacking: 0 },
            unmaintained: { packages: [], exposed: 0 },
            lacking: { byYears: [], lines: [] },
          }}
        />
      ),
  },
  { name: 'numbers', draw: () => <NumbersPage {...numbers} /> },
  {
    name: 'numbers of which nobody has spoken',
    draw: () => (
      <NumbersPage
        {...numbers}
        years={[]}
        provisional={[]}
        madeAt={null}
        reserved={{ total: 0, listed: 0, shown: [], page: 1, pages: 1 }}
        recordsRead={false}
      />
    ),
  },
  { name: 'provisional id', draw: () => <ProvisionalPage {...provisional} /> },
  {
    name: 'another name of a number, of which nobody has spoken',
    draw: () => <ProvisionalPage {...provisional} of="CVE-2017-3731" entries={[]} />,
  },
];

const provisional: ProvisionalPageProps = {
  frame: FRAME,
  id: 'CVE-2017-XXXX',
  said: 'The X stand where a number will be. Such an id is not unique.',
  of: null,
  entries: [
    {
      ...{
        source: 'debian',
        sourceTitle: 'Debian',
        key: 'CVE-2017-XXXX-DBAD28FA1234',
        title: 'frobd: overflow',
      },
      ...{ since: '2017-01-26T00:00:00.000Z', goneAt: '2017-02-26T00:00:00.000Z' },
      packages: [{ name: 'frobd', product: 'frobd' }],
    },
  ],
};
