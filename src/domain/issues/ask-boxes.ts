import { isDeepStrictEqual } from 'node:util';
import { type Database, lockHistory, type Queries, type Tx } from '#base/db';
import { recordChanges } from './record-changes.ts';
import { recordLooks, recordsOf } from './record-looks.ts';
import { atomsOf } from './store.ts';
import {
  forgetUnusedLooks,
  hasUnusedLooks,
  type IssueLook,
  issuesToCompare,
  keepLooks,
  looksOfBoxes,
  recordCompared,
  renewLooks,
  withLooks,
  writeAgain,
} from './store-looks.ts';

const BATCH = 500;

/** What is known of issues just now: their vulnerabilities, and what records say of these. */
export async function looksOfIssues(
  queries: Queries,
  issues: readonly string[],
): Promise<Map<string, IssueLook>> {
  const atoms = await atomsOf(queries, [...new Set(issues)]);
  const looks = await recordLooks(
    queries,
    atoms.map(({ vulnerability }) => vulnerability),
  );
  const byIssue = new Map<string, Set<string>>(issues.map((issue) => [issue, new Set()]));
  for (const { issue, vulnerability } of atoms) byIssue.get(issue)?.add(vulnerability);
  return new Map(
    [...byIssue].map(([issue, ids]) => {
      const vulnerabilities = [...ids].sort();
      return [issue, { vulnerabilities, records: recordsOf(vulnerabilities, looks) }];
    }),
  );
}

/** What has changed of an issue since somebody set a box of it; null where nothing has. Other versions are always news here: who set it had read them. */
export function changedOf(was: IssueLook, is: IssueLook): string[] | null {
  const known = new Set(was.vulnerabilities);
  const gained = is.vulnerabilities.filter((id) => !known.has(id)).map((id) => `${id} came in since`);
  const changes = [...gained, ...recordChanges(was.records, is.records, true)];
  return changes.length === 0 ? null : changes;
}

/**
 * Holds each box of the issues that came out otherwise against what it was set on. What people set stays: it is marked, with
 * the difference. A run that is cut off does it all again.
 *
 * @returns how many boxes are asked again now, or no more
 */
export async function askBoxes(database: Database): Promise<number> {
  const { queries } = database;
  const { computation, issues } = await issuesToCompare(queries);
  let changed = 0;
  for (let start = 0; start < issues.length; start += BATCH) {
    const part = issues.slice(start, start + BATCH);
    const [boxes, now] = [await looksOfBoxes(queries, part), await looksOfIssues(queries, part)];
    const differing = boxes.flatMap(({ look, again: before, ...box }) => {
      const is = now.get(box.issue);
      const again = is === undefined ? null : changedOf(look, is);
      return isDeepStrictEqual(again, before) ? [] : [{ ...box, again }];
    });
    await writeAgain(queries, differing);
    changed += differing.length;
  }
  await recordCompared(queries, computation);
  if (await hasUnusedLooks(queries))
    await database.transaction(async (tx) => {
      await lockHistory(tx);
      await forgetUnusedLooks(tx);
    });
  return changed;
}

/** Whoever decides on a package of an issue has looked at all of its boxes: what had changed before asks them no more. */
export async function boxesLookedAt(
  tx: Tx,
  packages: readonly { issue: string; package: string }[],
): Promise<void> {
  const found = await withLooks(tx, packages);
  if (found.length === 0) return;
  const looks = await looksOfIssues(tx, [...new Set(found.map(({ issue }) => issue))]);
  await renewLooks(tx, found, await keepLooks(tx, looks));
}
