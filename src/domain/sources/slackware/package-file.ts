import { mendedIn } from '../compose.ts';
import type { Affected } from '../source.ts';

/** A package of Slackware by the name of its file. */
export interface SlackwarePackage {
  name: string;
  /** version-arch-build: what is compared is the version. */
  version: string;
  build: string;
  /** "14.2" where the build says for which release it is. */
  release: string | null;
}

/** "patches/packages/bind-9.10.5_P1-i586-1_slack14.2.txz"; null for what is no package. */
export function packageOf(file: string): SlackwarePackage | null {
  const bare = /([^/\s]{1,200})\.t[gx]z$/.exec(file)?.[1];
  if (bare === undefined) return null;
  const parts = bare.split('-');
  const [build = '', , version = ''] = parts.toReversed();
  const name = parts.slice(0, -3).join('-');
  if (name === '' || !/^\d/.test(version) || build === '') return null;
  return { name, version, build, release: /_slack(\d{1,2}\.\d{1,2})$/.exec(build)?.[1] ?? null };
}

export function rowOf({ name, version, build, release }: SlackwarePackage): Affected {
  return {
    ecosystem: 'slackware',
    name,
    ...(release !== null && { release: `slackware${release}` }),
    status: 'fixed',
    fixed: version,
    versions: mendedIn('generic', version),
    note: `build ${build}`,
  };
}
