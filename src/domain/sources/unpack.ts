import { createReadStream, type Stats } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { Duplex, type PassThrough, Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { ReadableStream } from 'node:stream/web';
import { createBrotliDecompress, createGunzip } from 'node:zlib';
import { Decompress as ZstdDecompress } from 'fzstd';
import { extract, type Header } from 'tar-stream';
import unbzip2 from 'unbzip2-stream';
import xz from 'xz-decompress';
import { type Entry, fromBuffer, type ZipFile } from 'yauzl';
import { MusterError } from '#base/errors';
import { DocumentProblem, type SourceFile } from './source.ts';

/** One file of a folder or of a feed, before anything is decompressed. */
export interface PackedFile {
  /** Path below the folder or the feed's base, with `/`. */
  path: string;
  open(): Readable;
  /**
   * What it says of what is not in it. `all`: what it held before and does not hold now is gone. `latest`: it holds the last
   * ones, what leaves it stays. `piece`: a page, a difference, a single record. The default is `all`.
   */
  holds?: 'all' | 'latest' | 'piece';
  /** It was asked for where the source publishes: in no form of the source, it is refused rather than passed over. */
  due?: true;
}

/** A file, or a piece of a file of lines: whole lines of it, so that a large one need not be in memory at once. */
export interface UnpackedFile extends SourceFile {
  /** The piece goes on where the one before it ended. */
  goesOn?: true;
}

/** Large pieces: half of the time of unpacking goes into handing small ones on. */
const CHUNK = 1 << 19;

/** A file larger than this, after decompression, is refused: no source publishes one, and a bomb looks like that. */
export const MAX_FILE_BYTES = 1 << 30;

/** Every file below a folder, in the order of their paths, so that two runs read them alike. */
export async function filesOfFolder(folder: string): Promise<PackedFile[]> {
  let info: Stats;
  try {
    info = await stat(folder);
  } catch (cause) {
    throw new MusterError('FILE_UNREADABLE', `there is no folder ${folder}`, { cause });
  }
  if (!info.isDirectory())
    return [
      {
        path: folder.split(sep).at(-1) ?? folder,
        open: () => createReadStream(folder, { highWaterMark: CHUNK }),
      },
    ];
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((full) => ({
      path: relative(folder, full).split(sep).join('/'),
      open: () => createReadStream(full, { highWaterMark: CHUNK }),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * What is in a file: itself, or, of a tar or zip archive, its members (`archive.tar.gz!/member`). Compression by gzip, bzip2,
 * xz, zstd or brotli is undone, whatever the name says where the bytes tell. A file of lines (`.jsonl`) comes in pieces.
 *
 * @throws DocumentProblem `truncated` or `too-large` where the file cannot be unpacked as a whole
 */
export async function* unpack(file: PackedFile): AsyncGenerator<UnpackedFile> {
  const { kind, name } = packingOf(file.path);
  try {
    const source = file.open();
    const limited = limit();
    const stages = [source, ...decompressor(kind), limited];
    // Errors of any stage arrive at the reader below; the pipeline's own promise only repeats them.
    const flow = pipeline(stages as [Readable, ...Duplex[]]);
    flow.catch(() => {});
    if (name.endsWith('.tar')) yield* members(limited, file.path);
    else if (name.endsWith('.zip')) yield* zipMembers(await collect(limited), file.path);
    else if (/\.jsonl$/i.test(name)) yield* piecesOfLines(limited, file.path);
    else yield { path: file.path, bytes: await collect(limited) };
    await flow;
  } catch (error) {
    throw asProblem(error, file.path);
  }
}

type Packing = 'gzip' | 'bzip2' | 'xz' | 'zstd' | 'brotli' | 'none';

const ENDINGS: readonly [RegExp, Packing][] = [
  [/\.(gz|tgz)$/, 'gzip'],
  [/\.bz2$/, 'bzip2'],
  [/\.(xz|txz)$/, 'xz'],
  [/\.(zst|zstd)$/, 'zstd'],
  [/\.br$/, 'brotli'],
];

/** How a file is packed, by its name, and what its name is without that. */
function packingOf(path: string): { kind: Packing; name: string } {
  for (const [ending, kind] of ENDINGS) {
    if (ending.test(path)) return { kind, name: path.replace(ending, /\.t[gx]z$/.test(path) ? '.tar' : '') };
  }
  return { kind: 'none', name: path };
}

/** More than this out of one piece that was put in is a bomb, where the library hands out all of it at once. */
const MAX_AT_ONCE = 256 << 20;

function tooMuch(): DocumentProblem {
  return new DocumentProblem('too-large', '', `a piece of it unpacks to more than ${MAX_AT_ONCE} bytes`);
}

function decompressor(kind: Packing): Duplex[] {
  switch (kind) {
    case 'gzip':
      return [createGunzip({ chunkSize: CHUNK })];
    case 'brotli':
      return [createBrotliDecompress({ chunkSize: CHUNK })];
    case 'bzip2':
      return [bzip2()];
    case 'xz':
      return [Duplex.from(unxz)];
    case 'zstd':
      return [zstd()];
    case 'none':
      return [];
  }
}

/** By WebAssembly: prebuilt code for xz that runs on Node 20 there is none. */
async function* unxz(packed: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  const stream = Readable.toWeb(Readable.from(packed)) as ReadableStream<Uint8Array>;
  for await (const piece of new xz.XzReadableStream(stream) as ReadableStream<Uint8Array>)
    yield Buffer.from(piece);
}

/** Zstandard by the pure library, since node:zlib has it only from Node 22.15. */
function zstd(): Transform {
  let out = 0;
  const stream: Transform = new Transform({
    readableHighWaterMark: CHUNK,
    transform(chunk: Buffer, _encoding, done) {
      out = 0;
      attempt(done, () => inner.push(chunk));
    },
    flush(done) {
      out = 0;
      attempt(done, () => inner.push(new Uint8Array(0), true));
    },
  });
  const inner = new ZstdDecompress((chunk) => {
    out += chunk.length;
    if (out > MAX_AT_ONCE) throw tooMuch();
    if (chunk.length > 0) stream.push(Buffer.from(chunk));
  });
  return stream;
}

/** The library keeps up to a whole block's input back and then unpacks all that it has; a failure inside is an error of the stream. */
function bzip2(): Transform {
  const stream = unbzip2() as Transform & { queue(data: Buffer | null): unknown };
  const queue = stream.queue.bind(stream);
  let out = 0;
  stream.queue = (data) => {
    out += data?.length ?? 0;
    if (out > MAX_FILE_BYTES) throw tooMuch();
    return queue(data);
  };
  return stream;
}

function attempt(done: (error?: Error) => void, work: () => void): void {
  try {
    work();
    done();
  } catch (error) {
    done(error instanceof Error ? error : new Error(String(error)));
  }
}

/** Passes bytes on, up to the limit for each file: a bomb ends here. */
function limit(): PassThrough {
  let seen = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      seen += chunk.length;
      if (seen > MAX_FILE_BYTES * 8)
        done(new DocumentProblem('too-large', '', `unpacks to more than ${MAX_FILE_BYTES * 8} bytes`));
      else done(null, chunk);
    },
  }) as PassThrough;
}

async function collect(stream: Readable): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += (chunk as Buffer).length;
    if (size > MAX_FILE_BYTES)
      throw new DocumentProblem('too-large', '', `larger than ${MAX_FILE_BYTES} bytes`);
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks, size);
}

