import { type Cli, examples } from '../program.ts';

/** `muster worker [--once]` */
export function workerCommand({ program, run }: Cli): void {
  const command = program
    .command('worker')
    .description(
      'Do what Muster does by itself, until Ctrl-C: open and close roundups, bring back what was postponed, end claims, tell people, keep the queue. `serve` does it too, unless the setting `worker` is off.',
    )
    .option('--once', 'do what is due now, and end')
    .action(run(async () => (await import('../actions/worker.ts')).worker));
  examples(command, [
    './muster worker',
    './muster worker --once --json     for a timer of your own',
    'MUSTER_WORKER=false ./muster serve & ./muster worker',
  ]);
}
