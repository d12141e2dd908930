import type { VersionStatement } from '#base/versions';

/** Debian Policy 5.6.12: a version begins with a digit. Lists hold words in its place, by mistake. */
export function isDebVersion(text: string): boolean {
  return /^\d[A-Za-z0-9.+~:-]{0,200}$/.test(text);
}

/**
 * What "fixed in VERSION" says inside one release of a distribution with .deb packages: hit before it, not from it on.
 * It says nothing of other releases, whose fixes carry other versions.
 */
export function fixedIn(version: string): VersionStatement {
  return {
    scheme: 'deb',
    affected: [{ max: version }],
    unaffected: [{ min: version }],
    otherwise: 'unknown',
  };
}
