import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Atom, atomKey, atomOfKey, type Bundle } from './bundle.ts';
import { group } from './grouping.ts';
import { anyBundles, bundle, cves, idsOf, shuffles, stacks } from './grouping-samples.ts';
import type { Partition } from './partition.ts';

function issueOf(partition: Partition, product: string, vulnerability: string) {
  const issue = partition.issues[partition.issueOfAtom.get(atomKey({ product, vulnerability })) ?? -1];
  assert.ok(issue, `${product} ${vulnerability} is in no issue`);
  return issue;
}

function reportsOf(partition: Partition, product: string, vulnerability: string): string[] {
  return issueOf(partition, product, vulnerability).members.map(({ report }) => report);
}

describe('named cases of 2017', () => {
  const HTTPD = ['CVE-2017-3167', 'CVE-2017-3169', 'CVE-2017-7659', 'CVE-2017-7668', 'CVE-2017-7679'];
  const httpd = [
    bundle('VuXML-0c2db2aa', 'freebsd', '2017-06-20', 'apache2', HTTPD),
    bundle('DSA-3896-1', 'DSA', '2017-06-22', 'apache2', cves('2017', 3167, 3169, 7668, 7679)),
    bundle('USN-3340-1', 'USN', '2017-06-26', 'apache2', cves('2017', 3167, 3169, 7668, 7679)),
    bundle('DLA-1009-1', 'DLA', '2017-07-02', 'apache2', cves('2017', 3167, 3169, 7668, 7679)),
    bundle('DSA-3913-1', 'DSA', '2017-07-18', 'apache2', cves('2017', 9788)),
    bundle('RHSA-2017:2478', 'RHSA', '2017-08-15', 'apache2', cves('2017', 3167, 3169, 7679, 9788)),
    bundle('RHSA-2017:2479', 'RHSA', '2017-08-15', 'apache2', cves('2017', 3167, 3169, 7668, 7679, 9788)),
    bundle(
      'RHSA-2017:2483',
      'RHSA',
      '2017-08-16',
      'apache2',
      cves('2017', 3167, 3169, 7659, 7668, 7679, 9788),
    ),
    bundle('DSA-3980-1', 'DSA', '2017-09-20', 'apache2', cves('2017', 9798)),
    {
      ...bundle('GLSA-201710-32', 'GLSA', '2017-10-29', 'apache2', [
        ...HTTPD,
        ...cves('2017', 9788, 9789, 9798),
      ]),
      rollup: true,
    },
  ];

  test('httpd 2.4.26 is one issue, and what came later is not in it', () => {
    const partition = group(httpd);
    assert.deepEqual(idsOf(issueOf(partition, 'apache2', 'CVE-2017-3167')), HTTPD);
    assert.deepEqual(reportsOf(partition, 'apache2', 'CVE-2017-3167'), [
      'VuXML-0c2db2aa',
      'DSA-3896-1',
      'USN-3340-1',
      'DLA-1009-1',
      'RHSA-2017:2478',
      'RHSA-2017:2479',
      'RHSA-2017:2483',
      'GLSA-201710-32',
    ]);
    assert.deepEqual(idsOf(issueOf(partition, 'apache2', 'CVE-2017-9788')), ['CVE-2017-9788']);
    assert.deepEqual(reportsOf(partition, 'apache2', 'CVE-2017-9789'), ['GLSA-201710-32']);
  });

  test('coverage and the reason of each member', () => {
    const { members } = issueOf(group(httpd), 'apache2', 'CVE-2017-3167');
    const byId = new Map(members.map((member) => [member.report, member]));
    assert.equal(byId.get('GLSA-201710-32')?.coverage, 'full');
    assert.equal(byId.get('DSA-3896-1')?.coverage, 'partial');
    assert.deepEqual(byId.get('USN-3340-1')?.reason, {
      kind: 'shares',
      with: 'VuXML-0c2db2aa',
      shared: 4,
      of: 5,
    });
    assert.deepEqual([byId.get('GLSA-201710-32')?.named, byId.get('GLSA-201710-32')?.bundled], [5, 8]);
  });

  test('Stack Clash is four issues, one for each product', () => {
    const partition = group([
      bundle('DSA-3886-1', 'DSA', '2017-06-19', 'linux', cves('2017', 7487, 7645, 8890, 1000364)),
      bundle('USN-3324-1', 'USN', '2017-06-19', 'linux', cves('2017', 1000364)),
      bundle('DSA-3887-1', 'DSA', '2017-06-19', 'glibc', cves('2017', 1000366)),
      bundle('USN-3323-1', 'USN', '2017-06-19', 'glibc', cves('2017', 1000366)),
      bundle('DLA-970-1', 'DLA', '2017-05-30', 'sudo', cves('2017', 1000367)),
      bundle('DSA-3867-1', 'DSA', '2017-05-30', 'sudo', cves('2017', 1000367)),
      bundle('DSA-3888-1', 'DSA', '2017-06-19', 'exim', cves('2017', 1000369)),
      bundle('USN-3322-1', 'USN', '2017-06-19', 'exim', cves('2017', 1000369)),
    ]);
    assert.deepEqual(partition.issues.map(({ products }) => products.join()).sort(), [
      'exim',
      'glibc',
      'linux',
      'sudo',
    ]);
  });

  test('tcpdump 4.9.0: 41 flaws are one issue', () => {
    const flaws = [
      ...cves('2016', ...range(7922, 7940), 7973, 7974, 7975, 7983, 7984, 7985, 7986, 7992, 7993, 8574, 8575),
      ...cves('2017', 5202, 5203, 5204, 5205, 5341, 5342, 5482, 5483, 5484, 5485, 5486),
    ];
    assert.equal(flaws.length, 41);
    const partition = group([
      bundle('USN-3205-1', 'USN', '2017-02-21', 'tcpdump', flaws),
      bundle('DSA-3775-1', 'DSA', '2017-01-29', 'tcpdump', flaws),
      bundle('DLA-809-1', 'DLA', '2017-01-30', 'tcpdump', flaws),
      { ...bundle('GLSA-201702-30', 'GLSA', '2017-02-21', 'tcpdump', flaws), rollup: true },
      bundle('RHSA-2017:1871', 'RHSA', '2017-08-01', 'tcpdump', [
        ...flaws,
        ...cves('2015', 261, 2153, 2154, 2155),
      ]),
    ]);
    assert.equal(issueOf(partition, 'tcpdump', 'CVE-2016-7922').atoms.length, 41);
    assert.equal(issueOf(partition, 'tcpdump', 'CVE-2016-7922').members[0]?.report, 'DSA-3775-1');
    assert.equal(partition.issues.length, 2);
  });

  test('a roll-up of Chromium fuses no releases, though it was published before the narrower reports', () => {
    const first = cves('2017', ...range(5070, 5083), 5085, 5086);
    const second = cves('2017', 5087, 5088, 5089);
    const rollup = bundle('GLSA-201706-20', 'GLSA', '2017-06-20', 'chromium', [...first, ...second]);
    const partition = group([
      { ...rollup, rollup: true },
      bundle('RHSA-2017:1399', 'RHSA', '2017-06-25', 'chromium', first),
      bundle('DSA-3926-1', 'DSA', '2017-08-04', 'chromium', [
        ...second,
        ...cves('2017', ...range(5091, 5110)),
      ]),
    ]);
    assert.deepEqual(idsOf(issueOf(partition, 'chromium', 'CVE-2017-5070')), first);
    assert.deepEqual(idsOf(issueOf(partition, 'chromium', 'CVE-2017-5087')).slice(0, 3), second);
    assert.equal(partition.issues.length, 2);
  });
});

