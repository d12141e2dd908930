/**
 * Cuts JSON bytes into the elements of one of its arrays or objects without parsing them: a feed of 200 MB becomes
 * records that can be stored, hashed and parsed one by one, each with exactly the bytes that the source wrote.
 * Checks the structure (brackets, commas, colons, strings), not the scalars inside an element: who parses an element finds those.
 */

export const JSON_SLICE_REASONS = ['truncated', 'not-json', 'wrong-type', 'missing-field', 'empty'] as const;
export type JsonSliceReason = (typeof JSON_SLICE_REASONS)[number];

/** JSON that cannot be cut. `offset` is the byte at which it stops making sense. */
export class JsonSliceError extends Error {
  readonly reason: JsonSliceReason;
  readonly offset: number;

  constructor(reason: JsonSliceReason, offset: number, message: string, options?: { cause?: unknown }) {
    super(`${message} (at byte ${offset})`, options);
    this.name = 'JsonSliceError';
    this.reason = reason;
    this.offset = offset;
  }
}

/** Deeper nesting than this is an attack, not a feed. */
const MAX_DEPTH = 10_000;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_ARRAY = 0x5b;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/**
 * The elements of the array at `path` (keys to walk from the root; [] is the root itself), as subarrays of `bytes`.
 * The rest of the file is checked after the last element, so that a file cut short never passes for a whole one.
 * Throws {@link JsonSliceError}, also after it has yielded elements.
 */
export function* sliceJsonArray(bytes: Buffer, path: readonly string[]): Generator<Buffer> {
  const at = enter(bytes, path, OPEN_ARRAY, 'an array');
  let next = skipSpace(bytes, at + 1);
  if (bytes[next] === CLOSE_ARRAY) return leave(bytes, path, next + 1);
  for (;;) {
    const end = skipValue(bytes, next);
    yield bytes.subarray(next, end);
    const after = skipSpace(bytes, end);
    if (bytes[after] === CLOSE_ARRAY) return leave(bytes, path, after + 1);
    next = expect(bytes, after, COMMA, '"," or "]"');
  }
}

/** The members of the object at `path` with the exact bytes of their values. As {@link sliceJsonArray} otherwise. */
export function* sliceJsonObject(
  bytes: Buffer,
  path: readonly string[],
): Generator<{ key: string; bytes: Buffer }> {
  const at = enter(bytes, path, OPEN_OBJECT, 'an object');
  for (const member of members(bytes, at)) {
    if (member.done) return leave(bytes, path, member.end);
    yield { key: readKey(bytes, member), bytes: bytes.subarray(member.start, member.end) };
  }
}

/**
 * The exact bytes of the value at `path`, or null where a key on the way is missing or not in an object.
 * Reads no further than that value. Throws {@link JsonSliceError} where the bytes before it are not JSON.
 */
export function findJsonValue(bytes: Buffer, path: readonly string[]): Buffer | null {
  let at = skipSpace(bytes, startOf(bytes));
  for (const key of path) {
    if (bytes[at] !== OPEN_OBJECT) return null;
    const start = findMember(bytes, at, key);
    if (start === null) return null;
    at = start;
  }
  return bytes.subarray(at, skipValue(bytes, at));
}

/** The lines of a JSON-lines file without their line ends; blank lines are left out. A byte order mark is no part of the first. */
export function* sliceLines(bytes: Buffer): Generator<Buffer> {
  let at = startOf(bytes);
  while (at < bytes.length) {
    const found = bytes.indexOf(0x0a, at);
    const next = found < 0 ? bytes.length : found;
    let end = next;
    while (end > at && isSpace(bytes[end - 1])) end--;
    while (at < end && isSpace(bytes[at])) at++;
    if (end > at) yield bytes.subarray(at, end);
    at = next + 1;
  }
}

/** Where the value at `path` begins; it must begin with `open`. */
function enter(bytes: Buffer, path: readonly string[], open: number, what: string): number {
  let at = skipSpace(bytes, startOf(bytes));
  if (at >= bytes.length) throw new JsonSliceError('empty', at, 'There is nothing in it');
  for (const [depth, key] of path.entries()) {
    const name = path.slice(0, depth).join('.') || 'the document';
    if (bytes[at] !== OPEN_OBJECT) throw notA(bytes, at, name, 'an object');
    const start = findMember(bytes, at, key);
    if (start === null) throw new JsonSliceError('missing-field', at, `${name} has no "${key}"`);
    at = start;
  }
  if (bytes[at] !== open) throw notA(bytes, at, path.join('.') || 'the document', what);
  return at;
}

function notA(bytes: Buffer, at: number, name: string, what: string): JsonSliceError {
  skipValue(bytes, at);
  return new JsonSliceError('wrong-type', at, `${name} is not ${what}`);
}

/** Checks what follows the value at `path`: the rest of the objects around it, and then nothing. */
function leave(bytes: Buffer, path: readonly string[], from: number): void {
  let at = from;
  for (let depth = path.length; depth > 0; depth--) {
    at = skipSpace(bytes, at);
    if (bytes[at] === CLOSE_OBJECT) {
      at++;
      continue;
    }
    for (const member of members(bytes, expect(bytes, at, COMMA, '"," or "}"') - 1, true)) at = member.end;
  }
  at = skipSpace(bytes, at);
  if (at < bytes.length)
    throw new JsonSliceError('not-json', at, 'Something follows the end of the document');
}

interface Member {
  /** True for the closing bracket: `end` is then just behind it. */
  done: boolean;
  keyStart: number;
  keyEnd: number;
  start: number;
  end: number;
}

