import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSample, sampleReport } from '../sample-reports.ts';

describe('freebsd', () => {
  test('a CVE may be in an address only', () => {
    assert.deepEqual(sampleReport('freebsd', 'vuxml').vulnerabilities, ['CVE-2017-90002', 'CVE-2017-90001']);
  });

  test('several names share several ranges, with the revision and epoch of ports', () => {
    const [frobd, devel, system] = sampleReport('freebsd', 'vuxml').affected;
    assert.deepEqual(frobd?.versions?.affected, [{ max: '1.5_2,1' }, { min: '2.0', max: '2.4.26' }]);
    assert.equal(frobd?.fixed, undefined);
    assert.deepEqual(devel, { ...frobd, name: 'frobd-devel' });
    assert.deepEqual([system?.release, system?.status], ['system', 'affected']);
  });

  test('an entry that was cancelled is withdrawn, in favour of another', () => {
    assert.equal(
      readSample('freebsd', 'vuxml').reports[1]?.withdrawn,
      'superseded by 0c2db2aa-5584-11e7-9a7d-b499baebfea0',
    );
  });

  test('entities of the file are not expanded: one that is used is refused with its entry alone', () => {
    const { reports, problems } = readSample('freebsd', 'vuxml', (text) =>
      text.replace('frobd -- frobbing', '&vuln-2003;'),
    );
    assert.deepEqual([reports.length, problems.map((each) => each.split(' ')[0])], [1, ['bad-xml']]);
  });

  test('a range that is not understood is refused rather than taken for all versions', () => {
    const { problems } = readSample('freebsd', 'vuxml', (text) =>
      text.replace('<lt>1.5_2,1</lt>', '<ne>1</ne>'),
    );
    assert.deepEqual(problems, ['bad-grammar vuln/affects/package/range']);
  });
});
