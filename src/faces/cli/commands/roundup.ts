import { Option } from 'commander';
import { issueArgument, issueArguments, listArgument } from '../arguments.ts';
import { type Cli, examples } from '../program.ts';

const actions = () => import('../actions/roundup.ts');

/** `muster roundup open|show|render|close|gate|list|import|tick|untick` */
export function roundupCommands({ program, run }: Cli): void {
  const roundup = program
    .command('roundup')
    .description('The weekly list: open, show, render, close; ticks back from an edited file.');

  const open = roundup
    .command('open')
    .description('Open the next roundup: what came in since the last one, and what is left over of it.')
    .option('--at <date>', 'the day that it bears (default: now)')
    .option(
      '--since <date>',
      'how far the list looks back (default: to the one before; a week for the first)',
    )
    .option('--lead <name>', 'the round lead')
    .action(run(async () => (await actions()).open));
  examples(open, [
    './muster roundup open --lead grahamc',
    './muster roundup open --at 2017-06-28 --since 2017-06-21',
    './muster roundup open --json',
  ]);

  const show = roundup
    .command('show')
    .description('Show a roundup as it stands now.')
    .argument(
      '[list]',
      'a number, or a release gate as nixos-unstable/26.11 (default: the latest)',
      listArgument,
    )
    .action(run(async () => (await actions()).show));
  examples(show, [
    './muster roundup show',
    './muster roundup show 12',
    './muster roundup show nixos-unstable/26.11',
    './muster roundup show --json | jq .remaining',
  ]);

  const render = roundup
    .command('render')
    .description('Write a roundup as markdown, HTML or JSON to standard output.')
    .argument(
      '[list]',
      'a number, or a release gate as nixos-unstable/26.11 (default: the latest)',
      listArgument,
    )
    .addOption(
      new Option('--format <format>', 'what to write')
        .choices(['markdown', 'html', 'json'])
        .default('markdown'),
    )
    .action(run(async () => (await actions()).render));
  examples(render, [
    './muster roundup render > roundup.md',
    './muster roundup render 12 --format html > 12.html',
    './muster roundup render --format json',
  ]);

  const close = roundup
    .command('close')
    .description(
      'Close the open roundup, when everything on its checklist is done. Lines that are not are carried over by the next one.',
    )
    .option('--at <date>', 'the day that it bears (default: now)')
    .option('--anyway', 'whatever is left on the checklist: the next round takes that over, too')
    .action(run(async () => (await actions()).close));
  examples(close, [
    './muster roundup close',
    './muster roundup close --at 2017-07-05',
    './muster roundup close --anyway',
    './muster roundup close --json',
  ]);

  const gate = roundup
    .command('gate')
    .description(
      'Open the release gate of a channel: its backlog before a release branches off, as a list of its own.',
    )
    .argument('<channel>', 'name of the channel')
    .option(
      '--release <name>',
      'the release that is to branch off, as 26.11 (default: by the channel, else the day)',
    )
    .option('--lead <name>', 'who leads it')
    .option('--unknown', 'list also what nobody can say')
    .option('--close', 'close the one that is open instead')
    .action(run(async () => (await actions()).gate));
  examples(gate, [
    './muster roundup gate nixos-unstable --release 26.11',
    './muster roundup gate nixos-17.09 --unknown --lead globin',
    './muster roundup gate nixos-17.09 --close',
  ]);

  const list = roundup
    .command('list')
    .description('All roundups, the latest first.')
    .action(run(async () => (await actions()).list));
  examples(list, [
    './muster roundup list',
    './muster roundup list --json',
    './muster roundup list --data ./data/demo',
  ]);

  const take = roundup
    .command('import')
    .description(
      'Take ticks and remarks back from a roundup that was edited as markdown. Nobody else’s tick is ever taken away.',
    )
    .argument('<file>', 'the edited file')
    .option(
      '--number <n>',
      'roundup, or release gate, that the ticks belong to (default: the one that the file names)',
      listArgument,
    )
    .option('--by <name>', 'whose ticks they are (default: you)')
    .action(run(async () => (await actions()).take));
  examples(take, [
    './muster roundup import roundup.md',
    './muster roundup import roundup.md --by fpletz',
    './muster roundup import old.md --number 12',
  ]);

  const tick = roundup
    .command('tick')
    .description('Tick lines: looked at, and nothing left to do.')
    .argument('<issue...>', 'ids of issues', issueArguments)
    .option('--number <n>', 'roundup, or release gate (default: the latest)', listArgument)
    .option('--remark <text>', 'what to put behind the line')
    .action(run(async () => (await actions()).tick));
  examples(tick, [
    './muster roundup tick NSI-2017-0043',
    './muster roundup tick NSI-2017-0043 NSI-2017-0044',
    './muster roundup tick NSI-2017-0043 --remark "not packaged"',
  ]);

  const back = roundup
    .command('untick')
    .description('Take the tick of a line back.')
    .argument('<issue>', 'id of the issue', issueArgument)
    .option('--number <n>', 'roundup, or release gate (default: the latest)', listArgument)
    .action(run(async () => (await actions()).back));
  examples(back, [
    './muster roundup untick NSI-2017-0043',
    './muster roundup untick NSI-2017-0043 --number 12',
    './muster roundup untick NSI-2017-0043 --json',
  ]);
}
