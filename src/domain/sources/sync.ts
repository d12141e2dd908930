import { createHash } from 'node:crypto';
import type { Database, Tx } from '#base/db';
import { MusterError } from '#base/errors';
import { endRun } from './end-run.ts';
import { Held, type HeldFacts, unlikely } from './hold.ts';
import { isFew } from './judge-source.ts';
import { fileReader, inNoForm } from './read-file.ts';
import { ShapeSampler } from './shape.ts';
import { DocumentProblem, type Source } from './source.ts';
import { holdBatch, isReleased, settleBatches } from './store-batches.ts';
import { knownFile, lockSource, markGone, rememberFile, vanished } from './store-files.ts';
import {
  KEPT_OF_REFUSED,
  quarantine,
  type RefusedDocument,
  resolveDocuments,
  resolveQuarantine,
  resolveWhole,
} from './store-quarantine.ts';
import { ReportBatch } from './store-reports.ts';
import { storeSignals } from './store-signals.ts';
import { type PackedFile, unpack } from './unpack.ts';

/** What one run did for one source. Field names are those of `sync --json`. */
export interface SyncResult {
  files: number;
  /** Documents that are new or changed. */
  stored: number;
  /** Documents that were there already, as they are. */
  unchanged: number;
  /** Documents and files that could not be read, those of earlier runs that came again included. */
  quarantined: number;
  /** Reports that their file does not hold any more. */
  gone: number;
  /** Files in no form of this source. */
  foreign: string[];
}

/** What became of one file. */
export interface FileSeen {
  path: string;
  /**
   * `same`: the bytes are those that were read before. `sound`: an index that is one, or a file of which its server says that
   * it is as it was when it could be read. `held`: nothing of it was applied, it waits for a person.
   */
  outcome: 'read' | 'same' | 'sound' | 'refused' | 'held';
  documents: number;
  quarantined: number;
  /** How many documents it usually holds; null where nothing is usual. */
  usual: number | null;
  /** Why it was refused. */
  reason?: string;
  held?: HeldFacts & { batch: number };
}

export interface SyncOptions {
  /** See readFile. */
  ours: boolean;
  /** Applies a batch even where it removes more than the source usually does. */
  accept?: boolean;
  onProgress?: (progress: {
    source: string;
    file: string;
    files: number;
    of: number;
    documents: number;
  }) => void;
}

/** A batch goes to the database when it has so many documents, or bytes. */
const BATCH = 5000;
const BATCH_BYTES = 16 << 20;

/**
 * Reads files of one source into the store. Each file is one transaction with everything in it, so that a file is read
 * whole or not at all, and a process that dies has lost nothing that it had done. The same bytes again change nothing.
 */
export async function syncFiles(
  database: Database,
  source: Source,
  files: readonly PackedFile[],
  options: SyncOptions,
): Promise<SyncResult> {
  const run = beginRun(source, options);
  let failure: unknown = null;
  for (const file of files) {
    try {
      await takeFile(database, run, file, { of: files.length });
    } catch (error) {
      // A guarded or unreadable file does not keep the others from being read.
      failure = worse(failure, error);
      if (!(error instanceof MusterError)) break;
    }
  }
  await endRun(database, run, { failure });
  if (failure !== null) throw failure;
  return run.total;
}

/** The first failure of a run; but that part of it is held is no answer to whether the rest could be had. */
export function worse(before: unknown, error: unknown): unknown {
  return before === null || (before instanceof Held && !(error instanceof Held)) ? error : before;
}

/** What one run uses for all of its files, and what it has come to so far. */
export interface Run {
  source: Source;
  options: SyncOptions;
  startedAt: Date;
  total: SyncResult;
  seen: FileSeen[];
  shapes: ShapeSampler;
  read: ReturnType<typeof fileReader>;
  /** The database works on one while the other is filled. */
  batches: readonly [ReportBatch, ReportBatch];
}

