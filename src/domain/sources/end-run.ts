import { appendEvents, type Database, lockHistory, type Tx } from '#base/db';
import { MusterError } from '#base/errors';
import type { Judgement } from './alarm.ts';
import { judgeFiles, judgeRhythm } from './judge-source.ts';
import { learn, type Shape, shapeChange } from './shape.ts';
import type { Source } from './source.ts';
import { pastAlarms, saveShape, settleAlarms, shapesOf } from './store-alarms.ts';
import { overtakeBatches } from './store-batches.ts';
import { refreshReportStatistics } from './store-files.ts';
import { newestOf, recordRun, standingOf } from './store-runs.ts';
import type { Run } from './sync.ts';

const MANY = 500;

export interface RunEnd {
  /** What ended it early, or null. */
  failure: unknown;
  /** What went over the wire; null for files of a folder. */
  traffic?: { requests: number; bytes: number } | null;
  now?: Date;
}

/** Writes down what a run came to, judges its source by it, and tells whom it concerns. */
export async function endRun(
  database: Database,
  run: Run,
  { failure, traffic = null, now = new Date() }: RunEnd,
): Promise<void> {
  const { source, total, startedAt } = run;
  const held = failure instanceof MusterError && failure.code === 'SOURCE_GUARDED';
  const error = failure === null ? null : failure instanceof Error ? failure.message : String(failure);
  const newest = total.stored + total.gone > 0 ? await newestOf(database.queries, source.id, now) : null;
  await database.transaction(async (tx) => {
    // Before any row, as every change does it.
    await lockHistory(tx);
    await recordRun(tx, source.id, {
      newest,
      ...{ version: source.version, startedAt, endedAt: now, result: total, error, traffic },
      outcome: failure === null ? 'done' : held ? 'held' : 'failed',
    });
    const rhythm = judgeRhythm(source, await standingOf(tx, source.id, now), now);
    const past = await pastJudgements(tx, source, now);
    const files = [...(await judgeHeld(tx, run)), ...judgeFiles(run.seen)];
    const shapes = await judgeShapes(tx, run, now);
    await settleAlarms(tx, source.id, [...past, ...files, ...shapes, ...rhythm], now);
    const { stored, gone, quarantined } = total;
    if (stored + gone > 0)
      await appendEvents(tx, [
        {
          entity: 'source',
          entityId: source.id,
          type: 'source.synced',
          actor: 'machine:sync',
          cause: `parser ${source.version}`,
          payload: { stored, gone, quarantined },
        },
      ]);
  });
  if (total.stored > MANY) await refreshReportStatistics(database);
}

/** Compares the shape of what was read with what was known of it, and learns it. */
async function judgeShapes(tx: Tx, { source, shapes }: Run, now: Date): Promise<Judgement[]> {
  const judgements: Judgement[] = [];
  const seen = shapes.shapes();
  if (seen.size === 0) return judgements;
  const known = new Map(
    (await shapesOf(tx, source.id)).map(({ format, documents, fields }): [string, Shape] => [
      format,
      { documents, fields: new Map(Object.entries(fields as Record<string, number>)) },
    ]),
  );
  for (const [format, shape] of seen) {
    const before = known.get(format) ?? null;
    const change = before === null ? null : shapeChange(before, shape);
    if (change !== null) judgements.push({ kind: 'schema', subject: format, facts: { ...change } });
    const { documents, fields } = learn(before, shape);
    const row = { source: source.id, format, documents, measured_at: now };
    await saveShape(tx, { ...row, fields: JSON.stringify(Object.fromEntries(fields)) });
  }
  return judgements;
}

/** Alarms that nothing will come to close. */
export async function pastJudgements(tx: Tx, { id }: Source, now: Date): Promise<Judgement[]> {
  return (await pastAlarms(tx, id, now)).map(({ kind, subject }) => ({ kind, subject, facts: null }));
}

/** What was held of a path is past once the file is again what is stored. */
async function judgeHeld(tx: Tx, { source, seen }: Run): Promise<Judgement[]> {
  const again = seen.filter(
    ({ outcome, documents }) => outcome === 'sound' || (outcome === 'same' && documents > 0),
  );
  const paths = again.map(({ path }) => path);
  const held = await overtakeBatches(tx, source.id, paths);
  return held.map(({ kind, path: subject }) => ({ kind, subject, facts: null }));
}

/** Judges a source by the clock alone: silence has no run that would tell of it. */
export async function judgeByClock(database: Database, source: Source, now: Date): Promise<number> {
  return database.transaction(async (tx) => {
    await lockHistory(tx);
    const rhythm = judgeRhythm(source, await standingOf(tx, source.id, now), now);
    const past = await pastJudgements(tx, source, now);
    const { opened, closed } = await settleAlarms(tx, source.id, [...rhythm, ...past], now);
    return opened + closed;
  });
}
