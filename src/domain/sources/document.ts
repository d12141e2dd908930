import { isUtf8 } from 'node:buffer';
import type { z } from 'zod';
import { decodeUtf8, findJsonValue, JsonSliceError, looksLikeHtml, sliceJsonObject } from '#base/formats';
import { DocumentProblem, type RawDocument, type SourceFile } from './source.ts';

/** The largest file of these sources is Debian's CVE list (some 35 MB) and the USN database (some 200 MB). */
const MAX_FILE = 512 * 1024 * 1024;
/** The largest single document seen is below 300 KB. */
export const MAX_DOCUMENT = 16 * 1024 * 1024;

/**
 * Throws what makes a file unreadable before anybody looks at its form: nothing in it (`empty`),
 * a web page where data were due (`html`), or far more than the source ever had (`too-large`).
 */
export function checkFile({ path, bytes }: SourceFile, maxBytes = MAX_FILE): void {
  if (bytes.length > maxBytes)
    throw new DocumentProblem('too-large', path, `${path} has ${bytes.length} bytes, more than ${maxBytes}`);
  if (bytes.every(isBlank)) throw new DocumentProblem('empty', path, `There is nothing in ${path}`);
  if (looksLikeHtml(bytes.toString('utf8', 0, 4096)))
    throw new DocumentProblem(
      'html',
      path,
      `${path} is a web page; the address has moved, or the source is down`,
    );
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09 || byte === 0;
}

/** The text of a document. Throws `bad-encoding` with the first line that is not UTF-8, or that has a NUL in it. */
export function readText({ key, bytes }: RawDocument): string {
  if (bytes.length > MAX_DOCUMENT)
    throw new DocumentProblem(
      'too-large',
      key,
      `${key} has ${bytes.length} bytes, more than ${MAX_DOCUMENT}`,
    );
  const text = bytes.includes(0) ? null : decodeUtf8(bytes);
  if (text !== null) return text;
  const line = firstBadLine(bytes);
  throw new DocumentProblem('bad-encoding', `line ${line}`, `Line ${line} of ${key} is not UTF-8 text`);
}

function firstBadLine(bytes: Buffer): number {
  for (let at = 0, line = 1; ; line++) {
    const newline = bytes.indexOf(0x0a, at);
    const piece = bytes.subarray(at, newline < 0 ? bytes.length : newline);
    if (!isUtf8(piece) || piece.includes(0) || newline < 0) return line;
    at = newline + 1;
  }
}

/**
 * A document that is one JSON value, checked against its schema. Throws `truncated`, `not-json`, `missing-field` or
 * `wrong-type` with the JSON path at which it goes wrong.
 */
export function readJson<T>(document: RawDocument, schema: z.ZodType<T>): T {
  const text = readText(document);
  const value = parseJson(document, text);
  const found = schema.safeParse(value);
  if (found.success) return found.data;
  const [issue] = found.error.issues;
  const where = issue?.path.join('.') || '(root)';
  const missing = valueAt(value, issue?.path ?? []) === undefined;
  throw new DocumentProblem(
    missing ? 'missing-field' : 'wrong-type',
    where,
    `${document.key}: ${where} ${missing ? 'is missing' : `is not as it should be: ${issue?.message}`}`,
  );
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (at, key) => (Object(at) === at ? Reflect.get(Object(at), key) : undefined),
    value,
  );
}

function parseJson({ key, bytes }: RawDocument, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    // The slicer tells a document that was cut short from one that never was JSON.
    for (const _ of jsonMembers(key, sliceJsonObject(bytes, [])));
    throw new DocumentProblem('not-json', '(root)', `${key} is not JSON`, { cause });
  }
}

/** Passes on what a slicer finds, and turns its error into a problem of the file. */
export function* jsonMembers<T>(path: string, slices: Iterable<T>): Generator<T> {
  try {
    yield* slices;
  } catch (error) {
    throw asProblem(path, error);
  }
}

/** The string at `key` of a JSON object, unread otherwise; null where there is none, or one with escapes. Throws as {@link jsonMembers}. */
export function jsonString(path: string, bytes: Buffer, key: string): string | null {
  try {
    const value = findJsonValue(bytes, [key])?.toString('utf8');
    return /^"([^"\\]{0,1000})"$/.exec(value ?? '')?.[1] ?? null;
  } catch (error) {
    throw asProblem(path, error);
  }
}

function asProblem(path: string, error: unknown): unknown {
  if (!(error instanceof JsonSliceError)) return error;
  return new DocumentProblem(error.reason, `byte ${error.offset}`, `${path}: ${error.message}`, {
    cause: error,
  });
}

/** Text for a report: without control characters (a database takes no NUL), well-formed, trimmed, cut at `limit` with an ellipsis. */
export function plainText(text: string, limit = 20_000): string {
  const plain = text
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .replace(/\p{Cs}/gu, '\ufffd')
    .trim();
  return plain.length <= limit ? plain : `${plain.slice(0, limit - 1).replace(/\p{Cs}$/u, '')}…`;
}
