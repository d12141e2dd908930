import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSample, rowsOf, sampleReport } from '../sample-reports.ts';

describe('rocky', () => {
  test('sources are the packages, with their module', () => {
    assert.deepEqual(rowsOf(sampleReport('rocky', 'apollo')), ['frobd el8 fixed 2.0-1.el8 (module frob:2)']);
  });

  test('an advisory that mends no flaw says nothing', () => {
    const { reports, problems } = readSample('rocky', 'apollo', (text) =>
      text
        .replace('RLSA', 'RLBA')
        .replace('"kind":"Security"', '"kind":"Bug Fix"')
        .replace(/"cves":\[.*?\]/, '"cves":[]'),
    );
    assert.deepEqual([reports, problems], [[], []]);
  });

  test('those of its groups have ids of their own', () => {
    assert.equal(
      sampleReport('rocky', 'osv', (text) => text.replace('RLSA-2017:9001', 'RXSA-2023:0101')).key,
      'RXSA-2023:0101',
    );
  });
});
