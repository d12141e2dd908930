import type { OrderedScheme } from './comparator.ts';

/** What a distribution's version says of upstream's. */
export interface Packaged {
  upstream: string;
  /**
   * Whether it is the first package of that upstream release. A fix that came with it is upstream's; one that came with
   * a later package was put on top by the distribution, and nobody else has it.
   */
  first: boolean;
}

/** Schemes whose versions are a distribution's: an upstream version with an epoch before it and a revision after it. */
const READERS: Partial<Record<OrderedScheme, (version: string) => Packaged>> = {
  deb: unpackDeb,
  rpm: unpackRpm,
  apk: unpackRevision,
  gentoo: unpackRevision,
};

/** Whether versions of a scheme are a distribution's. */
export function isPackaged(scheme: OrderedScheme): boolean {
  return READERS[scheme] !== undefined;
}

/** The upstream version inside a distribution's one, or null for a scheme whose versions are upstream's own. */
export function unpack(version: string, scheme: OrderedScheme): Packaged | null {
  return READERS[scheme]?.(version) ?? null;
}

/** `1:7.4p1-10+deb9u1`, `1.2.3+dfsg-1`, `2.0+really1.9-1` (Debian Policy 5.6.12; Developer's Reference 6.7.8.2 for dfsg). */
function unpackDeb(version: string): Packaged {
  const rest = version.replace(/^[0-9]+:/, '');
  const dash = rest.lastIndexOf('-');
  const whole = dash === -1 ? rest : rest.slice(0, dash);
  const revision = dash === -1 ? '' : rest.slice(dash + 1);
  const real = whole.slice(whole.indexOf('+really') === -1 ? 0 : whole.indexOf('+really') + '+really'.length);
  // dfsg, ds, repack, build1: the same release packed anew. A state of the repository is a different one.
  const upstream = real.replace(
    /(?:[.~](?:dfsg|ds|deb|ubuntu)|\+(?!git|svn|cvs|hg|bzr)[a-z])[A-Za-z0-9.+~]*$/,
    '',
  );
  // -0.1 is a new upstream release by somebody else than the maintainer, -1~deb9u1 the same package for an older release.
  const first =
    dash === -1
      ? !/[.+~](?:deb|ubuntu|nmu)/.test(real)
      : /^(?:0ubuntu0\.[0-9.]+(?:~[A-Za-z0-9.+~]*)?|(?:0|0\.1|1)(?:ubuntu1)?(?:~[A-Za-z0-9.+~]*)?)$/.test(
          revision,
        );
  return { upstream, first };
}

/** `4:5.2.2-1.fc25`; a release of 0.x is a package of something before the release (Fedora Packaging Guidelines, Versioning). */
function unpackRpm(version: string): Packaged {
  const rest = version.replace(/^[0-9]*:/, '');
  const dash = rest.lastIndexOf('-');
  if (dash === -1) return { upstream: rest, first: true };
  return { upstream: rest.slice(0, dash), first: /^1(?:\.[A-Za-z]|$)/.test(rest.slice(dash + 1)) };
}

/** Alpine's and Gentoo's `-rN`: Alpine counts from 0, Gentoo leaves the first one away. */
function unpackRevision(version: string): Packaged {
  const found = /-r([0-9]+)$/.exec(version);
  if (found === null) return { upstream: version, first: true };
  return { upstream: version.slice(0, found.index), first: /^0+$/.test(found[1] ?? '') };
}
