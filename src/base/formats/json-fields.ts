/**
 * Reads fields of parsed JSON by hand: for records that come by the hundred thousand, where a schema library would cost
 * more than the parsing. `where` is the path that an error names ("references[].url"); the first `[]` gets the index.
 */

export interface JsonObject {
  readonly [key: string]: unknown;
}

/** A field of a document that is missing or of another type than it must have. The message begins with `where`. */
export class JsonFieldError extends Error {
  readonly reason: 'missing-field' | 'wrong-type';
  readonly where: string;

  constructor(reason: 'missing-field' | 'wrong-type', where: string, message: string) {
    super(message);
    this.name = 'JsonFieldError';
    this.reason = reason;
    this.where = where;
  }
}

function fail(value: unknown, what: string, path: string, index: number | undefined): JsonFieldError {
  const where = index === undefined ? path : path.replace('[]', `[${index}]`);
  if (value === undefined || value === null)
    return new JsonFieldError('missing-field', where, `${where} is missing`);
  const is = Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : `a ${typeof value}`;
  return new JsonFieldError('wrong-type', where, `${where} should be ${what}, but is ${is}`);
}

/** The object that must be there. */
export function asObject(value: unknown, where: string, index?: number): JsonObject {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as JsonObject;
  throw fail(value, 'an object', where, index);
}

/** An object; an empty one where it is left out or null. */
export function optionalObject(value: unknown, where: string, index?: number): JsonObject {
  return value === undefined || value === null ? NOTHING : asObject(value, where, index);
}

const NOTHING: JsonObject = Object.freeze({});

/** A list; an empty one where it is left out or null. */
export function asList(value: unknown, where: string, index?: number): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (value === undefined || value === null) return NONE;
  throw fail(value, 'a list', where, index);
}

/** Not frozen: to the engine a frozen list is another kind of thing, and whoever reads lists meets both. */
const NONE: readonly unknown[] = [];

/** The string that must be there. */
export function asString(value: unknown, where: string, index?: number): string {
  if (typeof value === 'string') return value;
  throw fail(value, 'a string', where, index);
}

/** A string, or undefined where it is left out or null. */
export function optionalString(value: unknown, where: string, index?: number): string | undefined {
  return value === undefined || value === null ? undefined : asString(value, where, index);
}

/** A number, also where it is written as a string ("9.8": Red Hat's API); undefined where it is left out, null or "". */
export function optionalNumber(value: unknown, where: string, index?: number): number | undefined {
  if (value === undefined || value === null || value === '') return undefined;
  const number = typeof value === 'string' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number)) return number;
  throw fail(value, 'a number', where, index);
}

/** The number that must be there; as {@link optionalNumber} otherwise. */
export function asNumber(value: unknown, where: string, index?: number): number {
  const number = optionalNumber(value, where, index);
  if (number !== undefined) return number;
  throw fail(undefined, 'a number', where, index);
}

/** Reads a part of a document whose paths begin with `where`: they are put together only for an error. */
export function within<T>(where: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof JsonFieldError)) throw error;
    throw new JsonFieldError(error.reason, `${where}.${error.where}`, `${where}.${error.message}`);
  }
}
