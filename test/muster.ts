import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');

/** What a run of the program came to. */
export interface Outcome {
  code: number | null;
  signal: NodeJS.Signals | null;
  out: string;
  err: string;
}

export interface RunOptions {
  /** Settings; nothing of the tests' own environment that speaks of a database gets through. */
  env?: Readonly<Record<string, string>>;
  cwd?: string;
}

let packed: Promise<string> | null = null;

/** The program packed as `./muster` packs it, made once for the whole run from the source as it is now. */
function program(): Promise<string> {
  packed ??= pack();
  return packed;
}

async function pack(): Promise<string> {
  const child = spawn(process.execPath, [
    join(ROOT, 'src/bundle.mjs'),
    join(ROOT, 'node_modules/.muster-build'),
  ]);
  const { code, out, err } = await outcomeOf(child);
  if (code !== 0) throw new Error(`src/bundle.mjs failed: ${err}`);
  process.on('exit', () => rmSync(out, { recursive: true, force: true }));
  return join(out, 'main.mjs');
}

/** Starts the program as a person starts it, but for what `./muster` installs. */
export async function startMuster(
  args: readonly string[],
  { env = {}, cwd = ROOT }: RunOptions = {},
): Promise<ChildProcessWithoutNullStreams> {
  const inherited = Object.entries(process.env).filter(
    ([name]) => !/^(?:MUSTER_|PG|DATABASE_URL$)/.test(name),
  );
  return spawn(process.execPath, [await program(), ...args], {
    cwd,
    env: { ...Object.fromEntries(inherited), ...env },
  });
}

/** Runs the program to its end. */
export async function muster(args: readonly string[], options?: RunOptions): Promise<Outcome> {
  return outcomeOf(await startMuster(args, options));
}

/** Waits for the end of a process, and keeps what it says. */
export async function outcomeOf(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const [code, signal] = (await once(child, 'close')) as [number | null, NodeJS.Signals | null];
  return { code, signal, out, err };
}
