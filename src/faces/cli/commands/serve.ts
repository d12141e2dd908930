import { Option } from 'commander';
import { portArgument } from '../arguments.ts';
import { type Cli, examples } from '../program.ts';

/** `muster serve [--host ADDRESS] [--port N]` */
export function serveCommand({ program, run }: Cli): void {
  const command = program
    .command('serve')
    .description(
      'Show the pages in a browser, until Ctrl-C. First matches what has come in. With --json the object is printed as soon as it listens.',
    )
    .option('--host <address>', 'address to listen on (default: the setting, 127.0.0.1)')
    .option('--port <n>', 'port to listen on, 0 for any free one (default: the setting, 8080)', portArgument)
    // Muster never starts a browser; whoever wants to be sure may say so.
    .addOption(new Option('--no-open').hideHelp())
    .action(run(async () => (await import('../actions/serve.ts')).serve));
  examples(command, [
    './muster serve',
    './muster serve --port 0                     any free port; it is printed',
    './muster serve --host 0.0.0.0 --port 80     for everybody who reaches this machine',
  ]);
}
