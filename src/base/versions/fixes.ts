import type { OrderedScheme } from './comparator.ts';
import { lineOf } from './ends.ts';
import { generic } from './generic.ts';
import { unpack } from './packaged.ts';
import type { VersionRange } from './range.ts';

interface Fix {
  written: string;
  upstream: string;
  first: boolean;
}

/**
 * The ranges before a set of fixes that one source names for its releases (Alpine's 2.2.8-r0, 2.3.5-r0 and 2.4.2-r0): each
 * line of upstream releases is affected up to its own fix, and everything older than the first line up to that one's.
 *
 * Of several fixes on one line the oldest counts that came with a new upstream release, since that release has it for all;
 * where all are patches of the distribution, the newest. Versions that cannot be read are left out.
 */
export function affectedBefore(fixes: readonly string[], scheme: OrderedScheme): VersionRange[] {
  const byLine = new Map<string, Fix>();
  for (const fix of fixes.map((written) => readFix(written, scheme)).sort(compareFixes)) {
    const line = lineOf(fix.upstream)?.join('.');
    if (line === undefined) continue;
    const known = byLine.get(line);
    if (known === undefined || !known.first) byLine.set(line, fix);
  }
  return [...byLine].map(([line, { written }], i) =>
    i === 0 || line === '' ? { max: written } : { min: line, max: written },
  );
}

function readFix(written: string, scheme: OrderedScheme): Fix {
  const packaged = unpack(written, scheme);
  return { written, upstream: packaged?.upstream ?? written, first: packaged?.first ?? true };
}

function compareFixes(a: Fix, b: Fix): number {
  return generic.compare(a.upstream, b.upstream);
}
