import { storableJson } from './storable-json.ts';

const NULL = -1;
/** 2000-01-01, from where PostgreSQL counts time. */
const EPOCH = Date.UTC(2000, 0, 1);
const TEXT_OID = 25;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;
/** What JSON escapes in a string. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const NOT_PLAIN = /["\\\u0000-\u001f\ud800-\udfff]/;
/** Up to here a loop of ours is faster than a call of the engine's encoder. */
const SHORT = 24;

/**
 * Rows in the binary form of COPY, in one buffer that is used again: for tens of thousands of rows, where a JSON document
 * would cost the server three times as much to read. The caller writes for each row its number of fields, then every field
 * in the order of the columns, each by the method of the column's type.
 */
export class CopyRows {
  #bytes = Buffer.allocUnsafeSlow(1 << 13);
  #view = viewOf(this.#bytes);
  #at = 0;
  #opened = 0;

  /** Where the next thing is written: a row begins there, and its end is where the next one begins. */
  get at(): number {
    return this.#at;
  }

  /** Begins a row. */
  row(fields: number): void {
    this.#reserve(2);
    this.#view.setInt16(this.#at, fields);
    this.#at += 2;
  }

  none(): void {
    this.#reserve(4);
    this.#view.setInt32(this.#at, NULL);
    this.#at += 4;
  }

  /** text, json. PostgreSQL's text has no NUL; some real documents do: it becomes U+FFFD. */
  text(value: string | null | undefined): void {
    if (value === null || value === undefined) this.none();
    else this.#text(value);
  }

  /** Begins a text or json field that is put together from pieces, up to `closeText`. */
  openText(): void {
    this.#reserve(4);
    this.#opened = this.#at;
    this.#at += 4;
  }

  closeText(): void {
    this.#view.setInt32(this.#opened, this.#at - this.#opened - 4);
  }

  /** A piece of an open field that is ASCII: brackets, names of fields, numbers. */
  put(ascii: string): void {
    const { length } = ascii;
    this.#reserve(length);
    const bytes = this.#bytes;
    const start = this.#at;
    for (let index = 0; index < length; index++) bytes[start + index] = ascii.charCodeAt(index);
    this.#at = start + length;
  }

  /** A piece of an open field: a string of JSON, after a `prefix` of ASCII in the same string. */
  quote(text: string, prefix = ''): void {
    this.#reserve(text.length * 3 + prefix.length + 2);
    const start = this.#at;
    this.#bytes[this.#at++] = QUOTE;
    if (prefix !== '') this.put(prefix);
    if (text.length < SHORT ? !this.#plain(text) : !this.#unescaped(text)) {
      this.#at = start;
      this.json(prefix + text);
      return;
    }
    this.#bytes[this.#at++] = QUOTE;
  }

  /** A piece of an open field: any value as JSON. */
  json(value: unknown): void {
    const json = storableJson(value);
    this.#reserve(json.length * 3);
    this.#write(json);
  }

  /** integer */
  integer(value: number): void {
    this.#reserve(8);
    this.#view.setInt32(this.#at, 4);
    this.#view.setInt32(this.#at + 4, value);
    this.#at += 8;
  }

  /** bigint. `at` of just before the call can be given to `setBigint`. */
  bigint(value: number): void {
    this.#reserve(12);
    this.#view.setInt32(this.#at, 8);
    this.#at += 12;
    this.setBigint(this.#at - 12, value);
  }

  /** Puts another value into a bigint field that was written at `at`. */
  setBigint(at: number, value: number): void {
    const high = Math.floor(value / 2 ** 32);
    this.#view.setInt32(at + 4, high);
    this.#view.setUint32(at + 8, value - high * 2 ** 32);
  }

  /** bytea */
  bytes(value: Buffer): void {
    this.#reserve(4 + value.length);
    this.#view.setInt32(this.#at, value.length);
    this.#bytes.set(value, this.#at + 4);
    this.#at += 4 + value.length;
  }

  /** bytea, from its bytes in hexadecimal */
  hex(value: string): void {
    const length = value.length >> 1;
    this.#reserve(4 + length);
    this.#view.setInt32(this.#at, length);
    const bytes = this.#bytes;
    const start = this.#at + 4;
    for (let index = 0; index < length; index++)
      bytes[start + index] =
        (nibble(value.charCodeAt(2 * index)) << 4) | nibble(value.charCodeAt(2 * index + 1));
    this.#at = start + length;
  }

  /** timestamptz, from milliseconds since 1970 */
  time(moment: number | null): void {
    if (moment === null) this.none();
    else this.bigint((moment - EPOCH) * 1000);
  }

  /** text[]; nothing for undefined. */
  texts(values: readonly string[] | undefined): void {
    if (values === undefined) {
      this.none();
      return;
    }
    const start = this.#at;
    this.#reserve(24);
    const count = values.length;
    this.#view.setInt32(start + 4, count === 0 ? 0 : 1);
    this.#view.setInt32(start + 8, 0);
    this.#view.setInt32(start + 12, TEXT_OID);
    this.#at += 16;
    if (count > 0) {
      this.#view.setInt32(start + 16, count);
      this.#view.setInt32(start + 20, 1);
      this.#at += 8;
      for (const value of values) this.#text(value);
    }
    this.#view.setInt32(start, this.#at - start - 4);
  }

  /** The bytes of a stretch of rows: valid until something else is written. */
  stretch(from: number, to: number): Buffer {
    return this.#bytes.subarray(from, to);
  }

  /** Forgets every row, and keeps the room for the next. */
  clear(): void {
    this.#at = 0;
  }

  #text(value: string): void {
    this.#reserve(4 + value.length * 3);
    const start = this.#at;
    this.#at = start + 4;
    this.#write(value);
    this.#view.setInt32(start, this.#at - start - 4);
  }

  /** Room is reserved. */
  #write(value: string): void {
    if (value.length < SHORT && this.#plain(value)) return;
    const text = value.includes('\0') ? value.replaceAll('\0', '\ufffd') : value;
    this.#at += this.#bytes.write(text, this.#at, 'utf8');
  }

  /** Writes a longer string that needs no escape in JSON; nothing of another one. */
  #unescaped(value: string): boolean {
    if (NOT_PLAIN.test(value)) return false;
    this.#at += this.#bytes.write(value, this.#at, 'utf8');
    return true;
  }

  /** Writes a short string of ASCII that needs no escape anywhere; nothing of another one. */
  #plain(value: string): boolean {
    const bytes = this.#bytes;
    const start = this.#at;
    const { length } = value;
    for (let index = 0; index < length; index++) {
      const code = value.charCodeAt(index);
      if (code < 0x20 || code > 0x7e || code === QUOTE || code === BACKSLASH) return false;
      bytes[start + index] = code;
    }
    this.#at = start + length;
    return true;
  }

  #reserve(more: number): void {
    if (this.#at + more <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, this.#at + more));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#bytes = larger;
    this.#view = viewOf(larger);
  }
}

/** Value of a hexadecimal digit. */
function nibble(code: number): number {
  return code < 0x40 ? code & 0xf : (code & 0xf) + 9;
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
