import assert from 'node:assert/strict';
import { SaxesParser } from 'saxes';

/** What a drawn page is made of, read by a strict XML parser: an attribute or element that breaks out makes it fail or shows. */
export interface PageStructure {
  elements: { name: string; attributes: Record<string, string>; ancestors: string[] }[];
  text: string;
}

/** Reads a page. Throws where an element is not closed or an attribute not quoted. For tests. */
export function structureOf(html: string): PageStructure {
  const parser = new SaxesParser();
  const elements: PageStructure['elements'] = [];
  const open: string[] = [];
  let text = '';
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    elements.push({ name, attributes: { ...attributes }, ancestors: [...open] });
    open.push(name);
  });
  parser.on('closetag', () => {
    open.pop();
  });
  parser.on('text', (part) => {
    text += part;
  });
  parser.write(html.replace(/^<!doctype html>\n/, '')).close();
  return { elements, text };
}

/** What our pages are made of, and what markdown by people becomes (pre, blockquote, h4 and the like): nothing that acts or loads. */
const ELEMENTS = new Set(
  'pre blockquote hr br s h4 h5 h6 html head meta title link script body a header main footer nav search form label input textarea select option fieldset legend button section article div span strong p h1 h2 h3 del ins em kbd template ul ol li dl dt dd table caption thead tbody tr th td time code details summary svg g line desc text rect path'.split(
    ' ',
  ),
);

const ATTRIBUTES =
  /^(?:aria-(?:current|describedby|hidden|invalid|label|labelledby)|data-[a-z-]+|class|id|href|rel|lang|charset|name|content|type|title|datetime|action|method|for|form|value|placeholder|autocomplete|autocapitalize|spellcheck|download|scope|colspan|rowspan|role|focusable|viewBox|width|height|x|y|rx|d|preserveAspectRatio|x1|x2|y1|y2|dy|text-anchor|stroke-dasharray|tabindex|open|start|required|disabled|checked|selected|min|max|minlength|maxlength|rows|src|hidden)$/;

/** Fails where a page has anything that could run, load from elsewhere, or send anything: whatever its props were. */
export function assertHarmless({ elements }: PageStructure): void {
  for (const { name, attributes } of elements) {
    assert.ok(ELEMENTS.has(name), `element ${name}`);
    for (const [attribute, value] of Object.entries(attributes)) {
      assert.match(attribute, ATTRIBUTES, `attribute ${attribute} of ${name}`);
      if (attribute === 'href')
        assert.match(
          value,
          /^(?:\/(?![/\\])|[#?]|https?:\/\/[^/@\\]+(?:[/?#]|$))/,
          `${name} leads to ${value}`,
        );
      if (attribute === 'action') assert.match(value, /^\/(?![/\\])/);
      if (attribute === 'method') assert.match(value, /^(?:get|post)$/);
      if (attribute === 'src')
        assert.ok(name === 'script' && /^\/[a-z]+-[0-9a-f]{16}\.js$/.test(value), `${name} loads ${value}`);
    }
    if (name === 'a' && /^https?:/.test(attributes.href ?? ''))
      assert.match(attributes.rel ?? '', /noopener noreferrer/);
    if (name === 'link') assert.match(attributes.href ?? '', /^\/(?!\/)/);
  }
}

/** Fails where a page is not in order for whoever cannot see it. */
export function assertInOrder({ elements }: PageStructure): void {
  const levels = elements.flatMap(({ name }) => (/^h[1-6]$/.test(name) ? [Number(name[1])] : []));
  assert.equal(levels.filter((level) => level === 1).length, 1, 'one h1');
  levels.reduce((before, level) => {
    assert.ok(level <= before + 1, `h${level} after h${before}`);
    return level;
  }, 0);
  for (const landmark of ['header', 'main', 'footer', 'title'])
    assert.ok(
      elements.some(({ name }) => name === landmark),
      landmark,
    );
  const ids = elements.flatMap(({ attributes }) => attributes.id ?? []);
  assert.equal(
    new Set(ids).size,
    ids.length,
    `ids twice: ${ids.filter((id, index) => ids.indexOf(id) < index)}`,
  );
  for (const id of ids) assert.match(id, /^\S+$/);
  for (const { name, attributes } of elements) {
    const target =
      attributes['aria-labelledby'] ?? attributes.for ?? /^#(.*)/.exec(attributes.href ?? '')?.[1];
    if (target !== undefined) assert.ok(ids.includes(target), `${name} points at ${target}`);
    if (name === 'nav') assert.ok(attributes['aria-label'], 'a nav has a name');
    if (name === 'svg')
      assert.ok(attributes['aria-hidden'] === 'true' || attributes['aria-label'], 'a drawing has words');
    if (name === 'th')
      assert.match(attributes.scope ?? '', /^(?:col|row|rowgroup)$/, 'a head says what it heads');
  }
  const tables = elements.filter(({ name }) => name === 'table').length;
  assert.equal(
    elements.filter(({ name, ancestors }) => name === 'caption' && ancestors.at(-1) === 'table').length,
    tables,
  );
}
