import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { accountCommands } from './commands/account.ts';
import { benchCommands } from './commands/bench.ts';
import { channelCommands } from './commands/channel.ts';
import { configCommand } from './commands/config.ts';
import { demoCommand } from './commands/demo.ts';
import { drillCommands } from './commands/drill.ts';
import { insightCommands } from './commands/insight.ts';
import { issueCommands } from './commands/issue.ts';
import { logCommands } from './commands/log.ts';
import { mailCommands } from './commands/mail.ts';
import { matchCommand } from './commands/match.ts';
import { redactCommand } from './commands/redact.ts';
import { roundupCommands } from './commands/roundup.ts';
import { scoreCommands } from './commands/score.ts';
import { serveCommand } from './commands/serve.ts';
import { sourceCommands } from './commands/source.ts';
import { syncCommand } from './commands/sync.ts';
import { workerCommand } from './commands/worker.ts';
import type { Context } from './context.ts';

/**
 * What a command does. Only the words of the commands are loaded for every run of the program; what they do lies in
 * `actions/` and is loaded when it is asked for, with the rooms that it needs.
 */
export type Action<A extends unknown[]> = (context: Context, ...args: A) => Promise<void>;

/** How a command is made: it adds itself to the program and names what it does through `run`. */
export interface Cli {
  program: Command;
  /** Loads what a command does, and does it: with settings, and with errors turned into messages and an exit code. */
  run<A extends unknown[]>(load: () => Promise<Action<A>>): (...args: A) => Promise<void>;
}

/** The flags that every command has. */
export interface GlobalFlags {
  json?: boolean;
  data?: string;
}

/** The program with all of its commands; nothing runs yet. */
export function makeProgram(makeContext: (flags: GlobalFlags) => Promise<Context>): Command {
  const program = new Command('muster')
    .description('Keeps every release of a Linux distribution patched.')
    .version(version(), '--version', 'print the version of Muster')
    .option('--json', 'print one JSON object at the end, and nothing else on standard output')
    .option('--data <dir>', 'folder of the built-in database (default: MUSTER_DATA, else ./data/muster)')
    .configureHelp({ showGlobalOptions: true })
    .showHelpAfterError('(--help shows what there is, with examples)')
    .showSuggestionAfterError()
    .exitOverride();
  const run: Cli['run'] =
    (load) =>
    async (...args) => {
      const context = await makeContext(program.opts<GlobalFlags>());
      const action = await load();
      try {
        await action(context, ...args);
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
    insightCommands,
    roundupCommands,
    serveCommand,
    workerCommand,
    accountCommands,
    mailCommands,
    scoreCommands,
    benchCommands,
    drillCommands,
    logCommands,
    redactCommand,
    configCommand,
  ]) {
    add(cli);
  }
  return examples(program, [
    './muster demo                                  see it work on real facts of 2017',
    './muster sync && ./muster roundup open         a week of your own',
    './muster roundup open --help                   every command has examples',
  ]);
}

/** Three examples below the help of a command. */
export function examples(command: Command, lines: readonly string[]): Command {
  return command.addHelpText('after', `\nExamples:\n${lines.map((line) => `  ${line}`).join('\n')}`);
}

function version(): string {
  const text = readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}
