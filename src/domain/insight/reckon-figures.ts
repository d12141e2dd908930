import type { Queries } from '#base/db';
import { latestRevisions, listChannels, listRevisions, packagesNamed } from '#domain/channels';
import { announcementsOf, headsOfIssues } from '#domain/issues';
import { creditsOf } from '#domain/roundup';
import type { Figures, LackingFigures, LoadStretch, SharingFigures, UnmaintainedFigures } from './figures.ts';
import { loadFigures } from './load-sharing.ts';
import {
  type ByChannel,
  byGravity,
  channelCounts,
  coverageFigures,
  exposureFigures,
  openSince,
  type ReckonedChannel,
  type ReckonedExposure,
  tenDayFigures,
  worseSeverity,
} from './reckon.ts';
import { allExposures } from './store.ts';

const HEADS = 5000;
const LINES = 50;
/** From so many days on what others announced counts as lacking here. */
const LONG = 365;

/** Reckons everything that the page shows, from what is stored. */
export async function reckonFigures(queries: Queries, now: Date): Promise<Figures> {
  const today = now.toISOString().slice(0, 10);
  const all = await exposuresByChannel(queries, today);
  return {
    today,
    channels: channelCounts(all, today),
    exposure: exposureFigures(all, today),
    tenDays: tenDayFigures(all, today),
    coverage: coverageFigures(all, today),
    sharing: await sharingFigures(queries, now),
    unmaintained: await unmaintainedFigures(queries, all),
    lacking: await lackingFigures(queries, all, today),
  };
}

async function exposuresByChannel(queries: Queries, today: string): Promise<ByChannel> {
  const stored = await allExposures(queries);
  const ids = [...new Set(stored.map(({ issue }) => issue))];
  const heads: Awaited<ReturnType<typeof headsOfIssues>> = new Map();
  for (let start = 0; start < ids.length; start += HEADS)
    for (const [id, head] of await headsOfIssues(queries, ids.slice(start, start + HEADS)))
      heads.set(id, head);
  const byChannel = new Map<string, ReckonedExposure[]>();
  for (const { issue, channel, ...rest } of stored) {
    const head = heads.get(issue);
    if (head === undefined) continue;
    const { title, severity, opened } = head;
    const exposure = { issue, title, severity, opened: opened.toISOString().slice(0, 10), ...rest };
    const list = byChannel.get(channel);
    if (list === undefined) byChannel.set(channel, [exposure]);
    else list.push(exposure);
  }
  const channels = await knownChannels(queries, today);
  return channels.map((channel) => ({ channel, exposures: byChannel.get(channel.name) ?? [] }));
}

/** Channels of which some revision was imported. Of the others nothing is known, and nothing is counted. */
async function knownChannels(queries: Queries, today: string): Promise<ReckonedChannel[]> {
  const newest = new Map((await latestRevisions(queries)).map((revision) => [revision.channel, revision]));
  const known: ReckonedChannel[] = [];
  for (const { name, lifecycle, endOfLife } of await listChannels(queries, today)) {
    const last = newest.get(name);
    if (last === undefined) continue;
    const revisions = await listRevisions(queries, name);
    known.push({
      ...{ name, lifecycle, endOfLife },
      firstRevision: (revisions[0] ?? last).committedAt.toISOString().slice(0, 10),
      lastRevision: last.committedAt.toISOString().slice(0, 10),
      revisions: revisions.length,
    });
  }
  return known;
}

async function sharingFigures(queries: Queries, now: Date): Promise<SharingFigures | null> {
  const stretch = async (days: number): Promise<LoadStretch> => {
    const since = new Date(now.getTime() - days * 86_400_000);
    const credits = await creditsOf(queries, since, now);
    const shares = credits.map(
      ({ person, ticks, statuses, decisions, proposals, reviews, comments, edits }) => ({
        person,
        done: ticks + statuses + decisions + proposals + reviews + comments + edits,
      }),
    );
    return {
      ...loadFigures(shares),
      from: since.toISOString().slice(0, 10),
      to: now.toISOString().slice(0, 10),
    };
  };
  const year = await stretch(365);
  return year.people === 0 ? null : { quarter: await stretch(91), year };
}

/** Of channels that are not past their end: what no maintainer of the newest revision answers for. */
async function unmaintainedFigures(queries: Queries, all: ByChannel): Promise<UnmaintainedFigures> {
  const found = new Map<string, UnmaintainedFigures['packages'][number] & { own: Set<string> }>();
  const exposedAttrs = new Set<string>();
  for (const { channel, exposures } of all) {
    if (channel.lifecycle === 'end_of_life') continue;
    const issues = new Map<string, ReckonedExposure[]>();
    for (const exposure of exposures)
      for (const attr of exposure.hit) {
        const own = issues.get(attr);
        if (own === undefined) issues.set(attr, [exposure]);
        else own.push(exposure);
        exposedAttrs.add(attr);
      }
    for (const { attr, maintainers } of await packagesNamed(queries, channel.name, [...issues.keys()])) {
      if (maintainers.length > 0) continue;
      const known = found.get(attr) ?? {
        package: attr,
        channels: [],
        issues: 0,
        worst: null,
        own: new Set(),
      };
      found.set(attr, known);
      known.channels.push(channel.name);
      for (const { issue, severity } of issues.get(attr) ?? []) {
        known.own.add(issue);
        known.worst = worseSeverity(known.worst, severity);
      }
    }
  }
  const packages = [...found.values()].map(({ own, ...rest }) => ({ ...rest, issues: own.size }));
  packages.sort(
    (a, b) =>
      byGravity({ severity: a.worst, issue: '' }, { severity: b.worst, issue: '~' }) *
        Number(a.worst !== b.worst) ||
      b.issues - a.issues ||
      (a.package < b.package ? -1 : 1),
  );
  return { packages, exposed: exposedAttrs.size };
}

async function lackingFigures(queries: Queries, all: ByChannel, today: string): Promise<LackingFigures> {
  const open = openSince(all, today, LONG);
  const byYears = new Map<number, number>();
  for (const { years } of open) byYears.set(years, (byYears.get(years) ?? 0) + 1);
  // Not everything that is long known was announced by somebody: some is known from records alone.
  const candidates = open.slice(0, LINES * 4);
  const announcements = await announcementsOf(
    queries,
    candidates.map(({ issue }) => issue),
  );
  const lines = candidates.flatMap(({ years: _, ...line }) => {
    const first = new Map<string, { source: string; id: string; day: string }>();
    for (const { id, source, published } of announcements.get(line.issue)?.advisories ?? [])
      if (published !== null && !first.has(source))
        first.set(source, { source, id, day: published.toISOString().slice(0, 10) });
    return first.size === 0 ? [] : [{ ...line, fixedBy: [...first.values()] }];
  });
  return {
    byYears: [...byYears].map(([years, issues]) => ({ years, issues })).sort((a, b) => a.years - b.years),
    lines: lines.slice(0, LINES),
  };
}
