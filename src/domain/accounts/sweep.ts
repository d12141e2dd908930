import type { Database } from '#base/db';
import { dropBucketsBefore } from './store-limits.ts';
import { dropMailLinksBefore } from './store-links.ts';
import { dropSessionsBefore } from './store-sessions.ts';
import { dropStepsBefore } from './store-steps.ts';

const EVERY_MS = 10 * 60_000;
/** Longer than any limit takes to fill again. */
const BUCKETS_MS = 86_400_000;

const swept = new WeakMap<Database, number>();

/** Clears away what has run out, at most every ten minutes: called where a sign-in begins, so it needs no clockwork. */
export async function sweep(database: Database, now: Date): Promise<void> {
  const last = swept.get(database);
  if (last !== undefined && Math.abs(now.getTime() - last) < EVERY_MS) return;
  swept.set(database, now.getTime());
  await dropStepsBefore(database.queries, now);
  await dropSessionsBefore(database.queries, now);
  await dropMailLinksBefore(database.queries, now);
  await dropBucketsBefore(database.queries, new Date(now.getTime() - BUCKETS_MS));
}
