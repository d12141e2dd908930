/** A feed as RFC 4287 has it. */
export interface AtomFeed {
  /** Never changes, whatever becomes of titles and addresses. */
  id: string;
  title: string;
  subtitle?: string | undefined;
  updated: Date;
  /** Where this very document is, and the page that shows the same to people; absolute. */
  self: string;
  page: string;
  /** Who stands for entries that name nobody (section 4.1.1). */
  author: string;
  generator: { name: string; version: string };
  entries: readonly AtomEntry[];
}

export interface AtomEntry {
  /** Never changes, and belongs to no other entry. */
  id: string;
  title: string;
  updated: Date;
  published?: Date | undefined;
  /** Absolute. */
  page: string;
  /** What there is to know, as plain text; its lines stay lines. */
  summary: string;
  categories?: readonly string[] | undefined;
}

/** Prints a feed (RFC 4287). All texts are text: nothing of what others wrote becomes markup, here or in a reader. */
export function printAtom(feed: AtomFeed): string {
  const { id, title, subtitle, updated, self, page, author, generator, entries } = feed;
  return [
    '<?xml version="1.0" encoding="utf-8"?>',
    '<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en">',
    `  <id>${xmlText(id)}</id>`,
    `  <title>${xmlText(title)}</title>`,
    ...(subtitle === undefined ? [] : [`  <subtitle>${xmlText(subtitle)}</subtitle>`]),
    `  <updated>${updated.toISOString()}</updated>`,
    `  <author><name>${xmlText(author)}</name></author>`,
    `  <link rel="self" type="application/atom+xml" href="${xmlText(self)}"/>`,
    `  <link rel="alternate" type="text/html" href="${xmlText(page)}"/>`,
    `  <generator version="${xmlText(generator.version)}">${xmlText(generator.name)}</generator>`,
    ...entries.map(printEntry),
    '</feed>',
    '',
  ].join('\n');
}

function printEntry({ id, title, updated, published, page, summary, categories = [] }: AtomEntry): string {
  return [
    '  <entry>',
    `    <id>${xmlText(id)}</id>`,
    `    <title>${xmlText(title)}</title>`,
    `    <updated>${updated.toISOString()}</updated>`,
    ...(published === undefined ? [] : [`    <published>${published.toISOString()}</published>`]),
    `    <link rel="alternate" type="text/html" href="${xmlText(page)}"/>`,
    ...categories.map((term) => `    <category term="${xmlText(term)}"/>`),
    `    <summary type="text">${xmlText(summary)}</summary>`,
    '  </entry>',
  ].join('\n');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\r': '&#13;',
};

/** Text as it stands in an element or an attribute. What XML 1.0 cannot hold (section 2.2) becomes the replacement character. */
function xmlText(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '\ufffd')
    .replace(/[&<>"\r]/g, (character) => ENTITIES[character] ?? character);
}

/**
 * An id that stays when addresses change (RFC 4151): `tag:muster.example.org,2026:issue/NSI-2017-0043`.
 *
 * @param authority a host that whoever runs this holds
 */
export function tagUri(authority: string, ...specific: readonly string[]): string {
  return `tag:${authority},2026:${specific.map(encodeURIComponent).join('/')}`;
}
