import { EXIT, MusterError } from '#base/errors';
import {
  defineChannel,
  importRevision,
  type Lifecycle,
  latestRevision,
  listChannels,
  listRevisions,
  readPackageFiles,
} from '#domain/channels';
import type { Context } from '../context.ts';
import { fileError } from '../file-error.ts';
import { table } from '../table.ts';
import { whoAmI } from '../who-am-i.ts';

interface ImportFlags {
  commit?: string;
  date?: string;
  base?: string;
  patches?: string;
  sourceUrls?: string;
  companions: boolean;
  replace?: boolean;
}

const SHOWN_PROBLEMS = 20;

/** `muster channel import` */
export async function take(context: Context, name: string, file: string, flags: ImportFlags): Promise<void> {
  const { commit, date, base, patches, sourceUrls, companions } = flags;
  const {
    channel: _,
    files,
    ...input
  } = readFiles(file, { commit, committedAt: date, base, patches, sourceUrls, companions });
  context.progress.show(`${name}  ${input.set.packages.length} packages`);
  const result = await context.withDatabase((database) =>
    importRevision(database, {
      ...input,
      channel: name,
      replace: flags.replace ?? false,
      by: { actor: whoAmI(), cause: `import of ${file}` },
    }),
  );
  if (result.problems.length > 0) context.setExit(EXIT.quarantined);
  context.result({ ...result, files }, () => {
    const { outcome, packages, added, removed, changed } = result;
    const what =
      outcome === 'unchanged'
        ? 'was imported before: nothing changed'
        : `${outcome}: ${packages} packages, ${added} added, ${removed} removed, ${changed} changed`;
    context.say(
      `${name} at ${result.commit.slice(0, 12)} (${result.committedAt.toISOString().slice(0, 10)}) ${what}`,
    );
    for (const { attr, why } of result.problems.slice(0, SHOWN_PROBLEMS)) context.say(`  ${attr}: ${why}`);
    const more = result.problems.length - SHOWN_PROBLEMS;
    if (more > 0) context.say(`  … and ${more} more entries that could not be read`);
  });
}

/** As the room reads them; where the operating system is in the way, in its words for a person. */
function readFiles(...args: Parameters<typeof readPackageFiles>): ReturnType<typeof readPackageFiles> {
  try {
    return readPackageFiles(...args);
  } catch (error) {
    throw fileError((error as Error).cause, args[0]) ?? error;
  }
}

/** `muster channel list` */
export async function list(context: Context): Promise<void> {
  const rows = await context.query(async (queries) =>
    Promise.all(
      (await listChannels(queries)).map(async (each) => ({
        ...each,
        revisions: (await listRevisions(queries, each.name)).length,
        latest: await latestRevision(queries, each.name),
      })),
    ),
  );
  context.result(rows, () => {
    if (rows.length === 0) return context.say('There is no channel yet: ./muster channel import NAME FILE');
    const lines = rows.map(({ name, lifecycle: state, revisions, latest }) => [
      name,
      state,
      revisions,
      latest?.packages ?? 0,
      latest?.commit.slice(0, 12) ?? '–',
      latest?.committedAt.toISOString().slice(0, 10) ?? '–',
    ]);
    context.say(table(['channel', 'life cycle', 'revisions', 'packages', 'commit', 'of'], lines));
  });
}

/** `muster channel lifecycle` */
export async function lifecycle(
  context: Context,
  name: string,
  state: Lifecycle,
  flags: { endOfLife?: string },
): Promise<void> {
  const by = { actor: whoAmI(), cause: 'set on the command line' };
  await context.withDatabase(async (database) => {
    const names = (await listChannels(database.queries)).map((each) => each.name);
    // A name with a slip of the pen would be a channel of its own.
    if (!names.includes(name))
      throw new MusterError(
        'NOT_FOUND',
        `there is no channel ${name}${names.length > 0 ? `; there are ${names.join(', ')}` : ''} (./muster channel import makes one)`,
      );
    await defineChannel(database, name, { lifecycle: state, endOfLife: flags.endOfLife }, by);
  });
  context.result({ channel: name, lifecycle: state }, () =>
    context.say(`${name} is ${state.replaceAll('_', ' ')}.`),
  );
}
