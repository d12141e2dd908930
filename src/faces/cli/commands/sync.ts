import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { EXIT } from '#base/errors';
import {
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
import { type Cli, examples } from '../program.ts';

interface SyncFlags {
  from?: string;
  accept?: boolean;
}

/** `muster sync [SOURCE…] [--from DIR]` */
export function syncCommand({ program, run }: Cli): void {
  const command = program
    .command('sync')
    .description(
      'Read what the sources publish: from the network, or from a folder that holds the same bytes.',
    )
    .argument('[source...]', `sources to read (default: all): ${SOURCES.map(({ id }) => id).join(', ')}`)
    .option(
      '--from <dir>',
      'read this folder; where it has folders named like sources, each source reads its own',
    )
    .option('--accept', 'apply a batch even where it removes more than the source usually does')
    .action(
      run(async (context, names: string[], flags: SyncFlags) => {
        const sources = names.length === 0 ? SOURCES : [...new Set(names.map(sourceNamed))];
        const results: Record<string, SyncResult> = {};
        await context.withDatabase(async (database) => {
          for (const source of sources) {
            const supplied = await supply(context, source, flags.from, sources.length === 1);
            if (supplied === null) continue;
            try {
              await reread(database, source);
              const result = await syncFiles(database, source, supplied.files, {
                ours: supplied.ours,
                accept: flags.accept ?? false,
                onProgress: ({ file, files: done, of, documents }) =>
                  context.progress.show(`${source.id}  ${done}/${of} files  ${documents} documents  ${file}`),
              });
              results[source.id] = result;
              context.say(sentence(source, result));
            } finally {
              await supplied.remove();
            }
          }
        });
        if (Object.values(results).some(({ quarantined }) => quarantined > 0)) {
          context.setExit(EXIT.quarantined);
          context.say('Something was put into quarantine: `./muster source quarantine` shows what and why.');
        }
        context.result(results);
      }),
    );
  examples(command, [
    './muster sync                                   everything, from the network',
    './muster sync debian gentoo                     two sources',
    './muster sync --from ../shared/data/feeds       from a folder with a folder for each source',
  ]);
}

interface Supply {
  files: PackedFile[];
  /** Whether only this source's files are there. */
  ours: boolean;
  remove(): Promise<void>;
}

/** Where the bytes of a source come from. Null where a folder with folders for each source has none for this one. */
async function supply(
  context: Context,
  source: Source,
  from: string | undefined,
  alone: boolean,
): Promise<Supply | null> {
  if (from === undefined) {
    const { contact } = context.config;
    const onProgress = (path: string, bytes: number) =>
      context.progress.show(`${source.id}  fetching ${path}  ${Math.round(bytes / 1e6)} MB`);
    return { ...(await fetchFeeds(source, { contact, onProgress })), ours: true };
  }
  const remove = async () => {};
  const own = await foldersIn(from, [source]);
  if (own.length > 0) {
    const lists = own.map(async (name) =>
      (await filesOfFolder(join(from, name))).map((file) => ({ ...file, path: `${name}/${file.path}` })),
    );
    return { files: (await Promise.all(lists)).flat(), ours: true, remove };
  }
  const divided = (await foldersIn(from, SOURCES)).length > 0;
  if (divided && !alone) return null;
  return { files: await filesOfFolder(from), ours: alone && !divided, remove };
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
