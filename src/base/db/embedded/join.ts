import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { MusterError } from '#base/errors';
import { clusterOf, EMBEDDED_PORT, EMBEDDED_USER, HOPELESS, isReady, refuseForeign } from './cluster.ts';

/** How to reach the built-in database. */
export interface EmbeddedConnection {
  host: string;
  port: number;
  user: string;
  database: string;
}

const DATABASE = 'muster';
/** Replay after a crash of a loaded database was measured at up to 20 s. */
const PATIENCE_MS = 60_000;

/**
 * Joins the built-in database of a data folder, and starts it first where it does not run. Any number of processes
 * may do so at once; the server goes away `lingerSeconds` after the last one has left.
 *
 * @param data folder that MUSTER_DATA names; made if missing
 * @throws MusterError EMBEDDED_UNAVAILABLE with the end of the server's log
 */
export async function joinEmbedded(
  data: string,
  options: { lingerSeconds?: number; settings?: Readonly<Record<string, string>> } = {},
): Promise<EmbeddedConnection> {
  const cluster = clusterOf(data);
  const connection = { host: cluster.sockets, port: EMBEDDED_PORT, user: EMBEDDED_USER, database: DATABASE };
  refuseForeign(cluster);
  const deadline = Date.now() + PATIENCE_MS;
  let keeper: Keeper | null = null;
  while (Date.now() < deadline) {
    if (isReady(cluster) && (await reachable(connection))) return connection;
    if (keeper?.code === HOPELESS) {
      const why = readLog(joinPath(cluster.folder, 'keeper.log')).trim();
      throw new MusterError('EMBEDDED_UNAVAILABLE', why || `no database can be made in ${cluster.folder}`);
    }
    // A keeper that lost the race, or met the shared memory of a server that just died, is followed by another one.
    if (keeper === null || keeper.exited) keeper = startKeeper(data, options);
    await sleep(keeper.exited ? 300 : 30);
  }
  throw new MusterError(
    'EMBEDDED_UNAVAILABLE',
    `the database in ${cluster.folder} did not start:\n${tail(cluster.log)}${tail(joinPath(cluster.folder, 'keeper.log'))}`,
  );
}

/** pg has both, its types do not. */
type Holder = pg.Client & { ref(): void; unref(): void };

/**
 * A connection that does nothing but be there: the keeper stops the server when nobody is connected, and a pool lets its
 * idle connections go. It does not keep the process from ending.
 */
export async function holdEmbedded(connection: EmbeddedConnection): Promise<Holder> {
  const client = new pg.Client({ ...connection, application_name: 'muster holder' });
  client.on('error', () => {});
  await client.connect();
  const holder = client as Holder;
  holder.unref();
  return holder;
}

interface Keeper {
  exited: boolean;
  code: number | null;
}

function startKeeper(
  data: string,
  options: { lingerSeconds?: number; settings?: Readonly<Record<string, string>> },
): Keeper {
  const { folder } = clusterOf(data);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    const why =
      (cause as NodeJS.ErrnoException).code === 'EEXIST' ? 'it is a file' : (cause as Error).message;
    throw new MusterError('EMBEDDED_UNAVAILABLE', `cannot make the folder ${folder}: ${why}`, { cause });
  }
  const log = openSync(joinPath(folder, 'keeper.log'), 'w', 0o600);
  const pairs = Object.entries(options.settings ?? {}).map(([name, value]) => `${name}=${value}`);
  const child = spawn(
    process.execPath,
    [...keeperProgram(), folder, String(options.lingerSeconds ?? 10), ...pairs],
    { detached: true, stdio: ['ignore', 'ignore', log], cwd: '/', env: keeperEnvironment() },
  );
  const state: Keeper = { exited: false, code: null };
  child.once('exit', (code) => {
    state.exited = true;
    state.code = code;
  });
  child.unref();
  return state;
}

/** The keeper as a bundle beside this one (src/bundle.mjs), else from source. */
function keeperProgram(): string[] {
  const bundled = fileURLToPath(new URL('keeper.mjs', import.meta.url));
  return existsSync(bundled)
    ? [bundled]
    : ['--import', import.meta.resolve('tsx'), joinPath(import.meta.dirname, 'keeper.ts')];
}

/** The server needs none of our secrets, and PG* variables would bend its connections. */
function keeperEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env;
  return { PATH, ...(HOME ? { HOME } : {}), ...(TMPDIR ? { TMPDIR } : {}) };
}

/** Connects once; makes our database in a new cluster. */
async function reachable(connection: EmbeddedConnection): Promise<boolean> {
  const client = new pg.Client({ ...connection, database: 'postgres' });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      connection.database,
    ]);
    if (rowCount === 0) await client.query(`create database ${connection.database}`).catch(ignoreDuplicate);
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

/** Somebody else made it in the same moment. */
function ignoreDuplicate(error: unknown): void {
  const code = (error as { code?: string }).code;
  if (code !== '42P04' && code !== '23505') throw error;
}

function tail(file: string): string {
  return readLog(file).split('\n').slice(-15).join('\n');
}

function readLog(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
