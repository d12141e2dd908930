import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { deriveCampaigns, type SharedAtom } from './derive-campaigns.ts';
import { NICKNAMES, readNicknames } from './nicknames.ts';

const atom = (product: string, vulnerability: string, issue: string): SharedAtom => ({
  product,
  vulnerability,
  issue,
});

/** Stack Clash, as four issues of June 2017. */
const STACK_CLASH = [
  atom('linux', 'CVE-2017-1000364', 'NSI-2017-0001'),
  atom('linux', 'CVE-2017-7487', 'NSI-2017-0001'),
  atom('glibc', 'CVE-2017-1000366', 'NSI-2017-0002'),
  atom('sudo', 'CVE-2017-1000367', 'NSI-2017-0003'),
  atom('exim', 'CVE-2017-1000369', 'NSI-2017-0004'),
];

describe('stories that issues of several products belong to', () => {
  test('Stack Clash: four issues, one campaign', () => {
    const [only, ...others] = deriveCampaigns(STACK_CLASH, NICKNAMES, []);
    assert.deepEqual(others, []);
    assert.equal(only?.name, 'stack-clash');
    assert.equal(only?.kind, 'nickname');
    assert.deepEqual(
      only?.issues.map(({ issue, vulnerabilities }) => `${issue} ${vulnerabilities.join(' ')}`),
      [
        'NSI-2017-0001 CVE-2017-1000364',
        'NSI-2017-0002 CVE-2017-1000366',
        'NSI-2017-0003 CVE-2017-1000367',
        'NSI-2017-0004 CVE-2017-1000369',
      ],
    );
  });

  test('vulnerabilities in the very same issues of several products are one story, named by the first', () => {
    const shared = ['CVE-2017-5470', 'CVE-2017-10001', 'CVE-2017-5472'].flatMap((id) => [
      atom('firefox', id, 'NSI-2017-0001'),
      atom('thunderbird', id, 'NSI-2017-0002'),
    ]);
    const alone = atom('firefox', 'CVE-2017-5471', 'NSI-2017-0001');
    assert.deepEqual(
      deriveCampaigns([...shared, alone], [], []).map(({ name, title, vulnerabilities }) => [
        name,
        title,
        vulnerabilities,
      ]),
      [['cve-2017-5470', 'CVE-2017-5470 and 2 more', ['CVE-2017-5470', 'CVE-2017-5472', 'CVE-2017-10001']]],
    );
  });

  test('what has a name is not told again; issues of one product are no story', () => {
    const name = { name: 'x-y', title: 'X', since: '2017-01-01', vulnerabilities: ['CVE-2017-1001'] };
    const atoms = [atom('a', 'CVE-2017-1001', 'NSI-2017-0001'), atom('b', 'CVE-2017-1001', 'NSI-2017-0002')];
    assert.deepEqual(
      deriveCampaigns(atoms, [name], []).map((each) => each.name),
      ['x-y'],
    );
    const one = [atom('a', 'CVE-2017-1001', 'NSI-2017-0001'), atom('a', 'CVE-2017-1002', 'NSI-2017-0002')];
    const both = { ...name, vulnerabilities: ['CVE-2017-1001', 'CVE-2017-1002'] };
    assert.deepEqual(deriveCampaigns(one, [both], []), []);
  });

  test('what people have spoken of keeps its name, whatever else is known of it by now', () => {
    const ids = ['CVE-2017-3730', 'CVE-2017-3731', 'CVE-2017-3732'];
    const atoms = ids.flatMap((id) => [atom('a', id, 'NSI-2017-0001'), atom('b', id, 'NSI-2017-0002')]);
    const nickname = { name: 'x-y', title: 'X', since: '2017-01-01', vulnerabilities: ids };
    const thread = { thread: 12, since: null, vulnerabilities: ids };
    const names = (spokenOf: string[], nicknames = [nickname].slice(1)) =>
      deriveCampaigns(atoms, nicknames, [thread], new Set(spokenOf)).map(({ name }) => name);
    assert.deepEqual(names([]), ['cve-2017-3730']);
    assert.deepEqual(names(['cve-2017-3731']), ['cve-2017-3731']);
    assert.deepEqual(names(['cve-2017-3732', 'cve-2017-3731']), ['cve-2017-3731']);
    assert.deepEqual(names(['thread-12']), ['cve-2017-3730', 'thread-12']);
    assert.deepEqual(names([], [nickname]), ['x-y']);
    assert.deepEqual(names(['cve-2017-3731'], [nickname]), ['cve-2017-3731', 'x-y']);
  });

  test('a thread ties what it names, unless it is a digest or tells nothing new', () => {
    const thread = { thread: 12, since: null, vulnerabilities: ['CVE-2017-1000364', 'CVE-2017-1000366'] };
    assert.deepEqual(
      deriveCampaigns(STACK_CLASH, [], [thread]).map(({ name, kind }) => [name, kind]),
      [['thread-12', 'thread']],
    );
    const digest = Array.from({ length: 21 }, (_, n) => `CVE-2017-${1000364 + n}`);
    assert.deepEqual(deriveCampaigns(STACK_CLASH, [], [{ ...thread, vulnerabilities: digest }]), []);
    const whole = STACK_CLASH.map(({ vulnerability }) => vulnerability);
    assert.deepEqual(
      deriveCampaigns(STACK_CLASH, NICKNAMES, [{ ...thread, vulnerabilities: whole }]).map(
        ({ name }) => name,
      ),
      ['stack-clash'],
    );
  });

  test('the order of what is given never tells; every campaign has issues of two products', () => {
    const any = fc.array(
      fc.record({
        product: fc.constantFrom('a', 'b', 'c'),
        vulnerability: fc.constantFrom('CVE-2017-1001', 'CVE-2017-1002', 'CVE-2017-1003'),
        issue: fc.constantFrom('NSI-2017-0001', 'NSI-2017-0002', 'NSI-2017-0003'),
      }),
    );
    const names = [
      { name: 'x-y', title: 'X', since: '2017-01-01', vulnerabilities: ['CVE-2017-1001', 'CVE-2017-1003'] },
    ];
    fc.assert(
      fc.property(any, (atoms) => {
        const found = deriveCampaigns(atoms, names, []);
        assert.deepEqual(deriveCampaigns([...atoms].reverse(), names, []), found);
        for (const { issues } of found) assert.ok(issues.length > 1);
      }),
    );
  });
});

