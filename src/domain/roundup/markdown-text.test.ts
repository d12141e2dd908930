import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import markdownIt from 'markdown-it';
import { webAddress } from '#base/formats';
import {
  escapeMarkdown,
  escapeRemark,
  markdownLink,
  plainLine,
  SEVERITY_MARK,
  unescapeMarkdown,
} from './markdown-text.ts';
import { hostileText } from './view-arbitrary.ts';

const markdown = markdownIt({ html: true });

/** What a reader sees, and what would be followed or run. */
function shown(text: string) {
  const [inline] = markdown.parseInline(text, {});
  const tokens = inline?.children ?? [];
  return {
    text: tokens
      .map(({ content }) => content)
      .join('')
      .replaceAll('\u200b', ''),
    links: tokens.filter(({ type }) => type === 'link_open').map((token) => token.attrGet('href') ?? ''),
    other: tokens
      .map(({ type }) => type)
      .filter((type) => !/^(?:text|text_special|link_open|link_close)$/.test(type)),
  };
}

describe('escapeMarkdown', () => {
  test('hostile text shows as itself and is nothing but text', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const line = plainLine(text, 300);
        const seen = shown(escapeMarkdown(line));
        assert.equal(seen.text, line);
        assert.deepEqual([seen.links, seen.other], [[], []]);
      }),
      { numRuns: 500 },
    );
  });

  test('unescapeMarkdown gives the very text back', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const line = plainLine(text, 300);
        assert.equal(unescapeMarkdown(escapeMarkdown(line)), line);
        assert.equal(unescapeMarkdown(escapeRemark(line)), line);
      }),
      { numRuns: 500 },
    );
  });

  test('nobody is mentioned, no number and no bare address becomes a link', () => {
    const escaped = escapeMarkdown(
      'thanks @grahamc see #705362, GH-12, https://a.example www.b.example c@d.example',
    );
    for (const live of [/@\w/, /#\d/, /GH-\d/, /:\/\//, /www\./])
      assert.doesNotMatch(escaped.replaceAll('&#8203;', '\u200b'), live);
  });

  test('ordinary words stay readable', () => {
    for (const plain of [
      'openssl: denial of service',
      'mod_http2: use after free (CVE-2017-7659)',
      '1.0.2j < 1.0.2k, CVE record; R&D 100% "quoted"'.replace('R&D', 'this & that'),
      'C# and C++: multiple vulnerabilities!',
    ])
      assert.equal(escapeMarkdown(plain), plain);
  });

  test('a severity in a title is not taken for ours', () => {
    assert.equal(SEVERITY_MARK.exec(escapeMarkdown('foo (high) \\(low)')), null);
    assert.notEqual(SEVERITY_MARK.exec('foo (high)'), null);
  });
});

describe('escapeRemark', () => {
  test('addresses can be followed, nothing else', () => {
    const seen = shown(
      escapeRemark('fixed in https://github.com/NixOS/nixpkgs/pull/1_2. [a](https://b.example) <b>'),
    );
    assert.deepEqual(seen.links, ['https://github.com/NixOS/nixpkgs/pull/1_2', 'https://b.example']);
    assert.deepEqual(seen.other, []);
    assert.equal(seen.text, 'fixed in https://github.com/NixOS/nixpkgs/pull/1_2. [a](https://b.example) <b>');
  });

  test('every link of a hostile remark is http or https', () => {
    fc.assert(
      fc.property(hostileText, (text) => {
        const seen = shown(escapeRemark(plainLine(text, 300)));
        assert.deepEqual(seen.other, []);
        for (const href of seen.links) assert.match(String(href), /^https?:\/\//i);
      }),
    );
  });
});

describe('markdownLink', () => {
  test('leads to http and https addresses only', () => {
    assert.equal(
      markdownLink('DSA-3773-1', 'https://www.debian.org/security/2017/dsa-3773'),
      '[DSA-3773-1](https://www.debian.org/security/2017/dsa-3773)',
    );
    for (const address of [
      'javascript:alert(1)',
      'data:text/html,x',
      '//evil.example',
      'https://u:p@h.example/',
      '',
      ' ftp://x',
      'https://',
    ])
      assert.equal(markdownLink('id', address), 'id', address);
    assert.equal(markdownLink('id', null), 'id');
  });

  test('no address and no text breaks out of the link', () => {
    fc.assert(
      fc.property(
        hostileText,
        fc.oneof(
          hostileText,
          hostileText.map((text) => `https://h.example/${text}`),
        ),
        (text, address) => {
          const seen = shown(`${markdownLink(text === '' ? 'x' : text, address)} end`);
          assert.deepEqual(seen.other, []);
          assert.ok(seen.links.length <= 1);
          for (const href of seen.links) assert.match(String(href), /^https?:\/\//);
          assert.match(seen.text, / ?end$/);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('plainLine', () => {
  test('is one line without anything unseen, not longer than asked, and stable', () => {
    fc.assert(
      fc.property(hostileText, fc.integer({ min: 2, max: 40 }), (text, limit) => {
        const line = plainLine(text, limit);
        assert.ok(line.length <= limit);
        assert.doesNotMatch(line, /[\p{Cc}\p{Cs}\u2028\u2029\u202e\u200b]/u);
        assert.equal(plainLine(line, limit), line);
      }),
      { numRuns: 500 },
    );
  });

  test('keeps other scripts and emoji whole', () => {
    assert.equal(plainLine('Зажигалка 👩‍🚀\t安全', 40), 'Зажигалка 👩‍🚀 安全');
  });
});

describe('webAddress', () => {
  test('normalises what it lets through', () => {
    assert.equal(webAddress('HTTPS://Example.ORG/a b'), 'https://example.org/a%20b');
    assert.equal(webAddress(`https://h.example/${'a'.repeat(2_000)}`), null);
    assert.equal(webAddress('java\nscript:alert(1)'), null);
  });
});
