import { sql } from 'kysely';
import type { Queries, Reading, Tx } from '#base/db';
import type { Change } from './editable.ts';

export type ProposalState = 'open' | 'accepted' | 'rejected' | 'withdrawn';

/** A change set as it is stored. */
export interface Proposal {
  id: number;
  author: string;
  createdAt: Date;
  changes: Change[];
  topics: string[];
  remark: string | null;
  state: ProposalState;
  staleSince: Date | null;
  decidedBy: string | null;
  decidedAt: Date | null;
  decisionReason: string | null;
  /** What was accepted where that is not what was proposed. */
  amended: Change[] | null;
  waitsFor: 'decision' | 'second_opinion' | null;
}

const COLUMNS = [
  'id',
  'author',
  'created_at as createdAt',
  'changes',
  'topics',
  'remark',
  'state',
  'stale_since as staleSince',
  'decided_by as decidedBy',
  'decided_at as decidedAt',
  'decision_reason as decisionReason',
  'amended',
  'waits_for as waitsFor',
] as const;

export async function proposalById(queries: Queries, id: number): Promise<Proposal | null> {
  const row = await queries.selectFrom('proposal').select(COLUMNS).where('id', '=', id).executeTakeFirst();
  return row === undefined ? null : (row as Proposal);
}

/** What somebody sent under a key of theirs. */
export async function proposalByKey(queries: Queries, author: string, key: string): Promise<Proposal | null> {
  const row = await queries
    .selectFrom('proposal')
    .select(COLUMNS)
    .where('author', '=', author)
    .where('key', '=', key)
    .executeTakeFirst();
  return row === undefined ? null : (row as Proposal);
}

export interface ProposalSearch {
  state?: ProposalState;
  author?: string;
  /** Those that show on this page. */
  topic?: string;
  /** Only what somebody had to decide on: not what was made at once. */
  waited?: boolean;
  /** Older than that one: the next page. */
  before?: number;
  limit?: number;
}

/** Proposals, newest first. */
export async function listProposals(queries: Queries, search: ProposalSearch = {}): Promise<Proposal[]> {
  let query = queries.selectFrom('proposal').select(COLUMNS);
  if (search.state !== undefined) query = query.where('state', '=', search.state);
  if (search.author !== undefined) query = query.where('author', '=', search.author);
  if (search.topic !== undefined) query = query.where(sql<boolean>`topics @> array[${search.topic}]`);
  if (search.waited === true)
    query = query.where(sql<boolean>`(state <> 'accepted' or decided_at > created_at)`);
  if (search.before !== undefined) query = query.where('id', '<', search.before);
  const rows = await query
    .orderBy('id', 'desc')
    .limit(search.limit ?? 50)
    .execute();
  return rows as Proposal[];
}

/** Numbers of open proposals that show on the page of the issue whose id is `$1`. */
export const openProposalsReading: Reading<number[]> = {
  sql: `select json_agg(id order by id desc) from proposal where state = 'open' and topics @> array['issue:' || $1]`,
  read: (json) => (json ?? []) as number[],
};

export async function countOpenProposals(queries: Queries): Promise<number> {
  const { count } = await queries
    .selectFrom('proposal')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('state', '=', 'open')
    .executeTakeFirstOrThrow();
  return count;
}

export async function insertProposal(
  tx: Tx,
  proposal: Pick<Proposal, 'author' | 'changes' | 'topics' | 'remark' | 'waitsFor'> & {
    key: string | null;
    touches: string[];
    state: 'open' | 'accepted';
    at: Date;
  },
): Promise<number> {
  const decided = proposal.state === 'accepted';
  const { id } = await tx
    .insertInto('proposal')
    .values({
      key: proposal.key,
      author: proposal.author,
      created_at: proposal.at,
      changes: JSON.stringify(proposal.changes),
      touches: proposal.touches,
      topics: proposal.topics,
      remark: proposal.remark,
      state: proposal.state,
      decided_by: decided ? proposal.author : null,
      decided_at: decided ? proposal.at : null,
      waits_for: decided ? null : proposal.waitsFor,
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  return id;
}

export async function decideProposalRow(
  tx: Tx,
  id: number,
  decision: {
    state: Exclude<ProposalState, 'open'>;
    by: string;
    at: Date;
    reason: string | null;
    amended: Change[] | null;
  },
): Promise<void> {
  await tx
    .updateTable('proposal')
    .set({
      state: decision.state,
      decided_by: decision.by,
      decided_at: decision.at,
      decision_reason: decision.reason,
      amended: decision.amended === null ? null : JSON.stringify(decision.amended),
      waits_for: null,
    })
    .where('id', '=', id)
    .execute();
}

/** Marks the open proposals that were made against what is now gone. */
export async function markStale(
  tx: Tx,
  touches: readonly string[],
  at: Date,
  except: number | null,
): Promise<void> {
  await sql`update proposal set stale_since = ${at} where state = 'open' and stale_since is null
    and touches && ${touches}::text[] and id is distinct from ${except}`.execute(tx);
}
