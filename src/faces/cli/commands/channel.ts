import { Option } from 'commander';
import { EXIT } from '#base/errors';
import {
  defineChannel,
  importRevision,
  LIFECYCLES,
  type Lifecycle,
  latestRevision,
  listChannels,
  listRevisions,
  readPackageFiles,
} from '#domain/channels';
import { whoAmI } from '../arguments.ts';
import { type Cli, examples } from '../program.ts';
import { table } from '../table.ts';

interface ImportFlags {
  commit?: string;
  date?: string;
  base?: string;
  patches?: string;
  sourceUrls?: string;
  companions: boolean;
  replace?: boolean;
}

/** `muster channel import|list|lifecycle` */
export function channelCommands({ program, run }: Cli): void {
  const channel = program
    .command('channel')
    .description('Channels: lines of releases that users follow, with their package sets.');

  const take = channel
    .command('import')
    .description(
      'Read a package set: packages.json of nixpkgs, or the output of nix-env -qaP --json --meta; plain, .gz or .br.',
    )
    .argument('<name>', 'of the channel, as nixos-17.03')
    .argument('<file>', 'the package set')
    .option('--commit <hash>', 'commit that it was made from (default: as the index.json beside it says)')
    .option('--date <date>', 'when that commit was made')
    .option('--base <commit>', 'of a delta: the commit that it builds on')
    .option('--patches <file>', 'patch file names by attribute (default: NAME.patches.json beside it)')
    .option('--source-urls <file>', 'source addresses by attribute (default: NAME.src-urls.json beside it)')
    .option('--no-companions', 'look at no other file')
    .option('--replace', 'take this content where the commit was imported with another one')
    .action(
      run(async (context, name: string, file: string, flags: ImportFlags) => {
        const { commit, date, base, patches, sourceUrls, companions } = flags;
        const {
          channel: _,
          files,
          ...input
        } = readPackageFiles(file, { commit, committedAt: date, base, patches, sourceUrls, companions });
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
          for (const { attr, why } of result.problems.slice(0, 20)) context.say(`  ${attr}: ${why}`);
          if (result.problems.length > 20)
            context.say(`  … and ${result.problems.length - 20} more entries that could not be read`);
        });
      }),
    );
  examples(take, [
    './muster channel import nixos-17.03 nixos-17.03.packages.json.gz',
    './muster channel import nixos-17.03 packages.json.br --commit 78e9665b48ff --date 2018-01-06',
    'nix-env -f . -qaP --json --meta > set.json && ./muster channel import nixos-unstable set.json --commit $(git rev-parse HEAD) --date $(git log -1 --format=%cI)',
  ]);

  const list = channel
    .command('list')
    .description('Channels with their newest revision.')
    .action(
      run(async (context) => {
        const rows = await context.withDatabase(async ({ queries }) =>
          Promise.all(
            (await listChannels(queries)).map(async (each) => ({
              ...each,
              revisions: (await listRevisions(queries, each.name)).length,
              latest: await latestRevision(queries, each.name),
            })),
          ),
        );
        context.result(rows, () => {
          if (rows.length === 0) context.say('There is no channel yet: ./muster channel import NAME FILE');
          else {
            const lines = rows.map(({ name, lifecycle, revisions, latest }) => [
              name,
              lifecycle,
              revisions,
              latest?.packages ?? 0,
              latest?.commit.slice(0, 12) ?? '–',
              latest?.committedAt.toISOString().slice(0, 10) ?? '–',
            ]);
            context.say(table(['channel', 'life cycle', 'revisions', 'packages', 'commit', 'of'], lines));
          }
        });
      }),
    );
  examples(list, [
    './muster channel list',
    './muster channel list --json',
    './muster channel list --data ./data/demo',
  ]);

  const lifecycle = channel
    .command('lifecycle')
    .description('Say where a channel is in its life. A channel past its end is counted on.')
    .argument('<name>')
    .addArgument(program.createArgument('<lifecycle>').choices([...LIFECYCLES]))
    .addOption(new Option('--end-of-life <date>', 'the day from which it is past its end'))
    .action(
      run(async (context, name: string, state: Lifecycle, flags: { endOfLife?: string }) => {
        const by = { actor: whoAmI(), cause: 'set on the command line' };
        await context.withDatabase((database) =>
          defineChannel(database, name, { lifecycle: state, endOfLife: flags.endOfLife }, by),
        );
        context.result({ channel: name, lifecycle: state }, () =>
          context.say(`${name} is ${state.replaceAll('_', ' ')}.`),
        );
      }),
    );
  examples(lifecycle, [
    './muster channel lifecycle nixos-16.09 end_of_life',
    './muster channel lifecycle nixos-17.03 supported --end-of-life 2017-10-31',
    './muster channel lifecycle nixos-unstable development --json',
  ]);
}