export function beginRun(source: Source, options: SyncOptions, startedAt = new Date()): Run {
  const storing = { ...source, ranks: source.formats.map(({ name }) => name) };
  return {
    source,
    options,
    startedAt,
    total: { files: 0, stored: 0, unchanged: 0, quarantined: 0, gone: 0, foreign: [] },
    seen: [],
    shapes: new ShapeSampler(),
    read: fileReader(source, options.ours),
    batches: [new ReportBatch(storing), new ReportBatch(storing)],
  };
}

export interface TakeOptions {
  /** How many files there are, for the progress. */
  of?: number;
  /** What is to be remembered with what the file holds, in its transaction; not where the file was refused or is held. */
  commit?: (tx: Tx) => Promise<void>;
}

/**
 * Reads one file into the store, as a part of a run.
 *
 * @throws MusterError SOURCE_GUARDED where it waits for a person, FILE_UNREADABLE
 */
export async function takeFile(
  database: Database,
  run: Run,
  file: PackedFile,
  { of = 1, commit }: TakeOptions = {},
): Promise<{ result: SyncResult; seen: FileSeen }> {
  const { total, source, options } = run;
  const report = (documents: number) =>
    options.onProgress?.({ source: source.id, file: file.path, files: total.files, of, documents });
  report(0);
  const { result, seen } = await syncFile(database, run, file, { report, commit });
  run.seen.push(seen);
  total.stored += result.stored;
  total.unchanged += result.unchanged;
  total.quarantined += result.quarantined;
  total.gone += result.gone;
  total.foreign.push(...result.foreign);
  if (result.foreign.length === 0 || result.stored + result.unchanged + result.quarantined > 0)
    total.files += 1;
  return { result, seen };
}

interface Syncing {
  report: (documents: number) => void;
  commit: TakeOptions['commit'];
}

async function syncFile(
  database: Database,
  run: Run,
  file: PackedFile,
  syncing: Syncing,
): Promise<{ result: SyncResult; seen: FileSeen }> {
  const { source } = run;
  const { path } = file;
  const hash = await hashOfFile(file);
  const known = file.holds === 'piece' ? undefined : await knownFile(database.queries, source.id, path);
  if (known?.hash.equals(hash) && known.parser_version === source.version) {
    const { documents, quarantined } = known;
    // A file that was refused is no ground to remember what came with it.
    const { commit } = syncing;
    if (commit !== undefined && documents > 0) await database.transaction(commit);
    const seen: FileSeen = { path, outcome: 'same', documents, quarantined, usual: known.usual };
    return { result: { ...nothing(), files: 1, unchanged: documents, quarantined }, seen };
  }
  const row = { source: source.id, path, hash, parser_version: source.version };
  try {
    return await database.transaction(async (tx) => {
      await lockSource(tx, source.id);
      // Somebody else may have read it while we waited.
      const before = file.holds === 'piece' ? undefined : await knownFile(tx, source.id, path);
      const { report } = syncing;
      const { result, documents, agreed } = await readWhole(tx, run, file, { before, hash, report });
      const { quarantined } = result;
      // What a person says is right is what is usual from now on.
      const earlier = agreed ? null : (before?.usual ?? before?.documents ?? null);
      const usual = usualNow(earlier, documents);
      if (file.holds !== 'piece' && (documents > 0 || quarantined > 0))
        await rememberFile(tx, { ...row, documents, quarantined, usual });
      await settleBatches(tx, source.id, path, hash);
      await syncing.commit?.(tx);
      const seen: FileSeen = {
        ...{ path, outcome: 'read', documents, quarantined },
        usual: earlier,
      };
      return { result, seen };
    });
  } catch (error) {
    if (error instanceof Held) await hold(database, run, error);
    if (!(error instanceof FileRefused)) throw error;
    // What was stored of an earlier version of this file stays as it is.
    const { document } = error;
    const seen: FileSeen = { path, outcome: 'refused', documents: 0, quarantined: 1, usual: null };
    if (document === null)
      return { result: { ...nothing(), files: 1, foreign: [path] }, seen: { ...seen, outcome: 'same' } };
    await database.transaction(async (tx) => {
      await quarantine(tx, source, [document]);
      if (file.holds !== 'piece')
        await rememberFile(tx, { ...row, documents: 0, quarantined: 1, usual: known?.usual ?? null });
    });
    return {
      result: { ...nothing(), files: 1, quarantined: 1 },
      seen: { ...seen, reason: document.reason },
    };
  }
}

