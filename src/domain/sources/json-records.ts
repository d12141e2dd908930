import {
  decodeUtf8,
  findJsonValue,
  JsonFieldError,
  JsonSliceError,
  looksLikeHtml,
  oneLine,
  parseId,
  parseIsoDate,
  sliceJsonArray,
  sliceLines,
} from '#base/formats';
import { checkFile } from './document.ts';
import { DocumentProblem, type RawDocument, type SourceFile } from './source.ts';

/** How the records of a form lie in its files, and what names them. */
export interface RecordForm {
  /** Where the list is in a file that holds many; without it the list is the root. */
  list?: string;
  /** Path to the id inside a record. */
  id: readonly string[];
  /** The key of the document of that id; null where the string is no id, so that the file names it. */
  key(id: string): string | null;
}

/** An id is looked for no further: a record beyond this is refused for its size anyway. */
const ID_WITHIN = 32 << 20;

/**
 * Cuts a file into records: a list of them (`{"CVE_Items": […]}`, `[…]`), one a line, or the file as a whole. Each keeps
 * the exact bytes of the file. A record that is broken in itself is passed on under the file's name: that is for `parse`.
 *
 * @throws DocumentProblem where the file as a whole is empty, a web page, cut short, or no JSON between its records
 */
export function* splitRecords(file: SourceFile, form: RecordForm): Generator<RawDocument> {
  if (file.after === undefined) checkFile(file);
  const slices = slicesOf(file, form);
  if (slices === null) {
    yield new JsonRecord(file.bytes, form, file.path);
    return;
  }
  let number = file.after ?? 0;
  try {
    for (const bytes of slices) yield new JsonRecord(bytes, form, `${file.path}#${++number}`);
  } catch (error) {
    if (!(error instanceof JsonSliceError)) throw error;
    throw new DocumentProblem(error.reason, `byte ${error.offset}`, `${file.path}: ${error.message}`, {
      cause: error,
    });
  }
}

/** A record whose name is looked for in its bytes when somebody asks: that can take as long as parsing it. */
class JsonRecord implements RawDocument {
  readonly bytes: Buffer;
  readonly #form: RecordForm;
  readonly #place: string;

  constructor(bytes: Buffer, form: RecordForm, place: string) {
    this.bytes = bytes;
    this.#form = form;
    this.#place = place;
  }

  get key(): string {
    return keyOf(this.bytes, this.#form) ?? this.#place;
  }
}

/** Null where the file is one record. */
function slicesOf({ path, bytes }: SourceFile, form: RecordForm): Generator<Buffer> | null {
  if (/\.jsonl(?:\.[a-z0-9]+)?$/i.test(path)) return sliceLines(bytes);
  const head = bytes.toString('latin1', 0, 4096).trimStart();
  if (head.startsWith('[')) return sliceJsonArray(bytes, []);
  if (form.list !== undefined && head.includes(`"${form.list}"`)) return sliceJsonArray(bytes, [form.list]);
  const end = endOfFirst(bytes);
  return end === null || isBlank(bytes.subarray(end)) ? null : sliceLines(bytes);
}

/** Where the first value ends, or null where it does not. */
function endOfFirst(bytes: Buffer): number | null {
  try {
    const first = findJsonValue(bytes, []);
    return first === null ? null : first.byteOffset + first.length - bytes.byteOffset;
  } catch {
    return null;
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09);
}

function keyOf(bytes: Buffer, form: RecordForm): string | null {
  try {
    const value = findJsonValue(bytes.length > ID_WITHIN ? bytes.subarray(0, 1 << 20) : bytes, form.id);
    if (value === null || value.length < 2 || value.length > 120 || value[0] !== 0x22) return null;
    return form.key(value.toString('latin1', 1, value.length - 1));
  } catch {
    return null;
  }
}

/**
 * Reads one record of JSON.
 *
 * @throws DocumentProblem with the reason, and where in the document it lies
 */
export function readRecord<T>(document: RawDocument, read: (value: unknown) => T): T {
  const value = parseJson(document);
  return readFields(document.key, () => read(value));
}

/** Reads fields of a value, wherever it was parsed from; what is wrong with one is a problem of the document of that key. */
export function readFields<T>(key: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof JsonFieldError)) throw error;
    throw new DocumentProblem(error.reason, error.where, `${key}: ${error.message}`, { cause: error });
  }
}

function parseJson(document: RawDocument): unknown {
  const { bytes } = document;
  const text = decodeUtf8(bytes);
  if (text === null)
    throw new DocumentProblem('bad-encoding', `byte ${firstBadByte(bytes)}`, `${document.key} is not UTF-8`);
  try {
    return cleaned(text, JSON.parse(text));
  } catch (cause) {
    const { key } = document;
    if (text.trim() === '') throw new DocumentProblem('empty', '', `There is nothing in ${key}`);
    if (looksLikeHtml(text.slice(0, 4096)))
      throw new DocumentProblem('html', '', `${key} is a web page where data were due`);
    throw brokenJson(key, bytes, cause);
  }
}