describe('the rule', () => {
  test('leftovers go to the issue within the window, and open their own after it', () => {
    const on = (day: string) =>
      group([
        bundle('A-1', 'a', '2017-01-01', 'x', ['CVE-1', 'CVE-2']),
        bundle('B-1', 'b', day, 'x', ['CVE-1', 'CVE-2', 'CVE-3']),
      ]).issues.length;
    assert.equal(on('2017-02-15'), 1, '45 days');
    assert.equal(on('2017-02-16'), 2, '46 days');
  });

  test('a report that names less than half of an issue adds nothing to it', () => {
    const partition = group([
      bundle('A-1', 'a', '2017-01-01', 'x', ['CVE-1', 'CVE-2', 'CVE-3']),
      bundle('B-1', 'b', '2017-01-02', 'x', ['CVE-3', 'CVE-4']),
    ]);
    assert.deepEqual(stacks(partition), ['x CVE-1 CVE-2 CVE-3', 'x CVE-4']);
    assert.deepEqual(reportsOf(partition, 'x', 'CVE-3'), ['A-1', 'B-1']);
  });

  test('two issues that one report covers are joined, unless two sources keep them apart', () => {
    const pair = [
      bundle('A-1', 'a', '2017-01-01', 'x', ['CVE-1', 'CVE-2']),
      bundle('B-1', 'b', '2017-01-02', 'x', ['CVE-3', 'CVE-4']),
    ];
    const both = bundle('C-1', 'c', '2017-01-03', 'x', ['CVE-1', 'CVE-2', 'CVE-3', 'CVE-4']);
    const joined = group([...pair, both]);
    assert.deepEqual(stacks(joined), ['x CVE-1 CVE-2 CVE-3 CVE-4']);
    assert.deepEqual(joined.issues[0]?.joins, [{ by: 'C-1', opened: ['A-1', 'B-1'] }]);
    assert.deepEqual(joined.issues[0]?.members[1]?.reason, {
      kind: 'joined',
      by: 'C-1',
      added: ['CVE-3', 'CVE-4'],
    });
    const apart = bundle('A-2', 'a', '2017-01-02', 'x', ['CVE-3', 'CVE-4']);
    assert.equal(group([...pair, apart, both]).issues.length, 1, 'one source may just have been early');
    const alsoApart = bundle('B-2', 'b', '2017-01-02', 'x', ['CVE-1', 'CVE-2']);
    assert.equal(group([...pair, apart, alsoApart, both]).issues.length, 2);
    const rebuilt = { ...alsoApart, id: 'A-3', source: 'a', rebuildOf: 'A-1' };
    assert.equal(group([...pair, apart, rebuilt, both]).issues.length, 1, 'a rebuild is no second source');
    assert.equal(group([...pair, { ...both, rollup: true }]).issues.length, 2);
    assert.equal(group([...pair, { ...both, published: '2017-02-16' }]).issues.length, 2, 'after the window');
  });

  test('a report that names only half of each bridges nothing', () => {
    const partition = group([
      bundle('A-1', 'a', '2017-01-01', 'x', ['CVE-1', 'CVE-2']),
      bundle('B-1', 'b', '2017-01-02', 'x', ['CVE-3', 'CVE-4']),
      bundle('C-1', 'c', '2017-01-03', 'x', ['CVE-2', 'CVE-3']),
    ]);
    assert.deepEqual(stacks(partition), ['x CVE-1 CVE-2', 'x CVE-3 CVE-4']);
  });

  test('a chain of overlapping reports does not snowball', () => {
    const chain = range(1, 40).map((n) =>
      bundle(`A-${n}`, `s${n}`, new Date(Date.UTC(2017, 0, 3 * n)).toISOString(), 'x', [
        `CVE-${n}`,
        `CVE-${n + 1}`,
      ]),
    );
    const sizes = group(chain).issues.map(({ atoms }) => atoms.length);
    assert.ok(Math.max(...sizes) <= 3, String(sizes));
  });

  test('releases of upstream decide, whatever bundles came before them', () => {
    const partition = group([
      bundle('A-1', 'a', '2017-01-01', 'x', ['CVE-1', 'CVE-2', 'CVE-3']),
      { ...bundle('x-1.1', 'upstream', '2017-01-05', 'x', ['CVE-1', 'CVE-2']), release: true },
      { ...bundle('x-1.2', 'upstream', '2017-01-06', 'x', ['CVE-2', 'CVE-3']), release: true },
      bundle('B-1', 'b', '2017-01-07', 'x', ['CVE-1', 'CVE-2', 'CVE-4']),
    ]);
    assert.deepEqual(stacks(partition), ['x CVE-1 CVE-2', 'x CVE-3', 'x CVE-4']);
    assert.equal(issueOf(partition, 'x', 'CVE-1').release, true);
  });

  test('releases of one product on one day are one; the reason says so', () => {
    const release = (id: string, day: string, ...ids: string[]) => ({
      ...bundle(id, 'MFSA', day, 'x', ids),
      release: true,
    });
    const partition = group([
      release('x-54', '2017-06-13', 'CVE-1', 'CVE-2'),
      release('x-52.2', '2017-06-13', 'CVE-3'),
      release('x-54.1', '2017-06-14', 'CVE-4'),
      bundle('A-1', 'a', '2017-06-15', 'x', ['CVE-1', 'CVE-2', 'CVE-3', 'CVE-4', 'CVE-5']),
    ]);
    assert.deepEqual(stacks(partition), ['x CVE-1 CVE-2 CVE-3', 'x CVE-4', 'x CVE-5']);
    const { members } = issueOf(partition, 'x', 'CVE-3');
    assert.deepEqual(members[1]?.reason, { kind: 'released', with: 'x-52.2', added: ['CVE-1', 'CVE-2'] });
  });

  test('reports that only a release ties together say which', () => {
    const partition = group([
      bundle('A-1', 'a', '2017-01-01', 'x', ['CVE-1']),
      bundle('B-1', 'b', '2017-01-02', 'x', ['CVE-2']),
      { ...bundle('x-1.1', 'upstream', '2017-01-05', 'x', ['CVE-1', 'CVE-2']), release: true },
    ]);
    const { members } = issueOf(partition, 'x', 'CVE-1');
    assert.deepEqual(
      members.map(({ reason }) => reason),
      [
        { kind: 'opened', release: false, rollup: false },
        { kind: 'joined', by: 'x-1.1', added: ['CVE-2'] },
        { kind: 'shares', with: 'A-1', shared: 1, of: 2, release: true },
      ],
    );
  });

  test('a release speaks for each of its products, whatever reports on one product say', () => {
    const partition = group([
      bundle('A-1', 'a', '2017-01-01', 'x', ['CVE-1']),
      {
        ...bundle('R-1', 'upstream', '2017-01-02', 'x', ['CVE-1', 'CVE-2']),
        products: ['x', 'y'],
        release: true,
      },
    ]);
    assert.deepEqual(stacks(partition), ['x CVE-1 CVE-2', 'y CVE-1 CVE-2']);
  });

  test('a rebuild that names nothing new says whose it is', () => {
    const partition = group([
      bundle('RHSA-2017:2478', 'RHSA', '2017-08-15', 'x', ['CVE-1', 'CVE-2']),
      {
        ...bundle('ELSA-2017-2478', 'RHSA', '2017-08-16', 'x', ['CVE-1', 'CVE-2']),
        rebuildOf: 'RHSA-2017:2478',
      },
    ]);
    assert.deepEqual(partition.issues[0]?.members[1]?.reason, { kind: 'rebuild', of: 'RHSA-2017:2478' });
  });

  test('a report on several products is split as reports on one product tell', () => {
    const partition = group([
      bundle('A-1', 'a', '2017-01-01', 'x', ['CVE-1']),
      bundle('A-2', 'a', '2017-01-01', 'y', ['CVE-2']),
      { ...bundle('B-1', 'b', '2017-01-02', 'x', ['CVE-1', 'CVE-2', 'CVE-3']), products: ['y', 'x'] },
    ]);
    assert.deepEqual(stacks(partition), ['x CVE-1 CVE-3', 'y CVE-2 CVE-3']);
  });

  test('a report without a product goes where others place its vulnerabilities, or is told of', () => {
    const partition = group([
      bundle('A-1', 'a', '2017-01-01', 'x', ['CVE-1']),
      { ...bundle('B-1', 'b', '2017-01-02', 'x', ['CVE-1']), products: [] },
      { ...bundle('B-2', 'b', '2017-01-02', 'x', ['CVE-2']), products: [] },
    ]);
    assert.deepEqual(reportsOf(partition, 'x', 'CVE-1'), ['A-1', 'B-1']);
    assert.deepEqual(partition.unplaced, ['B-2']);
  });

  test('a report without an id stands for a vulnerability of its own', () => {
    const partition = group([bundle('DSA-1-1', 'DSA', '2017-01-01', 'x', [])]);
    assert.deepEqual(stacks(partition), ['x DSA-1-1']);
  });

  test('a date that is none is an error that names the report', () => {
    assert.throws(() => group([bundle('A-1', 'a', 'unknown', 'x', ['CVE-1'])]), {
      code: 'FILE_MALFORMED',
      message: /A-1.*unknown/,
    });
  });

  test('nothing makes nothing', () => {
    assert.deepEqual(group([]).issues, []);
  });

  test('keys of the prototype are names like any other', () => {
    const partition = group([bundle('A-1', 'a', '2017-01-01', '__proto__', ['constructor'])]);
    assert.deepEqual(stacks(partition), ['__proto__ constructor']);
  });
});

