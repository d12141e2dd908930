import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import type { OrderedScheme } from './comparator.ts';
import { comparatorOf } from './comparators.ts';
import { SCHEMES } from './range.ts';

/** For each order: groups of equal versions, oldest group first. Every pair is checked, both ways round. */
const ASCENDING: Record<OrderedScheme, string[][]> = {
  // Nix manual, builtins.compareVersions and nix-env --upgrade.
  nix: [
    ['1.0pre1', '1.0-pre1'],
    ['1.0', '1-0', '1..0'],
    ['1.0.2147483648'],
    ['1.0b', '1.0.b'],
    ['1.0rc1', '1.0-rc1'],
    ['1.0.0'],
    ['1.0.1', '1.0.01'],
    ['2.3'],
  ],
  // deb-version(7), Debian Policy 5.6.12.
  deb: [
    ['1.0~~'],
    ['1.0~~a'],
    ['1.0~'],
    ['1.0~beta1-1'],
    ['1.0~rc1-1'],
    ['1.0', '1.0-0', '0:1.0'],
    ['1.0-1~bpo9+1'],
    ['1.0-1', '1.0-01', '1.00-1'],
    ['1.0-1+b1'],
    ['1.0-1+deb9u1'],
    ['1.0-1.1'],
    ['1.0-10'],
    ['1.0a-1'],
    ['1.0+dfsg-1'],
    ['1.0.1-1'],
    ['1.0.20170101000000000000000000'],
    ['1:0.9-1'],
  ],
  // rpm-version(7).
  rpm: [
    ['1.0~rc1-1'],
    ['1.0~rc1^git1-1'],
    ['1.0'],
    ['1.0-1', '0:1.0-1', ':1.0-1', '1_0-1', '1.0.-1'],
    ['1.0-1.el9'],
    ['1.0-1.1'],
    ['1.0-10.fc25'],
    ['1.0^20170101git-1'],
    ['1.0a-1'],
    ['1.0b-1'],
    ['1.0.0-1'],
    ['1.0.1-1', '1.0.001-1'],
    ['1.0.99999999999999999999-1'],
    ['2:0.1-1'],
  ],
  // apk-package(5).
  apk: [
    ['1.0_alpha'],
    ['1.0_alpha2'],
    ['1.0_beta1'],
    ['1.0_pre1'],
    ['1.0_rc1'],
    ['1.0_rc1-r1'],
    ['1.0'],
    ['1.0-r0'],
    ['1.0-r1'],
    ['1.0-r10'],
    ['1.0~a1b2-r0'],
    ['1.0_git20170101-r0'],
    ['1.0_p1'],
    ['1.0_p1-r2'],
    ['1.0a'],
    ['1.0a_p1'],
    ['1.0p2-r0'],
    ['1.0.05'],
    ['1.0.1'],
    ['1.0.9'],
    ['1.0.10'],
    ['1.1'],
    ['10.0'],
  ],
  // Package Manager Specification 3.3.
  gentoo: [
    ['1.0_alpha', '1.0_alpha0'],
    ['1.0_alpha1'],
    ['1.0_beta'],
    ['1.0_pre'],
    ['1.0_rc1'],
    ['1.0_rc1_p1'],
    ['1.0_rc2'],
    ['1.0', '1.0-r0'],
    ['1.0-r1'],
    ['1.0_p'],
    ['1.0_p1'],
    ['1.0a'],
    ['1.0b-r1'],
    ['1.0.05', '1.0.050'],
    ['1.0.1'],
    ['1.0.10'],
    ['1.1'],
    ['1.10', '01.10'],
  ],
  // Semantic Versioning 2.0.0, section 11, and the tolerant forms.
  semver: [
    ['1.0.0-alpha', '1.0.0-alpha+001', '1-alpha'],
    ['1.0.0-alpha.1'],
    ['1.0.0-alpha.beta'],
    ['1.0.0-beta'],
    ['1.0.0-beta.2'],
    ['1.0.0-beta.11'],
    ['1.0.0-rc.1', 'v1.0-rc.1'],
    ['1.0.0', '1', '1.0', 'v1.0.0', '1.0.0+build', '01.0.0'],
    ['1.2'],
    ['5.10.198'],
    ['6.7'],
  ],
  // PEP 440, "Summary of permitted suffixes and relative ordering" and "Normalization".
  pep440: [
    ['1.0.dev456', '1.0dev456', '1.0-DEV456'],
    ['1.0a1', '1.0alpha1', 'v1.0.a.1'],
    ['1.0a2.dev456'],
    ['1.0a12.dev456'],
    ['1.0a12'],
    ['1.0b1.dev456'],
    ['1.0b2'],
    ['1.0b2.post345.dev456'],
    ['1.0b2.post345'],
    ['1.0rc1.dev456'],
    ['1.0rc1', '1.0c1', '1.0.pre1', '1.0-preview_1'],
    ['1.0', '1', '1.0.0', ' 1.0 '],
    ['1.0+abc.5'],
    ['1.0+abc.7', '1.0+ABC-7'],
    ['1.0+5'],
    ['1.0.post456.dev34'],
    ['1.0.post456', '1.0-456', '1.0r456'],
    ['1.0.15'],
    ['1.1.dev1'],
    ['1!0.1'],
  ],
  // Maven POM reference, "Version Order Specification".
  maven: [
    ['1-alpha1', '1-a1', '1.0-alpha-1', '1.0.alpha1'],
    ['1-beta'],
    ['1-milestone1', '1-m1'],
    ['1-rc1', '1-cr1', '1.0.0-RC1'],
    ['1-SNAPSHOT'],
    ['1', '1.0', '1.0.0', '1-ga', '1.final', '1-0', '1.0.0-0.0.0', '1.release'],
    ['1-sp1', '1.0-sp-1'],
    ['1-foo', '1.0.0-foo.0.0'],
    ['1-foo-1', '1-foo1'],
    ['1-1'],
    ['1-2'],
    ['1.1'],
    ['1.10'],
  ],
  generic: [
    ['1.0-dev', '1.0.devel'],
    ['1.0-nightly2'],
    ['1.0-prealpha'],
    ['1.0alpha1', '1.0-ALPHA.1', '1.0a1', '1.0:alpha1'],
    ['1.0beta1', '1.0_beta1', '1.0b1', '1.0.0-beta.1'],
    ['1.0-test1', '1.0gamma1'],
    ['1.0-m1', '1.0-milestone1'],
    ['1.0pre1', '1.0-preview1'],
    ['1.0rc1', '1.0-rc.1', '1.0~rc1', '1.0-CR1', '1rc1'],
    ['1.0rc2'],
    ['1.0rc10'],
    ['1.0-SNAPSHOT'],
    ['1.0', '1', '1.0.0', 'v1.0', '1.0-final', '1.0-ga', '1.0.RELEASE', '1.0esr', 'release-1.0', '1_0'],
    ['1.0-2016-09-28', '1.0+git20160928', '1.0-unstable-2016-09-28', '1.0+20160928'],
    ['1.0a'],
    ['1.0p1', '1.0-p1', '1.0-patch1', '1.0pl1'],
    ['1.0p2'],
    ['1.0u'],
    ['1.0zg'],
    ['1.0.1', '1.0-1', '1.0+1', '1.0(1)', '1.0_01', '1.0u1', '1.0-update1'],
    ['1.0.2j'],
    ['1.0.2k'],
    ['1.0.2zg'],
    ['1.0.10'],
    ['1.8.0_66', '8u66', '1.8.0:update66'],
    ['1.8.0_71', '8u71', '8u71-ga'],
    ['7.4'],
    ['7.4p1'],
    ['7.4p2'],
    ['2017-03-02', '20170302', '2017.03.02', 'unstable-2017-03-02'],
    ['20170303', '0-unstable-2017-03-03', '0.0pre20170303'],
    ['2147483648000'],
    ['99999999999999999999'],
    ['99999999999999999999.1'],
  ],
};

