import type { Limit } from '#domain/accounts';

/** How much one may ask for: a visitor (by network) and somebody who is known. Changes have limits of their own, in the database. */
export const ASKING: Readonly<Record<'visitor' | 'known', Limit>> = {
  visitor: { capacity: 300, perSeconds: 60 },
  known: { capacity: 1200, perSeconds: 60 },
};

const MOST_BUCKETS = 20_000;

/**
 * Buckets in memory: reading is too cheap to write to the database for it, so each web process counts for itself.
 *
 * @param clock in milliseconds, never going back
 * @returns a function that takes one from a bucket: null where there was one, else in how many seconds there is
 */
export function makeBuckets(clock: () => number = () => performance.now()) {
  const buckets = new Map<string, { left: number; at: number }>();
  return (name: string, { capacity, perSeconds }: Limit): number | null => {
    const now = clock();
    const perMs = capacity / (perSeconds * 1000);
    const known = buckets.get(name);
    const left = known === undefined ? capacity : Math.min(capacity, known.left + (now - known.at) * perMs);
    // Whoever asks again is the youngest: when there are too many, those go that nobody asked of for longest.
    buckets.delete(name);
    buckets.set(name, { left: left >= 1 ? left - 1 : left, at: now });
    if (buckets.size > MOST_BUCKETS)
      for (const oldest of buckets.keys()) {
        buckets.delete(oldest);
        break;
      }
    return left >= 1 ? null : Math.ceil((1 - left) / perMs / 1000);
  };
}
