import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { loadAssets } from './assets.ts';

/** What a reader loads once, compressed, in bytes. */
const BUDGET = 20 * 1024;

test('the script of all pages stays within its budget', () => {
  const { script } = loadAssets();
  const size = gzipSync(script.text, { level: 6 }).length;
  console.log(`      script: ${script.text.length} bytes, ${size} compressed, of ${BUDGET}`);
  assert.ok(size <= BUDGET, `${size} bytes compressed`);
  assert.match(script.path, /^\/pages-[0-9a-f]{16}\.js$/);
});

test('it makes no code from text, and writes no markup from text', () => {
  const { script } = loadAssets();
  assert.doesNotMatch(
    script.text,
    /\beval\(|new Function|document\.write|\.innerHTML\s*=|insertAdjacentHTML/,
  );
});

test('assets are made once', () => {
  assert.equal(loadAssets(), loadAssets());
});
