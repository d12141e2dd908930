import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSample, rowsOf, sampleReport } from '../sample-reports.ts';

describe('osv', () => {
  test('a record is of one flaw, under all its names', () => {
    const report = sampleReport('osv', 'osv');
    assert.deepEqual(
      [report.kind, report.vulnerabilities, report.aliases],
      ['record', ['PYSEC-2017-9001'], ['CVE-2017-90001']],
    );
    assert.deepEqual(rowsOf(report), ['frobd fixed 0:2.0-1']);
  });

  test('an advisory is never an alias of what it mends, wherever the CVEs stand', () => {
    for (const field of ['aliases', 'related', 'upstream']) {
      const report = sampleReport('debian', 'osv', (text) => text.replace('"related":', `"x":0,"${field}":`));
      assert.deepEqual(
        [report.kind, report.vulnerabilities, report.aliases],
        ['advisory', ['CVE-2017-90001'], []],
        field,
      );
    }
  });

  test('what is withdrawn is kept as such', () => {
    const report = sampleReport('osv', 'osv', (text) =>
      text.replace('"published"', '"withdrawn":"2024-01-01T00:00:00Z","published"'),
    );
    assert.equal(report.withdrawn, 'withdrawn on 2024-01-01T00:00:00Z');
  });

  test('malware in a registry says nothing, and a line of an index neither', () => {
    assert.deepEqual(
      readSample('osv', 'osv', (text) => text.replace('PYSEC-2017-9001', 'MAL-2024-1')),
      { reports: [], problems: [] },
    );
    assert.deepEqual(
      readSample('osv', 'osv', () => '{"id":"PYSEC-2017-9001","modified":"2017-06-21T01:29:00Z"}'),
      {
        reports: [],
        problems: [],
      },
    );
  });

  test('commits that fix it are patches', () => {
    assert.ok(
      sampleReport('osv', 'osv').links.some(
        ({ kind, url }) => kind === 'patch' && url.endsWith(`/commit/${'a'.repeat(40)}`),
      ),
    );
  });
});
