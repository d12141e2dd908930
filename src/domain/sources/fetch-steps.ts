import { MusterError } from '#base/errors';
import { asList, asNumber, asObject, optionalString } from '#base/formats';
import type { Validators } from '#base/http';
import type { Cursor, Delivered, Delivery, FetchIo, FetchStep } from './fetch-step.ts';
import type { PackedFile } from './unpack.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Differences are asked for from this long before the last ones: what was late, or came while we read, is not missed. */
export const OVERLAP_MS = 2 * DAY_MS;

/** Even where a server says for ever that nothing changed, the whole is asked for after this long. */
const ASK_ANEW_MS = 7 * DAY_MS;

/** A file at one address, conditional. */
export function wholeFile({
  url,
  path,
  holds = 'all',
  everyHours = 0,
}: {
  url: string;
  path: string;
  holds?: PackedFile['holds'];
  /** Large ones are not asked for each time. */
  everyHours?: number;
}): FetchStep {
  return {
    name: path,
    async *run(cursor, io) {
      const before = momentIn(cursor, 'at');
      if (before !== null && io.now.getTime() - before < everyHours * HOUR_MS) return;
      const got = await io.get(url, path, { known: stillKnown(cursor, url, io.now) });
      if (got.kind === 'unchanged') return;
      yield { files: [io.file(got, path, holds ?? 'all')], cursor: validatorsOf(url, got, io.now) };
    },
  };
}

/** Validators that an earlier answer came with, unless they are of another address, or too old to be believed. */
function stillKnown(cursor: Cursor | null, url: string, now: Date): Validators | undefined {
  if (cursor === null || cursor.url !== url || typeof cursor.at !== 'string') return undefined;
  if (now.getTime() - Date.parse(cursor.at) > ASK_ANEW_MS) return undefined;
  const text = (value: unknown) => (typeof value === 'string' ? value : null);
  return { etag: text(cursor.etag), lastModified: text(cursor.lastModified) };
}

function validatorsOf(url: string, { etag, lastModified }: Validators, now: Date): Cursor {
  return { url, etag, lastModified, at: now.toISOString() };
}

/** How often the whole is read again though there are differences: what was taken back shows only there. */
const BULK_DAYS = 30;

function bulkIsDue(cursor: Cursor | null, now: Date): boolean {
  const at = typeof cursor?.bulk === 'string' ? Date.parse(cursor.bulk) : Number.NaN;
  return !(now.getTime() - at < BULK_DAYS * DAY_MS);
}

/** A moment of a cursor, in milliseconds; null where it has none. */
function momentIn(cursor: Cursor | null, name: string): number | null {
  const value = cursor?.[name];
  const moment = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return Number.isFinite(moment) ? moment : null;
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
  /** More changes than these are read from the archive: many single requests are answered with 403. */
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
      let since = momentIn(cursor, 'since');
      const changes = rowsOf(await io.text(`${base}changes.csv`, `${folder}changes.csv`));
      const due = changes.filter(({ at }) => since === null || at > since - OVERLAP_MS);
      let bulk = cursor?.bulk;
      if (since === null || bulkIsDue(cursor, io.now) || due.length > mostSingle) {
        const address = await archiveAddress(options, io);
        const got = await io.must(address, `${folder}${address.slice(address.lastIndexOf('/') + 1)}`);
        // The same path whatever day it is of: what is not in it any more is gone.
        const path = `${folder}archive${/\.tar\.\w{2,4}$/.exec(address)?.[0] ?? ''}`;
        // What changed since it was made is in the changes; how old it is only its date tells.
        const made = got.lastModified === null ? Number.NaN : Date.parse(got.lastModified);
        since = Number.isFinite(made)
          ? Math.min(made, io.now.getTime())
          : io.now.getTime() - BULK_DAYS * DAY_MS;
        bulk = io.now.toISOString();
        yield { files: [io.file(got, path, 'all')], cursor: { bulk, since: iso(since) } };
      }
      const from = since - OVERLAP_MS;
      const later = changes.filter(({ at }) => at > from).sort((a, b) => a.at - b.at);
      let reached = since;
      for (const { path, at } of later) {
        const got = await io.get(`${base}${path}`, `${folder}${path}`);
        reached = Math.max(reached, at);
        if (got.kind === 'unchanged') continue;
        yield {
          files: [io.file(got, `${folder}${path}`, 'piece')],
          cursor: { bulk, since: iso(reached) },
        };
      }
      if (!deletions) return;
      const gone = rowsOf(await io.text(`${base}deletions.csv`, `${folder}deletions.csv`));
      const paths = gone
        .filter(({ path, at }) => at > from && !later.some((row) => row.path === path && row.at > at))
        .map(({ path }) => path);
      if (paths.length > 0)
        yield { files: [], removed: { folder, paths }, cursor: { bulk, since: iso(reached) } };
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
export function rowsOf(csv: string): { path: string; at: number }[] {
  return csv.split('\n').flatMap((line) => {
    const [, path, moment] = /^"?([\w./-]{1,200})"?,"?([^",]{10,40})"?\s*$/.exec(line) ?? [];
    const at = Date.parse(moment ?? '');
    return path === undefined || !Number.isFinite(at) || path.split('/').includes('..') ? [] : [{ path, at }];
  });
}

