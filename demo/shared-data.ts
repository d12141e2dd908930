import { createReadStream, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip, gunzipSync } from 'node:zlib';

/** Text of a file of the shared data, unpacked where it is gzip. */
export function readShared(data: string, path: string): string {
  const bytes = readFileSync(join(data, path));
  return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8');
}

/** Lines of a gzipped file of JSON lines, one after the other, without the whole of it in memory. */
export async function* sharedLines(data: string, path: string): AsyncGenerator<string> {
  const input = createReadStream(join(data, path)).pipe(createGunzip());
  for await (const line of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (line !== '') yield line;
  }
}
