import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSample, rowsOf, sampleReport } from '../sample-reports.ts';

describe('arch', () => {
  test('a group is one window of versions, several packages and many CVEs; its list has no date', () => {
    const report = sampleReport('arch', 'avg');
    assert.deepEqual(rowsOf(report), ['frobd fixed 1:2.0-1', 'lib32-frobd fixed 1:2.0-1']);
    assert.deepEqual([report.published, report.kind, report.cites], [null, 'tracker', ['ASA-201706-1']]);
  });

  test('what is not mended says from which version on it was found, and never that all are hit', () => {
    const report = sampleReport('arch', 'avg', (text) =>
      text.replace('"fixed":"1:2.0-1"', '"fixed":null').replace('"Fixed"', '"Vulnerable"'),
    );
    assert.deepEqual(report.affected[0]?.versions?.affected, [{ min: '1:1.0-1' }]);
    assert.equal(report.affected[0]?.status, 'affected');
  });

  test('the date comes from the text of an advisory, and the list of CVEs goes on in further lines', () => {
    const report = sampleReport('arch', 'asa');
    assert.equal(report.published, '2017-06-20');
    assert.deepEqual(report.vulnerabilities, ['CVE-2017-90001', 'CVE-2017-90002', 'CVE-2017-90003']);
    assert.deepEqual(rowsOf(report), ['frobd fixed 1:2.0-1']);
    assert.deepEqual(report.cites, ['AVG-1']);
  });

  test('a word that is no status, and a date that is none, are refused', () => {
    assert.deepEqual(readSample('arch', 'avg', (text) => text.replace('"Fixed"', '"Mended"')).problems, [
      'bad-grammar status',
    ]);
    assert.deepEqual(readSample('arch', 'asa', (text) => text.replace('2017-06-20', 'unknown')).problems, [
      'bad-date Date',
    ]);
  });
});
