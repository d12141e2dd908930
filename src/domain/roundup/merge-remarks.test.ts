import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { plainLine } from './markdown-text.ts';
import { mergeRemarks } from './merge-remarks.ts';
import { REMARK_LIMIT } from './render-markdown.ts';
import { hostileText } from './view-arbitrary.ts';

describe('mergeRemarks', () => {
  const cases: [string, string | null, string | null, string | null][] = [
    ['nothing and nothing', null, null, null],
    ['a first word', null, 'not in 16.09', 'not in 16.09'],
    ['a word that is gone takes nothing away', 'not in 16.09', null, 'not in 16.09'],
    ['nor does an empty one', 'not in 16.09', '', 'not in 16.09'],
    ['the same again', 'not in 16.09', 'not in 16.09', 'not in 16.09'],
    ['an older, shorter one', 'not in 16.09, nor in 17.03', 'not in 16.09', 'not in 16.09, nor in 17.03'],
    ['one that goes on', 'not in 16.09', 'not in 16.09, nor in 17.03', 'not in 16.09, nor in 17.03'],
    ['another one', 'not in 16.09', 'patched', 'not in 16.09 · patched'],
    ['what was never one line', 'two\n lines', 'two lines', 'two\n lines'],
  ];
  for (const [name, stored, said, expected] of cases)
    test(name, () => assert.equal(mergeRemarks(stored, said), expected));

  test('a long one that was cut on its way out and comes back changes nothing', () => {
    const long = 'word '.repeat(400);
    assert.equal(mergeRemarks(long, plainLine(long, REMARK_LIMIT)), long);
    const more = mergeRemarks(long, `${plainLine(long, REMARK_LIMIT)} and more`) ?? '';
    assert.ok(more.includes(long) && more.endsWith(' and more'));
  });

  test('nothing that was said is lost, and saying it again changes nothing', () => {
    const remark = fc.option(hostileText);
    fc.assert(
      fc.property(remark, remark, (stored, said) => {
        const merged = mergeRemarks(stored, said);
        for (const text of [stored, said]) {
          const plain = plainLine(text ?? '', 9000);
          assert.ok(plainLine(merged ?? '', 9000).includes(plain), String(text));
        }
        assert.equal(mergeRemarks(merged, said), merged);
        assert.equal(mergeRemarks(merged, stored), merged);
      }),
      { numRuns: 1000 },
    );
  });
});
