import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MusterError } from '#base/errors';

/** A package that carries the code of a product in itself, under whatever version. */
export interface EmbeddedCopy {
  /** Product that the package is. */
  carrier: string;
  /** "a copy", "a changed copy", "a fork", "a copy linked in" */
  how: string;
  /** Who says so. */
  why: string;
}

const COLUMNS = 'product\tcarrier\thow\twhy';

/**
 * Reads the text of `embedded-copies.tsv`: who carries copies of a product, by product. Throws FILE_MALFORMED, with the line, for a row
 * that is not four cells, or that stands twice.
 */
export function readCopies(text: string): Map<string, EmbeddedCopy[]> {
  const copies = new Map<string, EmbeddedCopy[]>();
  const lines = text.split('\n');
  if (lines[0] !== COLUMNS)
    throw new MusterError('FILE_MALFORMED', `The embedded copies must begin with the line “${COLUMNS}”.`);
  for (const [index, line] of lines.entries()) {
    if (index === 0 || line === '') continue;
    const [product, carrier, how, why, ...rest] = line.split('\t');
    if (!product || !carrier || !how || !why || rest.length > 0)
      throw new MusterError('FILE_MALFORMED', `Embedded copies, line ${index + 1}: a row has four cells.`);
    const known = copies.get(product) ?? [];
    copies.set(product, known);
    if (known.some((copy) => copy.carrier === carrier))
      throw new MusterError(
        'FILE_MALFORMED',
        `Embedded copies, line ${index + 1}: ${carrier} stands there twice.`,
      );
    known.push({ carrier, how, why });
  }
  return copies;
}

const COPIES = readCopies(readFileSync(join(import.meta.dirname, 'embedded-copies.tsv'), 'utf8'));

/** Products that are known to carry copies of a product, from the reviewed table. */
export function copiesOf(product: string): readonly EmbeddedCopy[] {
  return COPIES.get(product) ?? [];
}