/** OSV: a zip of an ecosystem first, then what `modified_id.csv` lists since, a record at a time. */
export function osvModified(options: {
  base: string;
  ecosystem: string;
  /** Folder of the source: `osv/PyPI`. */
  folder: string;
  mostSingle?: number;
}): FetchStep {
  const { base, ecosystem, folder, mostSingle = 300 } = options;
  const root = `${base}/${encodeURIComponent(ecosystem)}`;
  return {
    name: folder,
    async *run(cursor, io) {
      const since = momentIn(cursor, 'since');
      const list = await io.text(`${root}/modified_id.csv`, `${folder}/modified_id.csv`);
      const rows = list.split('\n').flatMap((line) => {
        const [, moment, id] = /^([^,]{10,40}),([\w.:-]{1,100})\s*$/.exec(line) ?? [];
        const at = Date.parse(moment ?? '');
        return id === undefined || !Number.isFinite(at) ? [] : [{ id, at }];
      });
      const latest = rows.reduce((most, { at }) => Math.max(most, at), since ?? 0);
      // Without a single line it says nothing, and nothing moves on.
      if (rows.length === 0)
        throw new MusterError('FETCH_FAILED', `${root}/modified_id.csv: no line of it is one`);
      const changed = rows.filter(({ at }) => since === null || at > since - OVERLAP_MS);
      if (since === null || bulkIsDue(cursor, io.now) || changed.length > mostSingle) {
        const got = await io.must(`${root}/all.zip`, `${folder}/all.zip`);
        const bulk = io.now.toISOString();
        const reached = new Date(Math.min(latest, io.now.getTime())).toISOString();
        yield { files: [io.file(got, `${folder}/all.zip`, 'all')], cursor: { bulk, since: reached } };
        return;
      }
      let reached = since;
      for (const { id, at } of changed.sort((a, b) => a.at - b.at)) {
        const got = await io.must(`${root}/${encodeURIComponent(id)}.json`, `${folder}/${id}.json`);
        reached = Math.max(reached, at);
        yield {
          files: [io.file(got, `${folder}/${id}.json`, 'piece')],
          cursor: { bulk: cursor?.bulk, since: iso(reached) },
        };
      }
    },
  };
}

/** NVD's API answers for at most so long a window, and so many records a page. */
const NVD_WINDOW_MS = 119 * DAY_MS;
const NVD_PAGE = 2000;

/**
 * NVD: a file for each year first, then windows of `lastModStartDate` to `lastModEndDate`, page after page. An empty answer
 * moves nothing: it happens while records are there.
 */
