import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { parseUrl } from './parse-url.ts';
import { webAddress } from './web-address.ts';

describe('webAddress', () => {
  test('gives an address as a browser reads it, and that once more as it is', () => {
    const piece = fc.constantFrom(
      ...[
        'https://',
        'http://',
        'HTTPS://',
        'a',
        'example',
        '.',
        '..',
        '/',
        '//',
        ':',
        ':80',
        ':443',
        '@',
        '?',
        '#',
        '%',
      ],
      ...[
        '%2e',
        '%2E',
        '-',
        'xn--',
        '1',
        '0x7f',
        'org',
        'A',
        '_',
        '~',
        '\\',
        "'",
        '"',
        '<',
        ' ',
        '\t',
        'é',
        '\u202e',
        '&',
        '=',
        '|',
      ],
    );
    const address = fc.oneof(
      fc.webUrl({ withQueryParameters: true, withFragments: true }),
      fc.array(piece, { maxLength: 12 }).map((pieces) => `https://a.example/${pieces.join('')}`),
      fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join('')),
    );
    fc.assert(
      fc.property(address, (text) => {
        const given = webAddress(text);
        const url = parseUrl(text);
        const leads =
          url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.password === '';
        // What is no absolute address of the web is refused, even where a browser would make one of it.
        const absolute = /^\s*https?:\/\//i.test(text);
        assert.equal(given, leads && absolute ? url.href : null);
        if (given !== null) assert.equal(webAddress(given), given);
      }),
      { numRuns: 3000 },
    );
  });

  test('refuses what leads elsewhere', () => {
    for (const text of [
      'javascript:alert(1)',
      '//evil.example',
      'https://user@evil.example/',
      'https:evil',
      '',
    ])
      assert.equal(webAddress(text), null, text);
    assert.equal(webAddress(`https://a.example/${'a'.repeat(2000)}`), null);
  });
});
