import { MusterError } from '#base/errors';
import { asList, asObject, optionalString } from '#base/formats';
import {
  DAY_MS,
  iso,
  ListPlace,
  type ListRow,
  momentIn,
  OVERLAP_MS,
  stillKnown,
  validatorsOf,
} from './fetch-cursor.ts';
import type { Cursor, Delivered, Delivery, FetchIo, FetchStep } from './fetch-step.ts';

/** How often the whole is read again though there are differences: what was taken back shows only there. */
const BULK_DAYS = 30;

function bulkIsDue(cursor: Cursor | null, now: Date): boolean {
  const at = momentIn(cursor, 'bulk');
  return at === null || now.getTime() - at >= BULK_DAYS * DAY_MS;
}

interface Whole {
  url: string;
  /** Where it is fetched to, and the path that it has whatever day it is of: what is not in it any more is gone. */
  path: string;
  as: string;
  /** When it was made, where its date does not tell. */
  otherwise: number;
  /** What else is remembered with it. */
  with?: (made: number) => Cursor;
}

/** Where a step stands after everything was read, or was not to be read. */
interface Standing {
  place: ListPlace;
  /** When everything was read last, and under which validators it came. */
  bulk: unknown;
  whole: unknown;
  /** When that was made which was read just now. */
  made: number | null;
}

/**
 * Reads everything where it is due. Where a person has to decide on it, the differences go on from where they were, and it is
 * asked for once a day.
 */
async function* wholeOf(
  io: FetchIo,
  cursor: Cursor | null,
  place: ListPlace,
  { url, path, as, otherwise, ...whole }: Whole,
): AsyncGenerator<Delivery, Standing, Delivered> {
  const before: Standing = { place, bulk: cursor?.bulk, whole: cursor?.whole, made: null };
  if (place.since !== null && (await io.waits(as))) return before;
  const known = place.since === null ? undefined : stillKnown(asCursor(cursor?.whole), url, io.now);
  const got = await io.get(url, path, { known });
  // The list has more than everything has: it goes on by that.
  if (got.kind === 'unchanged') return before;
  const date = got.lastModified === null ? Number.NaN : Date.parse(got.lastModified);
  const made = Math.min(Number.isFinite(date) ? date : otherwise, io.now.getTime());
  const after: Standing = {
    place: place.afterWhole(made),
    bulk: io.now.toISOString(),
    whole: validatorsOf(url, got, io.now),
    made,
  };
  const { held } = yield {
    files: [io.file(got, as, 'all')],
    cursor: { ...cursorAt(after), ...whole.with?.(made) },
  };
  return held ? before : after;
}

function asCursor(value: unknown): Cursor | null {
  return typeof value === 'object' && value !== null ? (value as Cursor) : null;
}

function cursorAt({ place, bulk, whole }: Standing): Cursor {
  return { bulk, whole, ...place.cursor() };
}

export interface ChangesOptions {
  name: string;
  /** `https://…/advisories/` */
  base: string;
  /** Path of the files below the source's folder: `csaf/advisories/`. */
  folder: string;
  /** The archive with everything: its address, or a text beside the list that holds its name. */
  archive: { url: string } | { nameIn: string };
  /** Whether there is a deletions.csv. */
  deletions: boolean;
  /**
   * More changes than these are read from the archive, if it has changed, and no more are asked for one by one in a run:
   * many single requests are answered with 403.
   */
  mostSingle?: number;
}

/**
 * An archive first, then what `changes.csv` lists since, a file at a time, then what `deletions.csv` took away (CSAF 2.0,
 * section 7.1.13 and 7.1.14).
 */
