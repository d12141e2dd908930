import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { download } from '#base/http';
import type { Source } from './source.ts';
import { MAX_FILE_BYTES, type PackedFile } from './unpack.ts';

/** The files of a source, fetched into a folder of their own; `remove` takes it away. */
export interface Fetched {
  files: PackedFile[];
  remove(): Promise<void>;
}

/**
 * Fetches every feed of a source, one after another. A feed that does not answer fails the source as a whole: part of it
 * would look like a source that has shrunk.
 *
 * @throws MusterError FETCH_FAILED
 */
export async function fetchFeeds(
  source: Source,
  options: { contact?: string | undefined; onProgress?: (path: string, bytes: number) => void },
): Promise<Fetched> {
  const folder = await mkdtemp(join(tmpdir(), `muster-${source.id}-`));
  const remove = () => rm(folder, { recursive: true, force: true });
  try {
    const files: PackedFile[] = [];
    for (const { url, path } of source.feeds) {
      const full = join(folder, path);
      await download(url, full, {
        contact: options.contact,
        maxBytes: MAX_FILE_BYTES,
        onProgress: (bytes) => options.onProgress?.(path, bytes),
      });
      files.push({ path, open: () => createReadStream(full) });
    }
    return { files, remove };
  } catch (error) {
    await remove();
    throw error;
  }
}
