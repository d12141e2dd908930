/** For tests: what a source may send one day in place of what it always sent, for each source. */
import { gzipSync } from 'node:zlib';
import { SAMPLES } from './samples.ts';
import type { ProblemReason } from './source.ts';

/** A good file of a source. Its text holds the key once at least, and no other file's key. */
interface Good {
  source: string;
  path: string;
  /** Of the report in it; of signals, the vulnerability that they are about. */
  key: string;
  text: string;
  /** Where a date stands in it, and what to put there so that it is none. Null where the form has no dates. */
  date: readonly [string, string] | null;
  /** A file like it, whose own id is none. Null where documents of the form have no ids of their own. */
  withoutId: { path: string; text: string } | null;
  /** Some free text in it, in the place of which any other may stand. */
  words: string;
}

const json = (value: unknown) => JSON.stringify(value);

const dsaList = (header: string) =>
  `${header} frobd - security update\n\t{CVE-2017-90001}\n\t[jessie] - frobd 1.0-1\n\tNOTE: frobs too much\n`;

const uct = (id: string) =>
  [
    `Candidate: ${id}`,
    'PublicDate: 2017-06-20 01:29:00 UTC',
    'References:',
    'Description:',
    ' frobs too much',
    'Ubuntu-Description:',
    'Notes:',
    'Bugs:',
    'Priority: medium',
    'Discovered-by:',
    'Assigned-to:',
    'Patches_frobd:',
    'upstream_frobd: released (2.0)',
    'xenial_frobd: needed',
    '',
  ].join('\n');

const glsa = (id: string) => `<?xml version="1.0" encoding="UTF-8"?>
<glsa id="${id}">
  <title>Frobd: Frobbing</title>
  <synopsis>frobs too much</synopsis>
  <product type="ebuild">frobd</product>
  <announced>2017-10-29</announced>
  <revised count="1">2017-10-29</revised>
  <access>remote</access>
  <affected>
    <package name="www-servers/frobd" auto="yes" arch="*">
      <unaffected range="ge">2.0</unaffected>
      <vulnerable range="lt">2.0</vulnerable>
    </package>
  </affected>
  <description><p>Found.</p></description>
  <impact type="normal"><p>Frobbing.</p></impact>
  <references><uri link="https://nvd.nist.gov/vuln/detail/CVE-2017-90001">CVE-2017-90001</uri></references>
</glsa>
`;

const hydra = (name: string) =>
  json({
    threat_severity: 'Moderate',
    public_date: '2017-08-22T19:15:09Z',
    bugzilla: { description: 'frobd: denial of service', id: '2307370' },
    details: ['frobs too much'],
    affected_release: [],
    package_state: [],
    name,
  });

const cve5 = (cveId: string) =>
  json({
    dataType: 'CVE_RECORD',
    dataVersion: '5.1',
    cveMetadata: { cveId, state: 'PUBLISHED', datePublished: '2017-03-29T16:51:12.588Z' },
    containers: {
      cna: {
        providerMetadata: { orgId: '53f830b8-0a3f-465b-8143-3b8a9948e749', shortName: 'x' },
        descriptions: [{ lang: 'en', value: 'frobs too much' }],
        affected: [],
        references: [],
      },
    },
  });

const nvd = (id: string) =>
  json({
    resultsPerPage: 1,
    format: 'NVD_CVE',
    version: '2.0',
    vulnerabilities: [
      {
        cve: {
          id,
          published: '2017-06-20T01:29:00.000',
          lastModified: '2017-06-21T01:29:00.000',
          vulnStatus: 'Analyzed',
          descriptions: [{ lang: 'en', value: 'frobs too much' }],
          metrics: {},
          references: [],
        },
      },
    ],
  });

interface FromSample {
  form: string;
  key: string;
  date: readonly [string, string] | null;
  /** The id, wherever it stands, and what is none. */
  id: readonly [string, string] | null;
  words: string;
  /** Cuts the sample down to one document. */
  cut?: (text: string) => string;
}

/** A good file of what stands in samples.ts. */
function ofSample(source: string, { form, key, date, id, words, cut = (text) => text }: FromSample): Good {
  const sample = SAMPLES.find((each) => each.source === source && each.form === form);
  if (sample === undefined) throw new Error(`there is no sample of ${source} ${form}`);
  const text = cut(sample.text);
  for (const part of [words, ...(date === null ? [] : [date[0]]), ...(id === null ? [] : [id[0]])])
    if (!text.includes(part)) throw new Error(`"${part}" stands nowhere in ${source} ${form}`);
  const withoutId = id === null ? null : { path: `other/${sample.path}`, text: text.replaceAll(...id) };
  return { source, path: sample.path, key, text, date, withoutId, words };
}

const UTC = '2017-06-20T01:29:00Z';

