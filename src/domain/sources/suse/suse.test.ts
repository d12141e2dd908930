import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { parseAdvisoryIds } from '#base/formats';
import { readSample, rowsOf, sampleReport } from '../sample-reports.ts';
import { releaseOf } from './products.ts';

describe('suse', () => {
  test('CVRF that is not UTF-8 within a name is read, with a mark in its place', () => {
    const wrong = (text: string) => Buffer.from(text.replace('frobs too much', 'by Ga\u00ebl'), 'latin1');
    const report = sampleReport('suse', 'cvrf', wrong);
    assert.match(report.description ?? '', /by Ga\ufffdl/);
  });

  test('CSAF that is not UTF-8 is refused: none has been seen', () => {
    const wrong = (text: string) => Buffer.from(text.replace('frobs too much', 'by Ga\u00ebl'), 'latin1');
    assert.match(readSample('suse', 'csaf', wrong).problems.join(), /^bad-encoding/);
  });

  test('names are split into name and version, products become releases', () => {
    for (const form of ['cvrf', 'csaf', 'oval'])
      assert.ok(rowsOf(sampleReport('suse', form)).includes('frobd leap42.2 fixed 2.0-1.1'), form);
    assert.ok(rowsOf(sampleReport('suse', 'csaf')).includes('frobd leap42.3 fixed 2.0-2.1'));
    assert.equal(releaseOf('SUSE Linux Enterprise Server 15 SP1-LTSS'), 'sles15-sp1-ltss');
    assert.equal(releaseOf('SUSE Linux Enterprise Module for Basesystem 15 SP4'), 'sle15-sp4');
    assert.equal(releaseOf('openSUSE Tumbleweed'), 'tumbleweed');
    assert.equal(releaseOf('SUSE CaaS Platform 4.0'), 'SUSE CaaS Platform 4.0');
  });

  test('the revision that others leave out is the first', () => {
    assert.deepEqual(parseAdvisoryIds('SUSE-SU-2017:1446, openSUSE-SU-2017:1234-2'), [
      { source: 'suse', id: 'SUSE-SU-2017:1446-1' },
      { source: 'suse', id: 'openSUSE-SU-2017:1234-2' },
    ]);
  });

  test('everything that was built anew is fixed, which does not say that it was hit', () => {
    assert.deepEqual(sampleReport('suse', 'cvrf').affected[0]?.versions?.affected, []);
  });

  test('an image says nothing beyond the announcements of what is in it', () => {
    const { reports, problems } = readSample('suse', 'cvrf', (text) =>
      text.replace('SUSE-SU-2017:9001-1', 'SUSE Image SUSE-IU-2021:2-1'),
    );
    assert.deepEqual([reports, problems], [[], []]);
  });

  test('somebody else’s CSAF is refused', () => {
    assert.deepEqual(
      readSample('suse', 'csaf', (text) =>
        text
          .replace('https://www.suse.com/"},"notes', 'https://www.example.org/"},"notes')
          .replace('"namespace":"https://www.suse.com/"', '"namespace":"https://www.example.org/"'),
      ).problems,
      ['bad-id document.publisher.namespace'],
    );
  });
});
