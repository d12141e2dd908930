import { brotliCompressSync, brotliDecompressSync, gunzipSync, constants as zlib } from 'node:zlib';
import { extract, pack } from 'tar-stream';

/** A file of the sample, or a member of an archive of it. */
export interface SampleFile {
  /** With `/`, below the folder or inside the archive. */
  path: string;
  bytes: Buffer;
}

/** Brotli at its best: the same bytes for the same input on every machine with the same version of brotli, which zlib does not promise. */
export function compress(bytes: Buffer): Buffer {
  return brotliCompressSync(bytes, {
    params: {
      [zlib.BROTLI_PARAM_QUALITY]: zlib.BROTLI_MAX_QUALITY,
      [zlib.BROTLI_PARAM_LGWIN]: zlib.BROTLI_MAX_WINDOW_BITS,
      [zlib.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  });
}

/** A tar archive of files in the given order; dates and owners are left at nothing, so that the bytes hang on the files alone. */
export async function archive(files: readonly SampleFile[]): Promise<Buffer> {
  const tar = pack();
  const writing = (async () => {
    for (const { path, bytes } of files) {
      await new Promise<void>((done, fail) => {
        tar.entry({ name: path, mtime: new Date(0), mode: 0o644 }, bytes, (error) =>
          error ? fail(error) : done(),
        );
      });
    }
    tar.finalize();
  })();
  const chunks: Buffer[] = [];
  for await (const chunk of tar) chunks.push(chunk as Buffer);
  await writing;
  return Buffer.concat(chunks);
}

/** What is in a file: itself, or the members of a tar archive (`archive.tar.br!/member`), with compression undone by the ending of the name. */
export async function unpacked(file: SampleFile): Promise<SampleFile[]> {
  const { path } = file;
  const plain = unpackedOne(file);
  if (!/\.(?:tar|tgz)(?:\.\w+)?$/.test(path)) return [{ path, bytes: plain }];
  const tar = extract();
  tar.end(plain);
  const files: SampleFile[] = [];
  for await (const entry of tar) {
    const chunks: Buffer[] = [];
    for await (const chunk of entry) chunks.push(chunk as Buffer);
    if (entry.header.type === 'file')
      files.push({ path: `${path}!/${entry.header.name}`, bytes: Buffer.concat(chunks) });
  }
  return files;
}

/** The bytes of a file with compression undone by the ending of its name. */
export function unpackedOne({ path, bytes }: SampleFile): Buffer {
  if (path.endsWith('.br')) return brotliDecompressSync(bytes);
  return /\.t?gz$/.test(path) ? gunzipSync(bytes) : bytes;
}
