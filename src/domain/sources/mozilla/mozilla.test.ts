import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSample, rowsOf, sampleReport } from '../sample-reports.ts';

describe('mozilla', () => {
  test('a release, its products and its CVEs; several bugs in one string', () => {
    const report = sampleReport('mozilla', 'mfsa');
    assert.deepEqual([report.key, report.published], ['MFSA2017-99', '2017-06-20']);
    assert.deepEqual(rowsOf(report), ['firefox fixed 54', 'firefox-esr fixed 52.2']);
    assert.equal(report.links.filter(({ kind }) => kind === 'bug').length, 2);
  });

  test('an id that is not given yet names nothing', () => {
    assert.deepEqual(
      sampleReport('mozilla', 'mfsa', (text) => text.replace('CVE-2017-90001', 'MFSA-TMP-2017-0001'))
        .vulnerabilities,
      [],
    );
  });

  test('before the end of 2016: a page with a head', () => {
    const report = sampleReport('mozilla', 'mfsa-md');
    assert.deepEqual(
      [report.key, report.published, report.vulnerabilities],
      ['MFSA2016-99', '2016-01-26', ['CVE-2016-90001']],
    );
  });

  test('a month without a day counts as its first', () => {
    assert.equal(
      sampleReport('mozilla', 'mfsa', (text) => text.replace('June 20, 2017', 'August, 2018')).published,
      '2018-08-01',
    );
    assert.deepEqual(
      readSample('mozilla', 'mfsa', (text) => text.replace('June 20, 2017', 'soon')).problems,
      ['bad-date announced'],
    );
  });
});