export function archiveThenChanges(options: ChangesOptions): FetchStep {
  const { name, base, folder, deletions, mostSingle = 2000 } = options;
  return {
    name,
    async *run(cursor, io) {
      const changes = rowsOf(await io.text(`${base}changes.csv`, `${folder}changes.csv`));
      const place = ListPlace.of(cursor, changes, mostSingle);
      let at: Standing = { place, bulk: cursor?.bulk, whole: cursor?.whole, made: null };
      // Deletions have a moment of their own: they may be held for days while the changes go on.
      let deleted = momentIn(cursor, 'deleted') ?? place.since;
      // An archive may bring back what was taken away after it was made.
      const deletedBy = (made: number) => Math.min(deleted ?? made, made);
      const remembered = () => ({ ...cursorAt(at), ...(deleted === null ? {} : { deleted: iso(deleted) }) });
      if (place.since === null || bulkIsDue(cursor, io.now) || place.due().length > mostSingle) {
        const url = await archiveAddress(options, io);
        at = yield* wholeOf(io, cursor, place, {
          url,
          path: `${folder}${url.slice(url.lastIndexOf('/') + 1)}`,
          as: `${folder}archive${/\.tar\.\w{2,4}$/.exec(url)?.[0] ?? ''}`,
          // What changed since it was made is in the changes.
          otherwise: io.now.getTime() - BULK_DAYS * DAY_MS,
          with: (made) => ({ deleted: iso(deletedBy(made)) }),
        });
        if (at.made !== null) deleted = deletedBy(at.made);
      }
      // Everything is held, and nothing is there that could go on.
      if (at.place.since === null || deleted === null) return;
      for (const row of at.place.due().slice(0, mostSingle)) {
        const got = await io.must(`${base}${row.name}`, `${folder}${row.name}`);
        at = { ...at, place: at.place.after(row, io.now) };
        yield { files: [io.file(got, `${folder}${row.name}`, 'piece')], cursor: remembered() };
      }
      if (!deletions) return;
      const latest = new Map<string, number>();
      for (const row of changes) latest.set(row.name, Math.max(row.at, latest.get(row.name) ?? row.at));
      const from = deleted - OVERLAP_MS;
      const gone = rowsOf(await io.text(`${base}deletions.csv`, `${folder}deletions.csv`)).filter(
        (row) => row.at > from && !((latest.get(row.name) ?? 0) > row.at),
      );
      if (gone.length === 0) return;
      const until = gone.reduce((most, row) => Math.max(most, row.at), deleted);
      deleted = Math.min(until, io.now.getTime() + OVERLAP_MS);
      const paths = gone.map((row) => row.name);
      yield { files: [], removed: { folder, paths }, cursor: remembered() };
    },
  };
}

async function archiveAddress({ base, folder, archive }: ChangesOptions, io: FetchIo): Promise<string> {
  if ('url' in archive) return archive.url;
  const name = (await io.text(`${base}${archive.nameIn}`, `${folder}latest.txt`)).trim();
  if (/^[\w.-]{1,100}$/.test(name)) return `${base}${name}`;
  throw new MusterError('FETCH_FAILED', `${base}${archive.nameIn}: no name of an archive`);
}

/** Lines of `"2024/rhsa-2024_0010.json","2025-02-18T14:28:08+00:00"`; what is no such line is passed over. */
function rowsOf(csv: string): ListRow[] {
  return csv.split('\n').flatMap((line) => {
    const [, name, moment] = /^"?([\w./-]{1,200})"?,"?([^",]{10,40})"?\s*$/.exec(line) ?? [];
    const at = Date.parse(moment ?? '');
    return name === undefined || !Number.isFinite(at) || name.split('/').includes('..') ? [] : [{ name, at }];
  });
}

/** OSV: a zip of an ecosystem first, then what `modified_id.csv` lists since, a record at a time. */
export function osvModified(options: {
  base: string;
  ecosystem: string;
  /** Folder of the source: `osv/PyPI`. */
  folder: string;
  /** As of archiveThenChanges. */
  mostSingle?: number;
}): FetchStep {
  const { base, ecosystem, folder, mostSingle = 300 } = options;
  const root = `${base}/${encodeURIComponent(ecosystem)}`;
  return {
    name: folder,
    async *run(cursor, io) {
      const list = await io.text(`${root}/modified_id.csv`, `${folder}/modified_id.csv`);
      const rows = list.split('\n').flatMap((line): ListRow[] => {
        const [, moment, name] = /^([^,]{10,40}),([\w.:-]{1,100})\s*$/.exec(line) ?? [];
        const at = Date.parse(moment ?? '');
        return name === undefined || !Number.isFinite(at) ? [] : [{ name, at }];
      });
      // Without a single line it says nothing, and nothing moves on.
      if (rows.length === 0)
        throw new MusterError('FETCH_FAILED', `${root}/modified_id.csv: no line of it is one`);
      const place = ListPlace.of(cursor, rows, mostSingle);
      let at: Standing = { place, bulk: cursor?.bulk, whole: cursor?.whole, made: null };
      if (place.since === null || bulkIsDue(cursor, io.now) || place.due().length > mostSingle) {
        const otherwise = rows.reduce((most, row) => Math.max(most, row.at), 0);
        const path = `${folder}/all.zip`;
        at = yield* wholeOf(io, cursor, place, { url: `${root}/all.zip`, path, as: path, otherwise });
        if (at.made !== null) return;
      }
      if (at.place.since === null) return;
      for (const row of at.place.due().slice(0, mostSingle)) {
        const path = `${folder}/${row.name}.json`;
        const got = await io.must(`${root}/${encodeURIComponent(row.name)}.json`, path);
        at = { ...at, place: at.place.after(row, io.now) };
        yield { files: [io.file(got, path, 'piece')], cursor: cursorAt(at) };
      }
    },
  };
}

