import { EXIT } from '#base/errors';
import { benchLive } from '#bench/live';
import { benchLoad } from '#bench/load';
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
  const live = bench
    .command('live')
    .description(
      'Change a box while many listen, and time from each commit until every one of them has heard.',
    )
    .option('--listeners <n>', 'connections that listen', numberArgument, 1_000)
    .option('--changes <n>', 'changes that are made, one after the other', numberArgument, 100)
    .action(
      run(async (context, { listeners, changes }: { listeners: number; changes: number }) => {
        context.progress.show(`${changes} changes before ${listeners} listeners`);
        const figure = await benchLive({ listeners, changes });
        if (!figure.holds) context.setExit(EXIT.failed);
        context.result(figure, () => {
          const { received, milliseconds, goal, holds } = figure;
          context.say(`${received} of ${listeners * changes} messages came to ${listeners} listeners.`);
          context.say(
            `From commit to received: median ${milliseconds.median} ms, p95 ${milliseconds.p95} ms, worst ${milliseconds.worst} ms.`,
          );
          context.say(`Goal: all of them, p95 ≤ ${goal} ms: ${holds ? 'holds' : 'does not hold'}.`);
        });
      }),
    );
  examples(live, [
    './muster bench live',
    './muster bench live --json',
    './muster bench live --listeners 200 --changes 20',
  ]);
}
