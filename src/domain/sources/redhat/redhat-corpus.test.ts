import assert from 'node:assert/strict';
import { test } from 'node:test';
import { corpus, readCorpus } from '../read-corpus.ts';
import type { ParsedReport } from '../source.ts';
import { redhat } from './redhat.ts';

const feeds = corpus('feeds/redhat');
const examples = corpus('feeds/csaf/examples');

/** Forms of a later milestone, indexes, and files that are somebody else's. */
const FOREIGN = [
  'PROVENANCE.md',
  'csaf-advisories/archive_latest.txt',
  'csaf-advisories/changes.csv',
  'csaf-advisories/deletions.csv',
  'csaf-advisories/vunnel-server/README.md',
  'csaf-advisories/vunnel-server/archive_latest.txt',
  'csaf-advisories/vunnel-server/changes.csv',
  'csaf-advisories/vunnel-server/deletions.csv',
  'csaf-vex-v1/archive_latest.txt',
  'csaf-vex-v1/changes.csv',
  'csaf-vex-v1/deletions.csv',
  'csaf-vex-v2/archive_latest.txt',
  'cvemap/cvemap.sample.xml',
  'cvrf/cvrf_20231016.tar.gz!/index.txt',
  'oval-v1/oval_v1_20230706.tar.gz!/PULP_MANIFEST',
  'oval-v2/PULP_MANIFEST',
  'oval-v2/v2/feed.json',
  'securitydata-api/clair-advisory.json',
  'securitydata-api/vulnerablecode/RHSA_openjdk11_update.json',
  'securitydata-api/vulnerablecode/RHSA_openjdk17_update.json',
  'securitydata-api/vulnerablecode/bugzilla-2075788.json',
  'securitydata-api/vulnerablecode/bugzilla-2077736.json',
  'securitydata-api/vulnerablecode/redhat-expected.json',
  'securitydata-api/vulnerablecode/redhat_advisoryv2-expected.json',
];

test('every file is read, or known to be none of ours', { skip: feeds.skip }, async () => {
  const found = new Map<string, ParsedReport>();
  const { read, empty, problems, foreign } = await readCorpus(redhat, feeds.path, (report) =>
    found.set(report.key, report),
  );
  // The fixture of vunnel's server has 24 bytes of nonsense for an archive.
  assert.deepEqual(problems, ['csaf-advisories/vunnel-server/csaf_advisories_2025-02-15.tar.zst: truncated']);
  assert.deepEqual(read, {
    'csaf-advisory': 27,
    'csaf-vex': 14,
    'hydra-cve': 17,
    'hydra-list': 17,
    cefs: 1,
    cvrf: 3,
    osv: 3,
    oval: 645,
  });
  assert.equal(empty, 0);
  assert.deepEqual(foreign.sort(), [...FOREIGN].sort());

  const rows = (key: string) =>
    found
      .get(key)
      ?.affected.map(({ name, release, status, fixed }) =>
        `${name} ${release} ${status} ${fixed ?? ''}`.trim(),
      );
  assert.deepEqual(rows('RHSA-2023:7435'), [
    'fence-agents el8.2-aus fixed 4.2.1-41.el8_2.12',
    'fence-agents el8.2-e4s fixed 4.2.1-41.el8_2.12',
    'fence-agents el8.2-tus fixed 4.2.1-41.el8_2.12',
  ]);
  assert.deepEqual(rows('RHSA-2010:0002'), [
    'PyXML el4 fixed 0.8.3-6.el4_8.2',
    'PyXML el5 fixed 0.8.4-4.el5_4.2',
  ]);
  assert.deepEqual(rows('RHSA-2025:23414'), ['bind el6-els fixed 32:9.8.2-0.68.rc1.el6_10.17']);
  assert.equal(rows('RHSA-2023:7025')?.[0], 'ruby el8 fixed 2.5.9-111.module+el8.9.0+19193+435404ae');
  assert.equal(rows('RHSA-2023:7025')?.length, 7);
  assert.deepEqual(found.get('RHSA-2024:0811')?.vulnerabilities.length, 3);

  assert.ok(rows('VEX-CVE-2023-38545')?.includes('curl el9 fixed 7.76.1-26.el9_3.2'));
  assert.ok(rows('VEX-CVE-2023-38545')?.includes('curl el7 not_affected'));
  assert.deepEqual(
    rows('VEX-CVE-2024-0727')?.filter((row) => row.startsWith('openssl ')),
    [
      'openssl el9 fixed 1:3.0.7-27.el9',
      'openssl el6 wont_fix',
      'openssl el7 wont_fix',
      'openssl el8 postponed',
    ],
  );

  const java = found.get('CVE-2017-3509');
  assert.ok(rows('CVE-2017-3509')?.includes('java-1.8.0-openjdk el6 fixed 1:1.8.0.131-0.b11.el6_9'));
  assert.ok(java?.cites.includes('RHSA-2017:1109'));
  assert.deepEqual(java?.cvss[0], {
    version: '3.0',
    vector: 'CVSS:3.0/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:L/A:N',
    score: 4.2,
    by: 'redhat',
  });
  assert.ok(rows('CVE-2023-5217')?.includes('libvpx el6 wont_fix'));
  assert.equal(found.get('LIST-CVE-2022-2309')?.affected[0]?.name, 'python-lxml');
});

test('of the examples of OASIS, Red Hat’s are read and nobody else’s', { skip: examples.skip }, async () => {
  const keys: string[] = [];
  const { read, problems } = await readCorpus(redhat, examples.path, ({ key }) => keys.push(key));
  assert.deepEqual(problems, []);
  assert.deepEqual(read, { 'csaf-advisory': 4 });
  assert.deepEqual(keys, ['RHSA-2019:1862', 'RHSA-2021:5186', 'RHSA-2021:5217', 'RHSA-2022:0011']);
});
