import { type Database, lockHistory, type Tx } from '#base/db';
import { MusterError } from '#base/errors';
import { canonicalJson } from '#base/formats';
import { type Actor, atLeast, mayDecideProposal } from '#domain/policies';
import type { Answer } from './answer.ts';
import { type Change, touchOf } from './editable.ts';
import { type Proposal, proposalById } from './store.ts';
import { asSent, check, closeProposal, make, type SubmitOptions } from './submit.ts';

export interface Acceptance {
  /** What is to be done instead of what was proposed; the credit stays with who proposed it. */
  amended?: readonly Change[] | undefined;
  /**
   * For a stale proposal: the versions that whoever accepts it has now before their eyes, by touch (touchOf). Without
   * them it answers with the conflict.
   */
  saw?: Readonly<Record<string, number>> | undefined;
  reason?: string | undefined;
}

/**
 * Accepts a proposal, as it is or amended: made in the accepter's name, with the credit kept.
 *
 * @throws MusterError NOT_FOUND; FORBIDDEN where the actor may not decide it; TRANSITION_BARRED where it was decided
 */
export async function acceptProposal(
  database: Database,
  actor: Actor,
  id: number,
  acceptance: Acceptance,
  options: SubmitOptions,
): Promise<Answer> {
  return database.transaction(async (tx) => {
    await lockHistory(tx);
    const proposal = await openProposal(tx, actor, id);
    const changes = (acceptance.amended?.map(asSent) ?? proposal.changes).map((change) => ({
      ...change,
      saw: acceptance.saw?.[`${change.kind}/${change.id}#${change.field}`] ?? change.saw,
    }));
    const checked = await check(tx, actor, changes, options, { agreed: agreedBy(actor, proposal) });
    if ('outcome' in checked) return checked;
    // What only security may do is not for a triager to accept either.
    if (checked.permission !== 'apply')
      throw new MusterError('FORBIDDEN', `proposal ${id}: whoever accepts it must have the right to do it`);
    const at = options.at ?? new Date();
    const made = await make(tx, checked.steps, options.kinds, {
      actor: actor.id,
      author: proposal.author,
      proposal: id,
      cause: `proposal ${id}`,
      remark: acceptance.reason ?? proposal.remark,
      at,
      undoes: null,
    });
    await closeProposal(tx, proposal, {
      state: 'accepted',
      by: actor.id,
      at,
      reason: acceptance.reason ?? null,
      amended: acceptance.amended === undefined ? null : changes,
    });
    return { outcome: 'accepted', proposal: id, made };
  });
}

/** Rejects a proposal, with the reason that its author will read. Errors as acceptProposal; USAGE without a reason. */
export async function rejectProposal(
  database: Database,
  actor: Actor,
  id: number,
  reason: string,
  at = new Date(),
): Promise<void> {
  if (reason.trim() === '') throw new MusterError('USAGE', 'a rejection needs a reason: its author reads it');
  await database.transaction(async (tx) => {
    await lockHistory(tx);
    const proposal = await openProposal(tx, actor, id);
    await closeProposal(tx, proposal, {
      state: 'rejected',
      by: actor.id,
      at,
      reason: reason.trim(),
      amended: null,
    });
  });
}

/** Takes one's own proposal back. Errors as acceptProposal. */
export async function withdrawProposal(
  database: Database,
  actor: Actor,
  id: number,
  at = new Date(),
): Promise<void> {
  await database.transaction(async (tx) => {
    await lockHistory(tx);
    const proposal = await existing(tx, id);
    if (proposal.author !== actor.id || !atLeast(actor, 'contributor'))
      throw new MusterError('FORBIDDEN', `only its author can take proposal ${id} back`);
    await closeProposal(tx, proposal, { state: 'withdrawn', by: actor.id, at, reason: null, amended: null });
  });
}

/** A machine takes back what it proposed, once the reason holds no more. Under the lock on the history, with an open proposal. */
export async function takeBackProposal(
  tx: Tx,
  proposal: Proposal,
  { by, reason, at }: { by: string; reason: string; at: Date },
): Promise<void> {
  await closeProposal(tx, proposal, { state: 'withdrawn', by, at, reason, amended: null });
}

/** Whoever decides is the second opinion on what others proposed, not on words of their own. */
function agreedBy(actor: Actor, { author, changes }: Proposal): (change: Change) => boolean {
  if (author === actor.id) return () => false;
  const proposed = new Map(changes.map((change) => [touchOf(change), canonicalJson(change.value)]));
  return (change) => proposed.get(touchOf(change)) === canonicalJson(change.value);
}

async function openProposal(
  tx: Parameters<typeof proposalById>[0],
  actor: Actor,
  id: number,
): Promise<Proposal> {
  const proposal = await existing(tx, id);
  if (!mayDecideProposal(actor, proposal)) {
    const why =
      proposal.waitsFor === 'second_opinion' && proposal.author === actor.id
        ? 'it waits for somebody else’s opinion'
        : 'deciding takes a triager';
    throw new MusterError('FORBIDDEN', `proposal ${id}: ${why}`);
  }
  return proposal;
}

async function existing(tx: Parameters<typeof proposalById>[0], id: number): Promise<Proposal> {
  const proposal = await proposalById(tx, id);
  if (proposal === null) throw new MusterError('NOT_FOUND', `there is no proposal ${id}`);
  if (proposal.state !== 'open')
    throw new MusterError(
      'TRANSITION_BARRED',
      `proposal ${id} is ${proposal.state} by ${proposal.decidedBy} already`,
    );
  return proposal;
}