describe('the reviewed names', () => {
  test('hold the cases that the design names', () => {
    const ids = (name: string) => NICKNAMES.find((each) => each.name === name)?.vulnerabilities ?? [];
    assert.ok(ids('stack-clash').includes('CVE-2017-1000366'));
    assert.equal(ids('krack').length, 10);
    assert.ok(ids('robot').includes('CVE-2017-1000385'));
  });

  test('a bad row is named by its line', () => {
    const head = 'name\ttitle\tsince\tvulnerabilities\ttold at';
    const good = 'x-y\tX\t2017-01-01\tCVE-2017-1001\thttps://example.org/';
    assert.equal(readNicknames(`${head}\n${good}\n`).length, 1);
    for (const bad of [
      good,
      'x z\tX\t2017-01-01\tCVE-2017-1001\thttps://example.org/',
      'z-z\tX\tsoon\tCVE-2017-1001\thttps://example.org/',
      'z-z\tX\t2017-01-01\tcve-2017\thttps://example.org/',
      'z-z\tX\t2017-01-01\tCVE-2017-1001',
    ])
      assert.throws(() => readNicknames(`${head}\n${good}\n${bad}`), {
        code: 'FILE_MALFORMED',
        message: /line 3/,
      });
    assert.throws(() => readNicknames('name'), { code: 'FILE_MALFORMED' });
  });
});
