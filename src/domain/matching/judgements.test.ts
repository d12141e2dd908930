import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { judge, type VersionStatement } from '#base/versions';
import { rememberedJudge } from './judgements.ts';

const version = fc.constantFrom('1.0', '1.0.2j', '1.0.2k', '2.25-123', '4.4.95', '2017-01-01', 'unstable');
/** Objects as JSON gives them: an answer holds the range of the first of equal statements. */
const plain = { noNullPrototype: true };
const range = fc.oneof(
  fc.record({ max: version }, plain),
  fc.record({ min: version }, plain),
  fc.record({ min: version, max: version, maxInclusive: fc.boolean() }, plain),
);
const statement: fc.Arbitrary<VersionStatement> = fc.record({
  scheme: fc.constantFrom('generic', 'semver', 'deb', 'git'),
  affected: fc.array(range, { maxLength: 2 }),
  unaffected: fc.array(range, { maxLength: 2 }),
  otherwise: fc.constantFrom('affected', 'unaffected', 'unknown'),
});

describe('rememberedJudge', () => {
  test('says what judge says, however often and in whichever order it is asked, of equal statements too', () => {
    const question = fc.record({ version, statement, pname: fc.constantFrom('openssl', 'glibc', 'openssh') });
    fc.assert(
      fc.property(fc.array(question, { maxLength: 12 }), (questions) => {
        const ask = rememberedJudge();
        for (const asked of [...questions, ...questions.toReversed(), ...structuredClone(questions)])
          assert.deepEqual(
            ask(asked.version, asked.statement, asked.pname),
            judge(asked.version, asked.statement, { pname: asked.pname }),
          );
      }),
    );
  });
});
