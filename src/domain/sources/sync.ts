import { createHash } from 'node:crypto';
import { appendEvents, type Database, type Tx } from '#base/db';
import { MusterError } from '#base/errors';
import { fileReader } from './read-file.ts';
import { DocumentProblem, type Source } from './source.ts';
import {
  knownFile,
  lockSource,
  markGone,
  recordRun,
  refreshReportStatistics,
  rememberFile,
  vanished,
} from './store-files.ts';
import { quarantine, type RefusedDocument, resolveQuarantine } from './store-quarantine.ts';
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
const MANY = 500;

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
  const total: SyncResult = { files: 0, stored: 0, unchanged: 0, quarantined: 0, gone: 0, foreign: [] };
  let failure: unknown = null;
  const run = newRun(source, options);
  for (const file of files) {
    const report = (documents: number) =>
      options.onProgress?.({
        source: source.id,
        file: file.path,
        files: total.files,
        of: files.length,
        documents,
      });
    report(0);
    try {
      const one = await syncFile(database, run, file, report);
      total.stored += one.stored;
      total.unchanged += one.unchanged;
      total.quarantined += one.quarantined;
      total.gone += one.gone;
      total.foreign.push(...one.foreign);
      if (one.foreign.length === 0 || one.stored + one.unchanged + one.quarantined > 0) total.files += 1;
    } catch (error) {
      // A guarded or unreadable file does not keep the others from being read.
      failure ??= error;
      if (!(error instanceof MusterError)) break;
    }
  }
  const message = failure === null ? null : failure instanceof Error ? failure.message : String(failure);
  await recordRun(database.queries, source.id, source.version, message);
  if (failure !== null) throw failure;
  if (total.stored + total.gone > 0) {
    const { stored, gone, quarantined } = total;
    await database.transaction((tx) =>
      appendEvents(tx, [
        {
          entity: 'source',
          entityId: source.id,
          type: 'source.synced',
          actor: 'machine:sync',
          cause: `parser ${source.version}`,
          payload: { stored, gone, quarantined },
        },
      ]),
    );
  }
  if (total.stored > MANY) await refreshReportStatistics(database);
  return total;
}

/** What one run uses for all of its files. */
interface Run {
  source: Source;
  options: SyncOptions;
  read: ReturnType<typeof fileReader>;
  /** The database works on one while the other is filled. */
  batches: readonly [ReportBatch, ReportBatch];
}

function newRun(source: Source, options: SyncOptions): Run {
  const storing = { ...source, ranks: source.formats.map(({ name }) => name) };
  return {
    source,
    options,
    read: fileReader(source, options.ours),
    batches: [new ReportBatch(storing), new ReportBatch(storing)],
  };
}

async function syncFile(
  database: Database,
  run: Run,
  file: PackedFile,
  report: (documents: number) => void,
): Promise<SyncResult> {
  const { source } = run;
  const hash = await hashOfFile(file);
  const known = await knownFile(database.queries, source.id, file.path);
  if (known?.hash.equals(hash) && known.parser_version === source.version) {
    return {
      files: 1,
      stored: 0,
      unchanged: known.documents,
      quarantined: known.quarantined,
      gone: 0,
      foreign: [],
    };
  }
  const row = { source: source.id, path: file.path, hash, parser_version: source.version };
  try {
    return await database.transaction(async (tx) => {
      await lockSource(tx, source.id);
      // Somebody else may have read it while we waited.
      const before = await knownFile(tx, source.id, file.path);
      const { result, documents } = await readWhole(tx, run, file, before !== undefined, report);
      const { quarantined } = result;
      if (documents > 0 || quarantined > 0) await rememberFile(tx, { ...row, documents, quarantined });
      return result;
    });
  } catch (error) {
    if (!(error instanceof FileRefused)) throw error;
    // What was stored of an earlier version of this file stays as it is.
    const { document } = error;
    if (document === null)
      return { files: 1, stored: 0, unchanged: 0, quarantined: 0, gone: 0, foreign: [file.path] };
    await database.transaction(async (tx) => {
      await quarantine(tx, source, [document]);
      await rememberFile(tx, { ...row, documents: 0, quarantined: 1 });
    });
    return { files: 1, stored: 0, unchanged: 0, quarantined: 1, gone: 0, foreign: [] };
  }
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
}

async function readWhole(
  tx: Tx,
  { source, options, read, batches }: Run,
  file: PackedFile,
  readBefore: boolean,
  report: (documents: number) => void,
): Promise<FileOutcome> {
  const result: SyncResult = { files: 1, stored: 0, unchanged: 0, quarantined: 0, gone: 0, foreign: [] };
  const keys = new Set<string>();
  const refused: RefusedDocument[] = [];
  let documents = 0;
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
        if (outcome.kind === 'foreign') result.foreign.push(outcome.path);
        else if (outcome.kind === 'refused') {
          if (outcome.document.document === '' && inner.path === file.path)
            throw new FileRefused(outcome.document);
          refused.push(outcome.document);
        } else if (outcome.kind === 'signals') {
          const counts = await storeSignals(tx, source, outcome.document);
          guard(source, file.path, counts.gone, counts.of, options.accept ?? false);
          documents += counts.stored + counts.unchanged;
          result.stored += counts.stored;
          result.unchanged += counts.unchanged;
          result.gone += counts.gone;
        } else if (outcome.kind === 'read') {
          documents += 1;
          if (readBefore) keys.add(outcome.document.report.key);
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

  if (readBefore) {
    const missing = await vanished(tx, source.id, file.path, keys, refused);
    guard(source, file.path, missing.ids.length, missing.of, options.accept ?? false);
    await markGone(tx, missing.ids);
    result.gone += missing.ids.length;
    const still = refused.map(({ path, document }) => `${path}\n${document}`);
    await resolveQuarantine(tx, source.id, file.path, still);
  }
  await quarantine(tx, source, refused);
  result.quarantined = refused.length;
  return { result, documents };
}

/** A file that lost more than a source usually takes back is more likely broken than right. */
function guard(source: Source, path: string, missing: number, of: number, accept: boolean): void {
  const share = of === 0 ? 0 : missing / of;
  // Small files may lose a few without anybody's leave.
  if (accept || missing <= 5 || share <= source.maxRemovedShare) return;
  throw new MusterError(
    'SOURCE_GUARDED',
    `${source.id}: ${path} no longer holds ${missing} of its ${of} reports (usual is at most ${Math.round(source.maxRemovedShare * 100)} %); nothing of it was applied`,
  );
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
