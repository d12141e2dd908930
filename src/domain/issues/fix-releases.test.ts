import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { explainMembership } from './explain.ts';
import { type FixStatement, fixReleases, releaseNamed, upstreamVersions } from './fix-releases.ts';
import { group } from './grouping.ts';
import { anyBundles, bundle, cves, idsOf, shuffles, stacks } from './grouping-samples.ts';

function statement(vulnerability: string, published: string, version = '2.4.26'): FixStatement {
  return { product: 'apache2', version, vulnerability, published };
}

const JUNE = ['CVE-2017-3167', 'CVE-2017-3169', 'CVE-2017-7668', 'CVE-2017-7679'];
const HTTPD = [...JUNE, 'CVE-2017-7659'].sort();
const RELEASE = fixReleases([
  ...JUNE.flatMap((id) => [statement(id, '2017-06-19'), statement(id, '2017-06-19', '2.2.33')]),
  statement('CVE-2017-7659', '2017-07-26T21:29:00Z'),
]);

describe('releases that trackers tell of', () => {
  test('one for each version, dated by its first flaw', () => {
    assert.deepEqual(RELEASE, [
      {
        id: 'release:apache2:2.2.33',
        source: 'upstream',
        published: '2017-06-19',
        products: ['apache2'],
        vulnerabilities: JUNE,
        witness: true,
      },
      {
        id: 'release:apache2:2.4.26',
        source: 'upstream',
        published: '2017-06-19',
        products: ['apache2'],
        vulnerabilities: [...JUNE, 'CVE-2017-7659'],
        witness: true,
      },
    ]);
    assert.equal(releaseNamed('release:apache2:2.4.26'), 'apache2 2.4.26');
    assert.equal(releaseNamed('DSA-3896-1'), null);
  });

  test('what became public more than 45 days after the first is another story', () => {
    const two = fixReleases([
      statement('CVE-2017-1', '2017-01-01'),
      statement('CVE-2017-2', '2017-02-15'),
      statement('CVE-2017-3', '2017-02-16'),
      statement('CVE-2017-4', '2017-03-01'),
      statement('CVE-2017-5', '2018-03-01'),
    ]);
    assert.deepEqual(
      two.map(({ id, vulnerabilities }) => [id, vulnerabilities.length]),
      [
        ['release:apache2:2.4.26', 2],
        ['release:apache2:2.4.26#2017-02-16', 2],
      ],
    );
    assert.equal(releaseNamed('release:apache2:2.4.26#2017-02-16'), 'apache2 2.4.26');
  });

  test('one flaw is nothing to go by, and a hundred and one are no release', () => {
    const many = (count: number) =>
      fixReleases(Array.from({ length: count }, (_, n) => statement(`CVE-2017-${1000 + n}`, '2017-01-01')));
    assert.deepEqual(
      [1, 2, 100, 101].map((count) => many(count).length),
      [0, 1, 1, 0],
    );
  });

  test('law: no order of the statements tells, and ids are unique and without white space', () => {
    const some = fc.array(
      fc.record({
        product: fc.constantFrom('curl', 'linux'),
        version: fc.constantFrom('1.0', '1.1', '2.0'),
        vulnerability: fc.constantFrom(...cves('2017', 1, 2, 3, 4, 5, 6, 7)),
        published: fc.integer({ min: 0, max: 300 }).map((n) => new Date(Date.UTC(2017, 0, n)).toISOString()),
      }),
      { maxLength: 30 },
    );
    fc.assert(
      fc.property(some, (statements) => {
        const made = fixReleases(statements);
        assert.deepEqual(fixReleases([...statements].reverse()), made);
        assert.equal(new Set(made.map(({ id }) => id)).size, made.length);
        assert.ok(made.every(({ id }) => !/\s/.test(id)));
      }),
    );
  });
});

describe('versions in a tracker’s remark', () => {
  const cases: [string, string[]][] = [
    ['2.4.26', ['2.4.26']],
    ['2.4.26, 2.4.25-4', ['2.4.26']],
    ['update pending; 2.2.33, 2.4.26', ['2.2.33', '2.4.26']],
    ['6.0.7/6.1.3', ['6.0.7', '6.1.3']],
    ['1:4.2.8p9+dfsg-1, 4.2.8p9, 4.3.94)', ['4.2.8p9', '4.3.94']],
    ['1.8-1 and 1.4-2+deb9u1', []],
    ['released 50.1.0', ['50.1.0']],
    ['4.12~rc6', []],
    ['3.4.6rc1', []],
    ['3.5.0 alpha3', []],
    ['1.0.2k', ['1.0.2k']],
    ['2.0+git20170101', []],
    ['20170619', []],
    ['code not present', []],
    ['', []],
  ];
  for (const [said, versions] of cases)
    test(`“${said}”`, () => assert.deepEqual(upstreamVersions(said), versions));
});

