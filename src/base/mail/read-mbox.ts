import { createReadStream } from 'node:fs';
import { MusterError } from '#base/errors';
import { LARGEST_MESSAGE } from './message.ts';

/** A message as a mailbox holds it, or the place of one that is too large to be read. */
export type RawMessage =
  | { kind: 'message'; place: string; bytes: Buffer }
  | { kind: 'too_large'; place: string; size: number; head: Buffer };

/** What is kept of a message that is too large: enough to see what it was. */
const HEAD = 64 << 10;
const CHUNK = 1 << 20;
/** How far one looks behind a line that may begin a message: it, and the line after it. */
const AHEAD = 4096;
const FROM = Buffer.from('From ');
const NEXT_FROM = Buffer.from('\nFrom ');

/**
 * The messages of an mbox file, one after the other, in memory for one message at a time. Of every kind: where
 * `Content-Length` leads exactly to the next message or to the end, it is believed (mboxcl, mboxcl2), else it is one of the
 * many that lie; otherwise messages begin at lines `From `, and lines `>From ` lose one `>` (mboxrd; mboxo differs only in
 * lines that nobody could tell apart any more).
 *
 * @throws MusterError FILE_UNREADABLE
 */
export async function* readMbox(path: string): AsyncGenerator<RawMessage> {
  const stream = createReadStream(path, { highWaterMark: CHUNK });
  const splitter = new MboxSplitter();
  try {
    for await (const chunk of stream) yield* splitter.take(chunk as Buffer, false);
  } catch (cause) {
    if (cause instanceof Error && 'syscall' in cause)
      throw new MusterError('FILE_UNREADABLE', `cannot read the mailbox ${path}: ${cause.message}`, {
        cause,
      });
    throw cause;
  }
  yield* splitter.take(Buffer.alloc(0), true);
}

/** Splits the bytes of an mbox as they come. */
export class MboxSplitter {
  /** What was not given out yet; begins at `#offset` of the file. */
  #bytes: Buffer = Buffer.alloc(0);
  #offset = 0;
  /** Up to where no message begins. */
  #searched = 0;
  #started = false;
  /** Set while bytes of a message that is too large pass by. */
  #dropping: { place: string; size: number; head: Buffer } | null = null;

