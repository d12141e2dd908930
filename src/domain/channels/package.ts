import { hash } from 'node:crypto';

/** Somebody who looks after a package, without a mail address: what everybody may see. */
export interface Maintainer {
  /** Never empty: the GitHub name or the local part of the address where the set has no name. */
  name: string;
  github: string | null;
}

/** A maintainer as a package set names them. */
export interface MaintainerContact extends Maintainer {
  githubId: number | null;
  email: string | null;
}

/** What a package is: an attribute of the set, a NixOS module (by option path), or a release of Nix itself. */
export type PackageKind = 'attribute' | 'module' | 'nix';

/** What is known of one package in one revision, apart from its attribute's sources: the unit that is stored once. */
export interface PackageFact {
  /** Attribute path, joined by dots: `python27Packages.requests`. */
  attr: string;
  kind: PackageKind;
  /** Derivation name: `python2.7-requests-2.13.0`. */
  name: string;
  /** Name and version as Nix splits the derivation name (`builtins.parseDrvName`); the version may be empty. */
  pname: string;
  version: string;
  /** One line, at most 500 characters. */
  description: string | null;
  homepage: string | null;
  /** File below the root of nixpkgs, without the line: `pkgs/applications/misc/hello/default.nix`. */
  position: string | null;
  /** Patch file names, in the order in which they are applied. */
  patches: readonly string[];
  knownVulnerabilities: readonly string[];
  maintainers: readonly Maintainer[];
  /** Short names as in `lib.licenses`. */
  licences: readonly string[];
  broken: boolean;
  unfree: boolean;
  insecure: boolean;
}

/** One entry of a package set. Its patches come from another file. */
export interface Package extends PackageFact {
  maintainers: readonly MaintainerContact[];
}

/**
 * SHA-256 (hexadecimal) over everything that is known of a package. Equal facts have equal hashes on every machine and in
 * every version of Muster: adding a field to it would make every package of every channel look changed.
 */
export function factHash(fact: PackageFact): string {
  return hash(
    'sha256',
    JSON.stringify([
      fact.attr,
      fact.kind,
      fact.name,
      fact.pname,
      fact.version,
      fact.description,
      fact.homepage,
      fact.position,
      fact.patches,
      fact.knownVulnerabilities,
      fact.maintainers.map(({ name, github }) => [name, github]),
      fact.licences,
      fact.broken,
      fact.unfree,
      fact.insecure,
    ]),
    'hex',
  );
}

/** SHA-256 (hexadecimal) over the facts of a whole set, in whatever order they come. */
export function setHash(factHashes: Iterable<string>): string {
  return hash('sha256', [...factHashes].sort().join('\n'), 'hex');
}
