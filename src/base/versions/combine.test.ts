import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { combine, type SourcedJudgement } from './combine.ts';

function says(
  source: string,
  verdict: SourcedJudgement['verdict'],
  basis: SourcedJudgement['basis'],
  rank = 0,
): SourcedJudgement {
  return { source, verdict, basis, rank, reason: `${source}’s reason`, scheme: 'generic' };
}

test('a named fix beats an open range', () => {
  const found = combine([says('nvd', 'affected', 'open'), says('debian', 'not_affected', 'exact')]);
  assert.equal(found.verdict, 'not_affected');
  assert.deepEqual(found.reasons, ['debian: debian’s reason', 'nvd: nvd’s reason']);
  assert.equal(found.conflict, false);
});

test('sources that count alike and contradict each other leave it unknown', () => {
  const found = combine([
    says('nvd', 'affected', 'exact'),
    says('arch', 'not_affected', 'exact'),
    says('suse', 'affected', 'open'),
  ]);
  assert.equal(found.verdict, 'unknown');
  assert.equal(found.conflict, true);
  assert.deepEqual(found.reasons.slice(0, 2), ['nvd: nvd’s reason', 'arch: arch’s reason']);
});

test('rank decides between bases that are alike, and only there', () => {
  assert.equal(
    combine([says('nvd', 'affected', 'exact'), says('openssl', 'not_affected', 'exact', 1)]).verdict,
    'not_affected',
  );
  assert.equal(
    combine([says('nvd', 'affected', 'exact'), says('openssl', 'not_affected', 'open', 9)]).verdict,
    'affected',
  );
});

test('who knows nothing has no say', () => {
  assert.equal(combine([]).verdict, 'unknown');
  assert.equal(combine([says('a', 'unknown', 'none'), says('b', 'affected', 'open')]).verdict, 'affected');
  assert.equal(combine([says('a', 'unknown', 'none')]).verdict, 'unknown');
});

test('the order of the sources does not matter', () => {
  const judgement = fc
    .tuple(
      fc.constantFrom('a', 'b', 'c'),
      fc.constantFrom('affected', 'not_affected', 'unknown'),
      fc.constantFrom('exact', 'through', 'elsewhere', 'open'),
      fc.integer({ min: 0, max: 2 }),
    )
    .map(([source, verdict, basis, rank]) => says(source, verdict, basis, rank));
  fc.assert(
    fc.property(fc.array(judgement, { maxLength: 5 }), (judgements) => {
      const there = combine(judgements);
      const back = combine([...judgements].reverse());
      assert.equal(there.verdict, back.verdict);
      assert.equal(there.conflict, back.conflict);
      assert.equal(there.reasons.length, judgements.length);
    }),
  );
});
