import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Atom, atomKey } from './bundle.ts';
import type { Constraint } from './constraints.ts';
import { group } from './grouping.ts';
import { anyBundles, bundle, stacks } from './grouping-samples.ts';

const x = (vulnerability: string): Atom => ({ product: 'x', vulnerability });

function must(id: number, a: string, b: string): Constraint {
  return { id, kind: 'must', a: x(a), b: x(b) };
}

function cannot(id: number, a: string, b: string): Constraint {
  return { id, kind: 'cannot', a: x(a), b: x(b) };
}

const TWO = [
  bundle('A-1', 'a', '2017-01-01', 'x', ['CVE-1', 'CVE-2']),
  bundle('B-1', 'b', '2017-06-01', 'x', ['CVE-3', 'CVE-4']),
];
const ONE = [bundle('A-1', 'a', '2017-01-01', 'x', ['CVE-1', 'CVE-2', 'CVE-3', 'CVE-4'])];

describe('people’s decisions', () => {
  test('a must-link makes one issue of two whole ones, and says so', () => {
    const { issues, conflicts } = group(TWO, [must(7, 'CVE-2', 'CVE-3')]);
    assert.deepEqual(stacks({ issues, conflicts, issueOfAtom: new Map(), unplaced: [] }), [
      'x CVE-1 CVE-2 CVE-3 CVE-4',
    ]);
    assert.deepEqual(issues[0]?.linked, [7]);
    assert.deepEqual(issues[0]?.members[1]?.reason, {
      kind: 'linked',
      constraints: [7],
      added: ['CVE-3', 'CVE-4'],
    });
    assert.deepEqual(conflicts, []);
  });

  test('a cannot-link divides an issue; what is linked goes along, the rest stays with what it shares reports with', () => {
    const reports = [...ONE, bundle('B-1', 'b', '2017-01-02', 'x', ['CVE-1', 'CVE-4'])];
    const partition = group(reports, [must(1, 'CVE-2', 'CVE-3'), cannot(2, 'CVE-1', 'CVE-2')]);
    assert.deepEqual(stacks(partition), ['x CVE-1 CVE-4', 'x CVE-2 CVE-3']);
    assert.deepEqual(
      partition.issues.map(({ separated }) => separated),
      [[2], [2]],
    );
  });

  test('an atom is moved by a cannot-link to where it was and a must-link to where it goes', () => {
    const partition = group(TWO, [cannot(1, 'CVE-2', 'CVE-1'), must(2, 'CVE-2', 'CVE-3')]);
    assert.deepEqual(stacks(partition), ['x CVE-1', 'x CVE-2 CVE-3 CVE-4']);
  });

  test('issues of two products can be linked', () => {
    const reports = [
      bundle('A-1', 'a', '2017-01-01', 'wpa', ['CVE-1']),
      bundle('A-2', 'a', '2017-01-01', 'hostapd', ['CVE-1']),
    ];
    const [a, b] = [
      { product: 'wpa', vulnerability: 'CVE-1' },
      { product: 'hostapd', vulnerability: 'CVE-1' },
    ];
    const partition = group(reports, [{ id: 1, kind: 'must', a, b }]);
    assert.deepEqual(
      partition.issues.map(({ products }) => products),
      [['hostapd', 'wpa']],
    );
    assert.equal(
      partition.issues[0]?.members.every(({ coverage }) => coverage === 'partial'),
      true,
    );
  });

  test('of two that contradict each other the earlier holds and the later is reported', () => {
    assert.deepEqual(group(ONE, [must(1, 'CVE-1', 'CVE-2'), cannot(2, 'CVE-2', 'CVE-1')]).conflicts, [
      { constraint: 2, against: [1] },
    ]);
    const later = group(TWO, [cannot(1, 'CVE-1', 'CVE-3'), must(2, 'CVE-3', 'CVE-1')]);
    assert.deepEqual(later.conflicts, [{ constraint: 2, against: [1] }]);
    assert.equal(later.issues.length, 2);
  });

  test('a contradiction through others is found too', () => {
    const constraints = [must(1, 'CVE-1', 'CVE-2'), must(2, 'CVE-2', 'CVE-3'), cannot(3, 'CVE-1', 'CVE-3')];
    assert.deepEqual(group(ONE, constraints).conflicts, [{ constraint: 3, against: [1, 2] }]);
  });

  test('decisions on atoms that do not exist are kept for when they do', () => {
    const waiting = [must(1, 'CVE-2', 'CVE-9'), must(2, 'CVE-9', 'CVE-3')];
    assert.equal(group(TWO, waiting).issues.length, 1, 'they link through the absent one');
    assert.equal(group([], waiting).conflicts.length, 0);
  });

  test('an atom cannot be kept from itself', () => {
    assert.deepEqual(group(ONE, [cannot(1, 'CVE-1', 'CVE-1')]).conflicts, [{ constraint: 1, against: [] }]);
  });
});

const anyAtom = fc.record({
  product: fc.constantFrom('curl', 'linux', 'php'),
  vulnerability: fc.integer({ min: 1000, max: 1013 }).map((n) => `CVE-2017-${n}`),
});
const anyConstraints: fc.Arbitrary<Constraint[]> = fc
  .array(fc.record({ kind: fc.constantFrom('must' as const, 'cannot' as const), a: anyAtom, b: anyAtom }), {
    maxLength: 12,
  })
  .map((rows) => rows.map((row, id) => ({ id, ...row })));

describe('laws', () => {
  test('every decision that is not reported holds, and each atom is still in one issue', () => {
    fc.assert(
      fc.property(anyBundles, anyConstraints, (bundles, constraints) => {
        const { issues, issueOfAtom, conflicts } = group(bundles, constraints);
        const refused = new Set(conflicts.map(({ constraint }) => constraint));
        for (const { id, kind, a, b } of constraints) {
          const [x, y] = [issueOfAtom.get(atomKey(a)), issueOfAtom.get(atomKey(b))];
          if (refused.has(id) || x === undefined || y === undefined) continue;
          assert.equal(x === y, kind === 'must', `${kind} ${atomKey(a)}, ${atomKey(b)}`);
        }
        const plain = group(bundles);
        assert.deepEqual(new Set(issueOfAtom.keys()), new Set(plain.issueOfAtom.keys()));
        assert.equal(issues.flatMap(({ atoms }) => atoms).length, issueOfAtom.size);
      }),
    );
  });

  test('the order in which decisions are given does not tell, only their ids', () => {
    fc.assert(
      fc.property(anyBundles, anyConstraints, (bundles, constraints) => {
        assert.deepEqual(group(bundles, [...constraints].reverse()), group(bundles, constraints));
      }),
    );
  });

  test('issues that no decision speaks of stay as they are', () => {
    fc.assert(
      fc.property(anyBundles, anyConstraints, (bundles, constraints) => {
        const before = group(bundles);
        const spoken = new Set(
          constraints.flatMap(({ a, b }) => [a, b].map((atom) => before.issueOfAtom.get(atomKey(atom)))),
        );
        const after = new Set(stacks(group(bundles, constraints)));
        for (const [index, issue] of before.issues.entries()) {
          const [stack] = stacks({ ...before, issues: [issue] });
          if (!spoken.has(index)) assert.ok(after.has(stack ?? ''), stack);
        }
      }),
    );
  });
});
