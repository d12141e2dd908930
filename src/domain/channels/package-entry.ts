import { oneLine } from '#base/formats';
import { parseDrvName } from '#base/versions';
import { readMaintainers } from './maintainer.ts';
import type { Package } from './package.ts';
import { flat, isRecord, text } from './untrusted.ts';

/** An entry that cannot be read. */
export interface EntryProblem {
  attr: string;
  /** What is wrong with it, as a sentence without a subject: "has no name". */
  why: string;
}

const LONGEST_NAME = 300;
const LONGEST_URL = 2000;
const MOST_TEXTS = 200;

/**
 * Reads one entry (undefined: it was not even JSON) of `nix-env -qaP --json --meta` (Nix manual, "nix-env --query", and nixpkgs' `packages.json`, which has
 * the same entries): `{name, pname?, version?, system, meta?: {…}}`; drvPath, outputs and the like are let be.
 * Fields of `meta` that are not what they should be are left out, as packagers mistype them; only an entry without a
 * usable name is no package.
 *
 * @returns the package, or why it is none
 */
export function readEntry(attr: string, entry: unknown): Package | string {
  if (attr === '') return 'has no attribute path';
  if (attr.length > LONGEST_NAME) return `has an attribute path of ${attr.length} characters`;
  if (entry === undefined) return 'is not JSON';
  if (!isRecord(entry)) {
    const what = entry === null ? 'null' : Array.isArray(entry) ? 'a list' : `a ${typeof entry}`;
    return `is ${what}, not an object`;
  }
  const named = readName(entry);
  if (typeof named === 'string') return named;
  const meta = isRecord(entry.meta) ? entry.meta : {};
  const knownVulnerabilities = texts(meta.knownVulnerabilities, 1000);
  const licences = flat(meta.license);
  const description = text(meta.description, 5000);
  return {
    attr: text(attr, LONGEST_NAME) ?? attr,
    kind: 'attribute',
    ...named,
    description: description === null ? null : oneLine(description, 500),
    homepage: texts(meta.homepage, LONGEST_URL)[0] ?? null,
    position: readPosition(meta.position),
    patches: [],
    knownVulnerabilities,
    maintainers: readMaintainers(meta.maintainers),
    licences: [...new Set(licences.flatMap((licence) => licenceName(licence) ?? []))],
    broken: meta.broken === true,
    unfree: meta.unfree === true || licences.some(isUnfree),
    insecure: meta.insecure === true || knownVulnerabilities.length > 0,
  };
}

function readName(entry: Record<string, unknown>): { name: string; pname: string; version: string } | string {
  const [name, pname, version] = [entry.name, entry.pname, entry.version].map((value) =>
    text(value, LONGEST_NAME + 1),
  );
  for (const [field, value] of Object.entries({ name, pname, version })) {
    if (value && value.length > LONGEST_NAME) return `has a ${field} of more than ${LONGEST_NAME} characters`;
  }
  // Nix before 2.3 writes no pname and version; sets made by other programs may leave out the name.
  if (name) {
    const parsed = parseDrvName(name);
    return { name, pname: pname || parsed.name, version: pname ? (version ?? '') : parsed.version };
  }
  if (pname) return { name: version ? `${pname}-${version}` : pname, pname, version: version ?? '' };
  return 'has no name';
}

/** `/nix/store/…-nixpkgs/pkgs/hello/default.nix:14` → `pkgs/hello/default.nix`: lines move without the package changing. */
function readPosition(value: unknown): string | null {
  const position = text(value, LONGEST_URL)?.replace(/:\d{1,9}$/, '');
  if (!position) return null;
  if (!position.startsWith('/')) return position;
  const inStore = /^\/nix\/store\/[^/]+\/(?:nixos\/(?=pkgs\/|nixos\/))?(.+)$/.exec(position)?.[1];
  if (inStore !== undefined) return inStore;
  const root = /\/(?:pkgs|nixos|lib|maintainers)\//.exec(position);
  return root === null ? position : position.slice(root.index + 1);
}

/** A licence is a name or an entry of `lib.licenses`. */
function licenceName(value: unknown): string | null {
  if (!isRecord(value)) return text(value, LONGEST_NAME);
  return text(value.shortName, 100) ?? text(value.spdxId, 100) ?? text(value.fullName, LONGEST_NAME);
}

function isUnfree(licence: unknown): boolean {
  if (isRecord(licence)) return licence.free === false;
  return typeof licence === 'string' && /^unfree/i.test(licence);
}

function texts(value: unknown, limit: number): string[] {
  return flat(value)
    .slice(0, MOST_TEXTS)
    .flatMap((item) => text(item, limit) ?? []);
}