export function nvdWindows(options: {
  feeds: string;
  api: string;
  firstYear: number;
  /** Between requests: five in 30 seconds are allowed without a key. */
  pauseMs?: number;
}): FetchStep {
  const { feeds, api, firstYear, pauseMs = 6500 } = options;
  return {
    name: 'api',
    async *run(cursor, io) {
      const begun = momentIn(cursor, 'bulk') === null ? io.now.toISOString() : String(cursor?.bulk);
      let since = momentIn(cursor, 'since');
      const from = typeof cursor?.year === 'number' ? cursor.year + 1 : firstYear;
      if (since === null)
        for (let year = from; year <= io.now.getUTCFullYear(); year += 1) {
          const path = `nvdcve-2.0-${year}.json.gz`;
          const got = await io.must(`${feeds}/${path}`, path);
          const last = year === io.now.getUTCFullYear();
          // Records that changed while the years were read are asked for from when that began.
          yield {
            files: [io.file(got, path, 'piece')],
            cursor: { bulk: begun, year, ...(last ? { since: begun } : {}) },
          };
        }
      since ??= Date.parse(begun);
      let startIndex = typeof cursor?.startIndex === 'number' ? cursor.startIndex : 0;
      let start = momentIn(cursor, 'start') ?? since - OVERLAP_MS;
      let reached = since;
      // Of a window that was cut the pages are numbered by where it ended.
      let cutEnd = momentIn(cursor, 'end');
      while (start < io.now.getTime()) {
        const end = cutEnd ?? Math.min(start + NVD_WINDOW_MS, io.now.getTime());
        cutEnd = null;
        const query = new URLSearchParams({
          lastModStartDate: zoned(start),
          lastModEndDate: zoned(end),
          startIndex: String(startIndex),
          resultsPerPage: String(NVD_PAGE),
        });
        const path = 'rest/json/cves/2.0.json';
        const { got, value } = await io.json(`${api}?${query}`, path);
        const answer = asObject(value, '(root)');
        const total = asNumber(answer.totalResults, 'totalResults');
        const found = asList(answer.vulnerabilities, 'vulnerabilities');
        for (const [index, entry] of found.entries()) {
          const { cve } = asObject(entry, 'vulnerabilities[]', index);
          const modified = optionalString(asObject(cve, 'cve', index).lastModified, 'lastModified', index);
          const moment = Date.parse(`${modified ?? ''}Z`);
          if (Number.isFinite(moment)) reached = Math.max(reached, moment);
        }
        if (found.length === 0 && startIndex < total)
          throw new MusterError('FETCH_FAILED', `${api}: ${total} records, and none from ${startIndex} on`);
        const more = startIndex + found.length < total;
        startIndex = more ? startIndex + found.length : 0;
        // Only what was seen moves the cursor, never the clock; in the middle of a window nothing does.
        const place = more
          ? { since: iso(since), start: iso(start), end: iso(end), startIndex }
          : { since: iso(reached) };
        if (found.length > 0)
          yield { files: [io.file(got, path, 'piece')], cursor: { bulk: begun, ...place } };
        if (more) cutEnd = end;
        else start = end;
        if (start < io.now.getTime()) await io.pause(pauseMs);
      }
    },
  };
}

function iso(moment: number): string {
  return new Date(moment).toISOString();
}

/** With the zone as an offset: NVD's API knows no other. */
function zoned(moment: number): string {
  return iso(moment).replace('Z', '+00:00');
}

export interface PagesOptions {
  name: string;
  /** Address of a page. `since` is set where the source can be asked for what came after a moment. */
  page(place: { number: number; since: string | null }): string;
  path: string;
  /** The list in the answer: `updates`. */
  list: string;
  /** The number of pages, or of entries, in the answer, and how many entries a page has. */
  count: { pages: string } | { entries: string; size: number };
  /** The first page has this number. */
  first: number;
  /**
   * `known`: newest first, until two pages in a row hold nothing new. `since`: by a moment, less an overlap, all of its pages.
   */
  walk: 'known' | 'since';
  /** Whether the first walk of all ends there, too: something else brought what is older. */
  olderKnown?: boolean;
  pauseMs?: number;
  /** A walk that finds no end until then is a mishap of the other side. */
  mostPages?: number;
}

const KNOWN_PAGES = 2;

/**
 * Pages of an API. They shift while one walks, so that entries are kept by their ids and no page is ever a whole. A walk that
 * was cut goes on a page before it was, and then begins once more at the newest.
 */
export function pagesOf(options: PagesOptions): FetchStep {
  const { name, first, walk, olderKnown = false } = options;
  return {
    name,
    async *run(cursor, io) {
      const since = momentIn(cursor, 'since');
      const cutAt = typeof cursor?.page === 'number' ? cursor.page : null;
      // What comes while we walk is asked for the next time from when this walk began.
      const begun = cutAt === null || typeof cursor?.begun !== 'string' ? io.now.toISOString() : cursor.begun;
      const place = {
        asked: walk === 'since' && since !== null ? iso(since - OVERLAP_MS) : null,
        begun,
        cursor,
      };
      const again = cutAt === null ? [] : [{ from: Math.max(first, cutAt - 1), untilKnown: since !== null }];
      if (cutAt === null || walk === 'known')
        again.push({ from: first, untilKnown: since !== null || cutAt !== null || olderKnown });
      for (const { from, untilKnown } of again) {
        const walked = { ...place, from, untilKnown: walk === 'known' && untilKnown };
        if (yield* walkPages(options, io, walked)) continue;
        // An answer without any entry moves nothing: it happens while there are some. A cut walk begins anew after it.
        if (cutAt !== null) yield { files: [], cursor: since === null ? {} : { since: iso(since) } };
        return;
      }
      // Nothing of a cut is left.
      yield { files: [], cursor: { since: begun } };
    },
  };
}