/** Remembers what is held, for a person to decide on. */
export async function hold(database: Database, run: Run, held: Held): Promise<never> {
  const batch = await database.transaction((tx) => holdBatch(tx, run.source.id, held));
  const { now: documents, of: usual } = held.facts;
  run.seen.push({
    ...{ path: held.path, outcome: 'held', documents, quarantined: 0, usual },
    held: { ...held.facts, batch },
  });
  throw held;
}

function nothing(): SyncResult {
  return { files: 0, stored: 0, unchanged: 0, quarantined: 0, gone: 0, foreign: [] };
}

/** What is usual follows what comes, at once upwards and slowly downwards: three short answers are not a new usual. */
function usualNow(usual: number | null, documents: number): number {
  if (usual === null || !isFew(documents, usual)) return documents;
  return Math.round(usual * 0.9 + documents * 0.1);
}

/** Carries the refusal of a whole file out of its transaction, which is rolled back. Null for a file that is somebody else's. */
class FileRefused extends Error {
  readonly document: RefusedDocument | null;
  constructor(document: RefusedDocument | null) {
    super(document?.message);
    this.document = document;
  }
}

interface FileOutcome {
  result: SyncResult;
  documents: number;
  /** Whether it is unlike the one before, and a person said that it is right. */
  agreed: boolean;
}

interface Reading {
  /** As it was when it was read before. */
  before: Awaited<ReturnType<typeof knownFile>>;
  hash: Buffer;
  report: (documents: number) => void;
}

async function readWhole(tx: Tx, run: Run, file: PackedFile, reading: Reading): Promise<FileOutcome> {
  const { source, options, read, batches, shapes } = run;
  const { before, report } = reading;
  const result: SyncResult = { ...nothing(), files: 1 };
  const whole = before !== undefined && (file.holds ?? 'all') === 'all';
  const keys = new Set<string>();
  const names = new Set<string>();
  const paths = new Set<string>();
  const refused: RefusedDocument[] = [];
  let [documents, agreed] = [0, false];
  /** Whether anything of it is in a form of the source; where the file itself is in none, how it begins. */
  let known = false;
  let strange: Buffer | null = null;
  let [batch, other] = batches;
  // What a file before this one left behind when it failed.
  for (const each of batches) each.clear();
  let writing: Promise<void> = Promise.resolve();
  const write = async (ready: ReportBatch) => {
    const counts = await ready.store(tx);
    result.stored += counts.stored;
    result.unchanged += counts.unchanged;
    report(documents);
  };
  const flush = async () => {
    await writing;
    [batch, other] = [other, batch];
    writing = write(other);
    // Its error is met at the next await; without a handler Node would end the process before.
    writing.catch(() => {});
  };
  try {
    for await (const inner of unpack(file)) {
      for (const outcome of read(inner)) {
        known ||= outcome.kind !== 'foreign';
        if (outcome.kind === 'foreign') {
          if (inner.path === file.path) strange = inner.bytes.subarray(0, KEPT_OF_REFUSED);
          result.foreign.push(outcome.path);
        } else if (outcome.kind === 'refused') {
          const { document } = outcome;
          if (document.document === '' && inner.path === file.path) throw new FileRefused(document);
          refused.push(document);
          shapes.look(document.format ?? '', document.bytes);
        } else if (outcome.kind === 'signals') {
          const counts = await storeSignals(tx, source, outcome.document);
          const numbers = { gone: counts.gone, of: counts.of, now: counts.stored + counts.unchanged };
          // Scores change every day, all of them.
          const said = await guard(tx, run, file, reading, { ...numbers, changed: 0 }, []);
          agreed ||= said;
          documents += numbers.now;
          result.stored += counts.stored;
          result.unchanged += counts.unchanged;
          result.gone += counts.gone;
        } else if (outcome.kind === 'read') {
          documents += 1;
          if (whole) keys.add(outcome.document.report.key);
          if (file.holds === 'piece') {
            names.add(outcome.document.document);
            paths.add(inner.path);
          }
          shapes.look(outcome.document.format, outcome.document.bytes);
          batch.add(outcome.document);
          if (batch.documents >= BATCH || batch.bytes >= BATCH_BYTES) await flush();
        }
      }
    }
  } catch (error) {
    await writing.catch(() => {});
    if (!(error instanceof DocumentProblem)) throw error;
    if (!options.ours) throw new FileRefused(null);
    const { reason, where: place, message } = error;
    const bytes = await firstBytes(file);
    throw new FileRefused({ path: file.path, document: '', format: null, bytes, reason, place, message });
  }
  await flush();
  await writing;
  // What was read before, or asked for, is not somebody else's all at once: nothing of it would look like all of it gone.
  const mustKnow = file.due === true || before !== undefined;
  if (!known && result.foreign.length > 0 && mustKnow) {
    const bytes = strange ?? (await firstBytes(file));
    throw new FileRefused(inNoForm(source, { path: file.path, bytes }));
  }

  if (whole) {
    const missing = await vanished(tx, source.id, file.path, keys, refused);
    // Of those that were there before; what is new is there by now as well.
    const of = before.documents > 0 ? Math.min(before.documents, missing.of) : missing.of;
    const numbers = { gone: missing.ids.length, of, now: documents, changed: result.stored };
    const said = await guard(tx, run, file, reading, numbers, missing.keys);
    agreed ||= said;
    await markGone(tx, missing.ids);
    result.gone += missing.ids.length;
  }
  if (file.holds === 'piece') {
    await resolveDocuments(tx, source.id, [...names]);
    await resolveWhole(tx, source.id, [file.path, ...paths]);
  } else if (before !== undefined) {
    const still = refused.map(({ path, document }) => `${path}\n${document}`);
    await resolveQuarantine(tx, source.id, file.path, still);
  }
  await quarantine(tx, source, refused);
  result.quarantined = refused.length;
  return { result, documents, agreed };
}

