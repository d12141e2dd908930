import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { MusterError } from '#base/errors';
import { EMBEDDED_MAJOR, embeddedBinaries } from './binaries.ts';
import { closedFolder, runAs } from './run-as.ts';

/** Where one built-in database lives. */
export interface Cluster {
  /** Absolute path of the folder that MUSTER_DATA names. */
  folder: string;
  /** PostgreSQL's own folder in it. */
  pgdata: string;
  /** Folder of the socket: short, since the path of a socket may have 107 bytes. */
  sockets: string;
  /** What the server says goes here. */
  log: string;
}

/** The user that root becomes for the server where there are no user namespaces. */
const NOBODY = 65534;

export const EMBEDDED_USER = 'muster';
export const EMBEDDED_PORT = 5432;
/** A keeper exits with this where another one would fail as well; why is in its log. */
export const HOPELESS = 78;

/** The cluster of a data folder; nothing is created yet. */
export function clusterOf(data: string): Cluster {
  const folder = resolve(data);
  const name = createHash('sha256').update(folder).digest('hex').slice(0, 16);
  return {
    folder,
    pgdata: join(folder, 'postgres'),
    sockets: join(tmpdir(), `muster-${process.getuid?.() ?? 0}-${name}`),
    log: join(folder, 'postgres.log'),
  };
}

/**
 * Makes PostgreSQL's folder if it is not there. Two processes may try at once: each prepares a folder of its own, and the
 * first rename wins.
 *
 * @throws MusterError EMBEDDED_UNAVAILABLE with what initdb said, or where the folder is of another major version
 */
export function createCluster(cluster: Cluster): void {
  const versionFile = join(cluster.pgdata, 'PG_VERSION');
  if (existsSync(versionFile)) {
    const major = readFileSync(versionFile, 'utf8').trim();
    if (major === EMBEDDED_MAJOR) return;
    throw new MusterError(
      'EMBEDDED_UNAVAILABLE',
      `${cluster.pgdata} is of PostgreSQL ${major}; the built-in one is ${EMBEDDED_MAJOR}`,
    );
  }
  const as = runAs();
  try {
    mkdirSync(cluster.folder, { recursive: true });
    if (as.uid !== null) {
      refuseClosed(cluster.folder, 'MUSTER_DATA can name another folder');
      refuseClosed(embeddedBinaries(), 'the program can lie elsewhere');
    }
    const draft = mkdtempSync(join(cluster.folder, 'new-'));
    chmodSync(draft, 0o700);
    if (as.uid !== null) chownSync(draft, as.uid, as.uid);
    const [command = '', ...words] = [...as.words, join(embeddedBinaries(), 'initdb')];
    const made = spawnSync(
      command,
      [
        ...words,
        '-D',
        draft,
        '-U',
        EMBEDDED_USER,
        '-A',
        'trust',
        '-N',
        '--data-checksums',
        '-E',
        'UTF8',
        '--locale-provider=builtin',
        '--builtin-locale=C.UTF-8',
        '--locale=C',
      ],
      { encoding: 'utf8' },
    );
    if (made.status !== 0) {
      rmSync(draft, { recursive: true, force: true });
      throw new MusterError(
        'EMBEDDED_UNAVAILABLE',
        `initdb failed: ${(made.stderr || made.error?.message || '').trim()}`,
      );
    }
    try {
      renameSync(draft, cluster.pgdata);
    } catch (error) {
      rmSync(draft, { recursive: true, force: true });
      if (!existsSync(versionFile)) throw error;
    }
  } catch (cause) {
    if (cause instanceof MusterError) throw cause;
    throw new MusterError(
      'EMBEDDED_UNAVAILABLE',
      `cannot create a database in ${cluster.folder}: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }
}

function refuseClosed(path: string, remedy: string): void {
  const closed = closedFolder(path);
  if (closed === null) return;
  throw new MusterError(
    'EMBEDDED_UNAVAILABLE',
    `PostgreSQL does not run as root, this machine lends it no user namespace, and as "nobody" it cannot enter ${closed}: run Muster as a common user, or open the folder (chmod o+x ${closed}); ${remedy}`,
  );
}

/**
 * The folder of the socket lies where everybody may make one: one that is not ours is not trusted, since whoever owns it
 * could answer in the server's place.
 */
function isOurs({ sockets }: Cluster): boolean {
  const info = lstatSync(sockets, { throwIfNoEntry: false });
  const uid = process.getuid?.() ?? info?.uid;
  return (
    info === undefined || (info.isDirectory() && (info.uid === uid || (uid === 0 && info.uid === NOBODY)))
  );
}

/** Command and arguments that start the server of a cluster: on a Unix socket only, never on the network. */
export function serverCommand(
  cluster: Cluster,
  settings: Readonly<Record<string, string>>,
): [string, string[]] {
  const as = runAs();
  mkdirSync(cluster.sockets, { recursive: true, mode: 0o700 });
  refuseForeign(cluster);
  if (as.uid !== null) chownSync(cluster.sockets, as.uid, as.uid);
  const all: Record<string, string> = {
    listen_addresses: '',
    unix_socket_directories: cluster.sockets,
    unix_socket_permissions: '0700',
    max_connections: '60',
    shared_buffers: '256MB',
    work_mem: '32MB',
    maintenance_work_mem: '128MB',
    // A crash is then repaired in a second or two, at the price of more checkpoints while much is loaded.
    max_wal_size: '1GB',
    wal_compression: 'pglz',
    ...settings,
  };
  const [command = '', ...words] = [...as.words, join(embeddedBinaries(), 'postgres')];
  const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  return [command, [...words, '-D', cluster.pgdata, ...flags]];
}

/** @throws MusterError EMBEDDED_UNAVAILABLE where the folder of the socket is somebody else's */
export function refuseForeign(cluster: Cluster): void {
  if (isOurs(cluster)) return;
  throw new MusterError(
    'EMBEDDED_UNAVAILABLE',
    `${cluster.sockets}, where the database's socket belongs, is somebody else's: remove it, or set TMPDIR to a folder of your own`,
  );
}

/** Whether the server says of itself that it takes connections (line 8 of its pid file, as pg_ctl reads it). */
export function isReady(cluster: Cluster): boolean {
  try {
    return readFileSync(join(cluster.pgdata, 'postmaster.pid'), 'utf8').split('\n')[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}
