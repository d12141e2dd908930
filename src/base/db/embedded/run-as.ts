import { spawnSync } from 'node:child_process';

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

function works(command: string, args: string[]): boolean {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0;
}
