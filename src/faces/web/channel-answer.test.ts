import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type AnsweredPackage, answerFor, answerInWords, type KnownOfNumber } from './channel-answer.ts';

const KNOWN: KnownOfNumber = { known: true, state: 'published', issues: 1, matched: true };

function package_(
  verdict: AnsweredPackage['verdict'],
  status: NonNullable<AnsweredPackage['decided']>['status'] | null = null,
): AnsweredPackage {
  const decided = status === null ? null : { status, words: status, by: '@ada', at: '2017-03-01T00:00:00Z' };
  return { issue: 'NSI-2017-0001', attr: 'openssl', version: '1.0.2j', verdict, why: '', decided };
}

describe('is a channel hit', () => {
  test('what people said outranks what the matcher sees', () => {
    assert.equal(answerFor(KNOWN, true, [package_('affected')]), 'affected');
    assert.equal(answerFor(KNOWN, true, [package_('affected', 'fixed')]), 'fixed');
    assert.equal(answerFor(KNOWN, true, [package_('affected', 'not_affected')]), 'not_affected');
    assert.equal(answerFor(KNOWN, true, [package_('not_affected', 'affected')]), 'affected');
    for (const stage of ['fix_pending', 'wont_fix', 'postponed'] as const)
      assert.equal(answerFor(KNOWN, true, [package_('unknown', stage)]), 'affected', stage);
  });

  test('the worst package tells; one that was not looked at is no all-clear', () => {
    assert.equal(answerFor(KNOWN, true, [package_('affected', 'fixed'), package_('affected')]), 'affected');
    assert.equal(answerFor(KNOWN, true, [package_('affected', 'fixed'), package_('unknown')]), 'unknown');
    assert.equal(answerFor(KNOWN, true, [package_('unknown', 'under_investigation')]), 'under_investigation');
  });

  test('every number has an answer of its own', () => {
    assert.equal(answerFor({ ...KNOWN, known: false, state: null, issues: 0 }, true, []), 'unheard');
    assert.equal(answerFor({ ...KNOWN, state: 'reserved', issues: 0 }, true, []), 'reserved');
    assert.equal(answerFor({ ...KNOWN, state: 'rejected', issues: 0 }, true, []), 'rejected');
    assert.equal(answerFor({ ...KNOWN, issues: 0 }, true, []), 'no_issue');
    assert.equal(answerFor(KNOWN, false, []), 'no_packages');
    assert.equal(answerFor({ ...KNOWN, matched: false }, true, []), 'not_matched');
    assert.equal(answerFor(KNOWN, true, []), 'absent');
    // A person may know what no record says.
    assert.equal(answerFor({ ...KNOWN, state: 'reserved' }, false, [package_('unknown', 'fixed')]), 'fixed');
  });

  test('is said in one sentence, and what nobody has looked at is never called fine', () => {
    const said = (answers: Parameters<typeof answerInWords>[1]) => answerInWords(KNOWN, answers);
    assert.equal(
      said([
        { name: 'a', answer: 'affected' },
        { name: 'b', answer: 'fixed' },
        { name: 'c', answer: 'not_matched' },
      ]),
      'It looks so: a. Fixed in b. Nobody can say yet for c.',
    );
    assert.equal(
      said([
        { name: 'a', answer: 'fixed' },
        { name: 'b', answer: 'unknown' },
      ]),
      'Fixed in a. Nobody can say yet for b.',
    );
    assert.equal(
      said([
        { name: 'a', answer: 'fixed' },
        { name: 'b', answer: 'fixed' },
      ]),
      'It was, and is fixed: a and b.',
    );
    assert.match(answerInWords({ ...KNOWN, state: 'rejected', issues: 0 }, []), /withdrawn/);
    assert.match(answerInWords({ ...KNOWN, state: 'reserved', issues: 0 }, []), /not public/);
    assert.match(
      answerInWords({ known: false, state: null, issues: 0 }, [{ name: 'a', answer: 'unheard' }]),
      /never heard of it/,
    );
  });
});
