import type { Queries } from '#base/db';
import { MusterError } from '#base/errors';
import { type Channel, type Lifecycle, lifecycleOn } from './channel.ts';
import { allChannels, newestRevisions, type Revision, revisionsOf } from './store.ts';
import {
  currentOf,
  type FoundPackage,
  type PackageDetails,
  type PackagePeriod,
  type PackageRow,
  packageRows,
  packageRowsAfter,
  periodsOf,
  searchNames,
} from './store-reading.ts';

/**
 * Which revision: a commit or its beginning (7 digits or more), a date (the newest revision that is not younger), or
 * `latest`.
 */
export type At = string | Date;

/** Every channel, by name, with the life cycle that it has on `day` (today where none is named). */
export async function listChannels(
  queries: Queries,
  day = new Date().toISOString().slice(0, 10),
): Promise<Channel[]> {
  const channels = await allChannels(queries);
  return channels.map((channel) => ({ ...channel, lifecycle: lifecycleOn(channel, day) }));
}

/** The revisions of a channel, oldest first. @throws MusterError NOT_FOUND where there is no such channel */
export async function listRevisions(queries: Queries, channel: string): Promise<Revision[]> {
  const revisions = await revisionsOf(queries, channel);
  if (revisions.length === 0 && !(await allChannels(queries)).some(({ name }) => name === channel))
    throw new MusterError('NOT_FOUND', `there is no channel ${channel}`);
  return revisions.map(({ contentHash: _, ...revision }) => revision);
}

/** The newest revision of a channel; null where it has none, or there is no such channel. */
export async function latestRevision(queries: Queries, channel: string): Promise<Revision | null> {
  return (await newestRevisions(queries, channel))[0] ?? null;
}

/** The newest revision of every channel that has one, by channel. */
export async function latestRevisions(queries: Queries): Promise<Revision[]> {
  return await newestRevisions(queries);
}

/** @throws MusterError NOT_FOUND where there is none; USAGE where several commits begin so */
export async function revisionAt(queries: Queries, channel: string, at: At = 'latest'): Promise<Revision> {
  const revisions = await listRevisions(queries, channel);
  const none = (which: string) => new MusterError('NOT_FOUND', `${channel} has no revision ${which}`);
  if (at === 'latest' || at instanceof Date) {
    const found = at === 'latest' ? revisions.at(-1) : revisions.findLast((one) => one.committedAt <= at);
    if (found !== undefined) return found;
    throw none(at === 'latest' ? 'yet' : `of ${at.toISOString()} or before`);
  }
  const found = at.length < 7 ? [] : revisions.filter(({ commit }) => commit.startsWith(at));
  if (found[0] === undefined) throw none(at);
  if (found.length > 1)
    throw new MusterError('USAGE', `${channel} has ${found.length} revisions that begin with ${at}`);
  return found[0];
}

/** The whole package set of a revision, by attribute. @throws MusterError as `revisionAt` */
export async function packagesAt(
  queries: Queries,
  channel: string,
  at: At = 'latest',
): Promise<PackageRow[]> {
  const { committedAt } = await revisionAt(queries, channel, at);
  return await packageRows(queries, channel, committedAt);
}

/** A part of the package set of a revision, by attribute, after one of them. @throws MusterError as `revisionAt` */
export async function packagesAfter(
  queries: Queries,
  channel: string,
  at: At,
  part: { after: string | null; limit: number },
): Promise<PackageRow[]> {
  const { committedAt } = await revisionAt(queries, channel, at);
  return await packageRowsAfter(queries, channel, committedAt, part);
}

/** Some attributes of a revision; those that it does not have are left out. @throws MusterError as `revisionAt` */
export async function packagesNamed(
  queries: Queries,
  channel: string,
  attrs: readonly string[],
  at: At = 'latest',
): Promise<PackageRow[]> {
  const { committedAt } = await revisionAt(queries, channel, at);
  return await packageRows(queries, channel, committedAt, attrs);
}

/** What an attribute is in the newest revision of a channel. */
export interface PackageInChannel {
  channel: string;
  lifecycle: Lifecycle;
  /** Null where nothing was ever imported: then nothing is known, which is not the same as not having the package. */
  revision: Revision | null;
  /** Null where the channel does not have it. */
  package: PackageDetails | null;
}

/** An attribute in every channel, whatever its life cycle, by channel. */
export async function packageAcrossChannels(
  queries: Queries,
  attr: string,
  day?: string,
): Promise<PackageInChannel[]> {
  const current = new Map((await currentOf(queries, attr)).map(({ channel, ...found }) => [channel, found]));
  const newest = new Map((await newestRevisions(queries)).map((revision) => [revision.channel, revision]));
  return (await listChannels(queries, day)).map(({ name, lifecycle }) => ({
    channel: name,
    lifecycle,
    revision: newest.get(name) ?? null,
    package: current.get(name) ?? null,
  }));
}

/**
 * The versions of an attribute in a channel over time, oldest first: a new entry wherever version, patches or known
 * vulnerabilities changed. Between two entries that do not touch, the channel did not have the package.
 */
export async function packageHistory(
  queries: Queries,
  channel: string,
  attr: string,
): Promise<PackagePeriod[]> {
  const history: PackagePeriod[] = [];
  for (const period of await periodsOf(queries, channel, attr)) {
    const last = history.at(-1);
    if (last?.until?.getTime() === period.since.getTime() && sameFixes(last, period))
      last.until = period.until;
    else history.push({ ...period });
  }
  return history;
}

function sameFixes(a: PackagePeriod, b: PackagePeriod): boolean {
  const fixes = ({ version, patches, knownVulnerabilities }: PackagePeriod) =>
    JSON.stringify([version, patches, knownVulnerabilities]);
  return fixes(a) === fixes(b);
}

/** Packages by a part of their attribute or name, best first; nothing for no words. At most `limit` (20). */
export async function findPackages(queries: Queries, words: string, limit = 20): Promise<FoundPackage[]> {
  const text = words.trim().slice(0, 200);
  return text === '' ? [] : await searchNames(queries, text, limit);
}
