import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { drawBytes, type KeepMarkup, makeKeepMarkup } from './kept-markup.ts';
import { html, type Markup } from './markup.ts';

const text = (bytes: Uint8Array) => Buffer.from(bytes).toString();
const row = (words: string): Markup => html`<li>${words}</li>`;

describe('parts of pages that are kept', () => {
  test('read as if they were drawn each time, wherever they stand', () => {
    // Words that could be taken for what stands in a page where a part belongs.
    const words = fc.oneof(fc.string(), fc.constantFrom('<!kept 0>', '<!kept ', 'é', '😀', '\ud800', ''));
    fc.assert(
      fc.property(fc.array(fc.array(words)), (pages) => {
        const keep = makeKeepMarkup();
        const owners = new Map<string, object>();
        const ownerOf = (key: string) => owners.get(key) ?? owners.set(key, {}).get(key) ?? {};
        for (const page of [...pages, ...pages]) {
          const draw = (kept: KeepMarkup) => {
            const rows = page.map((one) => kept(ownerOf(one), [one.length], () => row(one)));
            // Made in one order, placed in another, and one of them twice.
            return html`<ul>${rows.toReversed()}${rows[0]}</ul>${page}`;
          };
          const plain = Buffer.from(draw((_, __, own) => own()).toString()).toString();
          assert.equal(text(drawBytes(() => draw(keep))), plain);
          assert.equal(Buffer.from(draw(keep).toString()).toString(), plain);
        }
      }),
    );
  });

  test('are drawn once for each thing and each kind of reader, and anew when either changed', () => {
    const keep = makeKeepMarkup();
    const [one, other] = [{}, {}];
    let drawn = 0;
    const ask = (owner: object, ...parts: (string | number)[]) =>
      text(drawBytes(() => keep(owner, parts, () => row(`${++drawn}`))));
    assert.deepEqual(
      [ask(one, 'ada', 1), ask(one, 'ada', 1), ask(one, 'ben', 1), ask(one, 'ada', 1), ask(other, 'ada', 1)],
      ['<li>1</li>', '<li>1</li>', '<li>2</li>', '<li>1</li>', '<li>3</li>'],
    );
    assert.equal(ask(one, 'ada', 2), '<li>4</li>');
    assert.equal(ask(one, 'ada'), '<li>5</li>');
    // Readers are few: the kind that came first is drawn again when too many have come.
    ask(one, 'x');
    assert.equal(ask(one, 'ada', 1), '<li>7</li>');
  });

  test('leave nothing behind when a page cannot be drawn', () => {
    const keep = makeKeepMarkup();
    const owner = {};
    keep(owner, [], () => row('a'));
    assert.throws(
      () =>
        drawBytes(() => {
          throw new Error('no');
        }),
      /no/,
    );
    assert.equal(keep(owner, [], () => row('b')).toString(), '<li>a</li>');
  });
});
