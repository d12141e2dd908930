import { appendEvents, type Database, lockHistory, type Tx } from '#base/db';
import { MusterError } from '#base/errors';
import {
  exploitationOfIssues,
  gradesOf,
  type Issue,
  issuesById,
  issuesForRoundup,
  lockExploitation,
  lockGrouping,
  packagesOfIssues,
  standing,
} from '#domain/issues';
import { issuesSuggestedSince, issuesWithSuggestion, lockMatching } from '#domain/matching';
import { mergeRemarks } from './merge-remarks.ts';
import {
  findRoundup,
  insertLines,
  insertRoundup,
  lastLines,
  lockRoundups,
  openLines,
  type StoredLine,
} from './store.ts';

export interface OpenOptions {
  /** The moment that the roundup bears; default now. */
  at?: Date;
  /** How far it looks back by dates; default a week for the first, and for a later one to where the one before ended, never less. */
  since?: Date;
  lead?: string;
  actor: string;
}

const WEEK_MS = 7 * 86_400_000;

/**
 * Opens the next roundup. On it comes
 * - what was left over of those before,
 * - what was published since (by its date), and what came in since (by our clock, whatever its date): a source that is a
 *   year late is not passed over,
 * - what was done before and has gained vulnerabilities since, or is known since then to be used by attackers,
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
    // What is being grouped or matched right now bears the time of its beginning: not seen here, it would count as older
    // than this roundup for the next one too. In this order, so that nobody who ticks waits for a long run of the matcher.
    await lockMatching(tx);
    await lockGrouping(tx);
    await lockExploitation(tx);
    // Nobody ticks while it is seen what is done.
    await lockHistory(tx);
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
    const coversSince = earlier(options.since, last?.coversUntil) ?? new Date(at.getTime() - WEEK_MS);
    const carried = await leftOver(tx);
    const carriedIds = new Set(carried.map(({ issue }) => issue));

    const cameInSince = last?.createdAt ?? null;
    const news = await issuesForRoundup(tx, {
      publishedSince: coversSince,
      publishedBefore: at,
      cameInSince,
    });
    const late = cameInSince === null ? [] : await lateIssues(tx, cameInSince);
    const candidates = new Map([...news, ...late].map((issue) => [issue.id, issue]));
    const ours = await issuesWithSuggestion(tx, [...candidates.keys()]);
    // What people list under an issue is ours, too: modules and releases of Nix the matcher never proposes.
    for (const { issue } of await packagesOfIssues(tx, [...candidates.keys()])) ours.add(issue);
    const before = await lastLines(tx, [...candidates.keys()]);
    const used = await exploitationOfIssues(tx, [...candidates.keys()]);
    const fresh = [...candidates.values()].filter(
      (issue) =>
        issue.opened < at &&
        ours.has(issue.id) &&
        !carriedIds.has(issue.id) &&
        isNews(issue, before.get(issue.id), used.get(issue.id)?.enteredAt ?? null),
    );

    await insertRoundup(tx, {
      number,
      channel: null,
      release: null,
      openedAt: at,
      coversSince,
      coversUntil: at,
      lead: options.lead ?? null,
    });
    const lines = [
      ...carried,
      ...fresh.map(({ id }) => ({ issue: id, carriedFrom: null, remark: null, remarkVersion: 0 })),
    ];
    await insertLines(tx, number, lines);
    await appendEvents(tx, [
      {
        entity: 'roundup',
        entityId: String(number),
        type: 'roundup.opened',
        actor: options.actor,
        cause: 'opened',
        payload: {
          ...(options.lead !== undefined && { lead: options.lead }),
          lines: lines.map(({ issue }) => issue),
          carried: [...carriedIds],
        },
      },
    ]);
    return { number, lines: lines.length, carried: carried.length };
  });
}

/** For which the matcher found something only since then. It may have been merged away, or ended, before it was matched again. */
async function lateIssues(tx: Tx, since: Date): Promise<Issue[]> {
  const ids = await issuesSuggestedSince(tx, since);
  const standing = new Set((await gradesOf(tx, ids)).map(({ id }) => id));
  return (await issuesById(tx, ids)).filter(({ id }) => standing.has(id));
}

/** A later roundup that looked back to less than the end of the one before would leave a gap. */
function earlier(a: Date | undefined, b: Date | undefined): Date | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return a < b ? a : b;
}

/**
 * What was not done, under the id that it has now: a merged issue goes on as the one that it went into. Looked for in every
 * roundup, not in the last one alone: a tick of long ago may have been taken back, and what was merged may have come apart.
 */
async function leftOver(tx: Tx) {
  const open = await openLines(tx);
  const now = await standing(
    tx,
    open.map(({ issue }) => issue),
  );
  const into = await lastLines(tx, [...new Set(now.values())]);
  const carried = new Map<
    string,
    { issue: string; carriedFrom: number; remark: string | null; remarkVersion: number }
  >();
  for (const line of open) {
    const issue = now.get(line.issue) ?? line.issue;
    // It has gone on already under the id that it was merged into.
    if ((into.get(issue)?.roundup ?? 0) > line.roundup) continue;
    const carriedFrom = line.carriedFrom ?? line.roundup;
    const other = carried.get(issue);
    carried.set(issue, {
      issue,
      carriedFrom: Math.min(carriedFrom, other?.carriedFrom ?? carriedFrom),
      remark: mergeRemarks(other?.remark ?? null, line.remark),
      remarkVersion: Math.max(other?.remarkVersion ?? 0, line.remarkVersion),
    });
  }
  return [...carried.values()];
}

/**
 * Never listed, or done and since then grown, or known to be used: also within the same millisecond, finer than which we do not
 * see. What is open is carried over, not new.
 */
function isNews(issue: Issue, line: StoredLine | undefined, enteredAt: Date | null): boolean {
  if (line === undefined) return true;
  const { doneAt } = line;
  return doneAt !== null && (issue.grownAt >= doneAt || (enteredAt !== null && enteredAt >= doneAt));
}
