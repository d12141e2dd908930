import { type Cli, examples } from '../program.ts';

/** `muster bench load` */
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
}
