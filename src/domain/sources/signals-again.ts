import type { Database } from '#base/db';
import { unlikely } from './hold.ts';
import { asProblem } from './read-file.ts';
import type { SignalFormat } from './signal.ts';
import { DocumentProblem, type Source } from './source.ts';
import { lockSource } from './store-files.ts';
import { type Quarantined, quarantine, type RefusedDocument, resolveEntries } from './store-quarantine.ts';
import type { rawReader } from './store-raw.ts';
import { type ReadSignals, readSignals, signalDocumentAt, storeSignals } from './store-signals.ts';

/**
 * Stores what a document of signals that is kept says by the present parser.
 *
 * @throws DocumentProblem where it would take back more than its source does: then nothing is stored
 */
export async function storeSignalsAgain(
  database: Database,
  source: Source,
  document: ReadSignals,
): Promise<void> {
  const refused = document.read.refused.map(({ entry, bytes, problem }): RefusedDocument => {
    const { reason, where: place, message } = problem;
    return { path: document.path, document: entry, format: document.format, bytes, reason, place, message };
  });
  await database.transaction(async (tx) => {
    await lockSource(tx, source.id);
    const { stored, unchanged, gone, of } = await storeSignals(tx, source, document);
    if (unlikely(source, { gone, of, now: stored + unchanged, changed: 0 }, false) !== null)
      throw new DocumentProblem('bad-grammar', '', `read again, it no longer holds ${gone} of ${of} entries`);
    await quarantine(tx, source, refused);
  });
}

/**
 * Reads entries of signals again that stand in quarantine. An entry is none by itself: the document is read that it came in.
 *
 * @returns those that could be read
 */
export async function replayEntries(
  database: Database,
  source: Source,
  entries: readonly Quarantined[],
  readRaw: ReturnType<typeof rawReader>,
): Promise<Quarantined[]> {
  const freed: Quarantined[] = [];
  for (const path of new Set(entries.map((entry) => entry.path))) {
    const kept = await signalDocumentAt(database.queries, source.id, path);
    const format = signalFormat(source, kept?.format ?? null);
    const bytes = kept === undefined ? null : await readRaw(kept);
    if (format === undefined || bytes === null) continue;
    try {
      const document = readKept(format, path, bytes);
      await storeSignalsAgain(database, source, document);
      const still = new Set(document.read.refused.map(({ entry }) => entry));
      const own = entries.filter((entry) => entry.path === path && !still.has(entry.document));
      await database.transaction(async (tx) => {
        if (own.length > 0)
          await resolveEntries(
            tx,
            own.map(({ id }) => id),
          );
      });
      freed.push(...own);
    } catch (error) {
      // Now it cannot be read at all: what it said stands, and so does what could not be read of it.
      if (!(error instanceof DocumentProblem)) throw error;
    }
  }
  return freed;
}

/** A document of signals that is kept, by the present parser. @throws DocumentProblem */
export function readKept(format: SignalFormat, path: string, bytes: Buffer): ReadSignals {
  try {
    return readSignals(path, format.name, bytes, format.read({ key: path, bytes }));
  } catch (error) {
    throw asProblem(error);
  }
}

export function signalFormat(source: Source, name: string | null): SignalFormat | undefined {
  return source.signals?.find((format) => format.name === name);
}
