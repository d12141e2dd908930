import { createReadStream } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Database, Tx } from '#base/db';
import { MusterError } from '#base/errors';
import { JsonFieldError, looksLikeHtml } from '#base/formats';
import { type DownloadedFile, download, type HttpClient } from '#base/http';
import { endRun } from './end-run.ts';
import { stepsOf } from './fetch-plans.ts';
import {
  type Cursor,
  type Delivered,
  type Delivery,
  type FetchIo,
  type FetchStep,
  NotData,
} from './fetch-step.ts';
import { Held } from './hold.ts';
import { reread } from './reread.ts';
import type { Source } from './source.ts';
import { lockSource, markGone, removeFiles, withFetchLock } from './store-files.ts';
import { cursorOf, saveCursor } from './store-runs.ts';
import { beginRun, guardRemoved, hold, type Run, type SyncResult, takeFile, worse } from './sync.ts';
import { MAX_FILE_BYTES } from './unpack.ts';

export interface FetchOptions {
  client: HttpClient;
  /** Where what is fetched stands until it is read, and what came of a cut download until the next run. */
  folder: string;
  /** Applies what is unlike the source, as syncFiles. */
  accept?: boolean;
  now?: () => Date;
  signal?: AbortSignal | undefined;
  onProgress?: (words: string) => void;
  /** Other steps than the source's own; for tests and drills. */
  steps?: readonly FetchStep[];
}

/** Small answers (lists, indexes, pages) that are read at once: the largest, 2,000 records of NVD, have 20 MB. */
const SMALL_BYTES = 64 << 20;

/**
 * Fetches what a source has new, step after step, and reads it. Each piece is committed with how far its step has come, so
 * that whatever cuts a run loses nothing and asks for nothing twice. A step that fails does not keep the others from being
 * done, and fails the run: part of a source must not look like a source that has shrunk.
 *
 * @returns null where somebody else fetches it just now
 * @throws MusterError FETCH_FAILED, SOURCE_GUARDED; what was read until then stays
 */
export async function fetchSource(
  database: Database,
  source: Source,
  options: FetchOptions,
): Promise<SyncResult | null> {
  return withFetchLock(database, source.id, async () => {
    const now = options.now ?? (() => new Date());
    const { accept = false, onProgress } = options;
    const run = beginRun(
      source,
      {
        ours: true,
        accept,
        onProgress: ({ file, documents }) => onProgress?.(`${source.id}  ${file}  ${documents} documents`),
      },
      now(),
    );
    const traffic = { requests: 0, bytes: 0 };
    const folder = join(options.folder, source.id);
    const sound = (path: string) =>
      void run.seen.push({ path, outcome: 'sound', documents: 0, quarantined: 0, usual: null });
    const io = makeIo({ ...options, folder, traffic, sound, now: now(), name: source.id });
    let failure: unknown = null;
    // Nothing new is read into what cannot be read again; but that is a run, and its failure is told.
    await reread(database, source).catch((error: unknown) => {
      failure = error ?? new Error('it cannot be read again');
    });
    for (const step of failure === null ? (options.steps ?? stepsOf(source)) : []) {
      try {
        await runStep(database, run, step, io);
      } catch (thrown) {
        const error = asFailure(thrown, source, io);
        if (error instanceof Held && !run.seen.some(({ held, path }) => held && path === error.path))
          await hold(database, run, error).catch(() => {});
        if (error instanceof NotData) noteRefused(run, error);
        failure = worse(failure, error);
        if (!(error instanceof MusterError) || options.signal?.aborted === true) break;
      }
    }
    await tidy(folder);
    await endRun(database, run, { failure, traffic, now: now() });
    if (failure !== null) throw failure;
    return run.total;
  });
}

async function runStep(database: Database, run: Run, step: FetchStep, io: FetchIo): Promise<void> {
  const { source } = run;
  const cursor = (await cursorOf(database.queries, source.id, step.name)) as Cursor | null;
  const steps = step.run(cursor, io);
  try {
    for (let next = await steps.next(); !next.done; ) {
      const delivered = await take(database, run, step, next.value);
      // What cannot be read is no ground to go on: it is asked for again.
      if (delivered === null) return;
      next = await steps.next(delivered);
    }
  } finally {
    await steps.return();
  }
}