/** Pieces from which versions are put together; few of them, so that equal and nearly equal ones are common. */
const PIECES: Record<OrderedScheme, string[]> = {
  nix: ['1', '0', '10', '.', '-', 'pre', 'rc', 'a', '2147483648', '_'],
  deb: ['1', '0', '10', '.', '-', '~', '+', 'a', '1:', '007'],
  rpm: ['1', '0', '10', '.', '-', '~', '^', 'a', 'b', '1:', '007'],
  apk: ['1', '0', '10', '.', '.0', '_p', '_rc', '_git', '-r1', 'a', '~f'],
  gentoo: ['1', '0', '10', '.', '.0', '_p', '_rc', '_pre', '-r1', 'a'],
  semver: ['1', '0', '10', '.', '-', 'rc', 'alpha', '+', 'v', '.1'],
  pep440: ['1', '0', '10', '.', 'rc', 'a', '.post', '.dev', '+', '1!', '-'],
  maven: ['1', '0', '10', '.', '-', 'rc', 'foo', 'sp', 'final', 'alpha', 'a'],
  generic: [
    ...['1', '0', '10', '.', '-', 'rc', 'p', 'a', 'git', 'foo', 'v', 'u', 'esr'],
    ...['-2017-03-03', '20170303', '8d47fd5', 'unstable-', 'pre', '_'],
  ],
};

