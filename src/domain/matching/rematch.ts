import { setImmediate } from 'node:timers/promises';
import type { Database } from '#base/db';
import {
  computeIssues,
  type IssueToMatch,
  issuesToMatch,
  refreshExploitation,
  rememberedProducts,
  watchProducts,
} from '#domain/issues';
import { lookedForNames } from './candidates.ts';
import { issueResult, type MatchResult } from './issue-result.ts';
import { issueMatcher, unite } from './match-issue.ts';
import { matchable } from './matchable.ts';
import { packageSet } from './package-set.ts';
import { type LoadedPackages, loadPackages, newestRevisions, planMatching, sameRevisions } from './plan.ts';
import { settleSuggestions } from './settle.ts';
import { settleExploitation } from './settle-exploitation.ts';
import { dueIssues, matchingState } from './store-state.ts';
import { refreshMatchingStatistics } from './store-writing.ts';
import { writeResults } from './write-results.ts';

/** Raised when the matcher finds or judges otherwise than before: everything is then matched again. */
export const MATCHER_VERSION = 4;

/** Issues of one slice: so many are matched and written in one go, and no more are lost when a run is cut off. */
const SLICE = 250;
/** After so much work in one go other things of this process get their turn, such as the answer of a page. */
const TURN_MS = 20;
/** From so many issues on the planner's statistics are brought up to date. */
const MANY = 1000;

export interface RematchResult {
  /** Issues that were due. */
  issues: number;
  /** Suggestions that were not there before. */
  fresh: number;
  /** False where nothing had changed since the last run. */
  ran: boolean;
  seconds: { grouping: number; matching: number };
}

/**
 * Brings issues and suggestions up to the reports and the channels' newest revisions: tells the issues room which products
 * are ours, lets it group, and matches every issue for which something is new. Does nothing where nothing has changed. Every
 * slice of issues is stored as soon as it is matched: a run that was cut off goes on where it was.
 *
 * @param onProgress told how many of the issues that are due were matched
 * @param onStep told what comes next before that, in a few words
 */
export async function rematch(
  database: Database,
  onProgress: (done: number, of: number) => void = () => {},
  onStep: (step: string) => void = () => {},
): Promise<RematchResult> {
  const { queries } = database;
  const start = performance.now();
  let packages = await changedPackages(database, onStep);
  await computeIssues(database, onStep);
  await refreshExploitation(database);
  const grouped = performance.now();
  const result = { issues: 0, fresh: 0 };
  for (;;) {
    const run = await planMatching(database, packages, MATCHER_VERSION);
    const due = await dueIssues(queries);
    if (due.length === 0) break;
    if (packages === null) {
      onStep('reading packages');
      packages = await loadPackages(queries);
    }
    const matched = await matchDue(database, due, run, packages, onProgress);
    result.issues += matched.issues;
    result.fresh += matched.fresh;
    if (matched.finished) break;
    // Somebody else has seen newer packages or issues: what this run knows is not to be written over theirs.
    packages = await loadPackages(queries);
  }
  const ran = result.issues > 0;
  if (result.issues >= MANY) await refreshMatchingStatistics(database);
  await settleSuggestions(database);
  await settleExploitation(database);
  return {
    ...result,
    ran,
    seconds: {
      grouping: secondsBetween(start, grouped),
      matching: secondsBetween(grouped, performance.now()),
    },
  };
}

function secondsBetween(start: number, end: number): number {
  return Math.round((end - start) / 10) / 100;
}

/** The packages, where some channel has others than when it was last decided what is due; their products are watched then. */
async function changedPackages(
  database: Database,
  onStep: (step: string) => void,
): Promise<LoadedPackages | null> {
  const { queries } = database;
  const { revisions } = await matchingState(queries);
  if (sameRevisions(await newestRevisions(queries), revisions)) return null;
  onStep('reading packages');
  const packages = await loadPackages(queries);
  const products = new Set(packages.channels.flatMap((each) => each.packages.map(({ product }) => product)));
  await watchProducts(database, [...products]);
  return packages;
}

/** Matches what is due, slice by slice: one is read and one is written while the one between them is matched. */
async function matchDue(
  database: Database,
  due: readonly string[],
  run: number,
  { channels }: LoadedPackages,
  onProgress: (done: number, of: number) => void,
): Promise<{ issues: number; fresh: number; finished: boolean }> {
  const { queries } = database;
  const names = channels.map(({ channel }) => channel);
  const places = new Map(names.map((channel, place) => [channel, place]));
  const match = issueMatcher(packageSet(channels));
  const product = rememberedProducts();
  const result = { issues: 0, fresh: 0 };
  let written = 0;

  async function read(start: number): Promise<{ ids: string[]; issues: IssueToMatch[] }> {
    const ids = await dueIssues(queries, due.slice(start, start + SLICE));
    return { ids, issues: await issuesToMatch(queries, ids, product) };
  }

  async function write(
    ids: readonly string[],
    results: readonly MatchResult[],
    end: number,
  ): Promise<boolean> {
    const outcome = await writeResults(database, {
      run,
      ids,
      results,
      channels: names,
      version: MATCHER_VERSION,
    });
    if (outcome === null) return false;
    result.issues += outcome.issues;
    result.fresh += outcome.fresh;
    written = end;
    onProgress(Math.min(written, due.length), due.length);
    return true;
  }

  onProgress(0, due.length);
  let reading = read(0);
  let writing = Promise.resolve(true);
  try {
    for (let start = 0; start < due.length; start += SLICE) {
      const { ids, issues } = await reading;
      reading = read(start + SLICE);
      const results: MatchResult[] = [];
      let turn = performance.now();
      for (const issue of issues) {
        const parts = issue.products.map((part) => matchable(issue.id, part));
        const asked = new Set(parts.flatMap(({ names: each }) => [...lookedForNames(each)]));
        results.push(issueResult(issue.id, [...asked], unite(parts.map(match)), places));
        if (performance.now() - turn < TURN_MS) continue;
        await setImmediate();
        turn = performance.now();
      }
      if (!(await writing)) return { ...result, finished: false };
      writing = write(ids, results, start + SLICE);
    }
    return { finished: await writing, ...result };
  } finally {
    // Nothing of this may still be going on, or fail unheard, when the caller goes on.
    await Promise.allSettled([reading, writing]);
  }
}
