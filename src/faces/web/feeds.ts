import type { Context } from 'hono';
import { type AtomEntry, type AtomFeed, printAtom, tagUri } from '#base/formats';
import {
  boxId,
  headsOfIssues,
  type Issue,
  type IssueHead,
  issuesAfter,
  issuesById,
  latestStatuses,
  type StoredStatus,
} from '#domain/issues';
import { type Hit, hitsOfIssues, latestOfPackage } from '#domain/matching';
import { gateFigures, gateTitle, roundupFigures } from '#domain/roundup';
import { statusWords } from '#faces/editing';
import { CACHE_CONTROL } from './answer.ts';
import {
  channelAddress,
  gateAddress,
  issueAddress,
  packageAddress,
  roundupAddress,
} from './components/addresses.ts';
import {
  channelFeedAddress,
  GATES_FEED,
  ISSUES_FEED,
  packageFeedAddress,
  ROUNDUPS_FEED,
} from './feed-addresses.ts';
import { ISSUES_ADDRESS, ROUNDUPS_ADDRESS } from './list-addresses.ts';
import { originOf } from './session.ts';
import type { Site } from './site.ts';

const SHOWN = 50;

/** A feed before it is known where it stands. */
interface Gathered {
  /** What it is about, for its id: `channel`, `nixos-17.03`. */
  about: readonly string[];
  title: string;
  subtitle: string;
  address: string;
  page: string;
  entries: readonly GatheredEntry[];
}

interface GatheredEntry extends Omit<AtomEntry, 'id' | 'page'> {
  about: readonly string[];
  address: string;
}

/** Sends a feed. What was redacted or taken back is not in it: it is read from what holds now, and keeps no copy. */
export function sendFeed(c: Context, site: Site, feed: Gathered): Response {
  c.header('Cache-Control', CACHE_CONTROL);
  return c.body(printAtom(placed(c, site, feed)), 200, {
    'Content-Type': 'application/atom+xml; charset=utf-8',
  });
}

function placed(
  c: Context,
  site: Site,
  { about, title, subtitle, address, page, entries }: Gathered,
): AtomFeed {
  const origin = originOf(c, site);
  const authority = new URL(origin).hostname;
  return {
    id: tagUri(authority, ...about),
    title: `${title} · Muster ${site.config.team}`,
    subtitle,
    // Of a feed without entries nothing ever changed.
    updated: entries.reduce(
      (latest, entry) => (entry.updated > latest ? entry.updated : latest),
      new Date(0),
    ),
    self: `${origin}${address}`,
    page: `${origin}${page}`,
    author: `${site.config.team} security team`,
    generator: { name: 'Muster', version: site.assets.version },
    entries: entries.map(({ about: own, address: to, ...entry }) => ({
      ...entry,
      id: tagUri(authority, ...own),
      page: `${origin}${to}`,
    })),
  };
}

/** The issues with the latest reports. */
export async function issuesFeed(site: Site): Promise<Gathered> {
  const { queries } = site.database;
  const issues = await issuesAfter(queries, { after: null, limit: SHOWN });
  const ids = issues.map(({ id }) => id);
  const [heads, hits] = await Promise.all([headsOfIssues(queries, ids), hitsOfIssues(queries, ids)]);
  return {
    about: ['issues'],
    title: 'Issues',
    subtitle: 'Problems of which somebody announced something lately',
    address: ISSUES_FEED,
    page: ISSUES_ADDRESS,
    entries: issues.map((issue) =>
      issueEntry(issue, heads.get(issue.id), {
        about: ['issue', issue.id],
        updated: issue.grownAt,
        lines: hitLines(hits.filter((hit) => hit.issue === issue.id)),
      }),
    ),
  };
}

/** The roundups, each an entry that changes as its lines are done. */
export async function roundupsFeed(site: Site): Promise<Gathered> {
  const rounds = await roundupFigures(site.database.queries, SHOWN);
  return {
    about: ['roundups'],
    title: 'Roundups',
    subtitle: 'The weekly list',
    address: ROUNDUPS_FEED,
    page: ROUNDUPS_ADDRESS,
    entries: rounds.map(
      ({ number, openedAt, closedAt, coversSince, coversUntil, lead, lines, carried, completed }) => ({
        about: ['roundup', String(number)],
        title: `Roundup ${number}`,
        updated: closedAt ?? openedAt,
        published: openedAt,
        address: roundupAddress(number),
        summary: [
          `${dayOf(coversSince)} to ${dayOf(coversUntil)}`,
          `${lines} issues, ${carried} of them carried over; ${completed} completed`,
          ...(lead === null ? [] : [`Round lead: ${lead}`]),
          ...(closedAt === null ? [] : [`Closed on ${dayOf(closedAt)}`]),
        ].join('\n'),
      }),
    ),
  };
}