/** The members of the object that opens at `at`; with `going`, of an object whose last comma is before `at + 1`. One object is reused for all. */
function* members(bytes: Buffer, at: number, going = false): Generator<Member> {
  const member: Member = { done: false, keyStart: 0, keyEnd: 0, start: 0, end: 0 };
  let next = skipSpace(bytes, at + 1);
  if (!going && bytes[next] === CLOSE_OBJECT) {
    member.done = true;
    member.end = next + 1;
    yield member;
    return;
  }
  for (;;) {
    if (bytes[next] !== QUOTE) throw unexpected(bytes, next, 'a key in quotes');
    member.keyStart = next;
    member.keyEnd = skipString(bytes, next);
    member.start = expect(bytes, skipSpace(bytes, member.keyEnd), COLON, '":"');
    member.end = skipValue(bytes, member.start);
    yield member;
    const after = skipSpace(bytes, member.end);
    if (bytes[after] === CLOSE_OBJECT) {
      member.done = true;
      member.end = after + 1;
      yield member;
      return;
    }
    next = expect(bytes, after, COMMA, '"," or "}"');
  }
}

/** Where the value of `key` begins in the object that opens at `at`, or null. Does not read that value. */
function findMember(bytes: Buffer, at: number, key: string): number | null {
  let next = skipSpace(bytes, at + 1);
  if (bytes[next] === CLOSE_OBJECT) return null;
  for (;;) {
    if (bytes[next] !== QUOTE) throw unexpected(bytes, next, 'a key in quotes');
    const keyEnd = skipString(bytes, next);
    const start = expect(bytes, skipSpace(bytes, keyEnd), COLON, '":"');
    if (readKey(bytes, { keyStart: next, keyEnd }) === key) return start;
    const after = skipSpace(bytes, skipValue(bytes, start));
    if (bytes[after] === CLOSE_OBJECT) return null;
    next = expect(bytes, after, COMMA, '"," or "}"');
  }
}

function readKey(bytes: Buffer, { keyStart, keyEnd }: { keyStart: number; keyEnd: number }): string {
  const inner = bytes.toString('utf8', keyStart + 1, keyEnd - 1);
  if (!inner.includes('\\')) return inner;
  try {
    return String(JSON.parse(`"${inner}"`));
  } catch (cause) {
    throw new JsonSliceError('not-json', keyStart, 'A key has an escape that JSON does not know', { cause });
  }
}

/** Checks that `byte` is at `at`; answers where the next thing after it begins. */
function expect(bytes: Buffer, at: number, byte: number, what: string): number {
  if (bytes[at] !== byte) throw unexpected(bytes, at, what);
  return skipSpace(bytes, at + 1);
}

function unexpected(bytes: Buffer, at: number, what: string): JsonSliceError {
  return at >= bytes.length
    ? new JsonSliceError('truncated', bytes.length, `It ends where ${what} should be`)
    : new JsonSliceError('not-json', at, `${what} should be here`);
}

/** A byte order mark is no JSON, but files have it. */
function startOf(bytes: Buffer): number {
  return bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0;
}

function isSpace(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && isSpace(bytes[at])) at++;
  return at;
}

/** Strings longer than this are searched by the engine's own search, which is slower to start and faster to run. */
const SHORT = 48;

/** From an opening quote to just behind the closing one. */
function skipString(bytes: Buffer, from: number): number {
  const { length } = bytes;
  const near = Math.min(length, from + SHORT);
  let at = from + 1;
  for (; at < near; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) return at + 1;
    if (byte === BACKSLASH) at++;
  }
  for (let quote = bytes.indexOf(QUOTE, at); quote >= 0; quote = bytes.indexOf(QUOTE, quote + 1)) {
    let slashes = 0;
    while (quote - slashes > at && bytes[quote - slashes - 1] === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return quote + 1;
  }
  throw new JsonSliceError('truncated', length, 'It ends inside a string');
}

/** From the first byte of a value to just behind its last. No recursion: the nesting is a list of the brackets that are due. */
function skipValue(bytes: Buffer, from: number): number {
  const { length } = bytes;
  const first = from < length ? bytes[from] : undefined;
  if (first === QUOTE) return skipString(bytes, from);
  if (first !== OPEN_OBJECT && first !== OPEN_ARRAY) return skipScalar(bytes, from);
  const due: number[] = [];
  let at = from;
  while (at < length) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = skipString(bytes, at);
      continue;
    }
    if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) {
      // "[" and "]", "{" and "}" are two apart in ASCII.
      if (due.push(byte + 2) > MAX_DEPTH)
        throw new JsonSliceError('not-json', at, `It is nested more than ${MAX_DEPTH} deep`);
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_ARRAY) {
      if (due.pop() !== byte) throw new JsonSliceError('not-json', at, 'A bracket closes what is not open');
      if (due.length === 0) return at + 1;
    }
    at++;
  }
  throw new JsonSliceError('truncated', length, `It ends with ${due.length} brackets open`);
}

/** A number or a word. Which one, and whether JSON knows it, is for the parser of the element. */
function skipScalar(bytes: Buffer, from: number): number {
  let at = from;
  while (at < bytes.length && isScalarByte(bytes[at])) at++;
  if (at === from) throw unexpected(bytes, at, 'a value');
  return at;
}

/** Digits, letters, "+", "-", ".". */
function isScalarByte(byte = 0): boolean {
  return (
    (byte >= 0x30 && byte <= 0x39) ||
    (byte >= 0x61 && byte <= 0x7a) ||
    (byte >= 0x41 && byte <= 0x5a) ||
    byte === 0x2b ||
    byte === 0x2d ||
    byte === 0x2e
  );
}