async function* piecesOfLines(stream: Readable, path: string): AsyncGenerator<UnpackedFile> {
  let begun: Buffer[] = [];
  let size = 0;
  let first = true;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > MAX_FILE_BYTES)
      throw new DocumentProblem('too-large', '', `larger than ${MAX_FILE_BYTES} bytes`);
    const end = chunk.lastIndexOf(NEWLINE) + 1;
    if (end === 0) {
      begun.push(chunk);
      continue;
    }
    // Of all that is in memory only the line over the border between two chunks is copied.
    const start = begun.length === 0 ? 0 : chunk.indexOf(NEWLINE) + 1;
    const over = start === 0 ? null : Buffer.concat([...begun, chunk.subarray(0, start)]);
    for (const bytes of [over, chunk.subarray(start, end)]) {
      if (bytes === null || isBlank(bytes)) continue;
      yield first ? { path, bytes } : { path, bytes, goesOn: true };
      first = false;
    }
    begun = end < chunk.length ? [chunk.subarray(end)] : [];
  }
  const bytes = Buffer.concat(begun);
  if (first) yield { path, bytes };
  else if (!isBlank(bytes)) yield { path, bytes, goesOn: true };
}

const NEWLINE = 0x0a;

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === NEWLINE || byte === 0x0d || byte === 0x09);
}

