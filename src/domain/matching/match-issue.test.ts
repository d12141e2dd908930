import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { candidates, nameIndex } from './candidates.ts';
import { issueMatcher, type MatchIssue, unite } from './match-issue.ts';
import { type ChannelPackages, packageSet } from './package-set.ts';
import { samplePackage } from './sample-packages.ts';
import { type Statement, worse } from './verdict.ts';

const CVE = 'CVE-2017-3731';

function channel(
  name: string,
  versions: Readonly<Record<string, string>>,
  patches: string[] = [],
): ChannelPackages {
  const packages = Object.entries(versions).map(([attr, version]) =>
    samplePackage(attr, { pname: attr.replace(/_.*/, ''), version, patches }),
  );
  return { channel: name, packages };
}

function matchIssue(given: MatchIssue, channels: readonly ChannelPackages[]) {
  return issueMatcher(packageSet(channels))(given);
}

function issue(statements: readonly Statement[] = [fixedIn('1.0.2k')]): MatchIssue {
  return {
    id: 'NSI-2017-0043',
    names: {
      product: 'openssl',
      distributions: [{ name: 'dev-libs/openssl', ecosystem: 'gentoo' }],
      cpes: [{ vendor: 'openssl', name: 'openssl', only: null }],
    },
    vulnerabilities: [CVE],
    statements: new Map([[CVE, statements]]),
  };
}

function fixedIn(version: string): Statement {
  return {
    vulnerability: CVE,
    source: 'nvd',
    report: CVE,
    ecosystem: 'cpe',
    vendor: 'openssl',
    name: 'openssl',
    release: null,
    versions: { scheme: 'generic', affected: [{ max: version }], unaffected: [], otherwise: 'unaffected' },
    together: 1,
  };
}

const seen = (channels: readonly ChannelPackages[], given = issue()) =>
  matchIssue(given, channels).map(({ attr, verdict, channels: cells }) => [
    attr,
    verdict,
    ...cells.map((cell) => `${cell.channel} ${cell.version} ${cell.verdict.verdict}`),
  ]);

describe('issueMatcher', () => {
  test('one suggestion for a package, with a verdict for each channel and the worst of them', () => {
    const channels = [
      channel('nixos-16.09', { openssl: '1.0.2j', openssl_1_0_1: '1.0.1t', curl: '7.1' }),
      channel('nixos-unstable', { openssl: '1.0.2k' }),
      channel('nixos-15.09', {}),
    ];
    assert.deepEqual(seen(channels), [
      ['openssl', 'affected', 'nixos-16.09 1.0.2j affected', 'nixos-unstable 1.0.2k not_affected'],
      ['openssl_1_0_1', 'affected', 'nixos-16.09 1.0.1t affected'],
    ]);
    assert.deepEqual(seen([...channels].reverse())[0], [
      'openssl',
      'affected',
      'nixos-unstable 1.0.2k not_affected',
      'nixos-16.09 1.0.2j affected',
    ]);
  });

  test('what looks safe everywhere is proposed with that verdict; what nobody speaks of is unknown', () => {
    const safe = [channel('nixos-unstable', { openssl: '1.1.0' })];
    assert.equal(seen(safe)[0]?.[1], 'not_affected');
    assert.equal(seen(safe, issue([]))[0]?.[1], 'unknown');
    const patched = matchIssue(issue(), [channel('a', { openssl: '1.0.2j' }, ['CVE-2017-3731.patch'])]);
    assert.deepEqual(patched[0]?.channels[0]?.verdict.patched, [CVE]);
    assert.equal(patched[0]?.verdict, 'not_affected');
  });

  test('a statement under a name that Gentoo or a record gives the product counts for the package', () => {
    const given = issue([
      { ...fixedIn('1.0.2k'), ecosystem: 'gentoo', vendor: null, name: 'dev-libs/openssl' },
    ]);
    assert.equal(seen([channel('a', { openssl: '1.0.2j' })], given)[0]?.[1], 'affected');
  });

  test('the score is the best that it has in any channel, with its reasons', () => {
    const far = {
      channel: 'a',
      packages: [samplePackage('openssl', { pname: 'x-openssl', name: 'ssl' })],
    };
    const near = channel('b', { openssl: '1.0.2j' });
    for (const order of [
      [far, near],
      [near, far],
    ]) {
      const [only, ...others] = matchIssue(issue(), order);
      assert.deepEqual(others, []);
      const best = Math.max(
        ...order.flatMap(({ packages }) =>
          candidates(nameIndex(packages), issue().names).map(({ score }) => score),
        ),
      );
      assert.equal(only?.score, best);
      const sum = only?.reasons.reduce((total, { points }) => total + points, 0) ?? 0;
      assert.ok(Math.abs(Math.min(1, sum) - best) < 0.006);
    }
  });

  test('laws: a cell for each channel that has a candidate, once, and the worst verdict is that of the whole', () => {
    const version = fc.constantFrom('1.0.1', '1.0.2j', '1.0.2k', '1.1.0', '2017-01-01', '');
    const set = fc.dictionary(fc.constantFrom('openssl', 'openssl_1_0_1', 'curl', 'libressl'), version, {
      noNullPrototype: true,
    });
    const statements = fc.array(fc.constantFrom('1.0.2', '1.0.2k', '2').map(fixedIn), { maxLength: 3 });
    fc.assert(
      fc.property(fc.array(set, { maxLength: 4 }), statements, (sets, said) => {
        const channels = sets.map((versions, at) => channel(`c${at}`, versions));
        const suggestions = matchIssue(issue(said), channels);
        const cells = suggestions.flatMap(({ attr, channels: each }) =>
          each.map((cell) => `${cell.channel} ${attr}`),
        );
        const expected = channels.flatMap(({ channel: name, packages }) =>
          candidates(nameIndex(packages), issue().names).map(({ pkg }) => `${name} ${pkg.attr}`),
        );
        assert.deepEqual([...cells].sort(), [...expected].sort());
        for (const { verdict, channels: each } of suggestions)
          assert.equal(
            verdict,
            each.map((cell) => cell.verdict.verdict).reduce((a, b) => worse(a, b)),
          );
      }),
    );
  });
});

describe('unite', () => {
  const openssl = () =>
    matchIssue(issue(), [channel('a', { openssl: '1.0.2j' }), channel('b', { openssl: '1.0.2k' })]);

  test('of one list is that list; of several, what both found is one suggestion, hit where it is hit as either', () => {
    assert.deepEqual(unite([openssl()]), openssl());
    assert.deepEqual(unite([]), []);
    const [found] = openssl();
    assert.ok(found);
    const [cell] = found.channels;
    assert.ok(cell);
    const worseCell = {
      ...{ channel: 'b', version: '1.0.2k' },
      verdict: { verdict: 'unknown' as const, evidence: [], patched: [] },
    };
    const other = { ...found, score: found.score + 0.1, verdict: 'unknown' as const, channels: [worseCell] };
    const alone = { ...found, attr: 'libressl' };
    const [both, rest] = unite([openssl(), [other, alone]]);
    assert.deepEqual(rest, alone);
    assert.equal(both?.score, other.score);
    assert.equal(both?.verdict, 'affected');
    assert.deepEqual(
      both?.channels.map(({ channel: name, verdict }) => [name, verdict.verdict, verdict.evidence.length]),
      [
        ['a', 'affected', 1],
        ['b', 'unknown', 1],
      ],
    );
  });
});
