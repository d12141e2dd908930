import assert from 'node:assert/strict';
import { test } from 'node:test';
import { unpack } from './packaged.ts';
import { schemeNamed } from './schemes.ts';
import { atPrecisionOf, coarser, upstreamVersion } from './upstream-version.ts';

test('upstreamVersion takes away what nixpkgs adds', () => {
  const CASES: [string, string][] = [
    ['4.9.75-hardened', '4.9.75'],
    ['4.9.75-hardened1', '4.9.75'],
    ['5.1-rc1-hardened', '5.1-rc1'],
    ['4.19.55-mptcp_v0.95', '4.19.55'],
    ['60.3.0-gnu1', '60.3.0'],
    ['2.4.0-with-plugins', '2.4.0'],
    ['340.102-4.12.10', '340.102'],
    ['340.107-4.14.120-160', '340.107'],
    ['0.7.0-5.3-rc5', '0.7.0'],
    ['1.6.23-4.19.76-hardened', '1.6.23'],
  ];
  for (const [version, upstream] of CASES) assert.equal(upstreamVersion(version), upstream);
});

test('upstreamVersion leaves what is upstream’s', () => {
  for (const version of [
    '1.0.2k',
    '6.9.7-4',
    '4.4-p23',
    '2.0.0-beta3',
    '7.4p1',
    '2017-03-03',
    '2.25-123',
    '',
  ]) {
    assert.equal(upstreamVersion(version), version);
  }
  assert.equal(upstreamVersion('2.25-123', 'glibc'), '2.25');
});

test('a range counts as exactly as it speaks', () => {
  const imagemagick = coarser('6.9.7-4');
  assert.equal(atPrecisionOf('6.9.7', '6.9.7-4', imagemagick), '6.9.7');
  assert.equal(atPrecisionOf('6.9.7-5', '6.9.7-4', imagemagick), '6.9.7-4');
  assert.equal(atPrecisionOf('6.9.7.5', '6.9.7-4', imagemagick), '6.9.7-4');
  const openssh = coarser('7.4p1', 'openssh');
  assert.equal(atPrecisionOf('7.4', '7.4p1', openssh), '7.4');
  assert.equal(atPrecisionOf('7.4p1', '7.4p1', openssh), '7.4p1');
  assert.deepEqual(coarser('1.8.20p1', 'sudo'), []);
  assert.deepEqual(coarser('2017-03-03'), []);
  assert.deepEqual(coarser('0.5-20170303'), []);
});

test('unpack finds the upstream version, and whether its first package', () => {
  const CASES: [string, 'deb' | 'rpm' | 'apk' | 'gentoo', string, boolean][] = [
    ['1:7.4p1-10+deb9u1', 'deb', '7.4p1', false],
    ['1.0.2k-1', 'deb', '1.0.2k', true],
    ['1.0.2k-1~deb9u1', 'deb', '1.0.2k', true],
    ['1.0.1t-1+deb8u6', 'deb', '1.0.1t', false],
    ['8.39-2', 'deb', '8.39', false],
    ['2:4.3.8+dfsg-0ubuntu0.14.04.2', 'deb', '4.3.8', true],
    ['62.0.3+build1-0ubuntu0.16.04.2', 'deb', '62.0.3', true],
    ['1.0+git20170303-1', 'deb', '1.0+git20170303', true],
    ['1:9.9.5.dfsg-3ubuntu0.15', 'deb', '9.9.5', false],
    ['2.0+really1.9-1', 'deb', '1.9', true],
    ['2017.2', 'deb', '2017.2', true],
    ['5.2+deb9u1', 'deb', '5.2', false],
    ['4:5.2.2-1.fc25', 'rpm', '5.2.2', true],
    ['0:5.14.0-362.24.1.el9_3', 'rpm', '5.14.0', false],
    ['1.0-10.fc25', 'rpm', '1.0', false],
    ['2.8.6-r0', 'apk', '2.8.6', true],
    ['2.8.6-r3', 'apk', '2.8.6', false],
    ['1.0.2k', 'gentoo', '1.0.2k', true],
    ['1.0.2k-r1', 'gentoo', '1.0.2k', false],
  ];
  for (const [version, scheme, upstream, first] of CASES) {
    assert.deepEqual(unpack(version, scheme), { upstream, first }, version);
  }
  assert.equal(unpack('1.0', 'generic'), null);
});

test('schemeNamed knows what records call an order', () => {
  assert.equal(schemeNamed('semver'), 'semver');
  assert.equal(schemeNamed('original_commit_for_fix'), 'semver');
  assert.equal(schemeNamed('Debian:12'), 'deb');
  assert.equal(schemeNamed('Red Hat:enterprise_linux:9::appstream'), 'rpm');
  assert.equal(schemeNamed('PyPI'), 'pep440');
  assert.equal(schemeNamed('git'), 'git');
  for (const text of ['custom', '7.5 series', '', null, undefined, '__proto__']) {
    assert.equal(schemeNamed(text), 'generic');
  }
});
