import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { flawOf, issueTitle } from './issue-title.ts';

describe('issueTitle', () => {
  test('names the product and the kind that its flaws have in common', () => {
    assert.equal(issueTitle('openssl', ['denial of service']), 'openssl: denial of service');
    assert.equal(issueTitle('bind', ['denial of service', null]), 'bind: denial of service');
  });

  test('several kinds, or too little known, are multiple vulnerabilities', () => {
    assert.equal(
      issueTitle('chromium', ['use after free', 'spoofing']),
      'chromium: multiple vulnerabilities',
    );
    assert.equal(issueTitle('php', ['use after free', null, null]), 'php: multiple vulnerabilities');
    assert.equal(issueTitle('php', [null]), 'php: unspecified vulnerability');
    assert.equal(issueTitle('php', []), 'php: unspecified vulnerability');
  });

  test('several products are named, not all of many', () => {
    assert.equal(issueTitle(['wpa', 'linux'], ['spoofing']), 'wpa, linux: spoofing');
    assert.equal(
      issueTitle(['a', 'b', 'c', 'd', 'e'], [null]),
      'a, b, c and 2 more: unspecified vulnerability',
    );
  });
});

describe('flawOf', () => {
  test('a CWE id that is specific tells before any words', () => {
    assert.equal(flawOf(['CWE-20', 'CWE-416'], 'a denial of service'), 'use after free');
    assert.equal(flawOf(['CWE-89'], ''), 'SQL injection');
  });

  test('else the words tell, the cause before the effect', () => {
    const kinds: [string, string][] = [
      ['Heap-based buffer overflow allows remote attackers to cause a denial of service', 'buffer overflow'],
      ['allows remote attackers to cause a denial of service (crash)', 'denial of service'],
      ['does not check a NULL pointer dereference', 'denial of service'],
      ['An out-of-bounds read was found', 'out-of-bounds read'],
      ['cross site scripting in the login page', 'cross-site scripting'],
      ['allows local users to gain privileges', 'privilege escalation'],
      ['may run arbitrary code', 'code execution'],
      ['execute arbitrary code via a crafted file', 'code execution'],
      ['authentication bypass in mod_auth', 'authentication bypass'],
    ];
    for (const [text, kind] of kinds) assert.equal(flawOf([], text), kind, text);
  });

  test('where nothing tells it is null', () => {
    assert.equal(flawOf(['NVD-CWE-noinfo', 'CWE-20'], 'Unspecified vulnerability in Oracle Java SE'), null);
    assert.equal(flawOf([], ''), null);
  });

  test('what comes out is one of our words, whatever goes in', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), fc.string(), (weaknesses, text) => {
        const kind = flawOf(weaknesses, text);
        assert.ok(kind === null || /^[A-Za-z -]{3,40}$/.test(kind));
      }),
    );
  });
});
