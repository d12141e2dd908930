import { MusterError } from '#base/errors';
import { cve } from './cve/cve.ts';
import { debian } from './debian/debian.ts';
import { gentoo } from './gentoo/gentoo.ts';
import { nvd } from './nvd/nvd.ts';
import { redhat } from './redhat/redhat.ts';
import type { Source } from './source.ts';
import { ubuntu } from './ubuntu/ubuntu.ts';

/** Every source that Muster reads, in the order in which they are synced. */
export const SOURCES: readonly Source[] = [debian, ubuntu, gentoo, redhat, cve, nvd];

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
