import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { assertLimits, corpusFiles, formatOf, noCorpus, readFile } from '../testing.ts';
import { gentoo } from './gentoo.ts';

describe('gentoo: the whole folder', () => {
  test('every advisory is read', { skip: noCorpus }, async () => {
    let named = 0;
    let withPackage = 0;
    const keys = new Set<string>();
    const counts = { documents: 0, withVulnerability: 0, packages: 0 };
    const others = new Set<string>();
    for await (const file of corpusFiles('gentoo')) {
      if (/\/glsa-\d{6}-\d\d\.xml$/.test(file.path)) {
        named++;
        if (file.bytes.includes('<package ')) withPackage++;
      }
      const format = formatOf(gentoo, file);
      if (format === null) {
        others.add(file.path.replace(/^.*!.*\//, 'archive/'));
        continue;
      }
      const { documents, reports, problems } = readFile(format, file);
      assert.deepEqual(problems, [], file.path);
      reports.forEach(assertLimits);
      for (const { key, vulnerabilities, affected } of reports) {
        counts.documents++;
        counts.withVulnerability += vulnerabilities.length > 0 ? 1 : 0;
        counts.packages += affected.length > 0 ? 1 : 0;
        keys.add(key);
      }
      assert.equal(documents.length, 1);
    }
    assert.deepEqual([...others].sort(), [
      'PROVENANCE.md',
      'archive/Manifest',
      'archive/Manifest.files.gz',
      'archive/timestamp.chk',
      'archive/timestamp.commit',
      'glsa/Manifest',
      'glsa/Manifest.files.gz',
      'glsa/timestamp.chk',
      'glsa/timestamp.commit',
      'vuls/commits.json',
    ]);
    assert.equal(counts.documents, named);
    // The archive is cut differently from copy to copy of the data; 3,064 advisories and more are in each.
    assert.ok(keys.size >= 3064, `${keys.size} advisories`);
    assert.ok(
      counts.withVulnerability / counts.documents > 0.96,
      `${counts.withVulnerability} name a vulnerability`,
    );
    // One is about a server, one took itself back.
    assert.equal(counts.packages, withPackage);
  });
});
