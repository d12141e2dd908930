import { isUtf8 } from 'node:buffer';
import { MusterError } from '#base/errors';
import { flat, isRecord, text } from './untrusted.ts';

const MOST_PATCHES = 500;

/**
 * Patch file names of each attribute: `{"patches": {attr: [name]}}`, or the inner object alone. Names lose their folder and
 * the hash of a store path. An attribute with an empty list is left out; it has no patches.
 *
 * @throws MusterError FILE_MALFORMED
 */
export function parsePatchList(bytes: Buffer, file = 'the list of patches'): Map<string, readonly string[]> {
  const whole = parseObject(bytes, file);
  const lists = new Map<string, readonly string[]>();
  for (const [attr, value] of Object.entries(isRecord(whole.patches) ? whole.patches : whole)) {
    if (!Array.isArray(value))
      throw new MusterError(
        'FILE_MALFORMED',
        `${file} is no list of patches: "${attr.slice(0, 60)}" is not a list`,
      );
    const names = flat(value)
      .slice(0, MOST_PATCHES)
      .flatMap((path) => patchName(path) ?? []);
    if (names.length > 0) lists.set(attr, names);
  }
  return lists;
}

/**
 * Source URL of each attribute: `{attr: url}`.
 *
 * @throws MusterError FILE_MALFORMED
 */
export function parseSourceUrls(bytes: Buffer, file = 'the list of source URLs'): Map<string, string> {
  const urls = new Map<string, string>();
  for (const [attr, value] of Object.entries(parseObject(bytes, file))) {
    const url = text(value, 2000);
    if (url === null)
      throw new MusterError(
        'FILE_MALFORMED',
        `${file} is no list of source URLs: "${attr.slice(0, 60)}" is not a text`,
      );
    urls.set(attr, url);
  }
  return urls;
}

function patchName(path: unknown): string | null {
  const whole = text(path, 2000);
  if (whole === null) return null;
  const name = whole.slice(whole.lastIndexOf('/') + 1).replace(/^[0-9a-z]{32}-/, '');
  return name.slice(0, 300) || null;
}

/** The object that a JSON file is. Its keys come from outside: read it with Object.entries only. */
export function parseObject(bytes: Buffer, file: string): Record<string, unknown> {
  if (!isUtf8(bytes)) throw new MusterError('FILE_MALFORMED', `${file} is not UTF-8 text`);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8').replace(/^\ufeff/, ''));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new MusterError('FILE_MALFORMED', `${file} is not JSON: ${why}`, { cause });
  }
  if (!isRecord(value)) throw new MusterError('FILE_MALFORMED', `${file} is not a JSON object`);
  return value;
}
