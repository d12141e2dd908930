import type { Queries } from '#base/db';
import { advisoriesOf, headsOfIssues } from '#domain/issues';
import { daysBetween } from './exposure.ts';
import type { ExposureLine, ReckonedFigures, StillLacking, Unmaintained } from './figures.ts';
import { type ListPlace, listLines, type OpenExposure, openExposures } from './store.ts';

/** Packages that a line names at most. */
const PACKAGES = 20;

export interface ListAsked {
  /** The line after which to go on; null: from the first one. */
  after: ListPlace | null;
  limit: number;
}

/** A part of a list. What is not open any more since the list was made is left out. */
export interface ListPart<T> {
  lines: T[];
  /** Where to go on; null where nothing follows. */
  next: ListPlace | null;
}

/** When the list was made, and which channels are not past their end. */
export type ListFrame = Pick<ReckonedFigures, 'today' | 'channels'>;

/** Issues in channels: open longest, or those that nobody looked at. */
export async function openList(
  queries: Queries,
  frame: ListFrame,
  name: 'longest' | 'untouched',
  asked: ListAsked,
): Promise<ListPart<ExposureLine>> {
  const { places, next } = await partOf(queries, name, asked);
  const wanted = places.map(({ line }) => line);
  const byIssue = await openOf(queries, [...new Set(wanted.map((line) => line.slice(0, line.indexOf(' '))))]);
  const lines = wanted.flatMap((line) => {
    const space = line.indexOf(' ');
    const found = byIssue.get(line.slice(0, space));
    const open = found?.open.find(({ channel }) => channel === line.slice(space + 1));
    return found === undefined || open === undefined ? [] : [lineOf(found.head, open, frame)];
  });
  return { lines, next };
}

/** Issues that others announced long ago, one line each for all channels that are not past their end. */
export async function lackingList(
  queries: Queries,
  frame: ListFrame,
  asked: ListAsked,
): Promise<ListPart<StillLacking>> {
  const { places, next } = await partOf(queries, 'lacking', asked);
  const issues = places.map(({ line }) => line);
  const [byIssue, announced] = await Promise.all([openOf(queries, issues), advisoriesOf(queries, issues)]);
  const kept = new Set(frame.channels.flatMap((row) => (row.lifecycle === 'end_of_life' ? [] : row.channel)));
  const lines = issues.flatMap((issue) => {
    const found = byIssue.get(issue);
    const open = (found?.open ?? []).filter(({ channel }) => kept.has(channel));
    const [first] = open;
    if (found === undefined || first === undefined) return [];
    const advisories = new Map<string, StillLacking['fixedBy'][number]>();
    for (const { id, source, published } of announced.get(issue) ?? [])
      if (published !== null && !advisories.has(source))
        advisories.set(source, { source, id, day: published.slice(0, 10) });
    const since = open.reduce((least, each) => (each.since < least ? each.since : least), first.since);
    const all = {
      issue,
      since,
      channel: open.map(({ channel }) => channel).join(', '),
      packages: [...new Set(open.flatMap(({ packages }) => packages))].sort().slice(0, PACKAGES),
    };
    return [{ ...lineOf(found.head, all, frame), fixedBy: [...advisories.values()] }];
  });
  return { lines, next };
}

/** Packages that nobody maintains and that a channel ships exposed, the gravest first. */
export async function unmaintainedList(queries: Queries, asked: ListAsked): Promise<ListPart<Unmaintained>> {
  const { places, next } = await partOf(queries, 'unmaintained', asked);
  return { lines: places.map(({ line }) => JSON.parse(line) as Unmaintained), next };
}

async function partOf(queries: Queries, name: string, { after, limit }: ListAsked) {
  const found = await listLines(queries, name, { after, limit: limit + 1 });
  const places = found.slice(0, limit);
  return { places, next: found.length > limit ? (places.at(-1) ?? null) : null };
}

interface Head {
  title: string;
  severity: ExposureLine['severity'];
  opened: Date;
}

async function openOf(queries: Queries, issues: readonly string[]) {
  const [heads, open] = await Promise.all([
    headsOfIssues(queries, issues),
    openExposures(queries, issues, PACKAGES),
  ]);
  const byIssue = new Map<string, { head: Head; open: OpenExposure[] }>();
  for (const [issue, head] of heads) byIssue.set(issue, { head, open: [] });
  for (const each of open) byIssue.get(each.issue)?.open.push(each);
  return byIssue;
}

function lineOf(
  { title, severity, opened }: Head,
  { issue, channel, since, packages }: OpenExposure,
  { today }: ListFrame,
): ExposureLine {
  return {
    ...{ issue, title, severity, channel, packages },
    opened: opened.toISOString().slice(0, 10),
    since,
    days: daysBetween(since, today),
  };
}
