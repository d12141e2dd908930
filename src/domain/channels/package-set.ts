import { isUtf8 } from 'node:buffer';
import { MusterError } from '#base/errors';
import { findJsonValue, JsonSliceError, sliceJsonObject } from '#base/formats';
import type { Package } from './package.ts';
import { type EntryProblem, readEntry } from './package-entry.ts';
import { text } from './untrusted.ts';

/** The package set of one revision, or what changed since another one. */
export interface PackageSet {
  /** `packages-json`: nixpkgs' own file; `nix-env`: bare output of `nix-env`; `delta`: only what changed. */
  form: 'packages-json' | 'nix-env' | 'delta';
  /** In the file's order; an attribute comes once. */
  packages: Package[];
  /** Entries that are no packages. The rest counts all the same. */
  problems: EntryProblem[];
  /** Of a delta: attributes that are gone. */
  removed: string[];
  /** Of a delta: what it builds on, by the name that its maker gave it, or a commit. */
  base: string | null;
  /** Of a delta: the commit that it leads to. */
  commit: string | null;
}

/**
 * Reads a package set:
 *
 * - nixpkgs' `packages.json`: `{"version": 2, "packages": {attr: entry}}`;
 * - `nix-env -qaP --json --meta` (also with `--drv-path --out-path`): `{attr: entry}`, of a tree or of a channel (then
 *   each attribute begins with the channel's name, `nixos.hello`, which is taken off);
 * - a delta: `{"base", "revision", "removed": [attr], "packages": {attr: entry}}`.
 *
 * @param file what the bytes are called in errors
 * @throws MusterError FILE_MALFORMED where it is none of these, naming the place
 */
export function parsePackageSet(bytes: Buffer, file = 'the file'): PackageSet {
  if (!isUtf8(bytes)) throw new MusterError('FILE_MALFORMED', `${file} is not UTF-8 text`);
  try {
    return readSet(bytes, file);
  } catch (error) {
    if (!(error instanceof JsonSliceError)) throw error;
    throw new MusterError('FILE_MALFORMED', `${file} is not a package set: ${error.message}`, {
      cause: error,
    });
  }
}

function readSet(bytes: Buffer, file: string): PackageSet {
  const form = formOf(bytes, file);
  const packages = new Map<string, Package>();
  const problems: EntryProblem[] = [];
  for (const { key, bytes: entry } of sliceJsonObject(bytes, form === 'nix-env' ? [] : ['packages'])) {
    const read = readEntry(key, parseEntry(entry));
    if (typeof read === 'string') problems.push({ attr: key, why: read });
    else packages.set(read.attr, read);
  }
  const [first] = problems;
  if (packages.size === 0 && form !== 'delta') {
    const why = first === undefined ? 'there is nothing in it' : `"${shown(first.attr)}" ${first.why}`;
    throw new MusterError('FILE_MALFORMED', `${file} has no package that can be read: ${why}`);
  }
  const delta = form === 'delta' ? readDeltaHead(bytes, file) : { removed: [], base: null, commit: null };
  return { form, packages: withoutChannel([...packages.values()]), problems, ...delta };
}

function formOf(bytes: Buffer, file: string): PackageSet['form'] {
  const version = scalar(bytes, 'version');
  if (version === 2) return 'packages-json';
  // An attribute that is called "version" is an object, and of no interest here.
  if (version !== undefined) {
    throw new MusterError(
      'FILE_MALFORMED',
      `${file} is a package set of version ${shown(JSON.stringify(version))}; Muster reads version 2`,
    );
  }
  return scalar(bytes, 'base') === undefined ? 'nix-env' : 'delta';
}

function readDeltaHead(bytes: Buffer, file: string): Pick<PackageSet, 'removed' | 'base' | 'commit'> {
  const removed = parseEntry(findJsonValue(bytes, ['removed']) ?? Buffer.from('[]'));
  if (!Array.isArray(removed) || removed.some((attr) => typeof attr !== 'string'))
    throw new MusterError('FILE_MALFORMED', `${file} is a delta whose "removed" is not a list of attributes`);
  return { removed, base: text(scalar(bytes, 'base'), 200), commit: text(scalar(bytes, 'revision'), 100) };
}

/** The value at the top level, if it is there and neither an object nor a list. */
function scalar(bytes: Buffer, key: string): unknown {
  const value = findJsonValue(bytes, [key]);
  if (value === null || value[0] === 0x7b || value[0] === 0x5b || value.length > 1000) return undefined;
  return parseEntry(value);
}

/** An entry that is not JSON is undefined, which `readEntry` reports as any other that is no object. */
function parseEntry(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
}

/** `nix-env` without `-f` puts the name of the user's channel before every attribute. */
function withoutChannel(packages: Package[]): Package[] {
  const prefix = /^nix(?:os|pkgs)(?:-[a-z]+)?\./.exec(packages[0]?.attr ?? '')?.[0];
  if (prefix === undefined || !packages.every(({ attr }) => attr.startsWith(prefix) && attr !== prefix))
    return packages;
  return packages.map((entry) => ({ ...entry, attr: entry.attr.slice(prefix.length) }));
}

function shown(value: string): string {
  return value.length > 60 ? `${value.slice(0, 59)}…` : value;
}
