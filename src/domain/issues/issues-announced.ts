import type { Queries } from '#base/db';
import { announcementsOf } from './announcements.ts';
import type { CardAdvisory } from './card.ts';
import { advisoriesByCard, announcedByCard } from './store-cards.ts';

const SLICE = 500;

/** Those of some issues that somebody announced in an advisory of which we know the day; others are known from records alone. */
export async function issuesAnnounced(queries: Queries, issues: readonly string[]): Promise<Set<string>> {
  const known = await announcedByCard(queries, issues);
  const announced = new Set([...known].flatMap(([issue, is]) => (is ? [issue] : [])));
  const without = issues.filter((issue) => !known.has(issue));
  for (let start = 0; start < without.length; start += SLICE) {
    const found = await announcementsOf(queries, without.slice(start, start + SLICE));
    for (const [issue, { advisories }] of found)
      if (advisories.some(({ published }) => published !== null)) announced.add(issue);
  }
  return announced;
}

/** The advisories of some issues, the oldest first, as their cards have them; made anew for those without a card. */
export async function advisoriesOf(
  queries: Queries,
  issues: readonly string[],
): Promise<Map<string, Pick<CardAdvisory, 'id' | 'source' | 'published'>[]>> {
  const known = await advisoriesByCard(queries, issues);
  const without = issues.filter((issue) => !known.has(issue));
  const made = without.length === 0 ? [] : await announcementsOf(queries, without);
  const anew = [...made].map(
    ([issue, { advisories }]) =>
      [
        issue,
        advisories.map(({ id, source, published }) => ({
          id,
          source,
          published: published?.toISOString().slice(0, 10) ?? null,
        })),
      ] as const,
  );
  return new Map([...known, ...anew]);
}
