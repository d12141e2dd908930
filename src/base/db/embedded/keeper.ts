// The keeper: a process of its own that starts the built-in PostgreSQL and stops it some seconds after the last of our
// processes has left. So a command that ends, or is killed, never takes the database away from another one.
// Usage: keeper.ts DATA_FOLDER LINGER_SECONDS [name=value…]
import { spawn } from 'node:child_process';
import { existsSync, openSync, rmdirSync } from 'node:fs';
import pg from 'pg';
import {
  type Cluster,
  clusterOf,
  createCluster,
  EMBEDDED_PORT,
  EMBEDDED_USER,
  HOPELESS,
  isReady,
  serverCommand,
} from './cluster.ts';

const POLL_MS = 500;

const [, , data = '', linger = '10', ...pairs] = process.argv;
const settings = Object.fromEntries(
  pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
);
/** The keeper's own connection: a new one for every look would cost the server ten times the look itself. */
let watcher: pg.Client | null = null;
await keep(clusterOf(data), Number(linger) * 1000, settings);

async function keep(
  cluster: Cluster,
  lingerMs: number,
  serverSettings: Record<string, string>,
): Promise<void> {
  let program: [string, string[]];
  try {
    createCluster(cluster);
    program = serverCommand(cluster, serverSettings);
  } catch (error) {
    process.stderr.write(error instanceof Error ? error.message : String(error));
    process.exit(HOPELESS);
  }
  const log = openSync(cluster.log, 'a', 0o600);
  const server = spawn(...program, { stdio: ['ignore', log, log] });
  server.once('exit', (code) => {
    removeSockets(cluster);
    process.exit(code ?? 0);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => server.kill('SIGINT'));

  let lastSeen = Date.now();
  for (;;) {
    await new Promise((done) => setTimeout(done, POLL_MS));
    // Its folder was deleted under it: there is nothing left to keep.
    if (!existsSync(cluster.pgdata)) server.kill('SIGQUIT');
    if (!isReady(cluster)) {
      lastSeen = Date.now();
      continue;
    }
    if (await inUse(cluster)) lastSeen = Date.now();
    else if (Date.now() - lastSeen > lingerMs) server.kill('SIGINT');
  }
}

/** The folder of the socket; it stays where another server has begun to use it. */
function removeSockets({ sockets }: Cluster): void {
  try {
    rmdirSync(sockets);
  } catch {
    // It is not empty, or already gone.
  }
}

/** Whether anybody but the keeper is connected. A server too busy to answer is in use. */
async function inUse(cluster: Cluster): Promise<boolean> {
  try {
    watcher ??= await connect(cluster);
    const { rows } = await watcher.query<{ others: string }>(
      `select count(*) as others from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()`,
    );
    return Number(rows[0]?.others) > 0;
  } catch {
    await watcher?.end().catch(() => {});
    watcher = null;
    return true;
  }
}

async function connect(cluster: Cluster): Promise<pg.Client> {
  const client = new pg.Client({
    host: cluster.sockets,
    port: EMBEDDED_PORT,
    user: EMBEDDED_USER,
    database: 'postgres',
  });
  client.on('error', () => {});
  await client.connect();
  return client;
}
