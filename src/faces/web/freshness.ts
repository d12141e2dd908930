import type { SourceFreshness } from './layout.tsx';
import type { SourceState } from './site.ts';

/**
 * How a source does. It is silent once its newest report is older than the longest silence that it declares; one whose
 * newest report lies in the future tells nothing of its rhythm, so its last reading counts.
 */
export function freshnessOf(
  { title, expectEveryHours }: { title: string; expectEveryHours: number },
  state: SourceState | undefined,
  now: Date,
): SourceFreshness {
  if (state === undefined) return { title, state: 'never', since: null };
  const read = state.last_success?.toISOString() ?? null;
  if (state.last_error !== null) return { title, state: 'failing', since: read };
  const newest = state.newest !== null && state.newest <= now ? state.newest : state.last_success;
  if (newest === null) return { title, state: 'never', since: null };
  const silent = now.getTime() - newest.getTime() > expectEveryHours * 3_600_000;
  return silent
    ? { title, state: 'silent', since: newest.toISOString() }
    : { title, state: 'fresh', since: read };
}
