import { Command, CommanderError } from 'commander';
import { loadConfig } from '#base/config';
import { EXIT, explain, MusterError } from '#base/errors';
import { accountCommands } from './commands/account.ts';
import { benchCommands } from './commands/bench.ts';
import { channelCommands } from './commands/channel.ts';
import { demoCommand } from './commands/demo.ts';
import { issueCommands } from './commands/issue.ts';
import { logCommands } from './commands/log.ts';
import { matchCommand } from './commands/match.ts';
import { redactCommand } from './commands/redact.ts';
import { roundupCommands } from './commands/roundup.ts';
import { scoreCommands } from './commands/score.ts';
import { serveCommand } from './commands/serve.ts';
import { sourceCommands } from './commands/source.ts';
import { syncCommand } from './commands/sync.ts';
import { workerCommand } from './commands/worker.ts';
import { type Context, makeContext } from './context.ts';

/** How a command is made: it adds itself to the program and runs its work through `run`. */
export interface Cli {
  program: Command;
  /** Wraps the work of a command: settings, errors, exit code. */
  run<A extends unknown[]>(
    work: (context: Context, ...args: A) => Promise<void>,
  ): (...args: A) => Promise<void>;
}

/**
 * Runs the command line.
 *
 * @param argv words after the name of the program
 * @returns the exit code: 0 done, 1 failed, 2 wrong use, 3 done but something was put into quarantine
 */
export async function runCli(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  let exit: number = EXIT.done;
  const program = makeProgram(environment, (code) => {
    exit = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.wrongUse;
    process.stderr.write(`muster: ${explain(error)}\n`);
    if (!(error instanceof MusterError) && environment.MUSTER_LOG_LEVEL === 'debug') {
      process.stderr.write(`${(error as Error).stack}\n`);
    }
    return error instanceof MusterError ? error.exit : EXIT.failed;
  }
  return exit;
}

/** The program with all of its commands; nothing runs yet. */
export function makeProgram(environment: NodeJS.ProcessEnv, setExit: (code: number) => void): Command {
  const program = new Command('muster')
    .description('Keeps every release of a Linux distribution patched.')
    .option('--json', 'print one JSON object at the end, and nothing else on standard output')
    .option('--data <dir>', 'folder of the built-in database (also: MUSTER_DATA)')
    .showHelpAfterError('(--help shows what there is, with examples)')
    .showSuggestionAfterError()
    .exitOverride();
  const run: Cli['run'] =
    (work) =>
    async (...args) => {
      const { json = false, data } = program.opts<{ json?: boolean; data?: string }>();
      const config = loadConfig(environment, { data });
      const context = makeContext(config, config.data === loadConfig({}).data, json, setExit);
      try {
        await work(context, ...args);
      } finally {
        context.progress.clear();
      }
    };
  const cli: Cli = { program, run };
  for (const add of [
    demoCommand,
    syncCommand,
    sourceCommands,
    issueCommands,
    channelCommands,
    matchCommand,
    roundupCommands,
    serveCommand,
    workerCommand,
    accountCommands,
    scoreCommands,
    benchCommands,
    logCommands,
    redactCommand,
  ]) {
    add(cli);
  }
  return program;
}

/** Three examples below the help of a command. */
export function examples(command: Command, lines: readonly string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}
