import type { Queries } from '#base/db';

/** What a step of a sign-in is for; one kind is never taken for another. */
export type StepKind = 'passkey-new' | 'passkey-sign-in' | 'provider' | 'identity-new';

export async function putStep(
  queries: Queries,
  step: { id: string; kind: StepKind; payload: Record<string, unknown>; expiresAt: Date },
): Promise<void> {
  await queries
    .insertInto('sign_in_step')
    .values({
      id: step.id,
      kind: step.kind,
      payload: JSON.stringify(step.payload),
      expires_at: step.expiresAt,
    })
    .execute();
}

/** Takes a step out: whoever comes with it a second time, or too late, finds nothing. */
export async function takeStep(
  queries: Queries,
  id: string,
  kind: StepKind,
  now: Date,
): Promise<Record<string, unknown> | null> {
  const row = await queries
    .deleteFrom('sign_in_step')
    .where('id', '=', id)
    .where('kind', '=', kind)
    .returning(['payload', 'expires_at'])
    .executeTakeFirst();
  return row === undefined || row.expires_at <= now ? null : (row.payload as Record<string, unknown>);
}

/** Looks at a step without taking it. */
export async function readStep(
  queries: Queries,
  id: string,
  kind: StepKind,
  now: Date,
): Promise<Record<string, unknown> | null> {
  const row = await queries
    .selectFrom('sign_in_step')
    .select('payload')
    .where('id', '=', id)
    .where('kind', '=', kind)
    .where('expires_at', '>', now)
    .executeTakeFirst();
  return row === undefined ? null : (row.payload as Record<string, unknown>);
}

export async function dropStepsBefore(queries: Queries, now: Date): Promise<void> {
  await queries.deleteFrom('sign_in_step').where('expires_at', '<=', now).execute();
}
