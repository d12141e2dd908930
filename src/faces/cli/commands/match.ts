import { type Cli, examples } from '../program.ts';

/** `muster match` */
export function matchCommand({ program, run }: Cli): void {
  const command = program
    .command('match')
    .description(
      'Group what was announced into issues, and find which of our packages they hit. Does nothing where nothing is new.',
    )
    .action(run(async () => (await import('../actions/match.ts')).match));
  examples(command, ['./muster match', './muster match --json', './muster sync debian && ./muster match']);
}