describe('what a release of upstream does in grouping', () => {
  const reports = [
    bundle('DSA-3896-1', 'DSA', '2017-06-22', 'apache2', JUNE),
    bundle('USN-3340-1', 'USN', '2017-06-26', 'apache2', JUNE),
    {
      ...bundle('GLSA-201710-32', 'GLSA', '2017-10-29', 'apache2', [...HTTPD, ...cves('2017', 9789)]),
      rollup: true,
    },
  ];

  test('httpd 2.4.26: a flaw that only a late roll-up names goes where the others of its release are', () => {
    assert.deepEqual(stacks(group(reports)), [
      `apache2 ${JUNE.join(' ')}`,
      'apache2 CVE-2017-7659 CVE-2017-9789',
    ]);
    const { issues } = group([...reports, ...RELEASE]);
    assert.deepEqual(issues.map(idsOf), [HTTPD, ['CVE-2017-9789']]);
    const [issue] = issues;
    assert.ok(issue);
    assert.deepEqual(
      issue.members.map((member) => explainMembership(member, issue)),
      [
        'DSA-3896-1 opened it on 2017-06-22 with 4 CVEs.',
        'USN-3340-1 and DSA-3896-1 share 4 of 4 CVEs.',
        'GLSA-201710-32 and DSA-3896-1 share 4 of 5 CVEs; 129 days after it opened it was the first to name CVE-2017-7659; upstream’s release apache2 2.4.26 closes it with the others; 1 more that it names is elsewhere.',
      ],
    );
  });

  test('it joins what nobody bundled, unless two sources keep it apart', () => {
    const [two] = fixReleases([statement('CVE-1', '2017-01-01'), statement('CVE-2', '2017-01-02')]);
    assert.ok(two);
    const apart = [
      bundle('A-1', 'a', '2017-01-01', 'apache2', ['CVE-1']),
      bundle('B-1', 'b', '2017-01-02', 'apache2', ['CVE-2']),
    ];
    const { issues } = group([...apart, two]);
    assert.deepEqual(issues.map(idsOf), [['CVE-1', 'CVE-2']]);
    assert.deepEqual(issues[0]?.joins, [{ by: two.id, opened: ['A-1', 'B-1'] }]);
    assert.deepEqual(issues[0]?.members[1]?.reason, { kind: 'joined', by: two.id, added: ['CVE-2'] });
    const sameSource = [...apart, bundle('A-2', 'a', '2017-01-02', 'apache2', ['CVE-2'])];
    assert.equal(group([...sameSource, two]).issues.length, 1, 'one source may have been early');
    const bothSources = [...sameSource, bundle('B-2', 'b', '2017-01-03', 'apache2', ['CVE-1'])];
    assert.equal(group([...bothSources, two]).issues.length, 2);
    const late = { ...two, published: '2017-02-17' };
    assert.equal(group([...apart, late]).issues.length, 2, 'the window');
  });

  test('a person’s word outranks it', () => {
    const apache = (vulnerability: string) => ({ product: 'apache2', vulnerability });
    const cannot = {
      ...{ id: 1, kind: 'cannot' as const },
      a: apache('CVE-2017-3167'),
      b: apache('CVE-2017-7659'),
    };
    const { issueOfAtom } = group([...reports, ...RELEASE], [cannot]);
    assert.notEqual(issueOfAtom.get('apache2 CVE-2017-3167'), issueOfAtom.get('apache2 CVE-2017-7659'));
  });

  test('law: it makes no atom, opens nothing and is no member', () => {
    fc.assert(
      fc.property(anyBundles, anyBundles, (bundles, told) => {
        const witnesses = told.map(({ rollup: _, release: __, ...rest }) => ({
          ...rest,
          id: `release:${rest.id}`,
          witness: true,
        }));
        const [without, among] = [group(bundles), group([...bundles, ...witnesses])];
        assert.deepEqual(new Set(among.issueOfAtom.keys()), new Set(without.issueOfAtom.keys()));
        const ids = new Set(bundles.map(({ id }) => id));
        for (const { members } of among.issues)
          assert.ok(members.length > 0 && members.every(({ report }) => ids.has(report)));
        assert.deepEqual(group(witnesses).issues, []);
      }),
    );
  });

  test('law: no order tells, of reports and releases together', () => {
    const both = fc
      .tuple(anyBundles, anyBundles)
      .map(([bundles, told]) => [
        ...bundles,
        ...told.map((each) => ({ ...each, id: `release:${each.id}`, witness: true })),
      ]);
    fc.assert(
      fc.property(shuffles(both), ([given, shuffled]) => {
        assert.deepEqual(group(shuffled), group(given));
      }),
    );
  });

  test('law: what it brings became public within the window of the issue’s opening', () => {
    const within = (a: string, b: string) => Math.abs(Date.parse(a) - Date.parse(b)) <= 45 * 86_400_000;
    fc.assert(
      fc.property(anyBundles, anyBundles, (bundles, told) => {
        const witnesses = told.map((each) => ({ ...each, id: `release:${each.id}`, witness: true }));
        const days = new Map(witnesses.map(({ id, published }) => [id, published]));
        for (const { members, opened } of group([...bundles, ...witnesses]).issues) {
          for (const { reason } of members) {
            if (reason.kind !== 'extends' || reason.closedBy === undefined) continue;
            assert.ok(within(days.get(reason.closedBy.release) ?? '', opened));
          }
        }
      }),
    );
  });
});
