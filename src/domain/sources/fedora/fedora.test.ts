import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSample, rowsOf, sampleReport } from '../sample-reports.ts';

describe('fedora', () => {
  test('CVEs are no field: they stand in notes and titles of bugs', () => {
    assert.deepEqual(sampleReport('fedora', 'bodhi').vulnerabilities, ['CVE-2017-90001', 'CVE-2017-90002']);
    assert.deepEqual(sampleReport('fedora', 'updateinfo').vulnerabilities, [
      'CVE-2017-90001',
      'CVE-2017-90002',
    ]);
  });

  test('a security update that names no CVE is one all the same', () => {
    const report = sampleReport('fedora', 'bodhi', (text) =>
      text.replace('Fixes CVE-2017-90001', '- Update to new upstream (102.0)').replace('CVE-2017-90002 ', ''),
    );
    assert.deepEqual([report.vulnerabilities, rowsOf(report)[0]], [[], 'frobd f26 fixed 1:2.0-1.fc26']);
  });

  test('an update of another kind that names no CVE says nothing', () => {
    const { reports, problems } = readSample('fedora', 'bodhi', (text) =>
      text.replace('"type":"security"', '"type":"bugfix"').replaceAll('CVE-2017', 'bug'),
    );
    assert.deepEqual([reports, problems], [[], []]);
  });

  test('ids before 2016 end with a number; what only looks like one is refused', () => {
    assert.equal(
      sampleReport('fedora', 'bodhi', (text) => text.replace('FEDORA-2017-a1b2c3d4e5', 'FEDORA-2015-3186'))
        .key,
      'FEDORA-2015-3186',
    );
    assert.deepEqual(
      readSample('fedora', 'bodhi', (text) => text.replace('FEDORA-2017-a1b2c3d4e5', 'FEDORA-2017-x'))
        .problems,
      ['bad-id alias'],
    );
  });

  test('an update in testing is a fix on its way, and one that was taken back is withdrawn', () => {
    const testing = sampleReport('fedora', 'bodhi', (text) => text.replace('"stable"', '"testing"'));
    assert.equal(rowsOf(testing)[0], 'frobd f26 affected 1:2.0-1.fc26 (in testing)');
    assert.equal(
      sampleReport('fedora', 'bodhi', (text) => text.replace('"stable"', '"revoked"')).withdrawn,
      'revoked',
    );
  });

  test('a stream of a module has no version of a package', () => {
    assert.equal(rowsOf(sampleReport('fedora', 'bodhi'))[1], 'frob f26 fixed (module frob:26)');
  });
});
