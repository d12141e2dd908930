import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { ReadStream } from 'node:tty';
import { MusterError } from '#base/errors';

/** No password is longer; what is has been piped here by mistake. */
const LONGEST = 4096;

/**
 * A password, from whoever sits there (asked twice, not shown) or from the first line of what is piped in. Never from an
 * argument: those stand in the list of processes and in the shell's history.
 *
 * @throws MusterError USAGE where there is none, or the two are not the same
 */
export async function readPassword(input: NodeJS.ReadStream, output: NodeJS.WriteStream): Promise<string> {
  const password = input.isTTY ? await askTwice(input, output) : await firstLine(input);
  if (password === '')
    throw new MusterError(
      'USAGE',
      'no password: type one, or pipe it in as the first line of standard input',
    );
  return password;
}

async function firstLine(input: NodeJS.ReadStream): Promise<string> {
  let text = '';
  input.setEncoding('utf8');
  for await (const chunk of input) {
    text += chunk;
    if (text.includes('\n')) break;
    if (text.length > LONGEST) throw new MusterError('USAGE', 'that is too long for a password');
  }
  return (text.split('\n')[0] ?? '').replace(/\r$/, '');
}

async function askTwice(input: ReadStream, output: NodeJS.WriteStream): Promise<string> {
  const first = await askHidden('Password: ', input, output);
  const second = await askHidden('Again: ', input, output);
  if (first !== second) throw new MusterError('USAGE', 'the two are not the same');
  return first;
}

/** Shows the question and nothing of the answer. */
async function askHidden(question: string, input: ReadStream, output: NodeJS.WriteStream): Promise<string> {
  // A terminal in its own mode echoes; readline does it itself, into nothing. So that comes first.
  const lines = createInterface({ input, output: nowhere(), terminal: true });
  const cancelled = new Promise<never>((_, refuse) =>
    lines.once('SIGINT', () => refuse(new MusterError('USAGE', 'no password: it was cancelled'))),
  );
  output.write(question);
  try {
    return await Promise.race([lines.question(''), cancelled]);
  } finally {
    lines.close();
    output.write('\n');
  }
}

function nowhere(): NodeJS.WritableStream {
  return new Writable({ write: (_chunk, _encoding, done) => done() });
}
