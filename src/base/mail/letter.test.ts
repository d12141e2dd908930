import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Block, htmlOf, textOf } from './letter.ts';

const BLOCKS: Block[] = [
  { kind: 'words', text: 'Two things:' },
  {
    kind: 'list',
    items: [
      { text: 'openssl & <b>curl</b>', href: 'https://m.example/issues/NSI-2017-0001?a=1&b="2"' },
      { text: 'line\r\nBcc: everybody@a.example', href: null },
    ],
  },
];
const FOOTER: Block[] = [{ kind: 'link', text: 'No more mails', href: 'https://m.example/mail' }];

describe('a letter', () => {
  test('as text: lists with their addresses, the footer behind a signature mark', () => {
    assert.equal(
      textOf(BLOCKS, FOOTER),
      'Two things:\n\n- openssl & <b>curl</b>\n  https://m.example/issues/NSI-2017-0001?a=1&b="2"\n- line Bcc: everybody@a.example\n\n-- \nNo more mails:\nhttps://m.example/mail\n',
    );
  });

  test('as HTML: nothing of what it says becomes markup', () => {
    const html = htmlOf(BLOCKS, FOOTER);
    assert.ok(html.includes('openssl &amp; &lt;b&gt;curl&lt;/b&gt;'), html);
    assert.ok(html.includes('?a=1&amp;b=&quot;2&quot;"'), html);
    assert.ok(!/<b>|<script|<img|<style/.test(html));
  });
});