/** Days whose differences are remembered one by one: more than an overlap has. */
const MOST_DAYS = 20;

/** CVE.org: the archive of everything first, then the differences that each day's last release holds. */
export function cveReleases(options: {
  archive: { url: string; path: string };
  releases: string;
  pauseMs?: number;
}): FetchStep {
  const { archive, releases, pauseMs = 1000 } = options;
  return {
    name: 'releases',
    async *run(cursor, io) {
      const place = ListPlace.of(cursor, [], MOST_DAYS);
      let at: Standing = { place, bulk: cursor?.bulk, whole: cursor?.whole, made: null };
      if (place.since === null || bulkIsDue(cursor, io.now))
        at = yield* wholeOf(io, cursor, place, {
          ...{ url: archive.url, path: archive.path, as: archive.path },
          otherwise: io.now.getTime(),
        });
      const { since } = at.place;
      if (since === null) return;
      const wanted = new Map<string, { url: string; at: number }>();
      for (let page = 1; page <= 20; page += 1) {
        const { value } = await io.json(`${releases}?per_page=50&page=${page}`, 'releases.json', {
          headers: { accept: 'application/vnd.github+json' },
        });
        const found = asList(value, '(root)').map((entry, index) => releaseIn(entry, index));
        if (page === 1 && found.length === 0)
          throw new MusterError('FETCH_FAILED', `${releases}: no release`);
        const since24 = since - OVERLAP_MS;
        for (const release of found.flatMap((each) => each ?? [])) {
          if (release.at <= since24) continue;
          // Each difference holds all of its day until then: the last one of a day is enough.
          const other = wanted.get(release.day);
          if (other === undefined || other.at < release.at) wanted.set(release.day, release);
        }
        if (found.length === 0 || found.some((each) => each !== null && each.at <= since24)) break;
        await io.pause(pauseMs);
      }
      const rows = [...wanted].map(([name, release]): ListRow => ({ name, at: release.at }));
      at = {
        ...at,
        place: ListPlace.of({ ...cursor, ...at.place.cursor(), read: cursor?.read }, rows, MOST_DAYS),
      };
      for (const row of at.place.due()) {
        const path = `deltas/${row.name}.zip`;
        const got = await io.must(wanted.get(row.name)?.url ?? '', path);
        at = { ...at, place: at.place.after(row, io.now) };
        yield { files: [io.file(got, path, 'piece')], cursor: cursorAt(at) };
      }
    },
  };
}

/** The day and the address of a release's difference; null for a release without one (the one at midnight). */
function releaseIn(entry: unknown, index: number): { day: string; at: number; url: string } | null {
  const release = asObject(entry, '[]', index);
  const at = Date.parse(optionalString(release.published_at, 'published_at', index) ?? '');
  for (const asset of asList(release.assets, 'assets', index)) {
    const { name, browser_download_url: url } = asObject(asset, 'assets[]', index);
    const [, day] = /^(\d{4}-\d\d-\d\d)_delta_CVEs_at_\w{4,12}\.zip$/.exec(String(name)) ?? [];
    if (day !== undefined && typeof url === 'string' && Number.isFinite(at)) return { day, at, url };
  }
  return null;
}
