import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSample, sampleReport } from '../sample-reports.ts';

describe('alma', () => {
  test('every form has the advisory under one id, with the source package', () => {
    for (const form of ['errata', 'errata-old', 'updateinfo', 'osv', 'oval']) {
      const report = sampleReport('alma', form);
      assert.equal(report.key, 'ALSA-2017:9001', form);
      assert.ok(
        report.affected.every(({ name, release }) => name.startsWith('frobd') && release === 'el8'),
        form,
      );
      assert.deepEqual(report.affected[0]?.versions?.affected, [], form);
    }
  });

  test('Red Hat’s advisory, of which it is built again, is cited', () => {
    assert.deepEqual(sampleReport('alma', 'errata').cites, ['RHSA-2017:9001']);
  });

  test('times are seconds, and milliseconds before 2022', () => {
    assert.equal(sampleReport('alma', 'errata').published, '2017-06-20T01:29:00Z');
    assert.equal(sampleReport('alma', 'errata-old').published, '2017-06-20T01:29:00Z');
    assert.deepEqual(readSample('alma', 'errata', (text) => text.replace('1497922140', '1e300')).problems, [
      'bad-date issued_date',
    ]);
  });
});
