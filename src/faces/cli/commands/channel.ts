import { Option } from 'commander';
import type { Lifecycle } from '#domain/channels';
import { type Cli, examples } from '../program.ts';

const actions = () => import('../actions/channel.ts');

/** The words of the room; they stand here too so that help need not load it. The type keeps them equal. */
const LIFECYCLES = Object.keys({
  development: 0,
  supported: 0,
  deprecated: 0,
  end_of_life: 0,
} satisfies Record<Lifecycle, 0>);

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
    .action(run(async () => (await actions()).take));
  examples(take, [
    './muster channel import nixos-17.03 nixos-17.03.packages.json.gz',
    './muster channel import nixos-17.03 packages.json.br --commit 78e9665b48ff --date 2018-01-06',
    'nix-env -f . -qaP --json --meta > set.json && ./muster channel import nixos-unstable set.json --commit $(git rev-parse HEAD) --date $(git log -1 --format=%cI)',
  ]);

  const list = channel
    .command('list')
    .description('Channels with their newest revision.')
    .action(run(async () => (await actions()).list));
  examples(list, [
    './muster channel list',
    './muster channel list --json',
    './muster channel list --data ./data/demo',
  ]);

  const lifecycle = channel
    .command('lifecycle')
    .description('Say where a channel is in its life. A channel past its end is counted on.')
    .argument('<name>', 'of the channel, as nixos-17.03')
    .addArgument(program.createArgument('<lifecycle>', 'where it is').choices(LIFECYCLES))
    .addOption(new Option('--end-of-life <date>', 'the day from which it is past its end'))
    .action(run(async () => (await actions()).lifecycle));
  examples(lifecycle, [
    './muster channel lifecycle nixos-16.09 end_of_life',
    './muster channel lifecycle nixos-17.03 supported --end-of-life 2017-10-31',
    './muster channel lifecycle nixos-unstable development --json',
  ]);
}