/** What was cut short is told from what never was JSON. */
function brokenJson(key: string, bytes: Buffer, cause: unknown): DocumentProblem {
  let reason: DocumentProblem['reason'] = 'not-json';
  let where = '';
  try {
    findJsonValue(bytes, []);
  } catch (error) {
    if (error instanceof JsonSliceError) {
      if (error.reason === 'truncated') reason = 'truncated';
      where = `byte ${error.offset}`;
    }
  }
  return new DocumentProblem(reason, where, `${key}: ${(cause as Error).message.slice(0, 300)}`, { cause });
}

/** Where a lenient reading has to put U+FFFD though the bytes are not those of U+FFFD. */
function firstBadByte(bytes: Buffer): number {
  const text = bytes.toString('utf8');
  let offset = 0;
  let from = 0;
  for (let at = text.indexOf('\ufffd'); at >= 0; at = text.indexOf('\ufffd', from)) {
    offset += Buffer.byteLength(text.slice(from, at));
    if (bytes[offset] !== 0xef || bytes[offset + 1] !== 0xbf || bytes[offset + 2] !== 0xbd) break;
    offset += 3;
    from = at + 1;
  }
  return offset;
}

/** An escape that makes a control character or half a character; a database takes neither. */
const ESCAPED = /\\u(?:00[01]|[dD][89a-fA-F])/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g;
const HALF = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** The value with its strings fit to be stored. Looked at only where the text has such an escape at all. */
function cleaned(text: string, value: unknown): unknown {
  if (!text.includes('\\u') || !ESCAPED.test(text)) return value;
  if (typeof value === 'string') return cleanString(value);
  const due: unknown[] = [value];
  const clean = (item: unknown) => {
    if (typeof item === 'string') return cleanString(item);
    if (typeof item === 'object' && item !== null) due.push(item);
    return item;
  };
  for (let item = due.pop(); item !== undefined; item = due.pop()) {
    if (Array.isArray(item)) {
      for (let at = 0; at < item.length; at++) item[at] = clean(item[at]);
    } else if (typeof item === 'object' && item !== null) {
      const object = item as Record<string, unknown>;
      for (const name of Object.keys(object)) if (name !== '__proto__') object[name] = clean(object[name]);
    }
  }
  return value;
}

function cleanString(text: string): string {
  return text.replace(CONTROL, '').replace(HALF, '\ufffd');
}

const OWN_ID = /^CVE-(?:19|20|21)\d{2}-\d{4,19}$/;

/** The CVE id of a record. What only looks like one (`CVE-2023-XXXX`) is `bad-id`. */
export function ownId(text: string, where: string): string {
  if (OWN_ID.test(text)) return text;
  const id = parseId(text);
  if (id?.startsWith('CVE-') && !text.includes(',')) return id;
  throw new DocumentProblem('bad-id', where, `${where} is ${JSON.stringify(text.slice(0, 100))}, no CVE id`);
}

/** A key for a record of that CVE, or null. */
export function cveKey(id: string): string | null {
  return OWN_ID.test(id) ? id : parseId(id);
}

/** A plain time in UTC that needs no calendar to be right: what nearly all records have. */
const PLAIN_TIME =
  /^(?:19[7-9]|20\d)\d-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)T(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?Z?$/;

/** A date of a record, null where it is left out. A word in its place (`unknown`) is `bad-date`. */
export function readDate(text: string | undefined, where: string): string | null {
  if (text === undefined) return null;
  if (PLAIN_TIME.test(text)) return `${text.slice(0, 16)}${text[16] === ':' ? text.slice(16, 19) : ':00'}Z`;
  const date = parseIsoDate(text);
  if (date !== null) return date;
  throw new DocumentProblem('bad-date', where, `${where} is ${JSON.stringify(text.slice(0, 100))}, no date`);
}

/** A title for a record that has none of its own: the beginning of what it describes, else its id. */
export function titleFrom(description: string, id: string): string {
  const start = description.slice(0, 250);
  // Most descriptions are one line already: folding white space is the dearest part of cutting it.
  if (start.length < 250 || /\s\s|[^\S ]/.test(start)) return oneLine(start, 200) || id;
  return `${start.slice(0, Math.max(start.lastIndexOf(' ', 199), 100))}…`;
}

/** A text without white space around it, cut to what a report may hold. */
export function cutText(text: string, limit: number): string {
  const trimmed = text.trim();
  return trimmed.length <= limit
    ? trimmed
    : `${trimmed.slice(0, limit - 1).replace(/[\ud800-\udbff]$/, '')}…`;
}
