import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rowsOf, sampleReport } from '../sample-reports.ts';

describe('mageia', () => {
  test('CVEs stand in related, and are what the advisory mends: it is no alias of them', () => {
    const report = sampleReport('mageia', 'osv');
    assert.deepEqual(
      [report.kind, report.vulnerabilities, report.aliases],
      ['advisory', ['CVE-2017-90001'], []],
    );
    assert.deepEqual(rowsOf(report), ['frobd 5 fixed 2.0-1']);
  });
});
