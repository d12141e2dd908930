import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { RUN, runsOf, wordsOf } from './copied-prose.ts';

describe('runs of words', () => {
  const sentence = 'A crafted request may lead the server to read past the end of a buffer.';

  test('a sentence is found in JSON, in XML and over a line break', () => {
    const [first] = runsOf(wordsOf(sentence));
    for (const text of [
      `{"value":"${sentence}"}`,
      `<p>${sentence}</p>`,
      sentence.replace('lead the', 'lead\n  the'),
      JSON.stringify(sentence.replace('lead the', 'lead\nthe')),
    ])
      assert.ok([...runsOf(wordsOf(text))].includes(first ?? ''), text);
  });

  test('fewer words than a run are none, and an address is one word', () => {
    assert.equal([...runsOf(wordsOf(sentence).slice(0, RUN - 1))].length, 0);
    assert.deepEqual(wordsOf('see https://example.org/a/b?c=1 (there).'), [
      'see',
      'https://example.org/a/b?c',
      '1',
      'there',
    ]);
  });
});
