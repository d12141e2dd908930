import { setImmediate } from 'node:timers/promises';
import { type Database, eventsAfter, lastEvent, type Queries } from '#base/db';
import { listChannels, listRevisions, type Revision } from '#domain/channels';
import {
  headsOfIssues,
  type IssueToMatch,
  issuesChangedSince,
  issuesToMatch,
  packagesOfIssues,
  rememberedProducts,
  standing,
  statusesOf,
} from '#domain/issues';
import {
  decisionsOfIssues,
  historyMatcher,
  MATCHER_VERSION,
  namesAsked,
  namesChangedFrom,
  type PackageHistory,
  type PackageRuns,
  packageReader,
  packageRuns,
  runsFrom,
} from '#domain/matching';
import { goOn, packHistories, unpackHistories } from './histories.ts';
import { issueExposure, type Said } from './issue-exposure.ts';
import { historiesOf, type InsightState, insightState, recordState, writeExposures } from './store.ts';

/** Raised when exposures come out otherwise than before: everything is then computed again. */
const INSIGHT_VERSION = 1;

const SLICE = 250;
/** After so much work in one go other things of this process get their turn. */
const TURN_MS = 20;
const EVENTS = 5000;

export interface ComputedExposures {
  /** Issues whose packages were looked at again, and those of which only people said something new. */
  matched: number;
  said: number;
  /** Whether anything at all happened since the last time: an entry of the history, a revision, an issue. */
  anythingNew: boolean;
}

/** Histories of an issue, by channel. */
type ByChannel = Map<string, PackageHistory[]>;

/** What becomes of an issue's histories. Needs the issue as the matcher reads it only where packages are looked at. */
type Step = (old: ByChannel, issue: IssueToMatch | null) => ByChannel;

/**
 * Brings the exposures up to issues, revisions and what people said, doing no more than it must:
 *
 * - an issue that came out otherwise is looked at in every revision of every channel;
 * - a revision after all the others of its channel concerns issues that ask for packages which changed there, and only from
 *   its day on;
 * - any other change of a channel's revisions concerns that channel alone, but every issue;
 * - what people say concerns that issue, and no package is looked at again.
 *
 * To be called by one process at a time (inTurn). Cut off, it is done again from where it was before.
 */
export async function computeExposures(
  database: Database,
  onProgress: (done: number, of: number) => void = () => {},
): Promise<ComputedExposures> {
  const { queries } = database;
  const state = await insightState(queries);
  const version = `${MATCHER_VERSION}.${INSIGHT_VERSION}`;
  const anew = state.version !== version;
  const eventsSeen = await lastEvent(queries);
  const { issues: changed, computation } = await issuesChangedSince(queries, anew ? -1 : state.issuesSeen);
  const channels = await channelsWithRevisions(queries);
  const plan = await planChannels(queries, anew ? {} : state.revisions, channels, new Set(changed));
  const said = anew ? [] : await issuesSpokenOf(queries, state.eventsSeen, eventsSeen);

  const touched = new Set(changed);
  let done = 0;
  let of = changed.length + said.length;
  const run = async (issues: readonly string[], matched: boolean, step: Step) => {
    for (let start = 0; start < issues.length; start += SLICE) {
      const slice = issues.slice(start, start + SLICE);
      await computeSlice(database, slice, matched, step);
      done += slice.length;
      onProgress(done, of);
    }
  };
  if (changed.length > 0) {
    const match = historyMatcher(await runsOf(queries, channels));
    await run(changed, true, (_, issue) => (issue === null ? new Map() : match(issue)));
  }
  for (const { channel, runs, from, issues } of plan) {
    of += issues.length;
    const match = historyMatcher(new Map([[channel, runs]]));
    await run(issues, true, (old, issue) => {
      const now = issue === null ? [] : (match(issue).get(channel) ?? []);
      const whole = from === null ? now : goOn(old.get(channel) ?? [], from, now);
      return new Map([...old, [channel, whole]]);
    });
    for (const issue of issues) touched.add(issue);
  }
  const onlySaid = said.filter((issue) => !touched.has(issue));
  await run(onlySaid, false, (old) => old);
  const revisions = Object.fromEntries(
    [...channels].map(([channel, all]) => [channel, all.map(revisionKey)]),
  );
  const next: InsightState = { issuesSeen: computation, eventsSeen, revisions, version };
  await database.transaction((tx) => recordState(tx, next));
  const anythingNew =
    anew || touched.size > 0 || eventsSeen !== state.eventsSeen || computation !== state.issuesSeen;
  return { matched: touched.size, said: onlySaid.length, anythingNew };
}

async function channelsWithRevisions(queries: Queries): Promise<Map<string, Revision[]>> {
  const channels = new Map<string, Revision[]>();
  for (const { name } of await listChannels(queries)) {
    const revisions = await listRevisions(queries, name);
    if (revisions.length > 0) channels.set(name, revisions);
  }
  return channels;
}

async function runsOf(
  queries: Queries,
  channels: ReadonlyMap<string, readonly Revision[]>,
): Promise<Map<string, PackageRuns>> {
  const read = packageReader();
  const runs = new Map<string, PackageRuns>();
  for (const [channel, revisions] of channels) runs.set(channel, await packageRuns(queries, revisions, read));
  return runs;
}

function revisionKey({ commit, committedAt, importedAt }: Revision): string {
  return `${committedAt.toISOString().slice(0, 10)} ${commit} ${importedAt.toISOString()}`;
}

interface ChannelPlan {
  channel: string;
  runs: PackageRuns;
  /** The day from which on something is new; null: all of it is. */
  from: string | null;
  issues: string[];
}

