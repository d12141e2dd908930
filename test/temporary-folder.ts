import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What all databases and browsers of a run fill at most at once. */
const ROOM = 4 * 1024 ** 3;

/**
 * A folder for what tests write, open to all like /tmp itself; in memory where there is room for it and programs may be
 * started there. A database has 800 files, and a disk may take a millisecond for each.
 */
export function temporaryFolder(): string {
  return inMemory() ?? folderIn(tmpdir());
}

function inMemory(): string | null {
  try {
    removeLeft();
    const { bavail, bsize } = statfsSync('/dev/shm');
    if (bavail * bsize < ROOM) return null;
    const folder = folderIn('/dev/shm');
    const program = join(folder, 'try');
    writeFileSync(program, '#!/bin/sh\n', { mode: 0o755 });
    if (spawnSync(program).status === 0) return folder;
    rmSync(folder, { recursive: true });
    return null;
  } catch {
    // There is none, or it is not ours to write to.
    return null;
  }
}

/** What runs left that were killed: memory is dear. */
function removeLeft(): void {
  for (const name of readdirSync('/dev/shm')) {
    const pid = /^muster-tests-(\d+)-/.exec(name)?.[1];
    if (pid !== undefined && !existsSync(`/proc/${pid}`))
      rmSync(join('/dev/shm', name), { recursive: true, force: true });
  }
}

function folderIn(parent: string): string {
  const folder = mkdtempSync(join(parent, `muster-tests-${process.pid}-`));
  chmodSync(folder, 0o1777);
  return folder;
}
