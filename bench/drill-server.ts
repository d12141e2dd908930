import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A `muster serve` of its own that can be killed and started again at the same address. */
export interface DrilledServer {
  url: string;
  /** Kills it without a warning, and starts it again; resolves when it answers. `database`: PostgreSQL is killed as well. */
  kill(options: { database: boolean }): Promise<void>;
  /** Ends it in an orderly way. */
  stop(): Promise<void>;
}

/** Starts the very program that runs here as a server on a folder of its own. */
export async function startDrilledServer(data: string): Promise<DrilledServer> {
  let running = await serve(data, 0);
  const { url } = running;
  const port = Number(new URL(url).port);
  return {
    url,
    async kill({ database }) {
      const gone = once(running.child, 'exit');
      const postmaster = database ? postmasterOf(data) : null;
      running.child.kill('SIGKILL');
      if (postmaster !== null) {
        process.kill(postmaster, 'SIGKILL');
        while (isAlive(postmaster)) await sleep(20);
      }
      await gone;
      running = await serve(data, port);
    },
    async stop() {
      if (running.child.exitCode !== null || running.child.signalCode !== null) return;
      const gone = once(running.child, 'exit');
      running.child.kill('SIGTERM');
      await gone;
    },
  };
}

async function serve(data: string, port: number): Promise<{ child: ChildProcess; url: string }> {
  const [, program = ''] = process.argv;
  const { PATH, HOME, TMPDIR } = process.env;
  const child = spawn(
    process.execPath,
    [...process.execArgv, program, 'serve', '--json', '--data', data, '--port', String(port)],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Nothing of whoever starts the drill: it must not meet their database, nor write mails in their name.
      env: { PATH, ...(HOME ? { HOME } : {}), ...(TMPDIR ? { TMPDIR } : {}), MUSTER_ROUNDUP_OPENS: 'never' },
    },
  );
  let [out, err] = ['', ''];
  child.stderr.on('data', (chunk: Buffer) => (err = `${err}${chunk.toString()}`.slice(-4000)));
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const [, found] = /"url": "([^"]+)"/.exec(out) ?? [];
      if (found !== undefined) resolve(found);
    });
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}: ${err}`)));
  });
  return { child, url };
}

/** The first process of PostgreSQL; its others end when they see that it is gone. */
function postmasterOf(data: string): number | null {
  const file = join(data, 'postgres', 'postmaster.pid');
  return existsSync(file) ? Number(readFileSync(file, 'utf8').split('\n')[0]) : null;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