/** What is to be done of channels whose revisions are not what they were, besides the issues that are done anyway. */
async function planChannels(
  queries: Queries,
  seen: InsightState['revisions'],
  channels: ReadonlyMap<string, readonly Revision[]>,
  anyway: ReadonlySet<string>,
): Promise<ChannelPlan[]> {
  const changed = [...channels].filter(([channel, revisions]) => {
    const keys = revisions.map(revisionKey);
    return JSON.stringify(keys) !== JSON.stringify(seen[channel] ?? []);
  });
  if (changed.length === 0) return [];
  const asked = (await namesAsked(queries)).filter(({ issue }) => !anyway.has(issue));
  if (asked.length === 0) return [];
  const plans: ChannelPlan[] = [];
  for (const [channel, revisions] of changed) {
    const old = seen[channel] ?? [];
    const keys = revisions.map(revisionKey);
    const first = revisions[old.length];
    const last = revisions[old.length - 1];
    const [from, before] = [dayOf(first), dayOf(last)];
    const added = last !== undefined && old.every((key, place) => key === keys[place]) && from !== null;
    if (!added || before === from) {
      const runs = await packageRuns(queries, revisions);
      plans.push({ channel, runs, from: null, issues: asked.map(({ issue }) => issue) });
      continue;
    }
    // The one before tells what changed; of what it had and has not any more, the days from then on are new too.
    const both = await packageRuns(queries, revisions.slice(old.length - 1));
    const names = namesChangedFrom(both, from);
    plans.push({
      channel,
      runs: runsFrom(both, from),
      from,
      issues: asked.filter((each) => each.names.some((name) => names.has(name))).map(({ issue }) => issue),
    });
  }
  return plans;
}

function dayOf(revision: Revision | undefined): string | null {
  return revision?.committedAt.toISOString().slice(0, 10) ?? null;
}

/** Issues of which the history says something between two entries. */
async function issuesSpokenOf(queries: Queries, after: number, upTo: number): Promise<string[]> {
  const issues = new Set<string>();
  for (let seen = after; seen < upTo; ) {
    const events = await eventsAfter(queries, seen, EVENTS);
    for (const { entityId } of events) {
      const [, issue] = /^(NSI-\d{4}-\d{1,9})(?:\/|$)/.exec(entityId) ?? [];
      if (issue !== undefined) issues.add(issue);
    }
    const last = events.at(-1);
    if (last === undefined) break;
    seen = last.id;
  }
  return [...issues];
}

async function computeSlice(
  database: Database,
  ids: readonly string[],
  matched: boolean,
  step: Step,
): Promise<void> {
  const { queries } = database;
  const now = await standing(queries, ids);
  const own = ids.filter((id) => (now.get(id) ?? id) === id);
  const [old, toMatch, said] = await Promise.all([
    historiesOf(queries, own),
    matched ? issuesToMatch(queries, own, rememberedProducts()) : Promise.resolve([]),
    readSaid(queries, own),
  ]);
  const byId = new Map(toMatch.map((issue) => [issue.id, issue]));
  const rows: Parameters<typeof writeExposures>[2][number][] = [];
  let turn = performance.now();
  for (const issue of own) {
    const facts = said.get(issue);
    if (facts === undefined || (matched && !byId.has(issue))) continue;
    const before = new Map(
      [...(old.get(issue) ?? [])].map(([channel, packed]) => [channel, unpackHistories(packed)]),
    );
    const histories = step(before, byId.get(issue) ?? null);
    const channels = new Set([...histories.keys(), ...facts.statuses.map(({ channel }) => channel)]);
    for (const channel of [...channels].sort()) {
      const list = histories.get(channel) ?? [];
      const exposure = issueExposure(list, facts, channel);
      if (list.length === 0 && !exposure.looked) continue;
      rows.push({ issue, channel, ...exposure, histories: packHistories(list) });
    }
    if (performance.now() - turn < TURN_MS) continue;
    await setImmediate();
    turn = performance.now();
  }
  await database.transaction((tx) => writeExposures(tx, ids, rows));
}

/** What people said of some issues that stand. */
async function readSaid(queries: Queries, ids: readonly string[]): Promise<Map<string, Said>> {
  const [heads, statuses, decisions, packages] = await Promise.all([
    headsOfIssues(queries, ids),
    statusesOf(queries, ids),
    decisionsOfIssues(queries, ids),
    packagesOfIssues(queries, ids),
  ]);
  const kinds = new Map(packages.map((listed) => [`${listed.issue}/${listed.package}`, listed.kind]));
  const said = new Map<string, Said & { statuses: Said['statuses'][number][] }>();
  const decided = new Map<string, { all: Set<string>; notMeant: Set<string> }>();
  for (const { id, value } of decisions) {
    if (value === null) continue;
    const slash = id.indexOf('/');
    const [issue, attr] = [id.slice(0, slash), id.slice(slash + 1)];
    const own = decided.get(issue) ?? { all: new Set(), notMeant: new Set() };
    decided.set(issue, own);
    own.all.add(attr);
    if (value.decision === 'dismissed') own.notMeant.add(attr);
  }
  for (const [id, { opened, dismissed }] of heads) {
    const own = decided.get(id);
    said.set(id, {
      opened: opened.toISOString().slice(0, 10),
      dismissed,
      notMeant: own?.notMeant ?? new Set(),
      decided: own?.all ?? new Set(),
      statuses: [],
    });
  }
  for (const { issue, package: name, channel, value, changedAt } of statuses)
    said.get(issue)?.statuses.push({
      package: name,
      kind: kinds.get(`${issue}/${name}`) ?? 'attribute',
      channel,
      word: value.status,
      since: changedAt.toISOString().slice(0, 10),
    });
  return said;
}
