import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { readSample, rowsOf } from '../sample-reports.ts';

describe('netbsd', () => {
  test('patterns become names and ranges; braces stand for each of what is in them', () => {
    const { reports, problems } = readSample('netbsd', 'pkg-vulnerabilities');
    assert.deepEqual(problems, []);
    assert.deepEqual(reports.map(rowsOf), [
      ['frobd fixed 2.4.26'],
      ['ap13-frob fixed 2.0nb1', 'ap22-frob fixed 2.0nb1', 'ap24-frob fixed 2.0nb1'],
      ['frobd affected'],
    ]);
    assert.deepEqual(reports[0]?.affected[0]?.versions?.affected, [{ min: '1.0', max: '2.4.26' }]);
  });

  test('a package that is no longer looked after has no flaw for that', () => {
    assert.ok(
      !readSample('netbsd', 'pkg-vulnerabilities').reports.some(({ title }) => title.includes('eol')),
    );
  });

  test('a file that ends before its signature is cut short', () => {
    const { problems } = readSample('netbsd', 'pkg-vulnerabilities', (text) =>
      text.slice(0, text.indexOf('-----BEGIN PGP SIGNATURE')),
    );
    assert.deepEqual(problems, ['truncated pkg-vulnerabilities']);
  });

  test('braces that do not match, or stand for very many, are refused', () => {
    const many = `${'{a,b}'.repeat(12)}-1.0`;
    for (const pattern of ['{a,b-1.0', 'a}b-1.0', many])
      assert.deepEqual(
        readSample('netbsd', 'pkg-vulnerabilities', (text) => text.replace('frobd>=1.0<2.4.26', pattern))
          .problems,
        ['bad-grammar pattern'],
        pattern,
      );
  });
});
