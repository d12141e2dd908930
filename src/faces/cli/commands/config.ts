import { type Cli, examples } from '../program.ts';

/** `muster config` */
export function configCommand({ program, run }: Cli): void {
  const command = program
    .command('config')
    .description('Every setting: its value now, the variable that sets it, and what it means.')
    .action(run(async () => (await import('../actions/config.ts')).config));
  examples(command, [
    './muster config',
    './muster config --json',
    'MUSTER_CONFIG=/etc/muster.toml ./muster config',
  ]);
}
