import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { conflictsOf, underCanonicalIds } from './constraints.ts';
import { explainDecisions, type ReasonedConstraint } from './explain-decisions.ts';

function decision(id: number, kind: 'must' | 'cannot', a: string, b: string): ReasonedConstraint {
  const atom = (vulnerability: string) => ({ product: 'curl', vulnerability });
  return { id, kind, a: atom(a), b: atom(b), author: 'ada', reason: 'one patch' };
}

const ATOMS = [{ product: 'curl', vulnerability: 'CVE-2017-1' }];

describe('people’s decisions in words', () => {
  test('who, what and why; those on other issues are left out', () => {
    const all = [
      decision(1, 'must', 'CVE-2017-1', 'CVE-2017-2'),
      decision(2, 'cannot', 'CVE-2017-3', 'CVE-2017-1'),
      decision(3, 'must', 'CVE-2017-8', 'CVE-2017-9'),
    ];
    assert.deepEqual(explainDecisions(ATOMS, all), [
      'Decision 1 of ada: CVE-2017-1 and CVE-2017-2 belong together (one patch).',
      'Decision 2 of ada: CVE-2017-3 and CVE-2017-1 are to be kept apart (one patch).',
    ]);
  });

  test('one that is not followed says so, and against which it stands', () => {
    const all = [
      decision(1, 'must', 'CVE-2017-1', 'CVE-2017-2'),
      decision(2, 'must', 'CVE-2017-2', 'CVE-2017-3'),
      decision(3, 'cannot', 'CVE-2017-3', 'CVE-2017-1'),
    ];
    assert.deepEqual(conflictsOf(all), [{ constraint: 3, against: [1, 2] }]);
    assert.equal(
      explainDecisions(ATOMS, all)[1],
      'Decision 3 of ada: CVE-2017-3 and CVE-2017-1 are to be kept apart (one patch). It is not followed, for decisions 1, 2 say the contrary; revoke one of them.',
    );
  });

  test('two that have become one vulnerability cannot be kept apart', () => {
    const renamed = underCanonicalIds(
      [decision(4, 'cannot', 'GHSA-2222-2222-2222', 'CVE-2017-1')],
      new Map([['GHSA-2222-2222-2222', 'CVE-2017-1']]),
    );
    assert.deepEqual(explainDecisions(ATOMS, renamed), [
      'Decision 4 of ada: CVE-2017-1 and CVE-2017-1 are to be kept apart (one patch). It is not followed: the two are one vulnerability.',
    ]);
  });
});
