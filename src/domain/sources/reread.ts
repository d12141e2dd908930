import type { Database } from '#base/db';
import { readDocument } from './read-file.ts';
import { readKept, signalFormat, storeSignalsAgain } from './signals-again.ts';
import { DocumentProblem, type Source } from './source.ts';
import { lockSource } from './store-files.ts';
import { quarantine, type RefusedDocument, resolveEntries, retriable } from './store-quarantine.ts';
import { rawReader } from './store-raw.ts';
import { outdated } from './store-reading.ts';
import { ReportBatch } from './store-reports.ts';
import { outdatedSignals } from './store-signals.ts';

/** What the latest document of signals says, by the present parser. */
async function rereadSignals(
  database: Database,
  source: Source,
  readRaw: ReturnType<typeof rawReader>,
  result: RereadResult,
): Promise<void> {
  if (source.signals === undefined) return;
  for (const row of await outdatedSignals(database.queries, source)) {
    const { path } = row;
    const format = signalFormat(source, row.format);
    const bytes = await readRaw(row);
    if (format === undefined || bytes === null) continue;
    try {
      await storeSignalsAgain(database, source, readKept(format, path, bytes));
      result.reread += 1;
    } catch (error) {
      // What the earlier parser read stays; the next document will be told of in the same way.
      if (!(error instanceof DocumentProblem)) throw error;
      const { reason, where: place, message } = error;
      const refused = { path, document: '', format: format.name, bytes, reason, place, message };
      await database.transaction((tx) => quarantine(tx, source, [refused]));
      result.refused += 1;
    }
  }
}

const BATCH = 500;

/** What reading again has changed. */
export interface RereadResult {
  /** Stored documents that the present parser has read again. */
  reread: number;
  /** Documents that have left quarantine. */
  freed: number;
  /** Stored documents that the present parser refuses: they keep what the earlier one read, and stand in quarantine. */
  refused: number;
}

/**
 * Reads again, from the bytes that are kept, whatever an earlier version of the parser read or refused. Needs no network:
 * a mended parser is a replay, not a download.
 */
export async function reread(database: Database, source: Source): Promise<RereadResult> {
  const result: RereadResult = { reread: 0, freed: 0, refused: 0 };
  const formats = new Map(source.formats.map((format) => [format.name, format]));
  const batch = new ReportBatch({ ...source, ranks: source.formats.map(({ name }) => name) });
  const readRaw = rawReader(database.queries);
  for (let after = 0; ; ) {
    const rows = await outdated(database.queries, source, after, BATCH);
    if (rows.length === 0) break;
    after = rows.at(-1)?.id ?? after;
    const refused: RefusedDocument[] = [];
    for (const row of rows) {
      const format = formats.get(row.format);
      const bytes = await readRaw(row);
      if (format === undefined || bytes === null) continue;
      const outcome = readDocument(format, row.path, { key: row.document, bytes });
      if (outcome.kind === 'read') batch.add(outcome.document);
      if (outcome.kind === 'refused') refused.push(outcome.document);
    }
    result.reread += batch.documents;
    result.refused += refused.length;
    await database.transaction(async (tx) => {
      await lockSource(tx, source.id);
      await batch.store(tx);
      await quarantine(tx, source, refused);
    });
  }
  await rereadSignals(database, source, readRaw, result);
  for (const entry of await retriable(database.queries, source)) {
    const format = entry.format === null ? undefined : formats.get(entry.format);
    const bytes = await readRaw(entry);
    if (format === undefined || bytes === null || entry.document === '') continue;
    const outcome = readDocument(format, entry.path, { key: entry.document, bytes });
    if (outcome.kind !== 'read') continue;
    batch.add(outcome.document);
    await database.transaction(async (tx) => {
      await lockSource(tx, source.id);
      await batch.store(tx);
      await resolveEntries(tx, [entry.id]);
    });
    result.freed += 1;
  }
  return result;
}
