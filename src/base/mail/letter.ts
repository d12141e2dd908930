/** A part of a letter: a paragraph, a link on a line of its own, or a list of lines that may lead somewhere. */
export type Block =
  | { kind: 'words'; text: string }
  | { kind: 'link'; text: string; href: string }
  | { kind: 'list'; items: readonly { text: string; href: string | null }[] };

/** A letter as plain text; lines are as long as they are, mail programs wrap them. */
export function textOf(blocks: readonly Block[], footer: readonly Block[] = []): string {
  const above = blocks.map(blockText).join('\n\n');
  // "-- " on a line of its own begins a signature (RFC 3676, section 4.3): replies leave it out.
  return footer.length === 0 ? `${above}\n` : `${above}\n\n-- \n${footer.map(blockText).join('\n')}\n`;
}

function blockText(block: Block): string {
  if (block.kind === 'words') return oneLine(block.text);
  if (block.kind === 'link') return `${oneLine(block.text)}:\n${block.href}`;
  return block.items
    .map(({ text, href }) => `- ${oneLine(text)}${href === null ? '' : `\n  ${href}`}`)
    .join('\n');
}

/** The same as HTML: no styles but of the reader's own program, no pictures, nothing that tells that it was read. */
export function htmlOf(blocks: readonly Block[], footer: readonly Block[] = []): string {
  const below = footer.length === 0 ? '' : `<hr>${footer.map(blockHtml).join('')}`;
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"></head><body>${blocks.map(blockHtml).join('')}${below}</body></html>`;
}

function blockHtml(block: Block): string {
  if (block.kind === 'words') return `<p>${escapeHtml(block.text)}</p>`;
  if (block.kind === 'link') return `<p>${anchor(block.text, block.href)}</p>`;
  const items = block.items.map(
    ({ text, href }) => `<li>${href === null ? escapeHtml(text) : anchor(text, href)}</li>`,
  );
  return `<ul>${items.join('')}</ul>`;
}

function anchor(text: string, href: string): string {
  return `<a href="${escapeHtml(href)}">${escapeHtml(text)}</a>`;
}

function escapeHtml(text: string): string {
  return oneLine(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}

function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}
