import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSample, rowsOf, sampleReport } from '../sample-reports.ts';

describe('alpine', () => {
  test('several ids in one string, brackets and a bare "CVE" are told apart; the rest stays as a remark', () => {
    // The bracket that closes was the string's last character.
    assert.deepEqual(rowsOf(sampleReport('alpine', 'secdb')), [
      'frobd v3.6 CVE-2017-90003 not_affected',
      'frobd v3.6 CVE-2017-90001 fixed 2.0-r0',
      'frobd v3.6 CVE-2017-90002 fixed 2.0-r0 (XSA-252 (+ CVE)',
    ]);
    const [, xen] = readSample('alpine', 'secdb').reports;
    assert.deepEqual(xen?.vulnerabilities, []);
    assert.deepEqual(xen && rowsOf(xen), [
      'xen v3.6 fixed 4.10.0-r1 (XSA-248)',
      'xen v3.6 fixed 4.10.0-r1 (CVE)',
    ]);
  });

  test('version 0: it never was hit', () => {
    const [row] = sampleReport('alpine', 'secdb').affected;
    assert.deepEqual([row?.status, row?.versions], ['not_affected', undefined]);
  });

  test('what is rejected says "not affected" of the same package and CVE that a fix is named for', () => {
    const rejected = sampleReport('alpine', 'rejections');
    assert.deepEqual(rowsOf(rejected), [
      'frobd CVE-2017-90001 not_affected (rejected)',
      'frobd CVE-2017-90002 not_affected (rejected)',
    ]);
    assert.ok(rowsOf(sampleReport('alpine', 'secdb')).includes('frobd v3.6 CVE-2017-90001 fixed 2.0-r0'));
  });

  test('old lists have a single id without a list, and a version twice', () => {
    assert.deepEqual(rowsOf(sampleReport('alpine', 'secdb-yaml')), [
      'frobd v3.6 CVE-2017-90001 fixed 2.0-r0',
      'frobd v3.6 CVE-2017-90002 fixed 1.0-r1',
    ]);
    const twice = sampleReport('alpine', 'secdb-yaml', (text) =>
      text.replace('1.0-r1: CVE-2017-90002', '2.0-r0:\n          - CVE-2017-90002'),
    );
    assert.deepEqual(twice.vulnerabilities, ['CVE-2017-90001', 'CVE-2017-90002']);
  });

  test('a reference within YAML is refused, for that is how a kilobyte becomes a gigabyte', () => {
    const { problems } = readSample('alpine', 'rejections', (text) =>
      text.replace('xen:\n', 'xen: &x\n').replace('- CVE-2017-90003', '- *x'),
    );
    assert.deepEqual(problems, ['bad-grammar (root)']);
  });

  test('a list that does not say of which release it is is refused as a whole', () => {
    assert.deepEqual(readSample('alpine', 'secdb', (text) => text.replace('"v3.6"', '"3.6"')).problems, [
      'missing-field distroversion',
    ]);
  });
});
