import { sql } from 'kysely';
import { appendEvents, type Queries, type Tx } from '#base/db';
import type { AlarmFacts, AlarmKind, Judgement } from './alarm.ts';

/** Something that is, or was, wrong with a source. */
export interface Alarm {
  id: number;
  source: string;
  kind: AlarmKind;
  /** The file or form that it is about; empty for the source as a whole. */
  subject: string;
  facts: AlarmFacts;
  openedAt: Date;
  seenAt: Date;
  closedAt: Date | null;
}

/**
 * Opens, keeps and closes alarms of a source as it was judged, where it was judged twice as it was last; of what nothing was
 * said they stay as they are. The history tells of each, so that whoever watches is told.
 */
export async function settleAlarms(
  tx: Tx,
  source: string,
  judgements: readonly Judgement[],
  now: Date,
): Promise<{ opened: number; closed: number }> {
  const open = await openAlarms(tx, source);
  const byKey = new Map(open.map((alarm) => [keyOf(alarm), alarm]));
  const told: { type: string; id: number; kind: AlarmKind; subject: string; facts: AlarmFacts }[] = [];
  const last = new Map(judgements.map((judgement) => [keyOf(judgement), judgement]));
  for (const judgement of last.values()) {
    const { kind, subject, facts } = judgement;
    const known = byKey.get(keyOf(judgement));
    if (facts !== null && known === undefined) {
      const { id } = await tx
        .insertInto('source_alarm')
        .values({ source, kind, subject, facts: JSON.stringify(facts), opened_at: now, seen_at: now })
        .returning('id')
        .executeTakeFirstOrThrow();
      byKey.set(keyOf(judgement), { id, kind, subject, facts });
      told.push({ type: 'source.alarm_opened', id, kind, subject, facts });
    } else if (facts !== null && known !== undefined) {
      await tx
        .updateTable('source_alarm')
        .set({ facts: JSON.stringify(facts), seen_at: now })
        .where('id', '=', known.id)
        .execute();
    } else if (known !== undefined) {
      await tx.updateTable('source_alarm').set({ closed_at: now }).where('id', '=', known.id).execute();
      byKey.delete(keyOf(judgement));
      told.push({ ...known, type: 'source.alarm_closed' });
    }
  }
  await appendEvents(
    tx,
    told.map(({ type, id, kind, subject, facts }) => ({
      entity: 'source',
      entityId: source,
      type,
      actor: 'machine:watch',
      cause: 'watching',
      payload: { alarm: id, of: kind, subject, facts: { ...facts } },
      topics: ['sources'],
    })),
    now,
  );
  const opened = told.filter(({ type }) => type === 'source.alarm_opened').length;
  return { opened, closed: told.length - opened };
}

function keyOf({ kind, subject }: Pick<Judgement, 'kind' | 'subject'>): string {
  return `${kind}\n${subject}`;
}

async function openAlarms(
  tx: Tx,
  source: string,
): Promise<Pick<Alarm, 'id' | 'kind' | 'subject' | 'facts'>[]> {
  return tx
    .selectFrom('source_alarm')
    .select(['id', 'kind', 'subject', 'facts'])
    .where('source', '=', source)
    .where('closed_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .$castTo<Alarm>()
    .execute();
}

/** Alarms, those that are open first, then the latest. */
export async function listAlarms(
  queries: Queries,
  { open = false, source, limit = 100, offset = 0 }: AlarmFilter = {},
): Promise<Alarm[]> {
  let query = queries
    .selectFrom('source_alarm')
    .select(['id', 'source', 'kind', 'subject', 'facts', 'opened_at as openedAt', 'seen_at as seenAt'])
    .select('closed_at as closedAt');
  if (open) query = query.where('closed_at', 'is', null);
  if (source !== undefined) query = query.where('source', '=', source);
  return query
    .orderBy(sql`closed_at is not null`)
    .orderBy('opened_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .offset(offset)
    .$castTo<Alarm>()
    .execute();
}

export interface AlarmFilter {
  /** Only those that are open. */
  open?: boolean;
  source?: string;
  limit?: number;
  offset?: number;
}

/** Shapes that were known of a source's forms. */
export async function shapesOf(queries: Queries, source: string) {
  return queries
    .selectFrom('source_shape')
    .select(['format', 'documents', 'fields'])
    .where('source', '=', source)
    .execute();
}

export async function saveShape(
  tx: Tx,
  row: { source: string; format: string; documents: number; fields: string; measured_at: Date },
): Promise<void> {
  await tx
    .insertInto('source_shape')
    .values(row)
    .onConflict((conflict) => conflict.columns(['source', 'format']).doUpdateSet(row))
    .execute();
}

/** What is new for so long is how it is, and what was not met again for so long is past. */
const NEWS_DAYS = 7;

/**
 * Open alarms of a source that nothing will come to close: about changes that are no news any more; about documents of which
 * none is in quarantine any more; about pieces (no file of its own is under that path) that nobody met again.
 */
export async function pastAlarms(
  queries: Queries,
  source: string,
  now: Date,
): Promise<Pick<Alarm, 'kind' | 'subject'>[]> {
  const newsUntil = sql`${now}::timestamptz - ${NEWS_DAYS} * interval '1 day'`;
  const { rows } = await sql<Pick<Alarm, 'kind' | 'subject'>>`select kind, subject from source_alarm a
    where source = ${source} and closed_at is null and (
      (kind = 'schema' and opened_at < ${newsUntil})
      or (kind = 'quarantine' and not exists (select from quarantine q where q.source = a.source and q.resolved_at is null
        and (q.path = a.subject or starts_with(q.path, a.subject || '!/'))))
      or (kind in ('html', 'unreadable', 'quarantine') and seen_at < ${newsUntil}
        and not exists (select from source_file f where f.source = a.source and f.path = a.subject)))`.execute(
    queries,
  );
  return rows;
}
