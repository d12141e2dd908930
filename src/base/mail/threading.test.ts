import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { idsQuoted, type Posting, subjectKey, threadsOf } from './threading.ts';

const DAY = 86_400_000;

/** A message that says little. */
function posting(id: string, more: Partial<Omit<Posting, 'subject'>> & { subject?: string } = {}): Posting {
  const { subject = `about ${id}`, ...rest } = more;
  return {
    ...{ key: `key ${id}`, id, references: [], sentAt: 0, from: '', to: [], mentions: [] },
    ...rest,
    subject: subjectKey(subject),
  };
}

function threads(...postings: Posting[]): string[] {
  return threadsOf(postings).map((keys) => keys.map((key) => key.replace('key ', '')).join(' '));
}

describe('subjects', () => {
  test('are compared without marks and tags', () => {
    assert.deepEqual(
      ['[oss-security] Re: A Bug', 'Re: [oss-security] RE[2]: a  bug', 'AW: a bug!', 'a bug'].map(
        (subject) => subjectKey(subject).exact,
      ),
      ['a bug', 'a bug', 'a bug', 'a bug'],
    );
    assert.deepEqual(
      ['Re: x', '[l] Re: x', 'Fwd: x', 'x', '[FW] x'].map((subject) => subjectKey(subject).reply),
      [true, true, false, false, false],
    );
    assert.equal(
      subjectKey('Qualys Security Advisory - The Stack Clash').stem,
      subjectKey('Qualys Security Advisor -- The Stack Clash').stem,
    );
    // A tag that is all of the subject is its subject.
    assert.equal(subjectKey('[x]').exact, 'x');
    assert.equal(subjectKey(`${'Re: '.repeat(1000)}x`).reply, true);
  });
});

describe('threads', () => {
  test('by references, also across messages that nobody has', () => {
    assert.deepEqual(threads(posting('a'), posting('b', { references: ['a'] }), posting('c')), ['a b', 'c']);
    assert.deepEqual(
      threads(posting('b', { references: ['gone'] }), posting('c', { references: ['gone', 'gone too'] })),
      ['b c'],
    );
    assert.deepEqual(threads(posting('a'), posting('c', { references: ['a', 'gone'] })), ['a c']);
  });

  test('loops, and messages that answer themselves', () => {
    assert.deepEqual(
      threads(
        posting('a', { references: ['b'] }),
        posting('b', { references: ['a'] }),
        posting('c', { references: ['c'] }),
      ),
      ['a b', 'c'],
    );
  });

  test('without any reference: by subject, within two weeks, only answers, only backwards', () => {
    const subject = 'heap overflow in the parser';
    const opener = posting('a', { subject });
    const answer = (at: number) => posting('b', { subject: `Re: ${subject}`, sentAt: at });
    assert.deepEqual(threads(opener, answer(DAY)), ['a b']);
    assert.deepEqual(threads(opener, answer(15 * DAY)), ['a', 'b']);
    assert.deepEqual(threads(opener, answer(-DAY)), ['a', 'b']);
    assert.deepEqual(threads(opener, posting('b', { subject, sentAt: DAY })), ['a', 'b']);
    assert.deepEqual(threads(opener, { ...answer(DAY), sentAt: null }), ['a', 'b']);
  });

  test('a subject that says little, or one that is nearly the same, needs something else in common', () => {
    const short = posting('a', { subject: 'bug', from: 'ada', mentions: ['68065'] });
    const answer = (more: Partial<Posting> = {}) =>
      posting('b', { subject: 'Re: bug', sentAt: 1, ...(more as object) });
    assert.deepEqual(threads(short, answer()), ['a', 'b']);
    assert.deepEqual(threads(short, answer({ to: ['ada'] })), ['a b']);
    assert.deepEqual(threads(short, answer({ mentions: ['68065'] })), ['a b']);
    const near = posting('c', { subject: 'Re: Security Advisor The Clash', sentAt: 1, mentions: ['CVE-1'] });
    const far = posting('d', { subject: 'Security Advisory: The Clash' });
    assert.deepEqual(threads(near, far), ['c', 'd']);
    assert.deepEqual(threads(near, { ...far, mentions: ['CVE-1'] }), ['c d']);
  });

  test('nobody joins two threads by naming both', () => {
    const both = posting('x', { references: ['a', 'b'] });
    assert.deepEqual(threads(posting('a'), posting('b'), both), ['a', 'b x']);
    const many = Array.from({ length: 50 }, (_, n) => posting(`t${n}`));
    const greedy = posting('x', { references: many.map(({ id }) => id) });
    assert.equal(threads(...many, greedy).length, 50);
  });

  test('several messages with one id are in one thread, where the first of them belongs', () => {
    const copy = (key: string, at: number, references: string[]) => ({
      ...posting('a', { references, sentAt: at }),
      key,
    });
    assert.deepEqual(threadsOf([posting('p'), posting('q'), copy('one', 1, ['p']), copy('two', 2, ['q'])]), [
      ['key p', 'one', 'two'],
      ['key q'],
    ]);
  });

  test('are the same in whatever order messages come', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    const one = fc.record({
      id: fc.constantFrom(...ids),
      key: fc.uuid(),
      references: fc.array(fc.constantFrom(...ids, 'gone', 'gone too'), { maxLength: 3 }),
      sentAt: fc.option(
        fc.integer({ min: 0, max: 20 }).map((days) => days * DAY),
        { nil: null },
      ),
      subject: fc
        .constantFrom('Re: one long subject', 'one long subject', 'Re: one longer subject', 'x')
        .map(subjectKey),
      from: fc.constantFrom('ada', 'ben'),
      to: fc.subarray(['ada', 'ben']),
      mentions: fc.subarray(['1', '2']),
    });
    const all = fc.uniqueArray(one, { selector: ({ key }) => key, maxLength: 10 });
    fc.assert(
      fc.property(
        all.chain((list) =>
          fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length })),
        ),
        ([list, shuffled]) => assert.deepEqual(threadsOf(shuffled), threadsOf(list)),
      ),
      { numRuns: 500 },
    );
  });
});

test('ids that a text quotes', () => {
  assert.deepEqual(idsQuoted('In message <1@a>, Ada wrote:\n> Message-ID: <2@b.example>\nsee <3@c>\n'), [
    '<1@a>',
    '<2@b.example>',
  ]);
  const before = process.cpuUsage();
  idsQuoted('message-id: '.repeat(5000));
  idsQuoted(`${'> '.repeat(20_000)}`);
  assert.ok(process.cpuUsage(before).user < 2e6);
});
