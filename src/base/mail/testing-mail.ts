// What tests of mail share. Loaded by tests alone.
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** Real messages, beside the repository. */
export const MAIL_DATA = join(import.meta.dirname, '../../../../shared/data/feeds/mail');
export const NO_MAIL_DATA = existsSync(MAIL_DATA) ? false : `no ${MAIL_DATA}`;

/** The bytes of a message of some headers and a body. */
export function mailOf(headers: Readonly<Record<string, string>>, body = 'words\n'): Buffer {
  const head = Object.entries(headers).map(([name, value]) => `${name}: ${value}\n`);
  return Buffer.from(`${head.join('')}\n${body}`);
}
