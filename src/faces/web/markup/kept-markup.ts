import { Markup } from './markup.ts';

/**
 * Draws a part of a page, or gives what was drawn before of the same thing with the same parts.
 *
 * @param owner what is drawn: an object that is another one when it changed; what is drawn of it is forgotten with it
 * @param parts everything else that the drawing depends on
 */
export type KeepMarkup = (owner: object, parts: readonly Part[], draw: () => Markup) => Markup;

type Part = string | number | boolean | object | null | undefined;

interface Drawn {
  parts: readonly Part[];
  bytes: Buffer;
}

/** For so many kinds of readers a part is kept: visitors, who may propose, who may decide, whose claim it is. */
const READERS = 4;

/** Keeps parts of pages that are drawn for everybody who may do the same. */
export function makeKeepMarkup(): KeepMarkup {
  const kept = new WeakMap<object, Drawn[]>();
  return (owner, parts, draw) => {
    const own = kept.get(owner) ?? [];
    const found = own.find((one) => areSame(one.parts, parts));
    if (found !== undefined) return standIn(found.bytes);
    const made = draw();
    if (own.length >= READERS) own.shift();
    own.push({ parts, bytes: Buffer.from(made.toString()) });
    kept.set(owner, own);
    return made;
  };
}

/** Draws each time: for pages that are shown once. */
export const drawAnew: KeepMarkup = (_owner, _parts, draw) => draw();

function areSame(some: readonly Part[], others: readonly Part[]): boolean {
  if (some.length !== others.length) return false;
  for (let at = 0; at < some.length; at++) if (some[at] !== others[at]) return false;
  return true;
}

/** Bytes for which something stands in the page that is being drawn; null where it is to be one text. */
let standing: Buffer[] | null = null;

/** What begins so is ours: in text from outside the bracket is escaped. */
const STAND_IN = '<!kept ';

function standIn(bytes: Buffer): Markup {
  if (standing === null) return Markup.of(bytes.toString());
  return Markup.of(`${STAND_IN}${standing.push(bytes) - 1}>`);
}

/** Draws a page as bytes; of parts that are kept the bytes are taken as they are. */
export function drawBytes(draw: () => { toString(): string }): Uint8Array<ArrayBuffer> {
  const before = standing;
  const kept: Buffer[] = [];
  standing = kept;
  try {
    return bytesOf(draw().toString(), kept);
  } finally {
    standing = before;
  }
}

const encoder = new TextEncoder();
let scratch = new Uint8Array(1 << 20);

function bytesOf(text: string, kept: readonly Buffer[]): Uint8Array<ArrayBuffer> {
  const pieces: (string | Buffer)[] = [];
  // At most three bytes for each unit of UTF-16.
  let most = text.length * 3;
  let from = 0;
  for (let at = text.indexOf(STAND_IN); at !== -1; at = text.indexOf(STAND_IN, from)) {
    const end = text.indexOf('>', at);
    const bytes = kept[Number(text.slice(at + STAND_IN.length, end))] ?? Buffer.alloc(0);
    pieces.push(text.slice(from, at), bytes);
    most += bytes.length;
    from = end + 1;
  }
  pieces.push(text.slice(from));
  if (scratch.length < most) scratch = new Uint8Array(most + (most >> 2));
  let length = 0;
  for (const piece of pieces) {
    if (typeof piece === 'string') length += encoder.encodeInto(piece, scratch.subarray(length)).written;
    else {
      scratch.set(piece, length);
      length += piece.length;
    }
  }
  return scratch.slice(0, length);
}
