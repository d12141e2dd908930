import type { Database, Queries } from '#base/db';
import { MusterError } from '#base/errors';
import { headsOfIssues, type IssueExploitation } from '#domain/issues';
import { type Actor, atLeast } from '#domain/policies';
import type { StoredDecision } from './store-decisions.ts';
import {
  batchOf,
  claimEntries,
  countBatch,
  deleteSkips,
  extendBatch,
  insertSkips,
  lockBatches,
  type QueueFilter,
  queueEntries,
  releaseEntries,
  type ShownEntry,
} from './store-queue.ts';

/** A suggestion that waits, with everything that somebody needs to decide. */
export interface QueuedSuggestion extends Omit<ShownEntry, 'decided'> {
  /** What was decided before. */
  decision: StoredDecision | null;
  /** What an edit has to have seen. */
  version: number;
  title: string;
  severity: 'none' | 'low' | 'medium' | 'high' | 'critical' | null;
  opened: Date;
  exploitation: IssueExploitation | null;
}

/** Most that one asks for at once. */
const MOST = 200;

export interface NextOptions {
  /** For whom: nobody is shown again what they passed over as it is, or what is in somebody else's batch. Null for who only looks. */
  account: number | null;
  limit?: number;
  offset?: number;
  filter?: QueueFilter;
  now?: Date;
}

/** What waits for eyes, the most urgent first. */
export async function nextSuggestions(queries: Queries, options: NextOptions): Promise<QueuedSuggestion[]> {
  const { account, filter = {}, now = new Date() } = options;
  const wanted = Math.min(options.limit ?? 10, MOST);
  const found: QueuedSuggestion[] = [];
  for (let offset = options.offset ?? 0; found.length < wanted; ) {
    const limit = wanted - found.length;
    const entries = await queueEntries(queries, { account, filter, limit, offset, now });
    found.push(...(await described(queries, entries)));
    // Issues that were dismissed since the queue was written are left out: then a few more are asked for.
    if (entries.length < limit) break;
    offset += entries.length;
  }
  return found;
}

/** How long a batch is somebody's. */
const BATCH_HOURS = 2;
const MOST_IN_A_BATCH = 50;

/**
 * "Give me ten": the most urgent ones that nobody else has, for two hours. Whoever has some already gets those again, and
 * more up to that number.
 *
 * @throws MusterError FORBIDDEN without an account
 */
export async function takeBatch(
  database: Database,
  actor: Actor,
  { limit = 10, filter = {}, now = new Date() }: { limit?: number; filter?: QueueFilter; now?: Date } = {},
): Promise<{ suggestions: QueuedSuggestion[]; until: Date | null }> {
  const account = accountOf(actor);
  const until = new Date(now.getTime() + BATCH_HOURS * 3_600_000);
  const entries = await database.transaction(async (tx) => {
    await lockBatches(tx);
    const more = Math.min(limit, MOST_IN_A_BATCH) - (await countBatch(tx, account, now));
    if (more > 0) await claimEntries(tx, account, { limit: more, filter, until, now });
    await extendBatch(tx, account, until, now);
    return batchOf(tx, account, now);
  });
  return { suggestions: await described(database.queries, entries), until: entries[0]?.until ?? null };
}

/** What somebody has in their batch. */
export async function currentBatch(
  queries: Queries,
  account: number,
  now = new Date(),
): Promise<{ suggestions: QueuedSuggestion[]; until: Date | null }> {
  const entries = await batchOf(queries, account, now);
  return { suggestions: await described(queries, entries), until: entries[0]?.until ?? null };
}

/** Gives a batch back. */
export async function releaseBatch(database: Database, actor: Actor): Promise<void> {
  await releaseEntries(database.queries, accountOf(actor));
}

/**
 * Passes over suggestions: they are not shown to that person again unless something about them changes. Others see them.
 *
 * @returns how many of them were waiting
 */
export async function skipSuggestions(
  database: Database,
  actor: Actor,
  suggestions: readonly number[],
  at = new Date(),
): Promise<number> {
  const account = accountOf(actor);
  const skipped = await insertSkips(database.queries, account, suggestions, at);
  await releaseEntries(database.queries, account, suggestions);
  return skipped;
}

/** Shows them again. */
export async function unskipSuggestions(
  database: Database,
  actor: Actor,
  suggestions: readonly number[],
): Promise<void> {
  await deleteSkips(database.queries, accountOf(actor), suggestions);
}

function accountOf(actor: Actor): number {
  if (actor.account === null || !atLeast(actor, 'contributor'))
    throw new MusterError('FORBIDDEN', 'that takes an account');
  return actor.account;
}

/** Entries with the head of their issue, in their order; without those whose issue was dismissed or is no more. */
async function described(queries: Queries, entries: readonly ShownEntry[]): Promise<QueuedSuggestion[]> {
  if (entries.length === 0) return [];
  const heads = await headsOfIssues(queries, [...new Set(entries.map(({ issue }) => issue))]);
  return entries.flatMap(({ decided, ...entry }): QueuedSuggestion[] => {
    const head = heads.get(entry.issue);
    if (head === undefined || head.dismissed) return [];
    const { title, severity, opened, exploitation } = head;
    return [
      { ...entry, title, severity, opened, exploitation, decision: decided, version: decided?.version ?? 0 },
    ];
  });
}
