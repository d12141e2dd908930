import { MusterError } from '#base/errors';
import { asList, asNumber, asObject, optionalString } from '#base/formats';
import { DAY_MS, iso, momentIn, OVERLAP_MS, stillKnown, validatorsOf } from './fetch-cursor.ts';
import type { Cursor, Delivered, Delivery, FetchIo, FetchStep } from './fetch-step.ts';
import type { PackedFile } from './unpack.ts';

const HOUR_MS = 3_600_000;
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
