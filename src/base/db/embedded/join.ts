import { spawn } from 'node:child_process';
import { mkdirSync, openSync, readFileSync } from 'node:fs';
import { join as joinPath } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { MusterError } from '#base/errors';
import { clusterOf, EMBEDDED_PORT, EMBEDDED_USER, isReady } from './cluster.ts';

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
  const deadline = Date.now() + PATIENCE_MS;
  let keeper: { exited: boolean } | null = null;
  while (Date.now() < deadline) {
    if (isReady(cluster) && (await reachable(connection))) return connection;
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

function startKeeper(
  data: string,
  options: { lingerSeconds?: number; settings?: Readonly<Record<string, string>> },
): { exited: boolean } {
  const { folder } = clusterOf(data);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (cause) {
    throw new MusterError('EMBEDDED_UNAVAILABLE', `cannot make the folder ${folder}`, { cause });
  }
  const log = openSync(joinPath(folder, 'keeper.log'), 'w', 0o600);
  const pairs = Object.entries(options.settings ?? {}).map(([name, value]) => `${name}=${value}`);
  const child = spawn(
    process.execPath,
    [
      '--import',
      import.meta.resolve('tsx'),
      joinPath(import.meta.dirname, 'keeper.ts'),
      folder,
      String(options.lingerSeconds ?? 10),
      ...pairs,
    ],
    { detached: true, stdio: ['ignore', 'ignore', log], cwd: '/', env: keeperEnvironment() },
  );
  const state = { exited: false };
  child.once('exit', () => {
    state.exited = true;
  });
  child.unref();
  return state;
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
  try {
    return readFileSync(file, 'utf8').split('\n').slice(-15).join('\n');
  } catch {
    return '';
  }
}
