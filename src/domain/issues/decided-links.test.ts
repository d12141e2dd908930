import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Atom, atomKey, type Bundle } from './bundle.ts';
import type { Constraint } from './constraints.ts';
import { linksToMerge, linksToSplit } from './decided-links.ts';
import { group } from './grouping.ts';
import { anyBundles } from './grouping-samples.ts';

const x = (vulnerability: string): Atom => ({ product: 'x', vulnerability });
const must = (id: number, a: string, b: string): Constraint => ({ id, kind: 'must', a: x(a), b: x(b) });
const cannot = (id: number, a: string, b: string): Constraint => ({ id, kind: 'cannot', a: x(a), b: x(b) });
const ids = (links: readonly Constraint[]) => links.map(({ id }) => id);

describe('a merge', () => {
  test('is one link, and strikes out what kept the two apart, but nothing else', () => {
    const links = [cannot(1, 'A', 'B'), cannot(2, 'A2', 'C'), must(3, 'A', 'A2'), cannot(4, 'B', 'A2')];
    const { revoked, made } = linksToMerge(links, [x('A'), x('A2')], [x('B')]);
    assert.deepEqual(ids(revoked), [1, 4]);
    assert.deepEqual(made, [{ kind: 'must', a: x('A'), b: x('B') }]);
  });

  test('ties a side together that a cannot-link gave its shape, and no other', () => {
    const links = [cannot(1, 'B', 'OUT'), must(2, 'B', 'B2')];
    const { revoked, made } = linksToMerge(links, [x('A'), x('A2')], [x('B'), x('B2'), x('B3')]);
    assert.deepEqual(revoked, []);
    assert.deepEqual(made, [
      { kind: 'must', a: x('A'), b: x('B') },
      { kind: 'must', a: x('B'), b: x('B3') },
    ]);
  });

  test('strikes out what kept them apart through an id that nobody names at present', () => {
    const links = [must(1, 'A', 'GONE'), cannot(2, 'GONE', 'B')];
    assert.deepEqual(ids(linksToMerge(links, [x('A')], [x('B')]).revoked), [2]);
  });
});

describe('a split', () => {
  test('ties each side together, keeps the two apart, and strikes out what tied them', () => {
    const links = [must(1, 'A', 'B'), must(2, 'A', 'A2'), must(3, 'B', 'GONE'), must(4, 'GONE', 'A2')];
    const { revoked, made } = linksToSplit(links, [x('A'), x('A2')], [x('B'), x('B2')]);
    assert.deepEqual(ids(revoked), [1, 3], 'what is tied to both sides stays');
    assert.deepEqual(made, [
      { kind: 'must', a: x('A'), b: x('A2') },
      { kind: 'must', a: x('B'), b: x('B2') },
      { kind: 'cannot', a: x('A'), b: x('B') },
    ]);
  });
});

describe('one decision after the other', () => {
  const reports: Bundle[] = [
    {
      id: 'S-1',
      source: 's',
      published: '2017-01-01',
      products: ['x'],
      vulnerabilities: ['A', 'B', 'C', 'D'],
    },
    { id: 'S-2', source: 's', published: '2018-01-01', products: ['x'], vulnerabilities: ['E', 'F'] },
  ];
  const stacks = (links: readonly Constraint[]) =>
    group(reports, links).issues.map(({ atoms }) =>
      atoms.map(({ vulnerability }) => vulnerability).join(' '),
    );
  /** Takes one id out of the issue that it is in. */
  const without = (links: readonly Constraint[], id: string): Constraint[] => {
    const { issues, issueOfAtom } = group(reports, links);
    const atoms = issues[issueOfAtom.get(atomKey(x(id))) ?? -1]?.atoms ?? [];
    const [first = x(id), ...others] = atoms.filter(({ vulnerability }) => vulnerability !== id);
    const { revoked, made } = linksToSplit(links, [first, ...others], [x(id)]);
    const kept = links.filter((link) => !revoked.includes(link));
    return [...kept, ...made.map((link, at) => ({ ...link, id: 100 + links.length + at }))];
  };

  test('what is taken out second does not fall in with what was taken out first', () => {
    const once = without([], 'B');
    assert.deepEqual(stacks(once), ['A C D', 'B', 'E F']);
    const twice = without(once, 'C');
    assert.deepEqual(stacks(twice), ['A D', 'B', 'C', 'E F']);
    assert.deepEqual(stacks(without(twice, 'D')), ['A', 'B', 'C', 'D', 'E F']);
  });

  test('what was divided off stays where it is when the rest becomes one with another', () => {
    const links = without(without([], 'B'), 'F');
    const { revoked, made } = linksToMerge(links, [x('A'), x('C'), x('D')], [x('E')]);
    assert.deepEqual(revoked, []);
    assert.deepEqual(stacks([...links, ...made.map((link) => ({ ...link, id: 900 }))]), [
      'A C D E',
      'B',
      'F',
    ]);
  });
});

