import { numberArgument } from '../arguments.ts';
import { type Cli, examples } from '../program.ts';

/** `muster bench load`, `muster bench live` */
export function benchCommands({ program, run }: Cli): void {
  const bench = program
    .command('bench')
    .description('Figures of speed. Each makes a database of its own and removes it.');
  const load = bench
    .command('load')
    .description('Load CVE records end to end, and count the CPU of Node and PostgreSQL together.')
    .option('--corpus <dir>', 'folder with the records', '../shared/data')
    .action(run(async () => (await import('../actions/bench.ts')).load));
  examples(load, [
    './muster bench load',
    './muster bench load --json',
    './muster bench load --corpus /data/muster',
  ]);
  const live = bench
    .command('live')
    .description(
      'Change a box while many listen, and time from each commit until every one of them has heard.',
    )
    .option('--listeners <n>', 'connections that listen', numberArgument, 1_000)
    .option('--changes <n>', 'changes that are made, one after the other', numberArgument, 100)
    .action(run(async () => (await import('../actions/bench.ts')).live));
  examples(live, [
    './muster bench live',
    './muster bench live --json',
    './muster bench live --listeners 200 --changes 20',
  ]);
  const search = bench
    .command('search')
    .description('Search a seeded database (./muster bench seed) for all kinds of words, and time each page.')
    .option('--rounds <n>', 'how often each kind of words is searched for', numberArgument, 20)
    .action(run(async () => (await import('../actions/bench.ts')).search));
  examples(search, [
    './muster bench search --data ./data/full',
    './muster bench search --json',
    './muster bench search --rounds 5',
  ]);
}