for (const scheme of SCHEMES) {
  const comparator = comparatorOf(scheme);
  if (comparator === null) continue;
  describe(`${scheme} order`, () => {
    const version = fc
      .array(fc.constantFrom(...PIECES[comparator.scheme]), { minLength: 1, maxLength: 7 })
      .map((pieces) => pieces.join(''));

    test('puts the versions of its specification in their order', () => {
      const groups = ASCENDING[comparator.scheme];
      for (const [i, group] of groups.entries()) {
        for (const a of group) {
          assert.ok(comparator.isValid(a), `${a} is valid`);
          for (const [j, others] of groups.entries()) {
            for (const b of others) {
              assert.equal(comparator.compare(a, b), Math.sign(i - j), `${a} against ${b}`);
            }
          }
        }
      }
    });

    test('is an order: reflexive, antisymmetric, transitive, total', () => {
      fc.assert(
        fc.property(version, version, version, (a, b, c) => {
          assert.equal(comparator.compare(a, a), 0);
          const [ab, bc, ac] = [comparator.compare(a, b), comparator.compare(b, c), comparator.compare(a, c)];
          assert.equal(ab + comparator.compare(b, a), 0, 'antisymmetric');
          if (ab <= 0 && bc <= 0) assert.equal(ac, Math.min(ab, bc), 'transitive');
          if (ab >= 0 && bc >= 0) assert.equal(ac, Math.max(ab, bc), 'transitive');
        }),
        { numRuns: 3000 },
      );
    });

    test('answers for every text, and in time for hostile ones', () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary', maxLength: 40 }), version, (text, other) => {
          assert.equal(comparator.compare(text, other) + comparator.compare(other, text), 0);
        }),
      );
      for (const text of [
        '1.'.repeat(100_000),
        '9'.repeat(100_000),
        '1-'.repeat(120),
        `1${'_p'.repeat(120)}x`,
      ]) {
        assert.equal(comparator.compare(text, text), 0);
        assert.equal(comparator.compare(text, '1') + comparator.compare('1', text), 0);
      }
    });

    test('sorts what is no version before everything that is one', () => {
      const long = '1'.repeat(257);
      assert.equal(comparator.isValid(long), false);
      assert.equal(comparator.compare(long, '0'), -1);
      assert.equal(comparator.compare('0', long), 1);
    });
  });
}

test('git has no order', () => {
  assert.equal(comparatorOf('git'), null);
});

describe('what is no version', () => {
  const INVALID: [OrderedScheme, string[]][] = [
    ['deb', ['', ':1', '1:', 'a1', '1.0-', '1 0', '1_0', '2147483648:1', '1:1-é']],
    ['rpm', ['', '~', '-1', '1 0', '1/0']],
    ['apk', ['', 'a', '1.', '1-1', '1_foo', '1A', '1.0-r']],
    ['gentoo', ['', '1-1', '1_git', '1ab', '1.0-r']],
    ['semver', ['', '1.2.3.4', '1.0.2k', '1.0.0-', 'x', '9999999999999999']],
    ['pep440', ['', '1.0foo', '1.0+', '1!', '1.0.2k-1.el7']],
    ['maven', ['', 'alpha', '1 0']],
    ['generic', ['', 'current', '8d47fd5', '9de21094a8cf565bdfcf75688e121a5ad1f5397b', '1, 2', '1/2', 'é1']],
  ];
  for (const [scheme, texts] of INVALID) {
    test(`in ${scheme} order`, () => {
      for (const text of texts) assert.equal(comparatorOf(scheme).isValid(text), false, `“${text}”`);
    });
  }
});
