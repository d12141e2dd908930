import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUrl, parseUrl } from './parse-url.ts';

test('is asked thousands of times and answers the same', () => {
  const texts = [
    'https://é',
    'https://a.example/é',
    'https://a.example/',
    'é',
    '',
    'http://',
    'mailto:a@b.example',
  ];
  const first = texts.map((text) => parseUrl(text) !== null);
  assert.deepEqual(first, [true, true, true, false, false, false, true]);
  // As often as it takes until the machine has optimised it.
  for (let turn = 0; turn < 20_000; turn++) assert.deepEqual(texts.map(isUrl), first);
});
