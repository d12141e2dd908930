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
  /** Where they may be answered, if they said; null once it is decided on. */
  email: string | null;
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

const COLUMNS = sql`id, received_at as "receivedAt", url, words, package, email, decision, version, decided_by as "decidedBy",
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
  intake: Pick<Intake, 'receivedAt' | 'url' | 'words' | 'package' | 'email'> & {
    key: string | null;
    event: number;
  },
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
      email: intake.email,
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
    /** Where the answer goes that is to go out. */
    answerTo: string | null;
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
      ...(decided ? { email: null } : {}),
      answer_to: now.answerTo,
      issue: now.issue,
      comment: now.comment,
      request: now.request,
    })
    .where('id', '=', id)
    .execute();
}

/** The answer that is still to go out; null where it went out, was taken back or erased. */
export async function answerToSend(
  queries: Queries,
  { id, version }: Pick<Intake, 'id' | 'version'>,
): Promise<{ email: string; words: string; issue: string | null; decidedAt: Date } | null> {
  const { rows } = await sql<{ email: string; words: string; issue: string | null; decidedAt: Date }>`
    select answer_to as email, decision ->> 'answer' as words, issue, decided_at as "decidedAt" from intake
    where id = ${id} and version = ${version} and answer_to is not null and decision ? 'answer'`.execute(
    queries,
  );
  return rows[0] ?? null;
}

/** Forgets where a visitor was to be answered: they were, or nobody can. */
export async function forgetAddressee(queries: Queries, id: number): Promise<void> {
  await sql`update intake set answer_to = null where id = ${id}`.execute(queries);
}

/** Forgets what was sent, and what was written when it was decided. */
export async function eraseIntake(tx: Tx, forgotten: readonly Forgotten[]): Promise<void> {
  await sql`update intake set url = null, words = null, package = null, email = null, answer_to = null,
      decision = decision - 'reason' - 'body' - 'draft' - 'answer'
    where id = any(${forgotten.map(({ id }) => Number(id))}::bigint[])`.execute(tx);
}
