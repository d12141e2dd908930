import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { uniteAliases } from './aliases.ts';
import { atomKey, type Bundle } from './bundle.ts';
import { group } from './grouping.ts';
import { anyBundles, bundle, shuffles } from './grouping-samples.ts';
import { aliasClaims, regroupings } from './regroup.ts';

/** Issues by hand: `['CVE-1 CVE-2', 'CVE-3']` of product x. */
function issues(...parts: string[]): Map<string, string> {
  return new Map(
    parts.flatMap((part, index) =>
      part
        .split(' ')
        .map(
          (vulnerability) => [atomKey({ product: 'x', vulnerability }), `NSI-2017-000${index + 1}`] as const,
        ),
    ),
  );
}

const both = ['CVE-1', 'CVE-2'];
const late = [
  bundle('A-1', 'a', '2017-01-01', 'x', both),
  bundle('B-1', 'b', '2017-06-01', 'x', both),
  bundle('C-1', 'c', '2017-01-01', 'x', ['CVE-1']),
];
const link = (kind: 'must' | 'cannot') => ({
  ...{ id: 1, kind, a: { product: 'x', vulnerability: 'CVE-1' } },
  b: { product: 'x', vulnerability: 'CVE-2' },
});

describe('where the grouping may be wrong', () => {
  test('two issues that most reports take together may be one, and the reason says which', () => {
    const [found, ...others] = regroupings(late, issues('CVE-1', 'CVE-2'), [], []);
    assert.deepEqual(others, []);
    assert.deepEqual([found?.kind, found?.issue, found?.other], ['merge', 'NSI-2017-0001', 'NSI-2017-0002']);
    assert.deepEqual(found?.reasons, [
      { kind: 'reports', together: ['A-1', 'B-1'], apart: ['C-1'], likeness: 0.67 },
    ]);
  });

  test('one source, a family, or a roll-up is not enough', () => {
    const [first, second] = late;
    assert.ok(first && second);
    const apart = issues('CVE-1', 'CVE-2');
    assert.deepEqual(regroupings([first], apart, [], []), []);
    assert.deepEqual(regroupings([first, { ...second, source: 'a' }], apart, [], []), []);
    assert.deepEqual(regroupings([first, { ...second, rebuildOf: 'A-1' }], apart, [], []), []);
    assert.deepEqual(regroupings([first, { ...second, rollup: true }], apart, [], []), []);
  });

  test('what people decided is not asked again', () => {
    assert.deepEqual(regroupings(late, issues('CVE-1', 'CVE-2'), [link('cannot')], []), []);
    assert.deepEqual(regroupings(parted, issues('CVE-1 CVE-2'), [link('must')], []), []);
  });

  const parted: Bundle[] = [
    bundle('A-1', 'a', '2017-01-01', 'x', ['CVE-1']),
    bundle('A-2', 'a', '2017-01-09', 'x', ['CVE-2']),
    bundle('B-1', 'b', '2017-01-02', 'x', ['CVE-1']),
    bundle('B-2', 'b', '2017-01-08', 'x', ['CVE-2']),
  ];

  test('an issue that several sources treat in two may be two', () => {
    const [found] = regroupings(parted, issues('CVE-1 CVE-2'), [], []);
    assert.deepEqual([found?.kind, found?.issue, found?.out], ['split', 'NSI-2017-0001', ['CVE-2']]);
    const [reason] = found?.reasons ?? [];
    assert.ok(reason?.kind === 'reports');
    assert.deepEqual([reason.together, reason.likeness], [[], 0]);
    const release = { ...bundle('R-1', 'u', '2017-01-01', 'x', both), release: true };
    assert.deepEqual(
      regroupings([...parted, release], issues('CVE-1 CVE-2'), [], []),
      [],
      'upstream decided',
    );
  });

  test('records that call two ids one flaw, and threads that name both, are reasons', () => {
    const apart = issues('CVE-1', 'CVE-2');
    const alias = { kind: 'alias' as const, ids: ['CVE-1', 'CVE-2'] as [string, string], sources: ['osv'] };
    const thread = { kind: 'thread' as const, thread: 12, ids: both };
    const [found, ...others] = regroupings(parted, apart, [], [alias, thread, alias]);
    assert.deepEqual(others, []);
    assert.deepEqual(found?.reasons, [alias, thread]);
    const digest = { ...thread, ids: [...both, 'CVE-3', 'CVE-4', 'CVE-5', 'CVE-6'] };
    assert.deepEqual(regroupings(parted, apart, [], [digest]), []);
  });

  test('a record that calls two ids one flaw is such a reason, too, where it bears another id itself', () => {
    const statements = [
      { source: 'ghsa', id: 'GHSA-2222-3333-4444', aliases: ['CVE-2017-0001', 'CVE-2017-0002'] },
    ];
    const { canonical, refusals } = uniteAliases(statements);
    const atoms = ['CVE-2017-0001', 'CVE-2017-0002'].map((id, n) =>
      bundle(`A-${n}`, 'a', '2017-01-01', 'x', [id]),
    );
    const issueOf = issues('CVE-2017-0001', 'CVE-2017-0002');
    const [found] = regroupings(atoms, issueOf, [], aliasClaims(refusals, canonical));
    assert.deepEqual(found?.reasons, [
      { kind: 'alias', ids: ['CVE-2017-0001', 'CVE-2017-0002'], sources: ['ghsa'] },
    ]);
    assert.deepEqual(
      aliasClaims(
        [{ ids: ['CVE-2017-0001', 'GHSA-2222-3333-4444'], sources: ['ghsa'], why: 'two-cves' }],
        canonical,
      ),
      [],
      'ids of one flaw tie nothing',
    );
  });

  test('its key is of what stands on either side, not of the ids of issues', () => {
    const key = (first: string, second: string) =>
      regroupings(
        late,
        new Map([
          ['x CVE-1', first],
          ['x CVE-2', second],
        ]),
        [],
        [],
      )[0]?.key;
    assert.equal(key('NSI-2017-0001', 'NSI-2017-0002'), key('NSI-2017-0009', 'NSI-2017-0003'));
  });

  test('the order of the reports never tells, and nothing is proposed that is so already', () => {
    fc.assert(
      fc.property(shuffles(anyBundles), ([given, shuffled]) => {
        const { issues: made, issueOfAtom } = group(given);
        const issueOf = new Map([...issueOfAtom].map(([key, index]) => [key, `NSI-2017-${1000 + index}`]));
        const found = regroupings(given, issueOf, [], []);
        assert.deepEqual(regroupings(shuffled, issueOf, [], []), found);
        for (const { kind, issue, other, out } of found) {
          if (kind === 'merge') assert.notEqual(issue, other);
          else {
            const own = made[Number(issue.slice(9)) - 1000]?.atoms.length ?? 0;
            assert.ok(out.length > 0 && out.length < own);
          }
        }
      }),
    );
  });
});
