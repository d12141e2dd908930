import { checkFile } from '../document.ts';
import { DocumentProblem, type RawDocument, type SourceFile } from '../source.ts';

/** A list in XML that is too long for one tree: its entries are documents of their own. */
export interface XmlList {
  /** The element around it, by whose end a file that was cut short is told. */
  root: string;
  /** The element that is one document. */
  entry: string;
  /** The document's name from its beginning (latin1); null where it has none, so that the file names it. */
  key(head: string): string | null;
}

const HEAD = 2000;

/**
 * Cuts a list into its entries, each with exactly its bytes. What stands before and between them (declarations of entities
 * as well) is never looked into. Comments and CDATA hold no entries.
 *
 * @throws DocumentProblem where the file as a whole is empty, a web page, cut short, or has no such list
 */
export function* sliceXml(file: SourceFile, list: XmlList): Generator<RawDocument> {
  checkFile(file);
  const { path, bytes } = file;
  const open = Buffer.from(`<${list.entry}`);
  const close = Buffer.from(`</${list.entry}`);
  if (bytes.indexOf(`<${list.root}`) < 0)
    throw new DocumentProblem('bad-xml', path, `${path} has no <${list.root}>`);
  const end = bytes.lastIndexOf(`</${list.root}`);
  const empty =
    end < 0 && /<[\w-]+[^<>]*\/>\s*$/.test(bytes.toString('latin1', Math.max(0, bytes.length - 500)));
  if (end < 0 && !empty)
    throw new DocumentProblem('truncated', `byte ${bytes.length}`, `${path} ends before </${list.root}>`);
  const skipped = [finder(bytes, '<!--', '-->'), finder(bytes, '<![CDATA[', ']]>')];
  let number = 0;
  for (let at = 0; ; ) {
    const start = next(bytes, open, at, skipped);
    if (start < 0) return;
    const stop = next(bytes, close, start + open.length, skipped);
    if (stop < 0)
      throw new DocumentProblem('truncated', `byte ${start}`, `${path}: an <${list.entry}> does not end`);
    const after = bytes.indexOf(0x3e, stop) + 1;
    if (after === 0) throw new DocumentProblem('truncated', `byte ${stop}`, `${path} ends within a tag`);
    const piece = bytes.subarray(start, after);
    number += 1;
    yield { key: list.key(piece.toString('latin1', 0, HEAD)) ?? `${path}#${number}`, bytes: piece };
    at = after;
  }
}

type Finder = (from: number) => { start: number; end: number } | null;

/** The next stretch from a mark to its end, at or after a place. Asked with places that only grow, it looks at each byte once. */
function finder(bytes: Buffer, open: string, close: string): Finder {
  let found: { start: number; end: number } | null = { start: -1, end: 0 };
  return (from) => {
    while (found !== null && found.end <= from) {
      const start = bytes.indexOf(open, from);
      const end = start < 0 ? -1 : bytes.indexOf(close, start + open.length);
      found = start < 0 ? null : { start, end: end < 0 ? bytes.length : end + close.length };
    }
    return found;
  };
}

/** Where a tag begins that is not within a comment or CDATA; -1 where there is none. */
function next(bytes: Buffer, tag: Buffer, from: number, skipped: readonly Finder[]): number {
  let at = bytes.indexOf(tag, from);
  while (at >= 0) {
    const place = at;
    const around = skipped.map((find) => find(from)).find((each) => each !== null && each.start < place);
    if (around !== undefined && around !== null) {
      from = Math.max(around.end, from);
      if (from > at) at = bytes.indexOf(tag, from);
      continue;
    }
    if (endsName(bytes[at + tag.length])) return at;
    at = bytes.indexOf(tag, at + 1);
  }
  return -1;
}

/** White space, `>` or `/`: the name of the tag is this one, and not one that begins like it. */
function endsName(byte: number | undefined): boolean {
  return byte === undefined || byte <= 0x20 || byte === 0x3e || byte === 0x2f;
}
