import type { GoneRow, LazyRow, QueueRow } from '../queue-rows.ts';
import { DismissPage, type DismissPageProps } from './dismiss.tsx';
import { QueuePage, type QueuePageProps } from './queue.tsx';
import { FRAME, type SamplePage } from './sample-pages.tsx';

/** Props for the pages of the queue, for tests: each field filled, so that each piece of each page is drawn. */

const ADA = { label: '@ada', initials: 'AL', handle: 'ada' };

const ROW: QueueRow = {
  id: 'NSI-2017-0043/openssl',
  number: 7,
  issue: 'NSI-2017-0043',
  package: 'openssl',
  title: 'openssl: denial of service',
  product: 'openssl',
  severity: 'high',
  opened: '2017-01-26',
  exploitation: {
    known: { since: '2021-11-03', due: '2022-05-03', ransomware: true, vulnerabilities: ['CVE-2017-3731'] },
    likely: { percentile: 97, since: '2017-02-20', vulnerability: 'CVE-2017-3731' },
  },
  vulnerabilityCount: 3,
  advisoryCount: 5,
  vulnerabilities: ['CVE-2017-3731', 'CVE-2017-3732', 'CVE-2016-7055'],
  advisories: ['DSA-3773-1', 'USN-3181-1', 'GLSA-201702-07', 'RHSA-2017:0286', 'ALAS-2017-803'].map((id) => ({
    ...{ id, source: 'debian', published: '2017-01-27' },
    url: 'https://www.debian.org/security/2017/dsa-3773',
  })),
  urgency: 543,
  urgent: ['high severity', 'affected in nixos-17.03, which is supported'],
  score: 0.93,
  reasons: ['the name is the same', 'NVD calls it so', 'the same home page', 'Debian calls it so'],
  again: ['CVE-2016-7055 came in since'],
  before: { decision: 'dismissed', reason: 'wrong_product', by: ADA },
  version: 12,
  cells: [
    {
      ...{ channel: 'nixos-17.03', verdict: 'affected', version: '1.0.2j', decided: null },
      why: 'CVE-2017-3731: 1.0.2j < 1.0.2k',
    },
    {
      ...{ channel: 'nixos-16.03', verdict: 'unknown', version: '', why: null },
      decided: { status: 'fixed', words: 'fixed in 1.0.2k', by: ADA, version: 9 },
    },
  ],
  claim: { issue: 'NSI-2017-0043', version: 3, by: ADA, person: 'person:3', until: '2017-03-08T12:00:00Z' },
  until: '2017-03-01T14:00:00Z',
  likely: 'patched',
};

const GONE: GoneRow = {
  id: 'NSI-2017-0043/nodejs',
  number: 8,
  issue: 'NSI-2017-0043',
  package: 'nodejs',
  decision: 'dismissed',
  reason: 'duplicate',
  by: ADA,
  version: 14,
};

function lazy(row: QueueRow): LazyRow {
  return { until: row.until, claimedBy: row.claim.person, owner: row, parts: [], make: () => row };
}

const queue: QueuePageProps = {
  frame: FRAME,
  filter: {
    severity: 'high',
    channel: 'nixos-17.03',
    source: 'debian',
    package: 'openssl',
    issue: null,
    exploited: 'known',
    again: 'yes',
    mine: true,
  },
  waiting: 1200,
  again: 3,
  channels: [
    { name: 'nixos-17.03', lifecycle: 'supported' },
    { name: 'nixos-16.03', lifecycle: 'end_of_life' },
  ],
  sources: [{ id: 'debian', title: 'Debian' }],
  rows: [
    ROW,
    {
      ...ROW,
      id: 'NSI-2017-0043/libressl',
      package: 'libressl',
      number: 9,
      again: null,
      before: null,
      until: null,
    },
  ].map(lazy),
  gone: [GONE, { ...GONE, number: 10, decision: null, reason: null, by: null }],
  next: '543~2017-01-26T00:00:00+00:00~7',
  first: false,
  editing: { permission: 'apply', person: 'person:3' },
};

const dismiss: DismissPageProps = {
  frame: FRAME,
  chosen: [
    {
      at: 'suggestion/NSI-2017-0043/openssl#decision@0',
      id: 'NSI-2017-0043/openssl',
      issue: 'NSI-2017-0043',
      package: 'openssl',
      title: 'openssl: denial of service',
    },
  ],
  permission: 'propose',
  back: '/queue?mine=yes',
  changeKey: '31e8…',
};

export const QUEUE_PAGES: readonly SamplePage[] = [
  { name: 'queue', draw: (change) => <QueuePage {...change(queue)} /> },
  {
    name: 'queue, read by a visitor',
    draw: (change) => <QueuePage {...change(queue)} editing={{ permission: 'refuse', person: null }} />,
  },
  { name: 'dismiss', draw: (change) => <DismissPage {...change(dismiss)} /> },
];

const NOTHING = {
  severity: null,
  channel: null,
  source: null,
  package: null,
  issue: null,
  exploited: null,
  again: null,
  mine: false,
};

/** The same with every list empty and every field that may be missing missing. */
export const BARE_QUEUE_PAGES: readonly { name: string; draw: () => { toString(): string } }[] = [
  {
    name: 'queue',
    draw: () => (
      <QueuePage
        {...queue}
        filter={NOTHING}
        waiting={0}
        again={0}
        channels={[]}
        rows={[]}
        gone={[]}
        next={null}
        first
      />
    ),
  },
  {
    name: 'queue of nothing that is one’s own',
    draw: () => <QueuePage {...queue} filter={{ ...NOTHING, mine: true }} rows={[]} gone={[]} next={null} />,
  },
  {
    name: 'dismiss several',
    draw: () => (
      <DismissPage {...dismiss} chosen={[...dismiss.chosen, ...dismiss.chosen]} permission="refuse" />
    ),
  },
];
