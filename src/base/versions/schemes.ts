import type { Scheme } from './range.ts';

/** What CVE records (`versionType`), OSV records (`ecosystem`, range `type`) and purl types call an order, in lower case. */
const NAMES: Record<Exclude<Scheme, 'generic'>, readonly string[]> = {
  nix: ['nix', 'nixpkgs', 'nixos'],
  deb: ['deb', 'dpkg', 'debian', 'ubuntu'],
  // Arch's vercmp is rpm's, with the same epoch:version-release.
  rpm: [
    ...['rpm', 'red hat', 'redhat', 'rhel', 'centos', 'fedora', 'epel', 'rocky linux', 'almalinux'],
    ...['suse', 'opensuse', 'mageia', 'openeuler', 'azure linux', 'photon os', 'alpm', 'arch', 'arch linux'],
  ],
  apk: ['apk', 'alpine', 'wolfi', 'chainguard', 'minimos'],
  gentoo: ['gentoo', 'ebuild'],
  semver: [
    ...[
      'semver',
      'semvar',
      'semver 2.0.0',
      'npm',
      'go',
      'golang',
      'crates.io',
      'cargo',
      'hex',
      'pub',
      'nuget',
    ],
    ...['swifturl', 'swift', 'github actions'],
    // The kernel's records use this type for the release that a fix first appeared in.
    'original_commit_for_fix',
  ],
  pep440: ['pep440', 'python', 'pypi'],
  maven: ['maven'],
  git: ['git', 'commit', 'commit-id', 'commit_id', 'gitcommit'],
};

const SCHEME_OF = new Map<string, Scheme>(
  Object.entries(NAMES).flatMap(([scheme, names]) =>
    names.map((name): [string, Scheme] => [name, scheme as Scheme]),
  ),
);

/**
 * The scheme that a record means by its `versionType` or ecosystem (`Debian:12`, `Red Hat:enterprise_linux:9::appstream`:
 * what follows the first colon is a release). What nobody knows (`custom`, `7.5 series`, nothing) is `generic`.
 */
export function schemeNamed(name: string | null | undefined): Scheme {
  if (!name) return 'generic';
  const [ecosystem = ''] = name.split(':', 1);
  return SCHEME_OF.get(ecosystem.trim().toLowerCase()) ?? 'generic';
}
