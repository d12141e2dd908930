import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type JudgeOptions, judge } from './judge.ts';
import type { VersionRange, VersionStatement } from './range.ts';

function statement(affected: VersionRange[], more: Partial<VersionStatement> = {}): VersionStatement {
  return { scheme: 'generic', affected, unaffected: [], otherwise: 'unaffected', ...more };
}

function verdict(version: string, of: VersionStatement, options?: JudgeOptions): string {
  return judge(version, of, options).verdict;
}

/** "affected: 1.0.2j < 1.0.2k, generic order" */
function told(version: string, of: VersionStatement, options?: JudgeOptions): string {
  const { verdict: found, reason } = judge(version, of, options);
  return `${found}: ${reason}`;
}

function exact(version: string): VersionRange {
  return { min: version, max: version, maxInclusive: true };
}

describe('judge', () => {
  test('says what decided', () => {
    const openssl = statement([
      { min: '1.0.1', max: '1.0.1u' },
      { min: '1.0.2', max: '1.0.2k' },
    ]);
    assert.equal(told('1.0.2j', openssl), 'affected: 1.0.2 ≤ 1.0.2j < 1.0.2k, generic order');
    assert.equal(
      told('1.0.2k', openssl),
      'not_affected: 1.0.2k ≥ 1.0.2k, where the affected versions end, generic order',
    );
    assert.equal(
      told('1.0.0t', openssl),
      'not_affected: 1.0.0t < 1.0.1, where the affected versions begin, generic order',
    );
    assert.deepEqual(judge('1.0.1t', openssl).range, { min: '1.0.1', max: '1.0.1u' });
    assert.equal(told('1.0', statement([{}])), 'affected: every version is listed as affected');
    assert.equal(
      told('1.0.0', statement([exact('1.0')])),
      'affected: 1.0.0 is listed as affected (1.0), generic order',
    );
    assert.equal(
      judge('1.0', statement([])).reason,
      '1.0 is in none of the ranges of the source, which calls all others not affected',
    );
  });

  test('lets unaffected ranges win', () => {
    const both = statement([{ max: '3.0' }], {
      unaffected: [{ min: '2.4.7', max: '2.4.*', maxInclusive: true }],
    });
    assert.equal(verdict('2.4.6', both), 'affected');
    assert.equal(
      told('2.4.9', both),
      'not_affected: 2.4.7 ≤ 2.4.9 ≤ 2.4.*, listed as not affected, generic order',
    );
    assert.equal(verdict('2.5', both), 'affected');
  });

  test('reads the kernel’s records', () => {
    const kernel = statement([exact('6.7')], {
      scheme: 'semver',
      otherwise: 'affected',
      unaffected: [
        { min: '0', max: '6.7' },
        { min: '6.8.10', max: '6.8.*', maxInclusive: true },
        { min: '6.9', max: '*', maxInclusive: true },
      ],
    });
    assert.equal(verdict('6.6.70', kernel), 'not_affected');
    assert.equal(verdict('6.7.12', kernel), 'affected');
    assert.equal(
      told('6.8.9', kernel),
      'affected: 6.8.9 < 6.8.10, the next version that is not affected, semver order',
    );
    assert.equal(verdict('6.8.10', kernel), 'not_affected');
    assert.equal(verdict('6.12.4-hardened1', kernel), 'not_affected');
    assert.match(told('6.9-rc3', kernel), /^unknown: .*Nix order/);
  });

  test('knows nothing after a last affected version unless told, and takes a named fix for what it is', () => {
    const through = statement([{ max: '1.4', maxInclusive: true }], { otherwise: 'unknown' });
    assert.equal(
      told('1.5', through),
      'unknown: 1.5 > 1.4, where the affected versions end, and of later ones the source says nothing, generic order',
    );
    const before = statement([{ min: '1.0', max: '1.4' }], { otherwise: 'unknown' });
    assert.equal(verdict('1.4', before), 'not_affected');
    assert.equal(verdict('0.9', before), 'unknown');
    assert.equal(verdict('1.5', statement([exact('1.4')], { otherwise: 'unknown' })), 'unknown');
  });

  test('does not clear what is older than a list of single versions', () => {
    const list = statement([exact('8.39'), exact('8.40')]);
    assert.equal(verdict('8.38', list), 'unknown');
    assert.equal(verdict('8.40', list), 'affected');
    assert.equal(verdict('8.41', list), 'not_affected');
  });

  test('is of one mind about zeros, long numbers, spelling', () => {
    assert.equal(verdict('153.0', statement([{ max: '153.0.0' }])), 'not_affected');
    assert.equal(verdict('20170303120000', statement([{ max: '20180101000000' }])), 'affected');
    assert.equal(verdict('1.8.0_66', statement([{ max: '1.8.0:update71' }])), 'affected');
    assert.equal(verdict('8u71', statement([{ max: '1.8.0_71' }])), 'not_affected');
    assert.equal(verdict('1.0.2u', statement([{ max: '1.0.2zg' }])), 'affected');
    assert.equal(verdict('60.9.0esr', statement([{ max: '60.9.0', maxInclusive: true }])), 'affected');
  });

  test('doubts where Nix order and range order disagree', () => {
    assert.equal(
      told('1.0rc1', statement([{ max: '1.0' }])),
      'unknown: 1.0rc1 < 1.0 in generic order, but > in Nix order',
    );
    assert.equal(verdict('1.0rc1', statement([{ max: '1.1' }])), 'affected', 'both agree on the range');
    assert.equal(verdict('1.0pre1', statement([{ max: '1.0' }])), 'affected', 'Nix knows pre');
    assert.equal(
      verdict('1.0rc1', statement([{ max: '1.0' }, { min: '1.0', max: '2.0' }])),
      'affected',
      'in one range or the other',
    );
    assert.equal(verdict('3.8.0b3', statement([{ max: '3.8.0' }], { scheme: 'pep440' })), 'unknown');
  });

  test('doubts where a state of the repository stands', () => {
    const through = statement([{ max: '0.5.3', maxInclusive: true }]);
    for (const version of ['0.5.3+git20160718', '0.5.3-2016-07-18', '0.5.3-8d47fd5', '0.5.3-foo']) {
      assert.match(told(version, through), /^unknown: nobody can say/, version);
    }
    assert.equal(verdict('0.5.3+git20160718', statement([{ max: '0.5.4' }])), 'affected');
    assert.equal(verdict('0.5.3+git20160718', statement([{ max: '0.5.3' }])), 'not_affected');
  });

  test('does not hold days against release numbers', () => {
    const released = statement([{ min: '1.0', max: '1.5' }]);
    for (const version of [
      '2017-03-03',
      '20170303',
      'unstable-2024-01-01',
      '0-unstable-2024-01-01',
      '0.0pre20160820',
    ]) {
      assert.match(told(version, released), /^unknown: .* is a day and 1.0 a release/, version);
    }
    assert.equal(verdict('2017-03-03', statement([{ max: '20170304' }])), 'affected');
    assert.equal(verdict('unstable-2024-01-01', statement([{ max: '2023-12-31' }])), 'not_affected');
    assert.equal(verdict('2017.1', statement([{ max: '2017-03-03' }])), 'affected');
    assert.equal(verdict('1.4', statement([{ max: '2017-03-03' }])), 'unknown');
    assert.equal(verdict('2017-03-03', statement([{}])), 'affected');
  });

  test('knows what nixpkgs adds to versions', () => {
    const glibc = statement([{ max: '2.25', maxInclusive: true }]);
    assert.equal(verdict('2.25-123', glibc), 'affected');
    assert.equal(verdict('2.25-123', glibc, { pname: 'glibc' }), 'affected');
    assert.equal(verdict('6.9.7-4', statement([{ max: '6.9.7-5' }])), 'affected');
    assert.equal(verdict('6.9.7-10', statement([{ max: '6.9.7-5' }])), 'not_affected');
    const openssh = statement([{ max: '7.4', maxInclusive: true }]);
    assert.equal(verdict('7.4p1', openssh, { pname: 'openssh' }), 'affected');
    assert.equal(
      verdict('1.8.20p1', statement([{ max: '1.8.20', maxInclusive: true }]), { pname: 'sudo' }),
      'not_affected',
    );
  });

  test('falls back to the generic order where a version is not what its type says', () => {
    const { verdict: found, reason } = judge('1.0.2j', statement([{ max: '1.0.2k' }], { scheme: 'semver' }));
    assert.equal(`${found}: ${reason}`, 'affected: 1.0.2j < 1.0.2k, generic order');
    assert.equal(verdict('1.2.3.4', statement([{ max: '1.2.3.5' }], { scheme: 'semver' })), 'affected');
  });

  test('translates a distribution’s versions', () => {
    const upstreamFix = statement([{ max: '1.0.2k-1' }], { scheme: 'deb', otherwise: 'unknown' });
    assert.equal(told('1.0.2j', upstreamFix), 'affected: 1.0.2j < 1.0.2k-1, deb order');
    assert.equal(verdict('1.0.2k', upstreamFix), 'not_affected');
    const patched = statement([{ max: '1:7.4p1-10+deb9u1' }], { scheme: 'deb', otherwise: 'unknown' });
    assert.equal(verdict('7.3p1', patched), 'affected');
    assert.equal(verdict('7.4p1', patched), 'affected', 'upstream’s release has no patch of Debian’s');
    assert.match(told('7.5p1', patched), /^unknown: .*patch of the distribution's own, deb order/);
    assert.equal(verdict('1:7.4p1-10+deb9u2', patched, { versionScheme: 'deb' }), 'not_affected');
    assert.equal(verdict('1.0.2j-r3', upstreamFix, { versionScheme: 'apk' }), 'affected');
  });

  test('says how firmly it stands', () => {
    const basis = (version: string, of: VersionStatement) => judge(version, of).basis;
    assert.equal(basis('60.2.2', statement([{ max: '62.0.3' }])), 'elsewhere');
    assert.equal(basis('62.0.2', statement([{ max: '62.0.3' }])), 'exact');
    assert.equal(basis('62.0.3', statement([{ max: '62.0.3' }])), 'exact');
    assert.equal(basis('4.7.5', statement([{ max: '4.5.16' }])), 'elsewhere');
    assert.equal(basis('1.3', statement([{ max: '1.4', maxInclusive: true }])), 'through');
    assert.equal(basis('1.3', statement([{ min: '1.0' }])), 'open');
    assert.equal(basis('1.0.2j', statement([{ max: '1.0.2k-1' }], { scheme: 'deb' })), 'elsewhere');
    assert.equal(basis('1.3', statement([], { scheme: 'git' })), 'none');
  });

  test('does not guess', () => {
    assert.match(told('1.0', statement([{}], { scheme: 'git' })), /^unknown: commits/);
    assert.equal(told('', statement([{}])), 'unknown: the version is not known');
    assert.match(told('8d47fd5', statement([{ max: '1.0' }])), /^unknown: “8d47fd5” has no place/);
    assert.match(told('1.0', statement([exact('n/a')])), /^unknown: the source names no version/);
    assert.match(told('1.0', statement([{ min: '2.0', max: '1.0' }])), /^unknown: the range ends at 1.0/);
    assert.match(told('1.5', statement([{ max: 'c.1.6' }])), /^unknown: .*not versions of one form/);
  });

  test('survives anything, and affected ranges only ever add', () => {
    const text = fc.oneof(
      fc.string({ maxLength: 12 }),
      fc.constantFrom('1.0', '1.0rc1', '2.0', '1.5p1', '*', 'n/a', '0', '5.*', '>= 1, < 2', '2017-03-03'),
    );
    const range = fc.record({ min: text, max: text, maxInclusive: fc.boolean() }, { requiredKeys: [] });
    fc.assert(
      fc.property(text, fc.array(range, { maxLength: 3 }), range, (version, ranges, added) => {
        const before = judge(version, statement(ranges));
        const after = judge(version, statement([...ranges, added]));
        assert.ok(before.reason.length > 0);
        if (before.verdict === 'affected') assert.equal(after.verdict, 'affected');
      }),
      { numRuns: 2000 },
    );
  });
});
