import { MusterError } from '#base/errors';
import { alma } from './alma/alma.ts';
import { alpine } from './alpine/alpine.ts';
import { amazon } from './amazon/amazon.ts';
import { arch } from './arch/arch.ts';
import { chrome } from './chrome/chrome.ts';
import { cve } from './cve/cve.ts';
import { debian } from './debian/debian.ts';
import { epss } from './epss/epss.ts';
import { fedora } from './fedora/fedora.ts';
import { freebsd } from './freebsd/freebsd.ts';
import { gentoo } from './gentoo/gentoo.ts';
import { ghsa } from './ghsa/ghsa.ts';
import { kev } from './kev/kev.ts';
import { mageia } from './mageia/mageia.ts';
import { mozilla } from './mozilla/mozilla.ts';
import { netbsd } from './netbsd/netbsd.ts';
import { nvd } from './nvd/nvd.ts';
import { oracle } from './oracle/oracle.ts';
import { osv } from './osv/osv.ts';
import { redhat } from './redhat/redhat.ts';
import { rocky } from './rocky/rocky.ts';
import { slackware } from './slackware/slackware.ts';
import type { Source } from './source.ts';
import { suse } from './suse/suse.ts';
import { ubuntu } from './ubuntu/ubuntu.ts';

/** Every source that Muster reads, in the order in which they are synced. */
export const SOURCES: readonly Source[] = [
  ...[debian, ubuntu, gentoo, redhat, fedora, suse, arch, alpine, mageia, slackware, freebsd, netbsd],
  ...[oracle, amazon, alma, rocky, mozilla, chrome, ghsa, osv, cve, nvd, kev, epss],
];

/**
 * The source of that name or alias, whatever the case.
 *
 * @throws MusterError SOURCE_UNKNOWN, naming the nearest that exists
 */
export function sourceNamed(name: string): Source {
  const wanted = name.toLowerCase();
  const source = SOURCES.find(({ id, aliases }) => id === wanted || aliases.includes(wanted));
  if (source !== undefined) return source;
  throw new MusterError(
    'SOURCE_UNKNOWN',
    `there is no source "${name}"; there are ${SOURCES.map(({ id }) => id).join(', ')}`,
  );
}