/** One of each source. */
export const GOOD: readonly Good[] = [
  {
    source: 'debian',
    path: 'data/DSA/list',
    key: 'DSA-9001-1',
    text: dsaList('[22 Jun 2017] DSA-9001-1'),
    date: ['22 Jun 2017', 'unknown'],
    // In the lists `CVE-2023-XXXX` is in order: it is how Debian calls what has no id yet.
    withoutId: {
      path: 'tracker/data/json',
      text: json({
        frobd: {
          'CVE-2023-XXXX': {
            description: 'frobs too much',
            releases: { sid: { status: 'open', repositories: { sid: '1.0-1' }, urgency: 'low' } },
          },
        },
      }),
    },
    words: 'frobs too much',
  },
  {
    source: 'ubuntu',
    path: 'active/CVE-2017-90001',
    key: 'CVE-2017-90001',
    text: uct('CVE-2017-90001'),
    date: ['2017-06-20 01:29:00 UTC', 'soon'],
    withoutId: { path: 'active/CVE-2023-XXXX', text: uct('CVE-2023-XXXX') },
    words: 'frobs too much',
  },
  {
    source: 'gentoo',
    path: 'glsa-201710-99.xml',
    key: 'GLSA-201710-99',
    text: glsa('201710-99'),
    date: ['<announced>2017-10-29', '<announced>unknown'],
    withoutId: { path: 'glsa-2023XX-01.xml', text: glsa('2023XX-01') },
    words: 'frobs too much',
  },
  {
    source: 'redhat',
    path: 'cve/CVE-2017-90001.json',
    key: 'CVE-2017-90001',
    text: hydra('CVE-2017-90001'),
    date: ['2017-08-22T19:15:09Z', 'unknown'],
    withoutId: { path: 'cve/CVE-2023-XXXX.json', text: hydra('CVE-2023-XXXX') },
    words: 'frobs too much',
  },
  {
    source: 'cve',
    path: 'cves/2017/90xxx/CVE-2017-90001.json',
    key: 'CVE-2017-90001',
    text: cve5('CVE-2017-90001'),
    date: ['2017-03-29T16:51:12.588Z', 'unknown'],
    withoutId: { path: 'cves/2023/CVE-2023-XXXX.json', text: cve5('CVE-2023-XXXX') },
    words: 'frobs too much',
  },
  {
    source: 'nvd',
    path: 'nvdcve-2.0-2017.json',
    key: 'CVE-2017-90001',
    text: nvd('CVE-2017-90001'),
    date: ['2017-06-20T01:29:00.000', 'unknown'],
    withoutId: { path: 'nvdcve-2.0-2023.json', text: nvd('CVE-2023-XXXX') },
    words: 'frobs too much',
  },
  ofSample('fedora', {
    ...{ form: 'bodhi', key: 'FEDORA-2017-a1b2c3d4e5', date: ['2017-06-22 01:29:00', 'unknown'] },
    ...{ id: ['FEDORA-2017-a1b2c3d4e5', 'FEDORA-2017-x'], words: 'Fixes CVE-2017-90001' },
  }),
  ofSample('suse', {
    ...{ form: 'csaf', key: 'SUSE-SU-2017:9001-1', date: [UTC, 'unknown'] },
    ...{ id: ['SUSE-SU-2017:9001-1', 'SUSE-SU-2023:XXXX-1'], words: 'frobs too much' },
  }),
  ofSample('arch', {
    ...{ form: 'asa', key: 'ASA-201706-1', date: ['2017-06-20', 'unknown'] },
    ...{ id: ['ASA-201706-1', 'ASA-2017XX-1'], words: 'frobs' },
  }),
  ofSample('alpine', {
    ...{ form: 'osv', key: 'ALPINE-CVE-2017-90001', date: [UTC, 'unknown'] },
    ...{ id: ['ALPINE-CVE-2017-90001', 'ALPINE-CVE-2023-XXXX'], words: 'frobs too much' },
  }),
  ofSample('mageia', {
    ...{ form: 'osv', key: 'MGASA-2017-9001', date: [UTC, 'unknown'] },
    ...{ id: ['MGASA-2017-9001', 'MGASA-2023-XXXX'], words: 'frobs too much' },
  }),
  // Entries of the ChangeLog go by their moment; without one it is no ChangeLog.
  ofSample('slackware', {
    ...{ form: 'changelog', key: '2017-06-15T02:40:25Z frobd-2.0-x86_64-1_slack14.2.txz' },
    ...{ date: null, id: null, words: 'This update fixes frobbing' },
  }),
  ofSample('freebsd', {
    ...{
      form: 'vuxml',
      key: '0c2db2aa-5584-11e7-9a7d-b499baebfea0',
      date: ['<entry>2017-06-20', '<entry>unknown'],
    },
    ...{ id: ['0c2db2aa-5584-11e7-9a7d-b499baebfea0', '0c2db2aa'], words: 'Somebody reports' },
    cut: (text) => text.replace(/ {2}<vuln vid="\S+"><cancelled.*\n/, ''),
  }),
  // Lines with neither a date nor an id of their own.
  ofSample('netbsd', {
    ...{ form: 'pkg-vulnerabilities', key: 'frobd>=1.0<2.4.26 CVE-2017-90001' },
    ...{ date: null, id: null, words: 'denial-of-service' },
    cut: (text) => text.replace(/^(?:\{ap13|php|frobd-1).*\n/gm, ''),
  }),
  ofSample('oracle', {
    ...{ form: 'oval', key: 'ELSA-2017-9001', date: ['<issued date="2017-06-20"', '<issued date="unknown"'] },
    ...{ id: ['ELSA-2017-9001', 'ELSA-2023-XXXX'], words: 'frobs too much' },
  }),
  ofSample('amazon', {
    ...{ form: 'updateinfo', key: 'ALAS2-2017-901', date: ['2017-06-20 01:29:00', 'unknown'] },
    ...{ id: ['ALAS-2017-901', 'ALAS-2023-XXXX'], words: 'frobd security update' },
  }),
  ofSample('alma', {
    ...{ form: 'updateinfo', key: 'ALSA-2017:9001', date: ['2017-06-20 01:29:00', 'unknown'] },
    ...{ id: ['ALSA-2017:9001', 'ALSA-2023:XXXX'], words: 'frobd security update' },
  }),
  ofSample('rocky', {
    ...{ form: 'apollo', key: 'RLSA-2017:9001', date: ['2017-06-20T01:29:00.820964+00:00', 'unknown'] },
    ...{ id: ['RLSA-2017:9001', 'RLSA-2023:XXXX'], words: 'frobs too much' },
  }),
  ofSample('mozilla', {
    ...{ form: 'mfsa', key: 'MFSA2017-99', date: ['June 20, 2017', 'unknown'] },
    ...{ id: null, words: 'It frobs.' },
  }),
  ofSample('chrome', {
    ...{ form: 'releases', key: 'CHROME-2017/06/stable-channel-update-for-desktop_20' },
    ...{ date: ['2017-06-20T10:29:00.000-07:00', 'unknown'], words: 'Frobbing' },
    id: ['2017/06/stable-channel-update-for-desktop_20.html', 'stable'],
  }),
  ofSample('ghsa', {
    ...{ form: 'osv', key: 'GHSA-2222-3333-4444', date: [UTC, 'unknown'] },
    ...{ id: ['GHSA-2222-3333-4444', 'GHSA-1'], words: 'frobs too much' },
  }),
  ofSample('osv', {
    ...{ form: 'osv', key: 'PYSEC-2017-9001', date: [UTC, 'unknown'] },
    ...{ id: ['PYSEC-2017-9001', 'PYSEC-1 2'], words: 'frobs too much' },
  }),
  // Of signals an entry that is none is refused by itself: see store-signals.db.test.ts.
  ofSample('kev', {
    ...{ form: 'kev', key: 'CVE-2017-90001', date: ['2017-06-20T10:00:00.0648Z', 'unknown'] },
    ...{ id: null, words: 'frobd' },
    cut: (text) => text.replace(/,\{"cveID":"CVE-2017-90002".*?\}/, ''),
  }),
  ofSample('epss', {
    ...{ form: 'epss', key: 'CVE-2017-90001', date: null, id: null, words: '7e-05' },
    cut: (text) => text.replace(/^CVE-(?:1999-0001|2017-90002),.*\n/gm, ''),
  }),
];

export interface Bad {
  name: string;
  path: string;
  bytes: Buffer;
  /** Why it is refused. */
  reason: ProblemReason;
}

/** What the issue of milestone 1 names, made of a good file: each in the place of that file, and under its name. */
export function badFilesOf({ path, text, date, withoutId, words }: Good): Bad[] {
  const wrong = Buffer.from(text.replace(words, 'frobs \u00ff'), 'latin1');
  return [
    {
      name: 'a truncated gzip',
      path: `${path}.gz`,
      bytes: gzipSync(text.repeat(20)).subarray(0, 60),
      reason: 'truncated',
    },
    { name: 'invalid UTF-8', path, bytes: wrong, reason: 'bad-encoding' },
    {
      name: 'HTML where data was due',
      path,
      bytes: Buffer.from('<!DOCTYPE html>\n<html><head><title>503</title></head><body>Sorry</body></html>\n'),
      reason: 'html',
    },
    { name: 'an empty file', path, bytes: Buffer.alloc(0), reason: 'empty' },
    ...(date === null
      ? []
      : [
          {
            name: 'a date that is none',
            path,
            bytes: Buffer.from(text.replace(...date)),
            reason: 'bad-date',
          } as const,
        ]),
    ...(withoutId === null
      ? []
      : [
          {
            ...{ name: 'an id that is none', path: withoutId.path, bytes: Buffer.from(withoutId.text) },
            reason: 'bad-id',
          } as const,
        ]),
  ];
}

/** The good file with one line of that length in it. */
export function longLine({ text, words }: Good, length: number): Buffer {
  const at = text.indexOf(words);
  const line = Buffer.alloc(length, 'x');
  return Buffer.concat([Buffer.from(text.slice(0, at)), line, Buffer.from(text.slice(at))]);
}