/** Reads a delivery, and remembers how far its step has come with the last file of it. Null where a file was refused. */
async function take(
  database: Database,
  run: Run,
  step: FetchStep,
  { files, removed, cursor }: Delivery,
): Promise<Delivered | null> {
  const { source } = run;
  const commit = async (tx: Tx) => {
    if (cursor !== null) await saveCursor(tx, source, step.name, cursor);
  };
  const delivered = { stored: 0, unchanged: 0 };
  for (const [index, file] of files.entries()) {
    const last = index === files.length - 1 && removed === undefined;
    const { result, seen } = await takeFile(database, run, file, last ? { commit } : {});
    // The very bytes that were refused before are refused again, whatever came of them then.
    if (seen.outcome === 'refused' || (seen.outcome === 'same' && seen.documents === 0)) return null;
    delivered.stored += result.stored;
    delivered.unchanged += result.unchanged;
  }
  if (files.length > 0 && removed === undefined) return delivered;
  const path = `${removed?.folder}deletions`;
  await database.transaction(async (tx) => {
    if (removed !== undefined) {
      await lockSource(tx, source.id);
      const gone = await removeFiles(tx, source.id, removed);
      await guardRemoved(tx, run, path, gone);
      await markGone(tx, gone.ids);
      run.total.gone += gone.ids.length;
    }
    await commit(tx);
  });
  if (removed !== undefined)
    run.seen.push({ path, outcome: 'read', documents: 0, quarantined: 0, usual: null });
  return delivered;
}

interface IoOptions extends Pick<FetchOptions, 'client' | 'signal' | 'onProgress'> {
  folder: string;
  traffic: { requests: number; bytes: number };
  /** Takes down what is as it should be, though nothing of it goes to the store. */
  sound: (path: string) => void;
  now: Date;
  name: string;
}

interface Io extends FetchIo {
  /** What was last read as JSON. */
  readonly parsed: string;
}

function makeIo({ client, folder, signal, traffic, sound, now, name, onProgress }: IoOptions): Io {
  const placeOf = (path: string) => join(folder, path.replaceAll(/[^\w./-]/g, '_').replaceAll('..', '_'));
  let parsed = '';
  const io: Io = {
    now,
    sound,
    get parsed() {
      return parsed;
    },
    async get(url, path, { known, maxBytes = MAX_FILE_BYTES, headers } = {}) {
      const shown = (bytes: number) =>
        onProgress?.(`${name}  fetching ${path}  ${Math.round(bytes / 1e6)} MB`);
      traffic.requests += 1;
      const got = await download(client, url, placeOf(path), {
        ...{ maxBytes, known, signal, onProgress: shown },
        ...(headers === undefined ? {} : { headers }),
      });
      if (got.kind === 'fetched') traffic.bytes += got.received;
      else sound(path);
      return got;
    },
    async must(url, path, options) {
      const got = await io.get(url, path, options);
      if (got.kind === 'fetched') return got;
      throw new MusterError('FETCH_FAILED', `${url}: said that nothing changed, though nobody asked`);
    },
    async text(url, path, options) {
      const got = await io.must(url, path, { maxBytes: SMALL_BYTES, ...options });
      const text = await readFile(got.path, 'utf8');
      if (looksLikeHtml(text.slice(0, 4096)))
        throw new NotData(url, path, 'html', 'a web page stands where data was due');
      sound(path);
      return text;
    },
    async json(url, path, options) {
      const got = await io.must(url, path, { maxBytes: SMALL_BYTES, ...options });
      const text = await readFile(got.path, 'utf8');
      parsed = path;
      try {
        const value = JSON.parse(text) as unknown;
        sound(path);
        return { got, value };
      } catch (error) {
        const html = looksLikeHtml(text.slice(0, 4096));
        if (html) throw new NotData(path, path, 'html', 'a web page stands where data was due');
        throw new NotData(path, path, 'not-json', (error as Error).message.slice(0, 200));
      }
    },
    file: (got: Pick<DownloadedFile, 'path'>, path, holds) => ({
      path,
      open: () => createReadStream(got.path, { highWaterMark: 1 << 19 }),
      holds,
      due: true,
    }),
    async pause(ms) {
      await sleep(ms, undefined, signal === undefined ? {} : { signal });
    },
  };
  return io;
}

/** An index in another form than it had is as little use as none. */
function asFailure(thrown: unknown, { id }: Source, { parsed }: Io): unknown {
  if (thrown instanceof JsonFieldError)
    return new NotData(`${id} ${parsed}`, parsed, thrown.reason, thrown.message);
  return thrown;
}

function noteRefused(run: Run, { path, reason }: NotData): void {
  run.seen.push({ path, outcome: 'refused', documents: 0, quarantined: 0, usual: null, reason });
}

/** Takes away what was read; what came of a cut download stays for the next run. */
async function tidy(folder: string): Promise<void> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const begun = files.filter((path) => /\.part(?:\.json)?$/.test(path));
  if (begun.length === 0) await rm(folder, { recursive: true, force: true });
  else
    await Promise.all(files.filter((path) => !begun.includes(path)).map((path) => rm(path, { force: true })));
}