/** The release gates, each an entry that changes when it is closed. */
export async function gatesFeed(site: Site): Promise<Gathered> {
  const gates = await gateFigures(site.database.queries, SHOWN);
  return {
    about: ['gates'],
    title: 'Release gates',
    subtitle: 'What is to be gone through before a release branches off',
    address: GATES_FEED,
    page: `${ROUNDUPS_ADDRESS}#gates`,
    entries: gates.map((gate) => {
      const { channel, release, openedAt, closedAt, lead, lines, completed } = gate;
      return {
        about: ['gate', channel, release],
        title: gateTitle(gate),
        updated: closedAt ?? openedAt,
        published: openedAt,
        address: gateAddress(channel, release),
        summary: [
          `${lines} issues open in ${channel} on ${dayOf(openedAt)}; ${completed} completed`,
          ...(lead === null ? [] : [`Lead: ${lead}`]),
          ...(closedAt === null ? [] : [`Closed on ${dayOf(closedAt)}`]),
        ].join('\n'),
      };
    }),
  };
}

/** What people decided of a channel lately, and what looks to hit it. */
export async function channelFeed(site: Site, name: string): Promise<Gathered> {
  const { queries } = site.database;
  const [statuses, open] = await Promise.all([
    latestStatuses(queries, { channel: name }, SHOWN * 3),
    site.openIssues(),
  ]);
  const latest = (open.byChannel.get(name)?.affected ?? [])
    .flatMap((id) => open.grades.get(id) ?? [])
    .sort((a, b) => b.opened.getTime() - a.opened.getTime() || (a.id < b.id ? -1 : 1))
    .slice(0, SHOWN);
  const ids = [...new Set([...statuses.map(({ issue }) => issue), ...latest.map(({ id }) => id)])];
  const hits = (await hitsOfIssues(queries, ids)).filter((hit) => hit.channel === name);
  return {
    about: ['channel', name],
    title: name,
    subtitle: `What was decided of ${name} lately, and what looks to hit it`,
    address: channelFeedAddress(name),
    page: channelAddress(name),
    entries: await stateEntries(site, ['channel', name], { ids, statuses, hits }),
  };
}

/** What people decided of a package, and what looks to hit it in some channel. */
export async function packageFeed(site: Site, attr: string): Promise<Gathered> {
  const { queries } = site.database;
  const [statuses, { ids: latest, hits }] = await Promise.all([
    latestStatuses(queries, { package: attr }, SHOWN * 12),
    latestOfPackage(queries, attr, SHOWN),
  ]);
  const ids = [...new Set([...statuses.map(({ issue }) => issue), ...latest])];
  return {
    about: ['package', attr],
    title: attr,
    subtitle: `What was decided of ${attr}, and what looks to hit it`,
    address: packageFeedAddress(attr),
    page: packageAddress(attr),
    entries: await stateEntries(site, ['package', attr], { ids, statuses, hits }),
  };
}

/** An entry for each issue: how it stands in a channel or for a package. */
async function stateEntries(
  site: Site,
  about: readonly string[],
  {
    ids,
    statuses,
    hits,
  }: { ids: readonly string[]; statuses: readonly StoredStatus[]; hits: readonly Hit[] },
): Promise<GatheredEntry[]> {
  const { queries } = site.database;
  const [issues, heads] = await Promise.all([issuesById(queries, ids), headsOfIssues(queries, ids)]);
  const entries = issues.map((issue) => {
    const decided = statuses.filter((status) => status.issue === issue.id);
    const boxes = new Set(decided.map(boxId));
    const open = hits.filter(
      (hit) =>
        hit.issue === issue.id &&
        !boxes.has(boxId({ issue: issue.id, package: hit.attr, channel: hit.channel })),
    );
    return issueEntry(issue, heads.get(issue.id), {
      about: [...about, issue.id],
      updated: decided.reduce(
        (latest, { changedAt }) => (changedAt > latest ? changedAt : latest),
        issue.grownAt,
      ),
      lines: [
        ...decided.map((status) => `${status.package} in ${status.channel}: ${statusWords(status.value)}`),
        ...hitLines(open),
      ],
    });
  });
  return entries
    .sort((a, b) => b.updated.getTime() - a.updated.getTime() || (a.address < b.address ? -1 : 1))
    .slice(0, SHOWN);
}

function issueEntry(
  { id, title, severity, opened, product }: Issue,
  head: IssueHead | undefined,
  { about, updated, lines }: { about: readonly string[]; updated: Date; lines: readonly string[] },
): GatheredEntry {
  const rated = head?.severity ?? severity;
  return {
    about,
    title: `${id} ${head?.title ?? title}`,
    updated,
    published: opened,
    address: issueAddress(id),
    summary: [
      `${product}, severity ${rated ?? 'unknown'}, public since ${dayOf(opened)}`,
      ...(head?.dismissed === true ? ['dismissed'] : []),
      ...lines,
    ].join('\n'),
    categories: rated === null ? [] : [rated],
  };
}

const VERDICT_WORDS = {
  affected: 'looks affected',
  not_affected: 'looks fine',
  unknown: 'nobody can say yet',
} as const;

/** What the matcher makes of it where nobody has decided; nothing of what looks fine. */
function hitLines(hits: readonly Hit[]): string[] {
  return hits
    .filter(({ verdict }) => verdict !== 'not_affected')
    .map(
      ({ attr, channel, version, verdict }) => `${attr} ${version} in ${channel}: ${VERDICT_WORDS[verdict]}`,
    );
}

function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
