import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';
import type { FieldState, FieldValue, Forgotten } from '#domain/proposals';
import type { IntakeDecision } from './editable-intake.ts';

/** What somebody without an account sent. */
export interface Intake {
  id: number;
  receivedAt: Date;
  url: string | null;
  words: string | null;
  package: string | null;
  /** Null while it waits. */
  decision: IntakeDecision | null;
  version: number;
  decidedBy: string | null;
  decidedAt: Date | null;
  /** What came of it. */
  issue: string | null;
  comment: number | null;
  request: string | null;
}

const COLUMNS = sql`id, received_at as "receivedAt", url, words, package, decision, version, decided_by as "decidedBy",
  decided_at as "decidedAt", issue, comment, request`;

/** What waits, the oldest first. Only for who may decide it (mayDecideIntake). */
export async function waitingIntake(
  queries: Queries,
  { after = 0, limit = 50 }: { after?: number; limit?: number } = {},
): Promise<Intake[]> {
  const { rows } = await sql<Intake>`select ${COLUMNS} from intake where decision is null and id > ${after}
    order by id limit ${limit}`.execute(queries);
  return rows;
}

export async function countWaitingIntake(queries: Queries): Promise<number> {
  const { rows } = await sql<{
    count: number;
  }>`select count(*) as count from intake where decision is null`.execute(queries);
  return rows[0]?.count ?? 0;
}

export async function intakeById(queries: Queries, id: number): Promise<Intake | null> {
  const { rows } = await sql<Intake>`select ${COLUMNS} from intake where id = ${id}`.execute(queries);
  return rows[0] ?? null;
}

export async function intakeByKey(queries: Queries, key: string): Promise<number | null> {
  const { rows } = await sql<{ id: number }>`select id from intake where key = ${key}`.execute(queries);
  return rows[0]?.id ?? null;
}

export async function insertIntake(
  tx: Tx,
  intake: Pick<Intake, 'receivedAt' | 'url' | 'words' | 'package'> & { key: string | null; event: number },
): Promise<number> {
  const { id } = await tx
    .insertInto('intake')
    .values({
      received_at: intake.receivedAt,
      key: intake.key,
      event: intake.event,
      url: intake.url,
      words: intake.words,
      package: intake.package,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function readIntake(
  tx: Tx,
  ids: readonly string[],
): Promise<Map<string, Record<string, FieldState>>> {
  const numbers = ids.filter((id) => /^[1-9]\d{0,14}$/.test(id)).map(Number);
  const { rows } = await sql<{ id: number; decision: FieldValue; version: number }>`
    select id, decision, version from intake where id = any(${numbers}::bigint[])`.execute(tx);
  return new Map(
    rows.map(({ id, decision, version }) => [String(id), { decision: { value: decision, version } }]),
  );
}

export async function updateIntake(
  tx: Tx,
  id: number,
  now: {
    decision: IntakeDecision | null;
    version: number;
    by: string;
    at: Date;
    issue: string | null;
    comment: number | null;
    request: string | null;
  },
): Promise<void> {
  const decided = now.decision !== null;
  await tx
    .updateTable('intake')
    .set({
      decision: decided ? JSON.stringify(now.decision) : null,
      version: now.version,
      decided_by: decided ? now.by : null,
      decided_at: decided ? now.at : null,
      issue: now.issue,
      comment: now.comment,
      request: now.request,
    })
    .where('id', '=', id)
    .execute();
}

/** Forgets what was sent, and what was written when it was decided. */
export async function eraseIntake(tx: Tx, forgotten: readonly Forgotten[]): Promise<void> {
  await sql`update intake set url = null, words = null, package = null, decision = decision - 'reason' - 'body' - 'draft'
    where id = any(${forgotten.map(({ id }) => Number(id))}::bigint[])`.execute(tx);
}
