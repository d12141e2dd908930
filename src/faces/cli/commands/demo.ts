import { portArgument } from '../arguments.ts';
import { type Cli, examples } from '../program.ts';

/** `muster demo [--port N] [--no-serve] [--full]` */
export function demoCommand({ program, run }: Cli): void {
  const command = program
    .command('demo')
    .description(
      'See it work on real facts of 2017: reads announcements and channels, groups, matches, opens the week’s roundup, and serves it. No network.',
    )
    .option('--port <n>', 'port to serve on', portArgument)
    .option('--no-serve', 'end when the roundup is printed')
    .option('--full', 'take all of the corpus instead of the sample')
    .option('--corpus <dir>', 'where the corpus is (default: ../shared/data beside the repository)')
    .action(run(async () => (await import('../actions/demo.ts')).demo));
  examples(command, ['./muster demo', './muster demo --port 9000', './muster demo --no-serve --json']);
}
