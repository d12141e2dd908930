import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { browserOf } from './session-browser.ts';
import { pageAfter, signInAddress } from './session-guard.ts';

describe('the page after signing in', () => {
  test('is the one that was asked for, where it is one of ours', () => {
    for (const path of [
      '/',
      '/issues',
      '/issues/NSI-2017-0001?x=1#top',
      '/search?q=%2F%2Fevil',
      '/CVE-2017-3731',
    ])
      assert.equal(pageAfter(path), path);
  });

  test('is never anywhere else', () => {
    for (const asked of [
      undefined,
      null,
      '',
      'issues',
      'https://evil.example/',
      '//evil.example/',
      '///evil.example/',
      '/\\evil.example/',
      '\\\\evil.example',
      '/\t/evil.example/',
      '/\n/evil.example',
      '/issues\r\nSet-Cookie: a=b',
      '/\0',
      'javascript:alert(1)',
      '/x\u0085y',
      `/${'x'.repeat(3000)}`,
      '/sign-in?to=/sign-in',
      '/sign-out',
      '/./sign-in',
    ])
      assert.equal(pageAfter(asked), '/', JSON.stringify(asked));
    for (const before of ['/..', '/../..', '/.', '/%2e%2e', '/a/..', '/a/b/../..'])
      assert.equal(pageAfter(`${before}//evil.example/x`), '/', before);
  });

  test('leads to our own host and is one line, whatever is asked', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary', maxLength: 40 }),
        fc.constantFrom('', '/', '//', '/\\', '/..//', '/.//', '/%2e%2e//', '/a/..//'),
        (text, before) => {
          const page = pageAfter(before + text);
          assert.match(page, /^\/(?![/\\])[\x21-\x7e]*$/);
          assert.equal(new URL(page, 'https://own.example').host, 'own.example');
        },
      ),
    );
  });

  test('is carried by the link to where one signs in', () => {
    assert.equal(signInAddress('/issues?q=a&page=2'), '/sign-in?to=%2Fissues%3Fq%3Da%26page%3D2');
    assert.equal(signInAddress('/'), '/sign-in');
    assert.equal(signInAddress('/sign-in?to=/x'), '/sign-in');
  });
});

test('a browser is told from another one, and nothing more is kept of it', () => {
  const cases: [string | undefined, string | null][] = [
    [undefined, null],
    ['', null],
    ['curl/8.5.0', null],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Firefox on Linux'],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0',
      'Edge on Windows',
    ],
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'Safari on iOS',
    ],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36',
      'Chrome on Android',
    ],
    [`${'x'.repeat(100_000)} Firefox/1 Linux`, null],
    ['<script>alert(1)</script>', null],
  ];
  for (const [agent, browser] of cases) assert.equal(browserOf(agent), browser);
});
