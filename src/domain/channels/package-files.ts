import { readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { MusterError } from '#base/errors';
import { parseIsoDate } from '#base/formats';
import { parseObject, parsePatchList, parseSourceUrls } from './companion-files.ts';
import type { RevisionInput } from './import-revision.ts';
import { type PackageSet, parsePackageSet } from './package-set.ts';
import { flat, isRecord, text } from './untrusted.ts';

/** What is said about a package set beside its file; what is left out is looked for in the files. */
export interface PackageFileOptions {
  /** Full or abbreviated hash of the commit that the set was made from. */
  commit?: string | undefined;
  /** ISO 8601: when that commit was made. */
  committedAt?: string | undefined;
  /** Of a delta: the commit that it builds on. */
  base?: string | undefined;
  /** Paths of the lists of patches and of source URLs; null for none. */
  patches?: string | null | undefined;
  sourceUrls?: string | null | undefined;
  /** False: look at no other file than those that are named here. */
  companions?: boolean | undefined;
}

export type PackageFiles = Omit<RevisionInput, 'channel' | 'replace' | 'by'> & {
  /** The channel that an index beside the file names. */
  channel: string | null;
  /** Every file that was read. */
  files: string[];
};

/** More than this, decompressed, is no package set: nixpkgs of 2026 has a tenth of it. */
const LARGEST = 512 * 1024 * 1024;
const COMPRESSIONS = ['', '.gz', '.br'];

/**
 * Reads a package set (see {@link parsePackageSet}; plain, `.gz` or `.br`) with what lies beside it:
 *
 * - `NAME.patches.json` and `NAME.src-urls.json` for `NAME.packages.json`, `NAME.delta.json` or `NAME.json`;
 * - `index.json` beside it or one folder up, which tells commit, date and channel of the set by file or by name.
 *
 * @throws MusterError FILE_UNREADABLE, FILE_MALFORMED; USAGE where commit, date or base is said nowhere
 */
export function readPackageFiles(path: string, options: PackageFileOptions = {}): PackageFiles {
  const beside = options.companions !== false;
  const stem = basename(path)
    .replace(/\.(?:gz|br)$/, '')
    .replace(/\.json$/, '')
    .replace(/(?:^|\.)(?:packages|delta)$/, '');
  const files = [path];
  const set = parsePackageSet(readBytes(path), path);
  const companion = <T>(
    named: string | null | undefined,
    kind: string,
    parse: (bytes: Buffer, file: string) => T,
  ) => {
    const found =
      named ??
      (named === undefined && beside ? findBeside(path, [stem, kind].filter(Boolean).join('.')) : null);
    if (found === null) return null;
    files.push(found);
    return parse(readBytes(found), found);
  };
  const patches = companion(options.patches, 'patches.json', parsePatchList);
  const sourceUrls = companion(options.sourceUrls, 'src-urls.json', parseSourceUrls);
  const index = beside ? readIndex(path, stem) : NOTHING;
  if (index.file !== null) files.push(index.file);
  return {
    set,
    patches,
    sourceUrls,
    commit: commitOf(path, set, options, index),
    committedAt: dateOf(path, options, index),
    base: baseOf(path, set, options, index),
    channel: index.channel,
    files,
  };
}

/** Bytes of a file, decompressed by what they begin with (gzip) or by the name (brotli, which has no mark). */
function readBytes(path: string): Buffer {
  let bytes: Buffer;
  try {
    if (statSync(path).size > LARGEST)
      throw new MusterError('FILE_MALFORMED', `${path} is larger than ${LARGEST} bytes`);
    bytes = readFileSync(path);
  } catch (cause) {
    if (cause instanceof MusterError) throw cause;
    throw new MusterError('FILE_UNREADABLE', `${path}: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
  const unpack =
    bytes[0] === 0x1f && bytes[1] === 0x8b ? gunzipSync : path.endsWith('.br') ? brotliDecompressSync : null;
  if (unpack === null) return bytes;
  try {
    return unpack(bytes, { maxOutputLength: LARGEST });
  } catch (cause) {
    const tooLarge = (cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE';
    const why = tooLarge
      ? `it unpacks to more than ${LARGEST} bytes`
      : cause instanceof Error
        ? cause.message
        : String(cause);
    throw new MusterError('FILE_MALFORMED', `${path} cannot be unpacked: ${why}`, { cause });
  }
}

function exists(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function findBeside(path: string, name: string): string | null {
  return COMPRESSIONS.map((ending) => join(dirname(path), name + ending)).find(exists) ?? null;
}

interface IndexEntry {
  file: string | null;
  channel: string | null;
  commit: string | null;
  committedAt: string | null;
  /** Commit of the set that this one builds on. */
  base: string | null;
}

const NOTHING: IndexEntry = { file: null, channel: null, commit: null, committedAt: null, base: null };

/**
 * What an `index.json` says of a set: lists of `{name, file?, revision, commit_date, channel?, base?}` under any key. An
 * index that is something else, or does not name the set, says nothing.
 */
function readIndex(path: string, stem: string): IndexEntry {
  for (const folder of [dirname(path), dirname(dirname(path))]) {
    const file = join(folder, 'index.json');
    if (!exists(file)) continue;
    const entries = Object.values(parseObject(readBytes(file), file)).flatMap((list) =>
      flat(list).filter(isRecord),
    );
    const entry =
      entries.find((one) => one.file === basename(path)) ??
      entries.find((one) => stem !== '' && one.name === stem);
    if (entry === undefined) continue;
    const base = entries.find((one) => typeof one.name === 'string' && one.name === entry.base);
    return {
      file,
      // An entry of a channel's head has the channel's name.
      channel: text(entry.channel, 100) ?? text(entry.name, 100),
      commit: text(entry.revision, 100),
      committedAt: text(entry.commit_date, 40),
      base: text(base?.revision, 100),
    };
  }
  return NOTHING;
}

const COMMIT = /^[0-9a-f]{7,64}$/;

function commitOf(path: string, set: PackageSet, options: PackageFileOptions, index: IndexEntry): string {
  const commit = options.commit ?? set.commit ?? index.commit;
  if (commit === null)
    throw new MusterError(
      'USAGE',
      `${path} does not say which commit it was made from, and there is no index.json beside it; say it with --commit`,
    );
  if (!COMMIT.test(commit))
    throw new MusterError('USAGE', `"${commit}" is not a commit: 7 to 64 hexadecimal digits`);
  return commit;
}

function dateOf(path: string, options: PackageFileOptions, index: IndexEntry): Date {
  const said = options.committedAt ?? index.committedAt;
  if (said === null)
    throw new MusterError(
      'USAGE',
      `${path} does not say when its commit was made, and there is no index.json beside it; say it with --date`,
    );
  const date = parseIsoDate(said);
  if (date === null)
    throw new MusterError('USAGE', `"${said}" is not a date: write 2017-03-31 or 2017-03-31T12:00:00Z`);
  return new Date(date);
}

function baseOf(
  path: string,
  set: PackageSet,
  options: PackageFileOptions,
  index: IndexEntry,
): string | null {
  if (set.form !== 'delta') return null;
  const base = options.base ?? index.base ?? set.base;
  if (base !== null && COMMIT.test(base)) return base;
  throw new MusterError(
    'USAGE',
    `${path} builds on ${base === null ? 'another set' : `"${base}"`}; say with --base which commit that is`,
  );
}
