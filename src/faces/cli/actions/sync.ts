import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '#base/db';
import { EXIT, MusterError } from '#base/errors';
import { type HttpClient, makeHttpClient } from '#base/http';
import {
  type Alarm,
  alarmWords,
  compileSimply,
  fetchSource,
  filesOfFolder,
  listAlarms,
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
  const options = { accept: accept ?? false };
  await using client = makeHttpClient({ contact: context.config.contact });
  const read =
    from === undefined
      ? fromNetwork(context, client, options)
      : await fromFolder(context, from, sources, options);
  const results: Record<string, SyncResult | Failed> = {};
  let alarms: Alarm[] = [];
  await interruptible(context, { words: STOPPED, tidy: async () => {} }, () =>
    context.withDatabase(async (database) => {
      for (const source of sources) {
        try {
          const result = await read(database, source);
          if (typeof result !== 'string') {
            results[source.id] = result;
            context.say(sentence(source, result));
          } else if (names.length > 0) context.say(`${source.id.padEnd(8)} ${result}`);
        } catch (thrown) {
          const error = await asMusterError(thrown);
          if (error === null || !OF_ONE_SOURCE.has(error.code)) throw thrown;
          results[source.id] = { stored: 0, unchanged: 0, quarantined: 0, error: errorObject(error) };
          context.complain(error);
        }
      }
      const open = await listAlarms(database.queries, { open: true, limit: 1000 });
      alarms = open.filter(({ source }) => Object.hasOwn(results, source));
    }),
  );
  conclude(context, results, { from, alarms });
}

function conclude(
  context: Context,
  results: Readonly<Record<string, SyncResult | Failed>>,
  { from, alarms }: { from: string | undefined; alarms: readonly Alarm[] },
): void {
  const all = Object.values(results);
  const read = all.filter((each) => 'files' in each);
  if (all.some(({ quarantined }) => quarantined > 0)) {
    context.setExit(EXIT.quarantined);
    context.say('Something was put into quarantine: `./muster source quarantine` shows what and why.');
  }
  for (const { source, subject, kind, facts } of alarms)
    context.say(`${source}${subject === '' ? '' : ` ${subject}`}: ${alarmWords(kind, facts)}`);
  // What needs eyes is not simply done.
  if (alarms.length > 0) context.setExit(EXIT.quarantined);
  if (read.length < all.length) context.setExit(EXIT.failed);
  // To have read nothing must not look like having found nothing.
  else if (from !== undefined && read.every(({ files }) => files === 0)) {
    const why = read.length === 0 ? 'has no folder for' : 'holds nothing in a form of';
    context.complain(
      new MusterError('FILE_MALFORMED', `${from} ${why} ${Object.keys(results).join(', ') || 'any source'}`),
    );
    context.setExit(EXIT.failed);
  }
  const alarmsOf = (id: string) =>
    alarms
      .filter(({ source }) => source === id)
      .map(({ kind, subject, facts, openedAt }) => ({
        ...{ kind, subject, words: alarmWords(kind, facts), openedAt: openedAt.toISOString() },
      }));
  context.result(
    Object.fromEntries(Object.entries(results).map(([id, each]) => [id, { ...each, alarms: alarmsOf(id) }])),
  );
}

/** Reads a source; in words why there was nothing to read. */
type Read = (database: Database, source: Source) => Promise<SyncResult | string>;

function fromNetwork(
  { config, progress }: Context,
  client: HttpClient,
  { accept }: { accept: boolean },
): Read {
  return async (database, source) =>
    (await fetchSource(database, source, {
      ...{ client, accept, folder: join(config.data, 'fetch') },
      onProgress: (words) => progress.show(words),
    })) ?? 'is being fetched by somebody else';
}

/**
 * Where the bytes of each source lie in a folder: in folders that are called like it, else in the folder itself. A source
 * that has no folder where others do is passed over.
 *
 * @throws MusterError FILE_UNREADABLE
 */
async function fromFolder(
  context: Context,
  from: string,
  sources: readonly Source[],
  { accept }: { accept: boolean },
): Promise<Read> {
  const alone = sources.length === 1;
  const divided = (await foldersIn(from, SOURCES)).length > 0;
  // Whether it is there at all is said before a database is started.
  const all = divided ? [] : await filesOfFolder(from);
  const filesOf = async (source: Source): Promise<{ files: PackedFile[]; ours: boolean } | null> => {
    const own = await foldersIn(from, [source]);
    if (own.length > 0) {
      const lists = own.map(async (name) =>
        (await filesOfFolder(join(from, name))).map((file) => ({ ...file, path: `${name}/${file.path}` })),
      );
      return { files: (await Promise.all(lists)).flat(), ours: true };
    }
    if (divided) return alone ? { files: await filesOfFolder(from), ours: false } : null;
    return { files: all, ours: alone };
  };
  return async (database, source) => {
    const found = await filesOf(source);
    if (found === null) return `has no folder in ${from}`;
    await reread(database, source);
    return syncFiles(database, source, found.files, {
      ...{ ours: found.ours, accept },
      onProgress: ({ file, files: done, of, documents }) =>
        context.progress.show(`${source.id}  ${done}/${of} files  ${documents} documents  ${file}`),
    });
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
