import { appendEvents, type Database } from '#base/db';
import { MusterError } from '#base/errors';
import { type Issue, issuesById, issuesForRoundup, packagesOfIssues, standing } from '#domain/issues';
import { issuesSuggestedSince, issuesWithSuggestion } from '#domain/matching';
import {
  findRoundup,
  insertLines,
  insertRoundup,
  lastLines,
  linesOf,
  lockRoundups,
  type StoredLine,
} from './store.ts';

export interface OpenOptions {
  /** The moment that the roundup bears; default now. */
  at?: Date;
  /** What the first roundup looks back to; default a week before. Later ones go on where the one before ended. */
  since?: Date;
  lead?: string;
  actor: string;
}

const WEEK_MS = 7 * 86_400_000;

/**
 * Opens the next roundup. On it comes
 * - what was left over of the one before,
 * - what was published since (by its date), and what came in since (by our clock, whatever its date): a source that is a
 *   year late is not passed over,
 * - what was done before and has gained vulnerabilities since,
 *
 * as far as some package of ours looks like it. Nothing that was on a list is ever lost: it is done, or carried over.
 *
 * @returns number of the roundup, and how many lines it has
 * @throws MusterError TRANSITION_BARRED while one is open
 */
export async function openRoundup(
  database: Database,
  options: OpenOptions,
): Promise<{ number: number; lines: number; carried: number }> {
  return database.transaction(async (tx) => {
    await lockRoundups(tx);
    const last = await findRoundup(tx);
    if (last !== null && last.closedAt === null) {
      throw new MusterError(
        'TRANSITION_BARRED',
        `roundup ${last.number} is open; close it first (./muster roundup close)`,
      );
    }
    const at = options.at ?? new Date();
    if (last !== null && at < last.openedAt) {
      throw new MusterError(
        'TRANSITION_BARRED',
        `roundup ${last.number} was opened on ${last.openedAt.toISOString().slice(0, 10)}; the next one cannot be older`,
      );
    }
    const number = (last?.number ?? 0) + 1;
    const coversSince = options.since ?? last?.coversUntil ?? new Date(at.getTime() - WEEK_MS);
    const carried = last === null ? [] : await leftOver(tx, await linesOf(tx, last.number));
    const carriedIds = new Set(carried.map(({ issue }) => issue));

    const cameInSince = last?.createdAt ?? null;
    const news = await issuesForRoundup(tx, {
      publishedSince: coversSince,
      publishedBefore: at,
      cameInSince,
    });
    const late =
      cameInSince === null ? [] : await issuesById(tx, await issuesSuggestedSince(tx, cameInSince));
    const candidates = new Map([...news, ...late].map((issue) => [issue.id, issue]));
    const ours = await issuesWithSuggestion(tx, [...candidates.keys()]);
    // What people list under an issue is ours, too: modules and releases of Nix the matcher never proposes.
    for (const { issue } of await packagesOfIssues(tx, [...candidates.keys()])) ours.add(issue);
    const before = await lastLines(tx, [...candidates.keys()]);
    const fresh = [...candidates.values()].filter(
      (issue) =>
        issue.opened < at &&
        ours.has(issue.id) &&
        !carriedIds.has(issue.id) &&
        isNews(issue, before.get(issue.id)),
    );

    await insertRoundup(tx, {
      number,
      openedAt: at,
      coversSince,
      coversUntil: at,
      lead: options.lead ?? null,
    });
    const lines = [...carried, ...fresh.map(({ id }) => ({ issue: id, carriedFrom: null, remark: null }))];
    await insertLines(tx, number, lines);
    await appendEvents(tx, [
      {
        entity: 'roundup',
        entityId: String(number),
        type: 'roundup.opened',
        actor: options.actor,
        cause: options.lead === undefined ? 'opened' : `opened for ${options.lead}`,
        payload: { lines: lines.map(({ issue }) => issue), carried: [...carriedIds] },
      },
    ]);
    return { number, lines: lines.length, carried: carried.length };
  });
}

/** What was not done, under the id that it has now: a merged issue goes on as the one that it went into. */
async function leftOver(tx: Parameters<typeof standing>[0], lines: readonly StoredLine[]) {
  const open = lines.filter(({ doneAt }) => doneAt === null);
  const now = await standing(
    tx,
    open.map(({ issue }) => issue),
  );
  const carried = new Map<string, { issue: string; carriedFrom: number; remark: string | null }>();
  for (const line of open) {
    const issue = now.get(line.issue) ?? line.issue;
    const carriedFrom = line.carriedFrom ?? line.roundup;
    const other = carried.get(issue);
    const remark = [other?.remark, line.remark].filter(Boolean).join('; ') || null;
    carried.set(issue, {
      issue,
      carriedFrom: Math.min(carriedFrom, other?.carriedFrom ?? carriedFrom),
      remark,
    });
  }
  return [...carried.values()];
}

/** Never listed, or done and grown since. (What is open on the last list is carried over, not new.) */
function isNews(issue: Issue, line: StoredLine | undefined): boolean {
  return line === undefined || (line.doneAt !== null && issue.grownAt > line.doneAt);
}
