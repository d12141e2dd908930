import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { runAs } from '../src/base/db/embedded/run-as.ts';

const LIBRARY = '/usr/lib/postgresql/15';
const SHARE = '/usr/share/postgresql/15';
const ADMIN = 'postgres';

/** Why Debian's PostgreSQL 15 cannot be started here; null where it can. */
export const NO_POSTGRESQL_15 = existsSync(join(LIBRARY, 'bin/postgres'))
  ? null
  : `no ${LIBRARY}/bin/postgres: apt-get install postgresql-15 (./muster test does)`;

/** A server of Debian's PostgreSQL 15, as an administrator would run one: with passwords, and in the order of English. */
export interface DebianServer extends AsyncDisposable {
  /** Where it listens: loopback, and a socket in a folder. */
  port: number;
  sockets: string;
  /** Runs a statement as the administrator of the server. */
  admin(sql: string, database?: string): Promise<void>;
  /** Starts it again on the same databases, now without the extension of that name on its disk. */
  restartWithout(extension: string): Promise<void>;
  stop(): Promise<void>;
}

const PASSWORD = 'of the administrator';

/** Makes a cluster in a folder of its own and starts it. PostgreSQL refuses to be root: then it runs as the built-in one does. */
export async function startDebianServer(): Promise<DebianServer> {
  const folder = mkdtempSync(join(tmpdir(), 'pg15-'));
  const [pgdata, sockets] = [join(folder, 'data'), join(folder, 's')];
  mkdirSync(sockets);
  writeFileSync(join(folder, 'password'), PASSWORD);
  const as = runAs();
  if (as.uid !== null) execFileSync('chown', ['-R', String(as.uid), folder]);
  const [command = '', ...words] = [...as.words, join(LIBRARY, 'bin/initdb')];
  const order = ['--locale-provider=icu', '--icu-locale=en-US', '--locale=C'];
  const access = ['-U', ADMIN, '-A', 'scram-sha-256', `--pwfile=${join(folder, 'password')}`];
  execFileSync(command, [...words, '-D', pgdata, '-E', 'UTF8', '-N', ...order, ...access], { stdio: 'pipe' });

  const port = await freePort();
  let server: ChildProcess | null = null;
  const admin = async (sql: string, database = 'postgres') => {
    const client = new pg.Client({ host: sockets, port, user: ADMIN, password: PASSWORD, database });
    await client.connect();
    try {
      await client.query(sql);
    } finally {
      await client.end();
    }
  };
  const start = async (binaries: string) => {
    server = startServer(binaries, { pgdata, sockets, port, log: join(folder, 'log') });
    for (let tries = 0; ; tries += 1) {
      if (
        await admin('select').then(
          () => true,
          () => false,
        )
      )
        return;
      if (tries > 300 || server.exitCode !== null)
        throw new Error(`PostgreSQL 15 did not start:\n${readFileSync(join(folder, 'log'), 'utf8')}`);
      await sleep(100);
    }
  };
  const halt = async () => {
    if (server === null || server.exitCode !== null) return;
    server.kill('SIGINT');
    await once(server, 'exit');
  };
  const stop = async () => {
    await halt();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await start(join(LIBRARY, 'bin'));
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    port,
    sockets,
    admin,
    async restartWithout(extension) {
      await halt();
      await start(copyWithout(extension, join(folder, 'usr')));
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}

function startServer(
  binaries: string,
  at: { pgdata: string; sockets: string; port: number; log: string },
): ChildProcess {
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(at.port),
    unix_socket_directories: at.sockets,
    fsync: 'off',
    shared_buffers: '64MB',
  };
  const [command = '', ...words] = [...runAs().words, join(binaries, 'postgres')];
  const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const log = openSync(at.log, 'a');
  return spawn(command, [...words, '-D', at.pgdata, ...flags], { stdio: ['ignore', log, log] });
}

/**
 * PostgreSQL finds its files by the place of its program: a copy of that, with links to all files but those of one
 * extension, is a server that was installed without contrib.
 */
function copyWithout(extension: string, usr: string): string {
  const [library, share] = [join(usr, 'lib/postgresql/15'), join(usr, 'share/postgresql/15')];
  mkdirSync(join(library, 'bin'), { recursive: true });
  cpSync(join(LIBRARY, 'bin/postgres'), join(library, 'bin/postgres'));
  symlinkSync(join(LIBRARY, 'lib'), join(library, 'lib'));
  mkdirSync(join(share, 'extension'), { recursive: true });
  for (const name of readdirSync(SHARE))
    if (name !== 'extension') symlinkSync(join(SHARE, name), join(share, name));
  for (const name of readdirSync(join(SHARE, 'extension')))
    if (!name.startsWith(extension))
      symlinkSync(join(SHARE, 'extension', name), join(share, 'extension', name));
  return join(library, 'bin');
}

async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port is free');
  return address.port;
}
