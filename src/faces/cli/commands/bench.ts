import { numberArgument } from '../arguments.ts';
import { type Cli, examples } from '../program.ts';

/** `muster bench load`, `muster bench mail`, `muster bench live`, `muster bench seed`, `muster bench pages` */
export function benchCommands({ program, run }: Cli): void {
  const bench = program
    .command('bench')
    .description(
      'Figures of speed. Those that need much data are run on a folder that `bench seed` has filled.',
    );
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
  const fuzz = bench
    .command('fuzz')
    .description(
      'Damage good documents again and again, with an eye to how they are built, and read them with every parser: each in a process of its own.',
    )
    .argument('[source]', 'only the parsers of this source (default: all)')
    .option('--seconds <n>', 'how long each parser is tried', numberArgument, 120)
    .option('--seed <n>', 'where the damage begins: the same seed makes the same damage', numberArgument, 1)
    .option('--corpus <dir>', 'folder with real documents, damaged beside the made-up ones', '../shared/data')
    .action(run(async () => (await import('../actions/bench.ts')).fuzz));
  examples(fuzz, [
    './muster bench fuzz',
    './muster bench fuzz suse --seconds 10 --json',
    './muster bench fuzz alpine --seconds 20 --seed 7',
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
  const seed = bench
    .command('seed')
    .description('Fill the folder of --data with made-up data of full size, for the figures that need them.')
    .option('--small', 'a hundredth of it')
    .action(run(async () => (await import('../actions/bench.ts')).seed));
  examples(seed, [
    './muster bench seed --data /var/tmp/seed',
    './muster bench seed --data /var/tmp/small --small',
    './muster bench seed --data /var/tmp/seed --json',
  ]);
  const insight = bench
    .command('insight')
    .description(
      'Compute the figures of the seeded folder of --data, add a revision to it and compute again, and ask for their pages.',
    )
    .action(run(async () => (await import('../actions/bench.ts')).insight));
  examples(insight, [
    './muster bench insight --data /var/tmp/seed',
    './muster bench insight --data /var/tmp/seed --json',
    'MUSTER_DATA=/var/tmp/seed ./muster bench insight',
  ]);
  const mail = bench
    .command('mail')
    .description(
      'Write a seeded mailbox, read it into threads, and count the CPU of Node and PostgreSQL together.',
    )
    .option('--messages <n>', 'how many', numberArgument, 100_000)
    .action(run(async () => (await import('../actions/bench.ts')).mail));
  examples(mail, [
    './muster bench mail',
    './muster bench mail --json',
    './muster bench mail --messages 10000',
  ]);
  const pages = bench
    .command('pages')
    .description(
      'Ask for pages of the seeded folder of --data, and count the CPU of the web and of PostgreSQL for each.',
    )
    .option('--requests <n>', 'requests for each page, once it is warm', numberArgument, 1000)
    .option('--only <words>', 'pages whose name has these words')
    .action(run(async () => (await import('../actions/bench.ts')).pages));
  examples(pages, [
    './muster bench pages --data /var/tmp/seed',
    './muster bench pages --data /var/tmp/seed --only roundup --json',
    './muster bench pages --data /var/tmp/seed --requests 50',
  ]);
}
