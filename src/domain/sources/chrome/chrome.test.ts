import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSample, rowsOf, sampleReport } from '../sample-reports.ts';

describe('chrome', () => {
  test('CVEs and the version for Linux are read out of HTML within the feed', () => {
    const report = sampleReport('chrome', 'releases');
    assert.equal(report.key, 'CHROME-2017/06/stable-channel-update-for-desktop_20');
    assert.deepEqual(
      [report.vulnerabilities, report.severity, report.published],
      [['CVE-2017-90001'], 'high', '2017-06-20T17:29:00Z'],
    );
    assert.deepEqual(rowsOf(report), ['chromium fixed 59.0.3071.109']);
    assert.deepEqual(
      report.links.map(({ url }) => url),
      ['https://crbug.com/725032'],
    );
  });

  test('a release that names no flaw says nothing', () => {
    assert.deepEqual(
      readSample('chrome', 'releases', (text) => text.replaceAll('CVE-', 'bug ')),
      { reports: [], problems: [] },
    );
  });
});
