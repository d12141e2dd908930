import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { MusterError } from '#base/errors';
import { LARGEST_MESSAGE } from './message.ts';
import type { RawMessage } from './read-mbox.ts';

const HEAD = 64 << 10;

/**
 * The messages of a maildir (`new` and `cur`; `tmp` is nobody's yet), by the names of their files; of those that neither came
 * nor were renamed since a moment (milliseconds) nothing is read. A file that goes away in between was moved, and comes
 * again under its other name.
 *
 * @throws MusterError FILE_UNREADABLE where there is no maildir
 */
export async function* readMaildir(folder: string, since = 0): AsyncGenerator<RawMessage> {
  const found: { name: string; path: string }[] = [];
  for (const part of ['cur', 'new']) {
    let names: string[];
    try {
      names = await readdir(join(folder, part));
    } catch (cause) {
      throw new MusterError('FILE_UNREADABLE', `${folder} is no maildir: it has no folder ${part}`, {
        cause,
      });
    }
    for (const name of names) {
      if (!name.startsWith('.')) found.push({ name, path: join(folder, part, name) });
    }
  }
  found.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const { name, path } of found) {
    const read = await readFileUpTo(path, since);
    if (read === null) continue;
    const { size, bytes } = read;
    yield size > LARGEST_MESSAGE
      ? { kind: 'too_large', place: name, size, head: bytes }
      : { kind: 'message', place: name, bytes };
  }
}

async function readFileUpTo(path: string, since: number): Promise<{ size: number; bytes: Buffer } | null> {
  try {
    await using file = await open(path, 'r');
    const stat = await file.stat();
    if (!stat.isFile() || stat.ctimeMs < since) return null;
    const bytes = Buffer.alloc(stat.size > LARGEST_MESSAGE ? HEAD : stat.size);
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
    return { size: stat.size, bytes: bytes.subarray(0, bytesRead) };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw new MusterError('FILE_UNREADABLE', `cannot read ${path}`, { cause: error });
  }
}
