import type { Queries } from '#base/db';
import { representatives, type Sibling, siblingsOf } from '#domain/channels';
import { byGravity, gradesOf } from '#domain/issues';
import { type Hit, hitsOfPackage, issuesSuggestedFor } from './store.ts';

/** A part of what may concern a package. */
export interface PackageIssues {
  /** Issues that stand. */
  ids: string[];
  /** What looks like them, under the attribute that stands for the package in its channel. */
  hits: Hit[];
  /** How many issues there are in all. */
  total: number;
  /** The last one of them, where there are more. */
  next: string | null;
}

/**
 * Issues that may concern a package, the gravest first, behind the one that is named. That one need not concern the package
 * any more. Of attributes that are the same package the matcher looks at one, and what it found of that is told of all.
 */
export async function issuesOfPackage(
  queries: Queries,
  attr: string,
  { after, limit }: { after: string | undefined; limit: number },
): Promise<PackageIssues> {
  const standsFor = representedBy(attr, await siblingsOf(queries, attr));
  const all = await issuesSuggestedFor(
    queries,
    [...standsFor].map(([channel, name]) => ({ attr: name, channel })),
  );
  // Only issues that stand have a grade.
  const grades = (await gradesOf(queries, after === undefined ? all : [...all, after])).sort(byGravity);
  const among = new Set(all);
  const start = after === undefined ? 0 : grades.findIndex(({ id }) => id === after) + 1;
  const behind = grades.slice(start).filter(({ id }) => among.has(id));
  const ids = behind.slice(0, limit).map(({ id }) => id);
  return {
    ids,
    hits: await hitsUnder(queries, standsFor, ids),
    total: grades.filter(({ id }) => among.has(id)).length,
    next: behind.length > limit ? (ids.at(-1) ?? null) : null,
  };
}

/** Of the same the ones with the latest reports, the latest first. */
export async function latestOfPackage(
  queries: Queries,
  attr: string,
  limit: number,
): Promise<Pick<PackageIssues, 'ids' | 'hits'>> {
  const standsFor = representedBy(attr, await siblingsOf(queries, attr));
  const named = [...standsFor].map(([channel, name]) => ({ attr: name, channel }));
  const grades = await gradesOf(queries, await issuesSuggestedFor(queries, named));
  const ids = grades
    .sort((a, b) => b.grownAt.getTime() - a.grownAt.getTime() || (a.id < b.id ? -1 : 1))
    .slice(0, limit)
    .map(({ id }) => id);
  return { ids, hits: await hitsUnder(queries, standsFor, ids) };
}

/** For each channel the attribute under which the matcher knows the package there. */
function representedBy(attr: string, siblings: readonly Sibling[]): Map<string, string> {
  const byChannel = new Map<string, Sibling[]>();
  for (const sibling of siblings) {
    const family = byChannel.get(sibling.channel);
    if (family === undefined) byChannel.set(sibling.channel, [sibling]);
    else family.push(sibling);
  }
  return new Map(
    [...byChannel].map(([channel, family]) => [channel, representatives(family).get(attr) ?? attr]),
  );
}

async function hitsUnder(
  queries: Queries,
  standsFor: ReadonlyMap<string, string>,
  issues: readonly string[],
): Promise<Hit[]> {
  const attrs = [...new Set(standsFor.values())];
  const found = await Promise.all(attrs.map((attr) => hitsOfPackage(queries, attr, issues)));
  return found.flat().filter(({ channel, attr }) => standsFor.get(channel) === attr);
}