/** @returns whether a person had to say that it is right, and did. @throws Held where the file is too unlike the one before, and nobody said that it is right */
async function guard(
  tx: Tx,
  { source, options }: Run,
  { path }: PackedFile,
  { before, hash }: Reading,
  numbers: Omit<HeldFacts, 'kind' | 'examples'>,
  gone: readonly string[],
): Promise<boolean> {
  const kind = unlikely(source, numbers, before?.parser_version === source.version);
  if (kind === null) return false;
  const facts: HeldFacts = { kind, ...numbers, examples: gone.slice(0, 20) };
  if (options.accept === true || (await isReleased(tx, source.id, path, hash, facts))) return true;
  throw new Held(source, path, facts, hash);
}

/** The same of what a source says that it took away; what waited for a decision about it is settled. @throws Held */
export async function guardRemoved(
  tx: Tx,
  { source, options }: Run,
  path: string,
  missing: { ids: readonly number[]; keys: readonly string[]; of: number },
): Promise<void> {
  const now = missing.of - missing.ids.length;
  const numbers = { gone: missing.ids.length, of: missing.of, now, changed: 0 };
  const facts: HeldFacts = { kind: 'gone', ...numbers, examples: missing.keys.slice(0, 20) };
  const hash = createHash('sha256').update(missing.keys.join('\n')).digest();
  const held = unlikely(source, numbers, false) !== null && options.accept !== true;
  if (held && !(await isReleased(tx, source.id, path, hash, facts)))
    throw new Held(source, path, facts, hash);
  await settleBatches(tx, source.id, path, hash);
}

async function hashOfFile(file: PackedFile): Promise<Buffer> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of file.open()) hash.update(chunk as Buffer);
  } catch (cause) {
    throw new MusterError('FILE_UNREADABLE', `cannot read ${file.path}: ${(cause as Error).message}`, {
      cause,
    });
  }
  return hash.digest();
}

async function firstBytes(file: PackedFile): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of file.open()) {
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > 1 << 20) break;
  }
  return Buffer.concat(chunks);
}