describe('laws', () => {
  test('the order of the reports never tells', () => {
    fc.assert(
      fc.property(shuffles(anyBundles), ([given, shuffled]) => {
        assert.deepEqual(group(shuffled), group(given));
      }),
    );
  });

  test('each atom is in exactly one issue, and a report is a member wherever it names an atom', () => {
    fc.assert(
      fc.property(anyBundles, (bundles) => {
        const { issues, issueOfAtom } = group(bundles);
        const all = issues.flatMap(({ atoms }) => atoms.map(atomKey));
        assert.equal(new Set(all).size, all.length);
        assert.deepEqual(new Set(issueOfAtom.keys()), new Set(all));
        for (const { id, vulnerabilities, products } of bundles) {
          const named = vulnerabilities.length === 0 ? [id] : vulnerabilities;
          for (const vulnerability of named) {
            const at = products.map((product) => issueOfAtom.get(atomKey({ product, vulnerability })));
            const homes = at.filter((index) => index !== undefined);
            assert.ok(products.length === 0 || homes.length > 0);
          }
          for (const [index, { members }] of issues.entries()) {
            const member = members.find(({ report }) => report === id);
            const here = named.filter((vulnerability) =>
              products.some((product) => issueOfAtom.get(atomKey({ product, vulnerability })) === index),
            );
            if (member !== undefined && products.length > 0) assert.ok(here.length > 0);
            if (products.length === 1) assert.equal(member?.named ?? 0, new Set(here).size);
          }
        }
      }),
    );
  });

  test('an issue takes in nothing first named after its window', () => {
    fc.assert(
      fc.property(anyBundles, (given) => {
        // Roll-ups wait by intent, and which products a report on several means is for others to tell.
        const bundles = given
          .filter(({ products }) => products.length === 1)
          .map(({ rollup: _, ...rest }) => rest);
        const first = new Map<string, number>();
        for (const { published, products, vulnerabilities, id } of bundles) {
          for (const product of products) {
            for (const vulnerability of vulnerabilities.length === 0 ? [id] : vulnerabilities) {
              const key = atomKey({ product, vulnerability });
              const day = Date.parse(published) / 86_400_000;
              first.set(key, Math.min(first.get(key) ?? Number.POSITIVE_INFINITY, day));
            }
          }
        }
        for (const { atoms, release } of group(bundles).issues) {
          const days = atoms.map((atom) => first.get(atomKey(atom)) ?? Number.NaN);
          if (!release) assert.ok(Math.max(...days) - Math.min(...days) <= 45);
        }
      }),
    );
  });

  test('what is published after an issue’s window leaves its atoms alone', () => {
    fc.assert(
      fc.property(anyBundles, (given) => {
        // Roll-ups wait and releases decide backwards by intent; votes of later reports may place what named several products.
        const bundles = given
          .filter(({ products }) => products.length === 1)
          .map(({ rollup: _, release: __, ...rest }) => rest);
        const early = bundles.filter(({ published }) => published < '2017-03-01');
        const [before, after] = [group(early), group(bundles)];
        for (const { opened, atoms } of before.issues) {
          if (opened >= '2017-01-15') continue;
          const now = new Set(atoms.map((atom) => after.issueOfAtom.get(atomKey(atom))));
          assert.equal(now.size, 1);
        }
      }),
    );
  });

  test('an atom’s key tells the atom', () => {
    const word = fc.string({ minLength: 1 }).filter((text) => !/\s/.test(text));
    fc.assert(
      fc.property(word, word, (product, vulnerability) => {
        const atom: Atom = { product, vulnerability };
        assert.deepEqual(atomOfKey(atomKey(atom)), atom);
      }),
    );
  });
});

function range(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, n) => from + n);
}

test('the input is not changed', () => {
  const given: Bundle[] = [
    bundle('B', 'b', '2017-01-02', 'x', ['CVE-2', 'CVE-1']),
    bundle('A', 'a', '2017-01-01', 'x', []),
  ];
  const copy = structuredClone(given);
  group(given);
  assert.deepEqual(given, copy);
});
