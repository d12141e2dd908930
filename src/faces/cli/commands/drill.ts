import { numberArgument } from '../arguments.ts';
import { type Cli, examples } from '../program.ts';

/** `muster drill edits|kills|outage` */
export function drillCommands({ program, run }: Cli): void {
  const drill = program
    .command('drill')
    .description('What happens when things go wrong. Each makes a database of its own and removes it.');
  const edits = drill
    .command('edits')
    .description(
      'Let many change few boxes at once over HTTP, and look whether a change was lost or made twice.',
    )
    .option('--editors <n>', 'people who edit at the same time', numberArgument, 50)
    .option('--boxes <n>', 'boxes (issue × package × channel) that they edit', numberArgument, 100)
    .option('--changes <n>', 'changes, all of them together', numberArgument, 1_000)
    .action(run(async () => (await import('../actions/drill.ts')).edits));
  examples(edits, [
    './muster drill edits',
    './muster drill edits --json',
    './muster drill edits --editors 10 --changes 100',
  ]);
  const kills = drill
    .command('kills')
    .description('The same while the server is killed (SIGKILL), every second time with its database.')
    .option('--editors <n>', 'people who edit at the same time', numberArgument, 50)
    .option('--boxes <n>', 'boxes (issue × package × channel) that they edit', numberArgument, 100)
    .option('--changes <n>', 'changes, all of them together', numberArgument, 1_000)
    .option('--kills <n>', 'how often the server is killed', numberArgument, 5)
    .action(run(async () => (await import('../actions/drill.ts')).kills));
  examples(kills, [
    './muster drill kills',
    './muster drill kills --json',
    './muster drill kills --editors 10 --changes 100 --kills 2',
  ]);
  const outage = drill
    .command('outage')
    .description(
      'Let five sources fail, each in its own way: off, frozen, a web page, 3 items where 30 are usual, half of it gone; and look whether each raises its alarm, nothing is lost, and the roundup still opens.',
    )
    .action(run(async () => (await import('../actions/drill.ts')).outage));
  examples(outage, [
    './muster drill outage',
    './muster drill outage --json',
    './muster drill outage --json | jq .bySource',
  ]);
}
