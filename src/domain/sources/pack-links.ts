import type { CopyRows } from '#base/db';
import type { Link } from './source.ts';

/**
 * A link as it is stored: the first letter of its kind before the address, or a list of that, the id of what it leads to,
 * the vulnerability that it is for, and a note. Of eight addresses that a record cites, five lead nowhere that helps: those
 * of kind `web` without an id stay in the raw bytes.
 */
export type PackedLink = string | [string, string | 0, string | 0, string | 0];

const KINDS = { p: 'patch', a: 'advisory', b: 'bug', e: 'exploit', w: 'web' } as const;

/** Writes links as the JSON of a list of PackedLinks into a field of a row; nothing where none is kept. */
export function writeLinks(rows: CopyRows, links: readonly Link[]): void {
  let first = true;
  for (const { url, kind, id, vulnerability, note } of links) {
    if (kind === 'web' && id === undefined) continue;
    if (first) rows.openText();
    rows.put(first ? '[' : ',');
    first = false;
    const letter = kind.charAt(0);
    if (id === undefined && vulnerability === undefined && note === undefined) rows.quote(url, letter);
    else rows.json([letter + url, id ?? 0, vulnerability ?? 0, note ?? 0]);
  }
  if (first) {
    rows.none();
    return;
  }
  rows.put(']');
  rows.closeText();
}

/** The inverse of writeLinks, but for what it left out. */
export function unpackLinks(packed: readonly PackedLink[] | null): Link[] {
  return (packed ?? []).map((each) => {
    const [address, id, vulnerability, note] = typeof each === 'string' ? [each, 0, 0, 0] : each;
    const link: Link = { url: address.slice(1), kind: KINDS[address[0] as keyof typeof KINDS] ?? 'web' };
    if (id) link.id = id as string;
    if (vulnerability) link.vulnerability = vulnerability as string;
    if (note) link.note = note as string;
    return link;
  });
}