interface Walk {
  from: number;
  /** Ends where nothing is new. */
  untilKnown: boolean;
  asked: string | null;
  begun: string;
  cursor: Cursor | null;
}

/** @returns whether there was anything */
async function* walkPages(
  { page, path, list, count, first, pauseMs = 1000, mostPages = 5000 }: PagesOptions,
  io: FetchIo,
  { from, untilKnown, asked, begun, cursor }: Walk,
): AsyncGenerator<Delivery, boolean, Delivered> {
  let known = 0;
  for (let number = from; number < first + mostPages; number += 1) {
    const url = page({ number, since: asked });
    const { got, value } = await io.json(url, path);
    const answer = asObject(value, '(root)');
    const entries = asList(answer[list], list);
    const counted = 'pages' in count ? count.pages : count.entries;
    const total = asNumber(answer[counted], counted);
    const pages = 'pages' in count ? total : Math.ceil(total / count.size);
    if (entries.length === 0) {
      if (number - first >= pages) return number > from;
      throw new MusterError('FETCH_FAILED', `${url}: an empty page, ${number - first + 1} of ${pages}`);
    }
    const { stored } = yield {
      files: [io.file(got, path, 'piece')],
      cursor: { ...(cursor?.since === undefined ? {} : { since: cursor.since }), page: number + 1, begun },
    };
    known = stored === 0 ? known + 1 : 0;
    if (number - first + 1 >= pages || (untilKnown && known >= KNOWN_PAGES)) return true;
    await io.pause(pauseMs);
  }
  throw new MusterError(
    'FETCH_FAILED',
    `${page({ number: from, since: asked })}: no end in ${mostPages} pages`,
  );
}

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
      let since = momentIn(cursor, 'since');
      let bulk = cursor?.bulk;
      if (since === null || bulkIsDue(cursor, io.now)) {
        const got = await io.must(archive.url, archive.path);
        since = io.now.getTime();
        bulk = io.now.toISOString();
        yield { files: [io.file(got, archive.path, 'all')], cursor: { bulk, since: iso(since) } };
      }
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
      for (const [day, { url, at }] of [...wanted].sort(([a], [b]) => (a < b ? -1 : 1))) {
        const path = `deltas/${day}.zip`;
        const got = await io.must(url, path);
        since = Math.max(since, at);
        yield { files: [io.file(got, path, 'piece')], cursor: { bulk, since: iso(since) } };
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

/** A repository of rpms: a list of mirrors, `repomd.xml`, and the updateinfo that it names. */
export function updateinfoOf(options: { name: string; mirrors: string; path: string }): FetchStep {
  const { name, mirrors, path } = options;
  return {
    name,
    async *run(cursor, io) {
      const [mirror] = (await io.text(mirrors, `${name}/mirror.list`)).split('\n').map((line) => line.trim());
      if (mirror === undefined || !/^https?:\/\/[\w.:-]{1,200}\/[\w./%-]{0,300}$/.test(mirror))
        throw new MusterError('FETCH_FAILED', `${mirrors}: no mirror`);
      const base = mirror.endsWith('/') ? mirror : `${mirror}/`;
      const repomd = await io.text(`${base}repodata/repomd.xml`, `${name}/repomd.xml`);
      const [, block = ''] = /<data\s+type="updateinfo"\s*>([\s\S]{0,4000}?)<\/data>/.exec(repomd) ?? [];
      const [, href] = /<location\s+href="([\w./-]{1,300})"/.exec(block) ?? [];
      const [, sum] = /<checksum\s+type="sha256"\s*>([0-9a-f]{64})<\/checksum>/.exec(block) ?? [];
      if (href === undefined || href.split('/').includes('..'))
        throw new MusterError('FETCH_FAILED', `${base}repodata/repomd.xml: no updateinfo`);
      const packed = `${path}${/\.(?:gz|xz|zst|bz2)$/.exec(href)?.[0] ?? ''}`;
      if (sum !== undefined && cursor?.sum === sum) return io.sound(packed);
      const got = await io.must(`${base}${href}`, packed);
      if (sum !== undefined && got.hash !== sum)
        throw new MusterError('FETCH_FAILED', `${base}${href}: not what repomd.xml says it is`);
      yield { files: [io.file(got, packed, 'all')], cursor: { sum: sum ?? null } };
    },
  };
}
