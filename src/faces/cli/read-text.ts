import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { MusterError } from '#base/errors';
import { fileError } from './file-error.ts';

/** Unpacking to more than this is no file that a command takes. */
const LARGEST = 512 * 1024 * 1024;

/**
 * The text of a file that somebody named, plain or gzip.
 *
 * @throws MusterError FILE_UNREADABLE, FILE_MALFORMED
 */
export async function readText(file: string): Promise<string> {
  let bytes: Buffer;
  try {
    bytes = await readFile(file);
  } catch (error) {
    throw fileError(error, file) ?? error;
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes.toString('utf8');
  try {
    return gunzipSync(bytes, { maxOutputLength: LARGEST }).toString('utf8');
  } catch (cause) {
    throw new MusterError('FILE_MALFORMED', `${file} is no whole gzip file`, { cause });
  }
}
