import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { MatchPackage } from './package-names.ts';
import { judgePackage, namesVulnerability, type Statement } from './verdict.ts';

const CVE = 'CVE-2017-3167';

function httpd(version: string, more: Partial<MatchPackage> = {}): MatchPackage {
  return {
    attr: 'apacheHttpd',
    pname: 'apache-httpd',
    name: 'apache-httpd',
    product: 'apache2',
    version,
    patches: [],
    knownVulnerabilities: [],
    homepage: null,
    sourceUrl: null,
    ...more,
  };
}

function fixedIn(version: string, more: Partial<Statement> = {}): Statement {
  return {
    vulnerability: CVE,
    source: 'nvd',
    report: CVE,
    ecosystem: 'cpe',
    vendor: 'apache',
    name: 'http_server',
    release: null,
    versions: { scheme: 'generic', affected: [{ max: version }], unaffected: [], otherwise: 'unaffected' },
    together: 1,
    ...more,
  };
}

const verdictOf = (pkg: MatchPackage, ...statements: Statement[]) =>
  judgePackage(pkg, [CVE], new Map([[CVE, statements]]), new Set(['http-server', 'apache2']));

describe('judgePackage', () => {
  test('judges by the range, on both sides of the fix', () => {
    assert.equal(verdictOf(httpd('2.4.25'), fixedIn('2.4.26')).verdict, 'affected');
    assert.equal(verdictOf(httpd('2.4.26'), fixedIn('2.4.26')).verdict, 'not_affected');
  });

  test('is unknown where nobody says anything, or only of another product', () => {
    assert.equal(verdictOf(httpd('2.4.25')).verdict, 'unknown');
    assert.equal(verdictOf(httpd('2.4.25'), fixedIn('2.4.26', { name: 'tomcat' })).verdict, 'unknown');
  });

  test('a stable release of a distribution says nothing of upstream’s versions', () => {
    const jessie = fixedIn('2.4.10', {
      ecosystem: 'debian',
      name: 'apache2',
      release: 'jessie',
      source: 'debian',
    });
    assert.equal(verdictOf(httpd('2.4.25'), jessie).verdict, 'unknown');
  });

  test('a report of several vulnerabilities clears a version, but does not convict it', () => {
    const together = fixedIn('2.4.27', { together: 8, report: 'GLSA-201710-32' });
    assert.equal(verdictOf(httpd('2.4.26'), together).verdict, 'unknown');
    assert.equal(verdictOf(httpd('2.4.27'), together).verdict, 'not_affected');
  });

  test('a patch that names it fixes it, and is shown; knownVulnerabilities outrank a range', () => {
    const patched = verdictOf(httpd('2.4.25', { patches: ['CVE-2017-3167.patch'] }), fixedIn('2.4.26'));
    assert.deepEqual([patched.verdict, patched.patched], ['not_affected', [CVE]]);
    assert.match(patched.evidence[0]?.why ?? '', /CVE-2017-3167\.patch/);
    assert.equal(
      verdictOf(httpd('2.4.27', { knownVulnerabilities: [CVE] }), fixedIn('2.4.26')).verdict,
      'affected',
    );
  });
});

describe('namesVulnerability', () => {
  const cases: [string, string, boolean][] = [
    ['CVE-2017-3167.patch', CVE, true],
    ['cve-2017-3167-part2.diff', CVE, true],
    ['CVE-2011-1552_1553_1554.patch', 'CVE-2011-1553', true],
    ['CVE-2015-0848+4588+4695+4696.patch', 'CVE-2015-4696', true],
    ['CVE-2017-31670.patch', CVE, false],
    ['fix-2017-3167.patch', CVE, false],
  ];
  for (const [patch, id, named] of cases)
    test(`${patch}: ${id}`, () => assert.equal(namesVulnerability(patch, id), named));
});
