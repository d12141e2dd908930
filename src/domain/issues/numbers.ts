import type { Queries } from '#base/db';
import { announcedFirst, type FirstAnnouncement } from '#domain/sources';
import { issuesChangedSince } from './store.ts';
import {
  countNumbers,
  countProvisional,
  neighboursOf,
  type ReservedButPublic,
  readNumberFigures,
  reservedInIssues,
  type StoredFigures,
  writeNumberFigures,
} from './store-numbers.ts';
import { vulnerabilitiesById } from './store-vulnerabilities.ts';

/** So many of those that are announced and not described are listed, the ones announced last; all are counted. */
export const LISTED_NUMBERS = 2000;

/** CVE ids that distributions announce and no record describes, the latest announcement first. */
async function reservedButPublic(queries: Queries): Promise<ReservedButPublic[]> {
  const reserved = await reservedInIssues(queries);
  const announced = await announcedFirst(
    queries,
    reserved.map(({ id }) => id),
  );
  const day = ({ first }: ReservedButPublic) => first.published ?? '';
  return reserved
    .flatMap(({ id, since, by }): ReservedButPublic[] => {
      const found = announced.get(id);
      if (found === undefined) return [];
      const { first, announcements } = found;
      const published = first.published?.toISOString() ?? null;
      return [{ id, since: since?.toISOString() ?? null, by, first: { ...first, published }, announcements }];
    })
    .sort((a, b) => (day(a) === day(b) ? (a.id < b.id ? 1 : -1) : day(a) < day(b) ? 1 : -1));
}

/** All numbers in figures, as of the last computation that was counted; null where none was yet: whoever looks has nothing counted. */
export async function numberFigures(queries: Queries): Promise<StoredFigures | null> {
  return readNumberFigures(queries);
}

/** Counts the numbers anew where something was computed since. */
export async function refreshNumbers(queries: Queries, now = new Date()): Promise<StoredFigures> {
  const standing = await readNumberFigures(queries);
  const { computation } = await issuesChangedSince(queries, Number.MAX_SAFE_INTEGER);
  if (standing?.computation === computation) return standing;
  const reserved = await reservedButPublic(queries);
  const figures = {
    ...{ computation, madeAt: now },
    years: await countNumbers(queries),
    reservedPublic: { total: reserved.length, latest: reserved.slice(0, LISTED_NUMBERS) },
    provisional: await countProvisional(queries),
  };
  await writeNumberFigures(queries, figures);
  return figures;
}

/** All that can be said of a number. */
export interface NumberStanding {
  id: string;
  /** Null where nobody has spoken of it. */
  state: 'published' | 'reserved' | 'rejected' | null;
  since: Date | null;
  by: string[];
  /** Where it is reserved, or no record describes it, and somebody announced it all the same. */
  announced: { first: FirstAnnouncement; announcements: number } | null;
  /** Of a CVE id that nobody has spoken of: the nearest ones of its year that somebody has. */
  neighbours: { before: string | null; after: string | null } | null;
}

/** What is known of a number itself, whatever it stands for, and since when. */
export async function numberStanding(queries: Queries, id: string): Promise<NumberStanding> {
  const [own] = await vulnerabilitiesById(queries, [id]);
  if (own === undefined) {
    const neighbours = id.startsWith('CVE-') ? await neighboursOf(queries, id) : null;
    return { id, state: null, since: null, by: [], announced: null, neighbours };
  }
  const { state, stateSince: since, stateBy: by } = own;
  const announced = state === 'reserved' ? (await announcedFirst(queries, [id])).get(id) : undefined;
  return { id, state, since, by, announced: announced ?? null, neighbours: null };
}
