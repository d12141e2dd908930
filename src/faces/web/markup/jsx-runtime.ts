// What TypeScript calls for each element of a page (jsxImportSource): markup at once, as one string. See decision 0009.
import type { JSX as HonoJsx } from 'hono/jsx';
import { type Child, escapeHtml, htmlOf, Markup } from './markup.ts';

type Component = (props: never) => Child;

/** Elements that have no end (HTML, section 13.1.2). */
const VOID: ReadonlySet<string> = new Set(
  'area base br col embed hr img input link meta source track wbr'.split(' '),
);

/** Names of attributes are ours, never from outside; a mistake in one must not become markup all the same. */
const NAME = /^[A-Za-z_:][\w:.-]*$/;
/** Attributes for which yes and no are words: leaving them out says something else. */
const SAYS_FALSE = /^(?:aria-|spellcheck$|contenteditable$|draggable$)/;
const known = new Set<string>();

/**
 * An element: its attributes (true is one without a value; false, null and undefined are none) and what stands in it, all
 * of it escaped. A function is asked for what it stands for.
 */
export function jsx(tag: string | Component, props: Record<string, unknown>): Markup {
  if (typeof tag === 'function') {
    const made = tag(props as never);
    return made instanceof Markup ? made : Markup.of(htmlOf(made));
  }
  let html = `<${tag}`;
  for (const name in props) {
    if (name === 'children') continue;
    const value = props[name];
    if (
      value === null ||
      value === undefined ||
      typeof value === 'function' ||
      (value === false && !SAYS_FALSE.test(name))
    )
      continue;
    if (!known.has(name)) checkName(name);
    html +=
      value === true && !SAYS_FALSE.test(name) ? ` ${name}=""` : ` ${name}="${escapeHtml(String(value))}"`;
  }
  if (VOID.has(tag)) return Markup.of(`${html}/>`);
  return Markup.of(`${html}>${htmlOf(props.children as Child)}</${tag}>`);
}

export { jsx as jsxs };

/** Several things in a row. */
export function Fragment({ children }: { children?: Child }): Markup {
  return Markup.of(htmlOf(children));
}

function checkName(name: string): void {
  if (!NAME.test(name)) throw new TypeError(`${JSON.stringify(name)} is no name of an attribute`);
  known.add(name);
}

type SvgTag =
  | 'svg'
  | 'g'
  | 'path'
  | 'rect'
  | 'line'
  | 'circle'
  | 'polyline'
  | 'polygon'
  | 'text'
  | 'tspan'
  | 'desc';

export declare namespace JSX {
  type Element = Markup;
  type ElementType = string | Component;
  interface ElementChildrenAttribute {
    children: Child;
  }
  type IntrinsicElements = {
    [Tag in keyof HonoJsx.IntrinsicElements]: Omit<HonoJsx.IntrinsicElements[Tag], 'children'> & {
      children?: Child;
    };
  } & { [Tag in SvgTag]: { [name: string]: unknown; children?: Child } };
  interface IntrinsicAttributes {
    key?: string | number;
  }
}
