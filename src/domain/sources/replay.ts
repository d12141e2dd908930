import { Readable } from 'node:stream';
import { appendEvents, type Database, lockHistory } from '#base/db';
import { MusterError } from '#base/errors';
import { type Actor, mayRunSource } from '#domain/policies';
import type { Judgement } from './alarm.ts';
import { pastJudgements } from './end-run.ts';
import { readDocument, readFile } from './read-file.ts';
import { SOURCES } from './registry.ts';
import type { ReadDocument } from './report-rows.ts';
import { replayEntries, signalFormat, storeSignalsAgain } from './signals-again.ts';
import { DocumentProblem, type Source } from './source.ts';
import { settleAlarms } from './store-alarms.ts';
import { lockSource } from './store-files.ts';
import {
  KEPT_OF_REFUSED,
  noteReplay,
  type Quarantined,
  quarantine,
  resolveEntries,
  toReplay,
} from './store-quarantine.ts';
import { rawReader } from './store-raw.ts';
import { ReportBatch } from './store-reports.ts';
import type { ReadSignals } from './store-signals.ts';
import { unpack } from './unpack.ts';

/** What is to be read again: one document, or all that were refused for a reason, of one source or of all. */
export type ReplayWish = { id: number } | { source?: string | undefined; reason?: string | undefined };

export interface Replayed {
  tried: number;
  /** Documents that could be read now. */
  freed: number;
  /** Those that were refused again. */
  refused: number;
}

/** At most so many at once; whoever has more asks again. */
const MOST = 1000;

/**
 * Reads quarantined documents again from the bytes that are kept, after a parser was mended. What can be read leaves
 * quarantine; what cannot stays, with what is wrong with it now.
 *
 * @throws MusterError FORBIDDEN, NOT_FOUND for a number that stands for nothing in quarantine
 */
export async function replay(
  database: Database,
  actor: Actor,
  wish: ReplayWish,
  at = new Date(),
): Promise<Replayed> {
  if (!mayRunSource(actor)) throw new MusterError('FORBIDDEN', 'reading again is for triagers');
  const entries = await toReplay(database.queries, wish, MOST);
  if ('id' in wish && entries.length === 0)
    throw new MusterError('NOT_FOUND', `nothing in quarantine has the number ${wish.id}`);
  const ids = entries.map(({ id }) => id);
  await noteReplay(database.queries, ids, at);
  const done: Replayed = { tried: entries.length, freed: 0, refused: 0 };
  for (const source of SOURCES) {
    const own = entries.filter((entry) => entry.source === source.id);
    if (own.length === 0) continue;
    const freed = await replayOf(database, source, own);
    done.freed += freed.length;
    done.refused += own.length - freed.length;
    await database.transaction(async (tx) => {
      await lockHistory(tx);
      const event = {
        ...{ entity: 'source', entityId: source.id, type: 'source.replayed', actor: actor.id },
        cause: 'decision',
        payload: { tried: own.length, freed: freed.length },
        topics: ['sources'],
      };
      await appendEvents(tx, [event], at);
      const judged = [...readable(freed), ...(await pastJudgements(tx, source, at))];
      await settleAlarms(tx, source.id, judged, at);
    });
  }
  return done;
}

/** Files that were refused as a whole, and are not any more. */
function readable(freed: readonly Quarantined[]): Judgement[] {
  const files = freed.filter(({ document }) => document === '');
  return files.flatMap(({ path: subject }) =>
    (['html', 'unreadable'] as const).map((kind) => ({ kind, subject, facts: null })),
  );
}

/** @returns those that could be read */
async function replayOf(
  database: Database,
  source: Source,
  entries: readonly Quarantined[],
): Promise<Quarantined[]> {
  const readRaw = rawReader(database.queries);
  const batch = new ReportBatch({ ...source, ranks: source.formats.map(({ name }) => name) });
  const freed: Quarantined[] = [];
  const entriesOfSignals = entries.filter(
    ({ document, format }) => document !== '' && signalFormat(source, format) !== undefined,
  );
  freed.push(...(await replayEntries(database, source, entriesOfSignals, readRaw)));
  for (const entry of entries) {
    if (entriesOfSignals.includes(entry)) continue;
    const bytes = await readRaw(entry);
    const outcome = bytes === null ? null : await readAgain(source, entry, bytes);
    if (outcome === null) continue;
    const still = outcome.refused.some(
      ({ path, document }) => path === entry.path && document === entry.document,
    );
    if (!(await storedSignals(database, source, outcome.signals))) continue;
    for (const document of outcome.read) batch.add(document);
    await database.transaction(async (tx) => {
      await lockSource(tx, source.id);
      await batch.store(tx);
      await quarantine(tx, source, outcome.refused);
      if (!still) await resolveEntries(tx, [entry.id]);
    });
    if (!still) freed.push(entry);
  }
  return freed;
}

/** Whether they could be: what would take back half of what is known waits for the next run, and for a person. */
async function storedSignals(
  database: Database,
  source: Source,
  documents: readonly ReadSignals[],
): Promise<boolean> {
  try {
    for (const document of documents) await storeSignalsAgain(database, source, document);
    return true;
  } catch (error) {
    if (error instanceof DocumentProblem) return false;
    throw error;
  }
}

interface Outcome {
  read: ReadDocument[];
  signals: ReadSignals[];
  refused: Parameters<typeof quarantine>[2][number][];
}

/** Null where it cannot be tried: too little of a whole file is kept, or its form is none any more. */
async function readAgain(
  source: Source,
  { path, document, format: name }: Quarantined,
  bytes: Buffer,
): Promise<Outcome | null> {
  const outcome: Outcome = { read: [], signals: [], refused: [] };
  if (document !== '') {
    const format = source.formats.find((each) => each.name === name);
    if (format === undefined) return null;
    const one = readDocument(format, path, { key: document, bytes });
    if (one.kind === 'read') outcome.read.push(one.document);
    if (one.kind === 'refused') outcome.refused.push(one.document);
    return outcome;
  }
  if (bytes.length >= KEPT_OF_REFUSED) return null;
  try {
    for await (const inner of unpack({ path, open: () => Readable.from([bytes]) }))
      for (const one of readFile(source, inner, true)) {
        if (one.kind === 'read') outcome.read.push(one.document);
        if (one.kind === 'signals') outcome.signals.push(one.document);
        if (one.kind === 'refused') outcome.refused.push(one.document);
      }
  } catch {
    // Still no archive: it stays as it is.
    return null;
  }
  const { read, signals, refused } = outcome;
  return read.length + signals.length + refused.length > 0 ? outcome : null;
}