async function* members(stream: Readable, archive: string): AsyncGenerator<SourceFile> {
  const tar = extract();
  const fed = pipeline(stream, tar);
  fed.catch(() => {});
  let found = 0;
  for await (const entry of tar as AsyncIterable<Readable & { header: Header }>) {
    found += 1;
    // Directories, links and devices hold nothing that a source publishes.
    if (entry.header.type === 'file')
      yield {
        path: memberPath(archive, entry.header.name),
        bytes: await collect(entry),
      };
    else entry.resume();
  }
  await fed;
  // Half of a feed, or none of it, must not look like a feed from which much was taken out.
  if (found === 0) throw new DocumentProblem('empty', archive, `there is nothing in ${archive}`);
}

/**
 * A zip archive is read from its end, so that all of it has to be there. The library holds each member to the size that
 * the archive claims for it.
 */
async function* zipMembers(bytes: Buffer, archive: string): AsyncGenerator<SourceFile> {
  const zip = await openZip(bytes);
  let size = 0;
  let found = 0;
  for (let entry = await nextEntry(zip); entry !== null; entry = await nextEntry(zip)) {
    if (entry.fileName.endsWith('/')) continue;
    found += 1;
    size += entry.uncompressedSize;
    if (size > MAX_FILE_BYTES * 8) throw tooMuch();
    const content = await collect(await openEntry(zip, entry));
    yield { path: memberPath(archive, entry.fileName), bytes: content };
  }
  if (found === 0) throw new DocumentProblem('empty', archive, `there is nothing in ${archive}`);
}

function openZip(bytes: Buffer): Promise<ZipFile> {
  return new Promise((resolve, reject) =>
    fromBuffer(bytes, { lazyEntries: true }, (error, zip) => (error ? reject(error) : resolve(zip))),
  );
}

/** Null after the last one. */
function nextEntry(zip: ZipFile): Promise<Entry | null> {
  return new Promise((resolve, reject) => {
    const settle = (act: () => void) => {
      for (const name of ['entry', 'end', 'error']) zip.removeAllListeners(name);
      act();
    };
    zip.once('entry', (entry: Entry) => settle(() => resolve(entry)));
    zip.once('end', () => settle(() => resolve(null)));
    zip.once('error', (error: Error) => settle(() => reject(error)));
    zip.readEntry();
  });
}

function openEntry(zip: ZipFile, entry: Entry): Promise<Readable> {
  return new Promise((resolve, reject) =>
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream))),
  );
}

function memberPath(archive: string, name: string): string {
  return `${archive}!/${name.replace(/\p{Cc}/gu, '\ufffd').slice(0, 1000)}`;
}

function asProblem(error: unknown, path: string): unknown {
  if (error instanceof DocumentProblem || error instanceof MusterError) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT' || code === 'EACCES' || code === 'EISDIR') {
    return new MusterError('FILE_UNREADABLE', `cannot read ${path}: ${message}`, { cause: error });
  }
  return new DocumentProblem('truncated', path, `cannot be unpacked: ${message}`, { cause: error });
}
