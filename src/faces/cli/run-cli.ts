import { CommanderError } from 'commander';
import { EXIT } from '#base/errors';
import { askedWords } from './asked-words.ts';
import { asMusterError, errorObject, failureText } from './failure.ts';
import { makeProgram } from './program.ts';

/**
 * Runs the command line.
 *
 * With `--json` a failure is an object too, `{error: {code, message, advice}}`, and the words still stand on standard error.
 *
 * @param argv words after the name of the program
 * @returns the exit code: 0 done, 1 failed, 2 wrong use, 3 done but something was put into quarantine
 */
export async function runCli(argv: readonly string[], environment: NodeJS.ProcessEnv): Promise<number> {
  keepOnWhenNobodyReads(process.stdout);
  const json = argv.includes('--json');
  let exit: number = EXIT.done;
  const program = makeProgram(async (flags) => {
    // Settings and what speaks to people are not needed for help.
    const { openContext } = await import('./context.ts');
    return openContext(environment, flags, (code) => {
      exit = code;
    });
  });
  try {
    await program.parseAsync(askedWords(argv, program), { from: 'user' });
    return exit;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return EXIT.done;
      // Commander has said it already.
      if (json) printError({ code: 'USAGE', message: error.message.replace(/^error: /, '') });
      return EXIT.wrongUse;
    }
    const known = await asMusterError(error);
    process.stderr.write(`muster: ${failureText(known ?? error)}\n`);
    if (environment.MUSTER_LOG_LEVEL === 'debug') process.stderr.write(`${stackOf(error)}\n`);
    if (json) printError(errorObject(known ?? error));
    return known?.exit ?? EXIT.failed;
  }
}

function printError(error: object): void {
  process.stdout.write(`${JSON.stringify({ error }, null, 2)}\n`);
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

/** A reader that has seen enough (`| head`) ends neither what is going on nor the process with a stack trace. */
function keepOnWhenNobodyReads(stream: NodeJS.WriteStream): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}
