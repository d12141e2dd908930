import type { Queries } from '#base/db';
import { latestRevisions, listChannels, listRevisions, packagesNamed } from '#domain/channels';
import { headsOfIssues, issuesAnnounced } from '#domain/issues';
import { creditsOf } from '#domain/roundup';
import type {
  ListLines,
  LoadStretch,
  ReckonedFigures,
  SharingFigures,
  UnmaintainedFigures,
} from './figures.ts';
import { loadFigures } from './load-sharing.ts';
import {
  type ByChannel,
  byGravity,
  channelCounts,
  coverageFigures,
  exposureFigures,
  openLists,
  openSince,
  type ReckonedChannel,
  type ReckonedExposure,
  tenDayFigures,
  worseSeverity,
} from './reckon.ts';
import { allExposures } from './store.ts';

const HEADS = 5000;
/** From so many days on what others announced counts as lacking here. */
const LONG = 365;

/** Reckons everything that the page shows, from what is stored. */
export async function reckonFigures(
  queries: Queries,
  now: Date,
): Promise<{ figures: ReckonedFigures; lists: ListLines }> {
  const today = now.toISOString().slice(0, 10);
  const all = await exposuresByChannel(queries, today);
  const { packages, exposed } = await unmaintainedPackages(queries, all);
  const late = openSince(all, today, LONG);
  const announced = await issuesAnnounced(
    queries,
    late.map(({ issue }) => issue),
  );
  const lacking = late.filter(({ issue }) => announced.has(issue));
  const lists = {
    ...openLists(all),
    unmaintained: packages.map((line) => JSON.stringify(line)),
    lacking: lacking.map(({ issue }) => issue),
  };
  const figures = {
    today,
    channels: channelCounts(all, today),
    exposure: exposureFigures(all, today),
    tenDays: tenDayFigures(all, today),
    coverage: coverageFigures(all),
    sharing: await sharingFigures(queries, now),
    unmaintained: { exposed },
    lacking: { byYears: byYears(lacking) },
    totals: {
      longest: lists.longest.length,
      untouched: lists.untouched.length,
      unmaintained: lists.unmaintained.length,
      lacking: lists.lacking.length,
    },
  };
  return { figures, lists };
}

function byYears(lacking: readonly { years: number }[]): { years: number; issues: number }[] {
  const counts = new Map<number, number>();
  for (const { years } of lacking) counts.set(years, (counts.get(years) ?? 0) + 1);
  return [...counts].map(([years, issues]) => ({ years, issues })).sort((a, b) => a.years - b.years);
}

async function exposuresByChannel(queries: Queries, today: string): Promise<ByChannel> {
  const stored = await allExposures(queries);
  const ids = [...new Set(stored.map(({ issue }) => issue))];
  const heads: Awaited<ReturnType<typeof headsOfIssues>> = new Map();
  for (let start = 0; start < ids.length; start += HEADS)
    for (const [id, head] of await headsOfIssues(queries, ids.slice(start, start + HEADS)))
      heads.set(id, head);
  const byChannel = new Map<string, ReckonedExposure[]>();
  const days = new Map([...heads].map(([id, { opened }]) => [id, opened.toISOString().slice(0, 10)]));
  for (const { issue, channel, exposed, unknown, hit, looked } of stored) {
    const head = heads.get(issue);
    if (head === undefined) continue;
    const { title, severity } = head;
    const opened = days.get(issue) ?? '';
    const exposure = { issue, title, severity, opened, exposed, unknown, hit, looked };
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
async function unmaintainedPackages(queries: Queries, all: ByChannel): Promise<UnmaintainedFigures> {
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
