import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { markdownToHtml, mentionsIn, type Reference } from './markdown.ts';

const addressOf = ({ kind, id }: Reference) =>
  kind === 'person' ? (id === 'nobody' ? null : `/people/${id}`) : `/${kind}/${id}`;
const html = (text: string) => markdownToHtml(text, { addressOf }).trim();

describe('markdownToHtml', () => {
  const cases: [name: string, text: string, expected: string][] = [
    [
      'what people write',
      'It is **not** `built in`.',
      '<p>It is <strong>not</strong> <code>built in</code>.</p>',
    ],
    ['HTML is shown as typed', '<script>x</script>', '<p>&lt;script&gt;x&lt;/script&gt;</p>'],
    [
      'links pass on no reputation',
      '[a](https://a.example/)',
      '<p><a href="https://a.example/" rel="nofollow ugc noopener noreferrer">a</a></p>',
    ],
    ['a script is no link', '[a](javascript:alert(1))', '<p>[a](javascript:alert(1))</p>'],
    ['data is no link', '[a](data:text/html,x)', '<p>[a](data:text/html,x)</p>'],
    [
      'a name before an address is no link',
      '[a](https://u:p@a.example/)',
      '<p>[a](<a href="https://u" rel="nofollow ugc noopener noreferrer">https://u</a>:p@a.example/)</p>',
    ],
    [
      'a picture is a link to it',
      '![chart](https://a.example/x.png)',
      '<p><a href="https://a.example/x.png" rel="nofollow ugc noopener noreferrer">chart</a></p>',
    ],
    ['headings are below those of the page', '# A', '<h4>A</h4>'],
    [
      'bare addresses',
      'see https://a.example/b',
      '<p>see <a href="https://a.example/b" rel="nofollow ugc noopener noreferrer">https://a.example/b</a></p>',
    ],
    ['a file name is no address', 'see patch.sh', '<p>see patch.sh</p>'],
    [
      'a vulnerability, however it is written',
      'cve-2017-3731!',
      '<p><a href="/vulnerability/CVE-2017-3731" rel="nofollow ugc noopener noreferrer">cve-2017-3731</a>!</p>',
    ],
    [
      'a number of ours',
      '(MUSTER-2026-0001)',
      '<p>(<a href="/vulnerability/MUSTER-2026-0001" rel="nofollow ugc noopener noreferrer">MUSTER-2026-0001</a>)</p>',
    ],
    [
      'an issue and an advisory',
      'NSI-2017-0043, DSA-3773-1',
      '<p><a href="/issue/NSI-2017-0043" rel="nofollow ugc noopener noreferrer">NSI-2017-0043</a>, <a href="/advisory/DSA-3773-1" rel="nofollow ugc noopener noreferrer">DSA-3773-1</a></p>',
    ],
    [
      'a proposal and an event',
      '#proposal-12 undone by #event-345',
      '<p><a href="/proposal/12" rel="nofollow ugc noopener noreferrer">#proposal-12</a> undone by <a href="/event/345" rel="nofollow ugc noopener noreferrer">#event-345</a></p>',
    ],
    [
      'somebody',
      'ask @FPletz.',
      '<p>ask <a href="/people/fpletz" rel="nofollow ugc noopener noreferrer">@FPletz</a>.</p>',
    ],
    ['somebody who is not', 'ask @nobody', '<p>ask @nobody</p>'],
    ['an address of mail is nobody', 'a@b.example', '<p>a@b.example</p>'],
    ['in code nothing is a link', '`CVE-2017-3731 @ada`', '<p><code>CVE-2017-3731 @ada</code></p>'],
    [
      'in a link nothing is another',
      '[CVE-2017-3731](https://a.example/)',
      '<p><a href="https://a.example/" rel="nofollow ugc noopener noreferrer">CVE-2017-3731</a></p>',
    ],
  ];
  for (const [name, text, expected] of cases) test(name, () => assert.equal(html(text), expected));

  test('whatever is typed, only our own tags come out, and no address but http, https and paths of ours', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '"',
      "'",
      '&',
      '`',
      '[a](',
      ')',
      '![',
      '](',
      'javascript:',
      'https://a.example/',
      '//evil.example',
      '\\',
      'onerror=',
      '@ada',
      'CVE-2017-3731',
      '#',
      '\n',
      '|',
      '- ',
      '*',
      '_',
      '&#106;',
      '\u0000',
      ' ',
    );
    const text = fc
      .array(fc.oneof(piece, fc.string({ maxLength: 5 })), { maxLength: 40 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (typed) => {
        const out = html(typed);
        for (const [, close, name, attributes] of out.matchAll(/<(\/?)([a-z0-9]+)((?:\s[^>]*)?)>/g)) {
          assert.match(
            name ?? '',
            /^(?:p|a|em|strong|s|code|pre|ul|ol|li|blockquote|h[456]|hr|br|table|thead|tbody|tr|th|td)$/,
          );
          if (close === '/' || attributes === '') continue;
          assert.match(
            attributes ?? '',
            /^ (?:href="(?:https?:\/\/|\/(?!\/))[^"<>]*"(?: title="[^"<>]*")? rel="nofollow ugc noopener noreferrer"|start="\d+"|class="language-[^"<>]*"|class="align-(?:left|right|center)")$/,
          );
        }
        // Every < that is left begins one of these tags.
        assert.doesNotMatch(out.replace(/<\/?[a-z0-9]+(?:\s[^<>]*)?>/g, ''), /</);
      }),
      { numRuns: 2000 },
    );
  });

  test('a hostile text takes no long time', () => {
    for (const unit of ['[', '*a_', '![](', '`', '> ', '@a-', 'CVE-2017-', '|\n|-|\n', '<a', '- - - '])
      assert.ok(html(unit.repeat(5_000)).length > 0);
    assert.match(html('a'.repeat(100_001)), /^<pre>/);
  });
});

describe('mentionsIn', () => {
  test('each once, in order, and not in code, links or addresses', () => {
    assert.deepEqual(mentionsIn('@Ada and @ben, @ada: `@cleo` [@dora](https://a.example/) e@f.example /@g'), [
      'ada',
      'ben',
    ]);
  });
});
