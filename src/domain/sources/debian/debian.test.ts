import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertLimits, assertPieces, corpusFiles, formatOf, noCorpus, readFile } from '../testing.ts';
import { debian } from './debian.ts';

/** Files of the folder that are none of our forms. */
const OTHERS = [
  'PROVENANCE.md',
  'osv.dev-testdata/ecosystems/cassettes/DebianEcosystemTest.test_debian.yaml',
  'osv.dev-testdata/parts/debian/CVE-2016-1585.debian.json',
  'osv.dev-testdata/parts/debian/CVE-2017-6507.debian.json',
  'oval/index.html',
  'security-tracker-master.sample.tar.gz!/security-tracker-master/data/CPE/list',
  'security-tracker-master.sample.tar.gz!/security-tracker-master/data/config.json',
  'security-tracker/data/CPE/aliases',
  'security-tracker/data/CPE/list',
  'security-tracker/data/config.json',
  'security-tracker/data/dla-needed.txt',
  'security-tracker/data/dsa-needed.txt',
  'security-tracker/data/embedded-code-copies',
  'security-tracker/data/next-oldstable-point-update.txt',
  'security-tracker/data/next-point-update.txt',
  'security-tracker/data/packages/removed-packages',
  'security-tracker/doc/security-team.d.o/security_tracker',
];

describe('debian: the whole folder', () => {
  test('every document in a form of ours is read', { skip: noCorpus }, async () => {
    const counts: Record<string, number> = {};
    const rows: Record<string, [number, number]> = {};
    const others: string[] = [];
    for await (const file of corpusFiles('debian')) {
      const format = formatOf(debian, file);
      if (format === null) {
        others.push(file.path);
        continue;
      }
      const { documents, reports, problems } = readFile(format, file);
      assert.deepEqual(problems, [], file.path);
      assertPieces(file, documents);
      reports.forEach(assertLimits);
      assert.equal(new Set(documents.map(({ key }) => key)).size, documents.length);
      if (file.path.startsWith('security-tracker/'))
        rows[format.name] = [
          reports.flatMap(({ affected }) => affected).length,
          reports.flatMap(({ vulnerabilities }) => vulnerabilities).length,
        ];
      counts[file.path.replace(/^.*!\/[^/]+/, 'archive')] = documents.length;
    }
    assert.deepEqual(others.sort(), OTHERS);
    // Counted with grep: lines of packages, and CVE ids between braces, each once in its entry.
    assert.deepEqual(rows, { 'dsa-list': [6988, 18128], 'dla-list': [3535, 11002], 'dtsa-list': [208, 480] });
    assert.deepEqual(counts, {
      'archive/data/CVE/list': 7,
      'archive/data/DLA/list': 2,
      'archive/data/DSA/list': 3,
      'archive/data/DTSA/list': 3,
      'glvd/list': 1,
      'archive/DLA-0010-1.json': 1,
      'archive/DSA-135.json': 1,
      'archive/DTSA-1-1.json': 1,
      'osv.dev-testdata/test_data/debian/debian_security_tracker_mock.json': 3,
      'oval/oval-definitions-bullseye.sample.xml.bz2': 4,
      'oval/vulnerablecode-sample.xml': 2,
      'security-tracker/data/DLA/list': 3534,
      'security-tracker/data/DSA/list': 5406,
      'security-tracker/data/DTSA/list': 208,
      'tracker-json/clair-2017-sample.json': 4,
      'tracker-json/vulnerablecode-sample.json': 6,
      'tracker-json/vuls-sample.json': 4,
      'tracker-json/vunnel-DSA-list': 10,
      'tracker-json/vunnel-sample.json': 7,
    });
  });

  test('every feed leads to a form that takes its path', () => {
    for (const { format, path, url } of debian.feeds) {
      assert.ok(url.startsWith('https://'));
      const taken = debian.formats.filter((each) => each.recognises(path, '')).map(({ name }) => name);
      assert.deepEqual(taken, [format], path);
    }
  });
});
