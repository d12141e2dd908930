import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * PostgreSQL refuses to run as root. Words to put before its command so that it runs as somebody else all the same:
 * nothing for a common user; for root a user namespace in which root is called nobody (no user is created, and the files
 * stay root's), or, where namespaces are switched off, the user `nobody` itself.
 *
 * With `setpriv` the server also gets SIGINT, its orderly stop, when its keeper dies, however that dies.
 */
export function runAs(): { words: string[]; uid: number | null } {
  const dieWithKeeper = works('setpriv', ['--pdeathsig', 'INT', 'true'])
    ? ['setpriv', '--pdeathsig', 'INT', '--']
    : [];
  if (process.getuid?.() !== 0) return { words: dieWithKeeper, uid: null };
  const namespace = ['unshare', '--user', '--map-user=65534', '--map-group=65534', '--'];
  if (works('unshare', [...namespace.slice(1), 'true']))
    return { words: [...namespace, ...dieWithKeeper], uid: null };
  const uid = 65534;
  return {
    words: ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--pdeathsig', 'INT', '--'],
    uid,
  };
}

/**
 * The outermost of a path's folders that another user than its owner cannot pass through, or null. Where PostgreSQL has to
 * run as `nobody`, it gets to nothing below such a folder.
 */
export function closedFolder(path: string): string | null {
  const parent = dirname(path);
  const above = parent === path ? null : closedFolder(parent);
  if (above !== null) return above;
  const info = statSync(path, { throwIfNoEntry: false });
  return info?.isDirectory() && (info.mode & 0o001) === 0 ? path : null;
}

function works(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
