import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type Child, escapeHtml, htmlOf } from './markup.ts';

const Both = ({ name, children }: { name: string; children?: Child }) => (
  <b title={name}>
    {name}: {children}
  </b>
);

describe('markup', () => {
  test('escapes whatever is text, in attributes as well', () => {
    const evil = `<script>"&'</script>`;
    const page = (
      <p class={evil}>
        {evil}
        {[evil, null, undefined, true, false, 0, ['a', <br />]]}
      </p>
    );
    const text = '&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;';
    assert.equal(String(page), `<p class="${text}">${text}${text}0a<br/></p>`);
  });

  test('asks functions, and does not escape what they made once more', () => {
    assert.equal(
      String(
        <Both name="a&b">
          <i>x</i>
        </Both>,
      ),
      '<b title="a&amp;b">a&amp;b: <i>x</i></b>',
    );
    assert.equal(
      String(
        <>
          {'<'}
          {1}
        </>,
      ),
      '&lt;1',
    );
  });

  test('attributes: true has no value, false and nothing are none, where words say yes and no both are said', () => {
    const html = String(
      <input
        name="n"
        disabled={true}
        checked={false}
        value={undefined}
        aria-hidden={false}
        spellcheck={false}
      />,
    );
    assert.equal(html, '<input name="n" disabled="" aria-hidden="false" spellcheck="false"/>');
  });

  test('a name that is none, or a thing that is no child, is refused rather than written', () => {
    assert.throws(() => <p {...{ 'onclick=alert(1) x': 'y' }} />, /no name of an attribute/);
    assert.throws(() => htmlOf({ toString: () => '<b>' } as unknown as Child), /cannot stand in a page/);
  });

  test('escaped text holds no character that means something, and reads as it was', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const html = escapeHtml(text);
        assert.doesNotMatch(html, /[<>"']/);
        const back = html.replace(/&(amp|lt|gt|quot|#39);/g, (_, name: string) => {
          return { amp: '&', lt: '<', gt: '>', quot: '"', '#39': "'" }[name] ?? '';
        });
        assert.equal(back, text);
      }),
    );
  });
});
