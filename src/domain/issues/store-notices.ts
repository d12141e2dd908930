import { sql } from 'kysely';
import type { Queries, Tx } from '#base/db';

/** Why somebody is told. */
export const NOTICE_REASONS = [
  'mention',
  'watch',
  'decision',
  'claim',
  'lead',
  'roundup',
  'alarm',
  'exploited',
] as const;
export type NoticeReason = (typeof NOTICE_REASONS)[number];

/** Something that somebody is to be told. Words name things and people; they are never a copy of what somebody wrote. */
export interface NewNotice {
  account: number;
  /** Entry of the history that it is about: told once to each, for each reason. */
  event: number;
  reason: NoticeReason;
  /** What to look at: issue:NSI-2017-0043, proposal:12, roundup:31. */
  topic: string;
  words: string;
}

export interface Notice extends NewNotice {
  id: number;
  createdAt: Date;
  seenAt: Date | null;
}

/** Keeps two processes from telling the same twice. @returns the last event of which people were told */
export async function lockNotices(tx: Tx): Promise<number> {
  const { event } = await tx
    .selectFrom('notice_cursor')
    .select('event')
    .forUpdate()
    .executeTakeFirstOrThrow();
  return event;
}

export async function saveNoticeCursor(tx: Tx, event: number): Promise<void> {
  await tx.updateTable('notice_cursor').set({ event }).execute();
}

/** @returns those that were not told before */
export async function insertNotices(
  tx: Tx,
  notices: readonly NewNotice[],
  at: Date,
): Promise<(NewNotice & { id: number })[]> {
  if (notices.length === 0) return [];
  const { rows } = await sql<NewNotice & { id: number }>`
    insert into notice (account, event, reason, topic, words, created_at)
    select account, event, reason, topic, words, ${at} from json_to_recordset(${JSON.stringify(notices)}::json)
      as r(account bigint, event bigint, reason text, topic text, words text)
    on conflict (account, event, reason) do nothing
    returning id, account, event, reason, topic, words`.execute(tx);
  return rows;
}

/** What somebody was told, the latest first. */
export async function noticesOf(
  queries: Queries,
  account: number,
  { unseen = false, before, limit = 50 }: { unseen?: boolean; before?: number; limit?: number } = {},
): Promise<Notice[]> {
  let query = queries
    .selectFrom('notice')
    .select([
      'id',
      'account',
      'event',
      'reason',
      'topic',
      'words',
      'created_at as createdAt',
      'seen_at as seenAt',
    ])
    .where('account', '=', account);
  if (unseen) query = query.where('seen_at', 'is', null);
  if (before !== undefined) query = query.where('id', '<', before);
  return query.orderBy('id', 'desc').limit(limit).$castTo<Notice>().execute();
}

export async function countUnseenNotices(queries: Queries, account: number): Promise<number> {
  const { count } = await queries
    .selectFrom('notice')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('account', '=', account)
    .where('seen_at', 'is', null)
    .executeTakeFirstOrThrow();
  return count;
}

/** Somebody has looked at what they were told up to that notice, or at one topic. */
export async function markNoticesSeen(
  queries: Queries,
  account: number,
  which: { upTo: number } | { topic: string },
  at = new Date(),
): Promise<void> {
  let query = queries
    .updateTable('notice')
    .set({ seen_at: at })
    .where('account', '=', account)
    .where('seen_at', 'is', null);
  query = 'upTo' in which ? query.where('id', '<=', which.upTo) : query.where('topic', '=', which.topic);
  await query.execute();
}

/** Takes away the words of notices about events that were redacted (see redact). */
export async function forgetNotices(tx: Tx, events: readonly number[]): Promise<void> {
  await tx
    .updateTable('notice')
    .set({ words: '(redacted)' })
    .where('event', '=', sql<number>`any(${events}::bigint[])`)
    .execute();
}

/** What somebody was told, has not looked at and got no mail of, oldest first; `only` one of them. */
export async function noticesToMail(
  queries: Queries,
  account: number,
  { only, since }: { only?: number; since?: Date } = {},
): Promise<Pick<Notice, 'id' | 'reason' | 'topic' | 'words'>[]> {
  let query = queries
    .selectFrom('notice')
    .select(['id', 'reason', 'topic', 'words'])
    .where('account', '=', account)
    .where('mailed_at', 'is', null)
    .where('seen_at', 'is', null);
  if (only !== undefined) query = query.where('id', '=', only);
  if (since !== undefined) query = query.where('created_at', '>=', since);
  return query
    .orderBy('id')
    .limit(500)
    .$castTo<Pick<Notice, 'id' | 'reason' | 'topic' | 'words'>>()
    .execute();
}

/** Notes that a mail told of them. */
export async function markMailed(queries: Queries, ids: readonly number[], at: Date): Promise<void> {
  await queries
    .updateTable('notice')
    .set({ mailed_at: at })
    .where('id', '=', sql<number>`any(${ids}::bigint[])`)
    .execute();
}
