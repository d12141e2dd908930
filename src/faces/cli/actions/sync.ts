import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT, MusterError } from '#base/errors';
import {
  compileSimply,
  fetchFeeds,
  filesOfFolder,
  type PackedFile,
  reread,
  SOURCES,
  type Source,
  type SyncResult,
  sourceNamed,
  syncFiles,
} from '#domain/sources';
import type { Context } from '../context.ts';
import { asMusterError, errorObject } from '../failure.ts';
import { interruptible } from '../interruptible.ts';

interface SyncFlags {
  from?: string;
  accept?: boolean;
}

/** A source that failed: what is stored of it stays as it was. */
interface Failed {
  stored: 0;
  unchanged: 0;
  quarantined: 0;
  error: { code: string; message: string; advice: string };
}

/** Errors of one source alone: the others are read all the same. */
const OF_ONE_SOURCE = new Set(['FETCH_FAILED', 'SOURCE_GUARDED', 'FILE_UNREADABLE']);

const STOPPED =
  'stopped. Files that were read to their end are stored, and nothing of the one that was being read; the next run goes on.';

/** `muster sync` */
export async function sync(context: Context, names: string[], { from, accept }: SyncFlags): Promise<void> {
  compileSimply();
  const sources = names.length === 0 ? SOURCES : [...new Set(names.map(sourceNamed))];
  const supply = from === undefined ? fromNetwork(context) : await fromFolder(from, sources);
  const results: Record<string, SyncResult | Failed> = {};
  let supplied: Supply | null = null;
  const tidy = async () => supplied?.remove();
  await interruptible(context, { words: STOPPED, tidy }, () =>
    context.withDatabase(async (database) => {
      for (const source of sources) {
        try {
          supplied = await supply(source);
          if (supplied === null) {
            if (names.length > 0) context.say(`${source.id.padEnd(8)} has no folder in ${from}`);
            continue;
          }
          await reread(database, source);
          const result = await syncFiles(database, source, supplied.files, {
            ours: supplied.ours,
            accept: accept ?? false,
            onProgress: ({ file, files: done, of, documents }) =>
              context.progress.show(`${source.id}  ${done}/${of} files  ${documents} documents  ${file}`),
          });
          results[source.id] = result;
          context.say(sentence(source, result));
        } catch (thrown) {
          const error = await asMusterError(thrown);
          if (error === null || !OF_ONE_SOURCE.has(error.code)) throw thrown;
          results[source.id] = { stored: 0, unchanged: 0, quarantined: 0, error: errorObject(error) };
          context.complain(error);
        } finally {
          await supplied?.remove();
          supplied = null;
        }
      }
    }),
  );
  conclude(context, results, from);
}

function conclude(
  context: Context,
  results: Readonly<Record<string, SyncResult | Failed>>,
  from: string | undefined,
): void {
  const all = Object.values(results);
  const read = all.filter((each) => 'files' in each);
  if (all.some(({ quarantined }) => quarantined > 0)) {
    context.setExit(EXIT.quarantined);
    context.say('Something was put into quarantine: `./muster source quarantine` shows what and why.');
  }
  if (read.length < all.length) context.setExit(EXIT.failed);
  // To have read nothing must not look like having found nothing.
  else if (from !== undefined && read.every(({ files }) => files === 0)) {
    const why = read.length === 0 ? 'has no folder for' : 'holds nothing in a form of';
    context.complain(
      new MusterError('FILE_MALFORMED', `${from} ${why} ${Object.keys(results).join(', ') || 'any source'}`),
    );
    context.setExit(EXIT.failed);
  }
  context.result(results);
}

interface Supply {
  files: PackedFile[];
  /** Whether only this source's files are there. */
  ours: boolean;
  remove(): Promise<void>;
}

function fromNetwork({ config, progress }: Context): (source: Source) => Promise<Supply> {
  return async (source) => {
    const onProgress = (path: string, bytes: number) =>
      progress.show(`${source.id}  fetching ${path}  ${Math.round(bytes / 1e6)} MB`);
    return { ...(await fetchFeeds(source, { contact: config.contact, onProgress })), ours: true };
  };
}

/**
 * Where the bytes of each source lie in a folder: in folders that are called like it, else in the folder itself. Null for
 * a source that has no folder where others do.
 *
 * @throws MusterError FILE_UNREADABLE
 */
async function fromFolder(
  from: string,
  sources: readonly Source[],
): Promise<(source: Source) => Promise<Supply | null>> {
  const alone = sources.length === 1;
  const divided = (await foldersIn(from, SOURCES)).length > 0;
  // Whether it is there at all is said before a database is started.
  const all = divided ? [] : await filesOfFolder(from);
  const remove = async () => {};
  return async (source) => {
    const own = await foldersIn(from, [source]);
    if (own.length > 0) {
      const lists = own.map(async (name) =>
        (await filesOfFolder(join(from, name))).map((file) => ({ ...file, path: `${name}/${file.path}` })),
      );
      return { files: (await Promise.all(lists)).flat(), ours: true, remove };
    }
    if (divided) return alone ? { files: await filesOfFolder(from), ours: false, remove } : null;
    return { files: all, ours: alone, remove };
  };
}

/** Names of folders below `from` that are called like one of the sources. */
async function foldersIn(from: string, sources: readonly Source[]): Promise<string[]> {
  const names = sources.flatMap(({ id, aliases }) => [id, ...aliases]);
  const found = await Promise.all(
    names.map(async (name) => ((await isFolder(join(from, name))) ? name : null)),
  );
  return found.filter((name) => name !== null);
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false;
  }
}

function sentence(
  { id }: Source,
  { files, stored, unchanged, quarantined, gone, foreign }: SyncResult,
): string {
  const parts = [`${stored} stored`, `${unchanged} unchanged`, `${quarantined} quarantined`];
  if (gone > 0) parts.push(`${gone} gone`);
  if (stored + gone === 0) parts.push('nothing changed');
  const others = foreign.length > 0 ? `  (${foreign.length} other files passed over)` : '';
  return `${id.padEnd(8)} ${String(files).padStart(6)} files  ${parts.join(', ')}${others}`;
}
