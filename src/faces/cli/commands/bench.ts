import { EXIT } from '#base/errors';
import { benchLoad } from '#bench/load';
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
    .action(
      run(async (context, { corpus }: { corpus: string }) => {
        context.progress.show('loading CVE records');
        const figure = await benchLoad(corpus);
        if (!figure.holds) context.setExit(EXIT.failed);
        context.result(figure, () => {
          const { records, seconds, perCpuSecond, floor, goal, holds } = figure;
          context.say(
            `${records} records in ${seconds.node} s (Node) + ${seconds.postgres} s (PostgreSQL) of CPU: ${perCpuSecond} a CPU-second.`,
          );
          context.say(`JSON.parse alone of the same records, in the same run: ${floor} s.`);
          context.say(`Goal: ≥ ${goal}: ${holds ? 'holds' : 'does not hold'}.`);
        });
      }),
    );
  examples(load, [
    './muster bench load',
    './muster bench load --json',
    './muster bench load --corpus /data/muster',
  ]);
}
