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

  /** A piece of an open field. */
  put(text: string): void {
    this.#reserve(text.length * 3);
    this.#write(text);
  }

  /** A piece of an open field: a string of JSON. */
  quote(text: string): void {
    this.#reserve(text.length * 3 + 2);
    const start = this.#at;
    this.#bytes[start] = QUOTE;
    this.#at = start + 1;
    if (text.length < SHORT ? !this.#plain(text) : NOT_PLAIN.test(text)) {
      this.#at = start;
      this.put(JSON.stringify(text).replaceAll('\\u0000', '\\ufffd'));
      return;
    }
    if (text.length >= SHORT) this.#at += this.#bytes.write(text, this.#at, 'utf8');
    this.#bytes[this.#at++] = QUOTE;
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

  /** bytea, from its bytes in hexadecimal */
  hex(value: string): void {
    this.#reserve(4 + value.length / 2);
    this.#view.setInt32(this.#at, value.length / 2);
    this.#at += 4 + this.#bytes.write(value, this.#at + 4, 'hex');
  }

  /** timestamptz from ISO 8601; a day without a time begins at midnight in UTC. */
  time(iso: string | null): void {
    if (iso === null) this.none();
    else this.bigint((Date.parse(iso) - EPOCH) * 1000);
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

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
}
