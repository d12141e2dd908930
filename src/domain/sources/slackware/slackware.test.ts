import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSample, rowsOf, sampleReport } from '../sample-reports.ts';

describe('slackware', () => {
  test('of the ChangeLog only what mends a flaw is kept, with the date that stands above it', () => {
    const { reports, problems } = readSample('slackware', 'changelog');
    assert.deepEqual(problems, []);
    assert.deepEqual(
      reports.map(({ key, published }) => [key, published]),
      [['2017-06-15T02:40:25Z frobd-2.0-x86_64-1_slack14.2.txz', '2017-06-15T02:40:25Z']],
    );
    assert.deepEqual(reports[0] && rowsOf(reports[0]), ['frobd slackware14.2 fixed 2.0 (build 1_slack14.2)']);
  });

  test('an advisory has its packages, and its day from its number where no date stands in it', () => {
    const report = sampleReport('slackware', 'ssa');
    assert.deepEqual(
      [report.key, report.published, report.vulnerabilities],
      ['SSA:2017-165-01', '2017-06-14', ['CVE-2017-90001']],
    );
    assert.deepEqual(rowsOf(report), ['frobd slackware14.2 fixed 2.0 (build 1_slack14.2)']);
    assert.deepEqual(
      readSample('slackware', 'ssa', (text) => text.replace('2017-165-01', '2017-366-01')).problems,
      ['bad-date SSA'],
    );
  });
});