test('two issues become one as they are, though other links divide the groups that they come from', () => {
  const php = (vulnerability: string): Atom => ({ product: 'php', vulnerability });
  const curl = (vulnerability: string): Atom => ({ product: 'curl', vulnerability });
  const reports: Bundle[] = [
    { id: 'S-1', source: 's', published: '2017-01-02', products: ['php'], vulnerabilities: ['B', 'D'] },
    {
      id: 'S-2',
      source: 's',
      published: '2017-02-16',
      products: ['curl', 'php'],
      vulnerabilities: ['A', 'C', 'D'],
    },
  ];
  const links: Constraint[] = [
    { id: 1, kind: 'cannot', a: php('B'), b: php('D') },
    { id: 2, kind: 'cannot', a: php('A'), b: php('C') },
  ];
  const homes = (given: readonly Constraint[], ...atoms: readonly Atom[]) => {
    const { issueOfAtom } = group(reports, given);
    return new Set(atoms.map((atom) => issueOfAtom.get(atomKey(atom)))).size;
  };
  assert.equal(homes(links, php('C'), php('D')), 1);
  const { made } = linksToMerge(links, [curl('A'), curl('C')], [php('C'), php('D')]);
  const after = [...links, ...made.map((link, at) => ({ ...link, id: 3 + at }))];
  assert.equal(homes(after, curl('A'), curl('C'), php('C'), php('D')), 1);
  assert.equal(homes(after, php('A'), php('B')), 1);
  assert.equal(homes(after, php('A'), php('C')), 2);
});

interface Step {
  merge: boolean;
  one: number;
  other: number;
  /** Which reports are there at the time: they come and go. */
  present: number;
}

const steps: fc.Arbitrary<Step[]> = fc.array(
  fc.record({ merge: fc.boolean(), one: fc.nat(), other: fc.nat(), present: fc.nat() }),
  { minLength: 1, maxLength: 8 },
);

/** About three quarters of them, others each time. */
function some(bundles: readonly Bundle[], seed: number): Bundle[] {
  return bundles.filter((_, at) => ((at + 1) * 7919 + seed) % 4 !== 0);
}

test('law: the latest decision holds, whatever was decided before and whichever reports were there then', () => {
  let decided = 0;
  fc.assert(
    fc.property(anyBundles, steps, (bundles, taken) => {
      let links: Constraint[] = [];
      for (const { merge, one, other, present } of taken) {
        const reports = some(bundles, present);
        const { issues } = group(reports, links);
        const chosen = issues[one % Math.max(issues.length, 1)];
        const second = issues[other % Math.max(issues.length, 1)];
        const [a, ...more] = chosen?.atoms ?? [];
        if (a === undefined || second === undefined) continue;
        const [stays, goes] = merge ? [chosen?.atoms ?? [], second.atoms] : divided([a, ...more], other);
        const [first, next] = [stays[0], goes[0]];
        if (first === undefined || next === undefined || (merge && chosen === second)) continue;
        const sides = [
          [first, ...stays.slice(1)],
          [next, ...goes.slice(1)],
        ] as const;
        const { revoked, made } = merge
          ? linksToMerge(links, [first, ...stays.slice(1)], [next, ...goes.slice(1)])
          : linksToSplit(links, [first, ...stays.slice(1)], [next, ...goes.slice(1)]);
        const start = Math.max(0, ...ids(links)) + 1;
        links = [
          ...links.filter((link) => !revoked.includes(link)),
          ...made.map((link, at) => ({ ...link, id: start + at })),
        ];
        decided += 1;
        const after = group(reports, links);
        assert.deepEqual(after.conflicts, [], 'every decision that holds is followed');
        const homes = sides.map((side) => new Set(side.map((atom) => after.issueOfAtom.get(atomKey(atom)))));
        for (const home of homes) assert.equal(home.size, 1, 'a side stays whole');
        assert.equal(new Set(homes.flatMap((home) => [...home])).size, merge ? 1 : 2);
        const all = group(bundles, links);
        assert.deepEqual(all.conflicts, [], 'also when every report is there again');
        const [p, q] = [all.issueOfAtom.get(atomKey(first)), all.issueOfAtom.get(atomKey(next))];
        // An atom may be gone by the voice of another report.
        if (p !== undefined && q !== undefined) assert.equal(p === q, merge);
      }
    }),
    { numRuns: 400 },
  );
  assert.ok(decided > 300, `${decided} decisions were taken`);
});

/** Two parts of a list, neither of them empty where it has two. */
function divided(atoms: readonly Atom[], seed: number): [Atom[], Atom[]] {
  const goes = atoms.filter((_, at) => (seed >> at) % 2 === 1);
  const out = goes.length === 0 || goes.length === atoms.length ? atoms.slice(-1) : goes;
  return [atoms.filter((atom) => !out.includes(atom)), out];
}