  *take(chunk: Buffer, last: boolean): Generator<RawMessage> {
    this.#bytes = this.#bytes.length === 0 ? chunk : Buffer.concat([this.#bytes, chunk]);
    if (!this.#started) {
      if (this.#bytes.length < AHEAD && !last) return;
      this.#started = true;
      // A byte order mark that some editor left, and empty lines.
      const from = this.#bytes.subarray(0, 3).toString('latin1') === 'ï»¿' ? 3 : 0;
      let start = from;
      while (this.#bytes[start] === 0x0a || this.#bytes[start] === 0x0d) start += 1;
      this.#forward(start);
    }
    for (;;) {
      const end = this.#endOfMessage(last);
      if (end === null) break;
      yield* this.#give(end);
      this.#forward(end);
      this.#searched = 0;
    }
    if (last) {
      if (this.#bytes.length > 0 || this.#dropping !== null) yield* this.#give(this.#bytes.length);
      this.#bytes = Buffer.alloc(0);
    } else if (this.#bytes.length > LARGEST_MESSAGE + AHEAD) {
      this.#dropping ??= {
        place: `byte ${this.#offset}`,
        size: 0,
        head: Buffer.from(this.#bytes.subarray(0, HEAD)),
      };
      const passed = this.#searched;
      this.#dropping.size += passed;
      this.#forward(passed);
      this.#searched = 0;
    }
  }

  #forward(by: number): void {
    this.#bytes = this.#bytes.subarray(by);
    this.#offset += by;
  }

  /** Where the message that begins the bytes ends; null where more bytes have to be seen. */
  #endOfMessage(last: boolean): number | null {
    const bytes = this.#bytes;
    if (this.#searched === 0 && this.#dropping === null) {
      const told = this.#byLength(last);
      if (told === 'wait') return null;
      if (told !== null) return told;
    }
    for (
      let at = bytes.indexOf(NEXT_FROM, this.#searched);
      at !== -1;
      at = bytes.indexOf(NEXT_FROM, at + 1)
    ) {
      if (at + AHEAD > bytes.length && !last) {
        this.#searched = at;
        return null;
      }
      if (beginsMessage(bytes, at + 1)) return at + 1;
    }
    this.#searched = Math.max(this.#searched, bytes.length - NEXT_FROM.length);
    return null;
  }

  /** What Content-Length says, where it can be true. */
  #byLength(last: boolean): number | 'wait' | null {
    const bytes = this.#bytes;
    const headers = endOfHead(bytes);
    if (headers === -1) return null;
    const head = bytes.subarray(0, headers).toString('latin1');
    const [, text] = /^content-length:[ \t]*(\d{1,9})[ \t]*\r?$/im.exec(head) ?? [];
    const length = Number(text);
    if (text === undefined || length > LARGEST_MESSAGE) return null;
    const end = headers + length;
    if (end + AHEAD > bytes.length && !last) return 'wait';
    let next = end;
    while (next < bytes.length && next < end + 4 && (bytes[next] === 0x0a || bytes[next] === 0x0d)) next += 1;
    if (end > bytes.length) return null;
    return next >= bytes.length || (next >= end && beginsMessage(bytes, next)) ? next : null;
  }

  *#give(end: number): Generator<RawMessage> {
    if (this.#dropping !== null) {
      const { place, size, head } = this.#dropping;
      this.#dropping = null;
      yield { kind: 'too_large', place, size: size + end, head };
      return;
    }
    const place = `byte ${this.#offset}`;
    const bytes = unquoted(withoutFrom(this.#bytes.subarray(0, end)));
    if (bytes.length > LARGEST_MESSAGE)
      yield { kind: 'too_large', place, size: bytes.length, head: Buffer.from(bytes.subarray(0, HEAD)) };
    else if (bytes.length > 0) yield { kind: 'message', place, bytes };
  }
}

/** Where the first body begins; -1 where no empty line is near. */
function endOfHead(bytes: Buffer): number {
  const near = bytes.subarray(0, HEAD);
  const plain = near.indexOf('\n\n');
  const other = (plain === -1 ? near : near.subarray(0, plain + 1)).indexOf('\n\r\n');
  return other !== -1 ? other + 3 : plain === -1 ? -1 : plain + 2;
}

/** `From someone@somewhere Sat Jan  3 …`, `From -`, `From 1844347792267117879@xxx`. */
const FROM_LINE =
  /^From (?:- ?$|-? ?(?=.{0,200}\b\d\d?:\d\d)(?=.{0,200}\b(?:19|20)\d\d\b)|\S{1,300}@\S{1,300}[ \t]*$)/;
const HEADER_LINE = /^(?:[\x21-\x39\x3b-\x7e]{1,80}[ \t]*:|>From )/;

/** Whether a line `From ` at that place begins a message: it says who and when, and a header follows. */
function beginsMessage(bytes: Buffer, at: number): boolean {
  if (bytes.compare(FROM, 0, FROM.length, at, at + FROM.length) !== 0) return false;
  const near = Math.min(bytes.length, at + AHEAD);
  const end = lineFeed(bytes, at, near);
  const line = bytes.toString('latin1', at, end);
  const next = bytes.toString('latin1', Math.min(end + 1, near), lineFeed(bytes, end + 1, near));
  return FROM_LINE.test(line.replace(/\r$/, '')) && HEADER_LINE.test(next);
}

/** Where the line ends that begins there; `near` where it goes on beyond that. */
function lineFeed(bytes: Buffer, from: number, near: number): number {
  const at = bytes.indexOf(0x0a, from);
  return at === -1 || at > near ? near : at;
}

function withoutFrom(bytes: Buffer): Buffer {
  if (bytes.compare(FROM, 0, FROM.length, 0, FROM.length) !== 0) return bytes;
  const end = bytes.indexOf(0x0a);
  return end === -1 ? Buffer.alloc(0) : bytes.subarray(end + 1);
}

const QUOTED = Buffer.from('>From ');

/** Takes one `>` off every line `>From `, `>>From ` (mboxrd). */
function unquoted(bytes: Buffer): Buffer {
  const cuts: number[] = [];
  for (let at = bytes.indexOf(QUOTED); at !== -1; at = bytes.indexOf(QUOTED, at + 1)) {
    let start = at;
    while (start > 0 && bytes[start - 1] === 0x3e) start -= 1;
    if (start === 0 || bytes[start - 1] === 0x0a) cuts.push(start);
  }
  if (cuts.length === 0) return bytes;
  const pieces = cuts.map((cut, index) => bytes.subarray(index === 0 ? 0 : (cuts[index - 1] ?? 0) + 1, cut));
  return Buffer.concat([...pieces, bytes.subarray((cuts.at(-1) ?? 0) + 1)]);
}
