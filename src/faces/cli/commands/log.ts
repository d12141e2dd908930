import { type Cli, examples } from '../program.ts';

/** `muster log verify` */
export function logCommands({ program, run }: Cli): void {
  const log = program.command('log').description('The history of everything that was decided.');
  const verify = log
    .command('verify')
    .description('Prove that no entry of the history was changed, taken out or put in.')
    .action(run(async () => (await import('../actions/log.ts')).verify));
  examples(verify, [
    './muster log verify',
    './muster log verify --json',
    './muster log verify --data ./data/demo',
  ]);
}
