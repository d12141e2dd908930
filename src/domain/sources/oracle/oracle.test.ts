import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { rowsOf, sampleReport } from '../sample-reports.ts';

describe('oracle', () => {
  test('packages of ksplice are no fix of the others', () => {
    assert.deepEqual(rowsOf(sampleReport('oracle', 'oval')), ['frobd ol7 fixed 2.0-1.el8']);
  });

  test('where only ksplice stands it is kept, and said', () => {
    const report = sampleReport('oracle', 'oval', (text) =>
      text.replace('frobd is earlier than 0:2.0-1.el8', 'frobd is fine'),
    );
    assert.deepEqual(rowsOf(report), ['frobd ol7 fixed 2:2.0-1.ksplice1.el7 (ksplice)']);
  });

  test('one package with two versions says on which architecture', () => {
    const report = sampleReport('oracle', 'oval', (text) =>
      text.replace('2:2.0-1.ksplice1.el7', '0:2.0-2.el8'),
    );
    assert.deepEqual(rowsOf(report), [
      'frobd ol7 fixed 2.0-1.el8 (only on x86_64)',
      'frobd ol7 fixed 2.0-2.el8 (only on x86_64)',
    ]);
  });

  test('an address with a bare % is one', () => {
    assert.ok(sampleReport('oracle', 'oval').links.some(({ url }) => url === 'https://example.org/a%b'));
  });
});
