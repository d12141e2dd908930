import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { sampleReport } from '../sample-reports.ts';

describe('ghsa', () => {
  test('each package of an advisory is an answer of its own, and keeps apart from the others', () => {
    const report = sampleReport('ghsa', 'graphql');
    assert.equal(report.key, 'GHSA-2222-3333-4444 pypi:frobd >= 1.0, < 2.0');
    assert.deepEqual([report.vulnerabilities, report.aliases], [['GHSA-2222-3333-4444'], ['CVE-2017-90001']]);
    assert.deepEqual(report.affected[0]?.versions?.affected, [
      { min: '1.0', minInclusive: true, max: '2.0', maxInclusive: false },
    ]);
  });

  test('a package without a mended version is affected', () => {
    const report = sampleReport('ghsa', 'graphql', (text) =>
      text.replace('"firstPatchedVersion":{"identifier":"2.0"}', '"firstPatchedVersion":null'),
    );
    assert.equal(report.affected[0]?.status, 'affected');
  });

  test('what is withdrawn is kept as such', () => {
    const report = sampleReport('ghsa', 'osv', (text) =>
      text.replace('"published"', '"withdrawn":"2024-01-01T00:00:00Z","published"'),
    );
    assert.equal(report.withdrawn, 'withdrawn on 2024-01-01T00:00:00Z');
  });
});
