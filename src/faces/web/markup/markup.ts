/** Text that is HTML already. Only `jsx` makes it, out of text that it escaped: nothing from outside ever becomes markup. */
export class Markup {
  readonly #html: string;

  /** @param html what may stand in a page as it is */
  private constructor(html: string) {
    this.#html = html;
  }

  /** Only for the runtime beside this file. */
  static of(html: string): Markup {
    return new Markup(html);
  }

  toString(): string {
    return this.#html;
  }
}

/** What may stand inside an element: text is escaped; null, undefined and booleans are nothing. */
export type Child = string | number | boolean | null | undefined | Markup | readonly Child[];

/** The HTML of what stands inside an element. */
export function htmlOf(child: Child): string {
  if (typeof child === 'string') return escapeHtml(child);
  if (child instanceof Markup) return child.toString();
  if (typeof child === 'number') return String(child);
  if (child === null || child === undefined || typeof child === 'boolean') return '';
  if (Array.isArray(child)) {
    let html = '';
    for (let at = 0; at < child.length; at++) html += htmlOf(child[at] as Child);
    return html;
  }
  // What a table of words has under a foreign name such as `toString`.
  if (typeof child === 'function') return '';
  throw new TypeError(`${Object.prototype.toString.call(child)} cannot stand in a page`);
}

/**
 * The same as an element, written as text: what stands between is escaped as everywhere, the text itself is ours. For rows of
 * long lists and tables, where making element after element costs twice as much (decision 0009).
 */
export function html(text: TemplateStringsArray, ...children: readonly Child[]): Markup {
  let made = text[0] ?? '';
  for (let at = 0; at < children.length; at++) made += htmlOf(children[at]) + (text[at + 1] ?? '');
  return Markup.of(made);
}

/**
 * Markup of text whose parts the caller has escaped one by one (escapeHtml). Only for the cells of long lists, of which a page
 * has a thousand: everything else is an element or `html`, where nothing can be forgotten.
 */
export function escapedMarkup(text: string): Markup {
  return Markup.of(text);
}

const SPECIAL = /[&<>"']/;

/** Text as it may stand in HTML, between tags as well as between quotes. */
export function escapeHtml(text: string): string {
  if (!SPECIAL.test(text)) return text;
  let html = '';
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const entity = ENTITIES.get(text.charCodeAt(at));
    if (entity === undefined) continue;
    html += text.slice(from, at) + entity;
    from = at + 1;
  }
  return html + text.slice(from);
}

const ENTITIES: ReadonlyMap<number, string> = new Map(
  Object.entries({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }).map(
    ([char, entity]) => [char.charCodeAt(0), entity],
  ),
);
