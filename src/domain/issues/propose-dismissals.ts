import { type Database, lockHistory, type Tx } from '#base/db';
import { type Change, editables, keepAsProposal, openProposalsOn, takeBackProposal } from '#domain/proposals';
import { editableIssue } from './editable-issue.ts';
import { readIssueFields } from './store-fields.ts';
import { comeBack, markRejected, newlyRejected, unmarkRejected } from './store-rejected.ts';

/** Changes of a proposal that machines make bear this author. */
const AUTHOR = 'machine:grouping';

/**
 * Proposes to dismiss each issue whose vulnerabilities have all been rejected: once, for people to decide; what they decided
 * stays. Where a number stands again, the proposal is taken back, and where somebody had dismissed the issue as no
 * vulnerability, bringing it back is proposed.
 *
 * @returns how many dismissals were proposed
 */
export async function proposeDismissals(database: Database, at = new Date()): Promise<number> {
  const { queries } = database;
  const news = (await newlyRejected(queries)).length + (await comeBack(queries)).length;
  if (news === 0) return 0;
  return database.transaction(async (tx) => {
    await lockHistory(tx);
    await takeBack(tx, at);
    return propose(tx, at);
  });
}

const KINDS = editables([editableIssue]);

async function propose(tx: Tx, at: Date): Promise<number> {
  const rejected = await newlyRejected(tx);
  const issues = rejected.map(({ issue }) => issue);
  const fields = await readIssueFields(tx, issues);
  let proposed = 0;
  for (const { issue, vulnerabilities } of rejected) {
    const dismissed = fields.get(issue)?.dismissed;
    const numbers = listed(vulnerabilities);
    await withdraw(tx, issue, `${numbers}: rejected.`, at);
    if (dismissed?.value != null) continue;
    const value = {
      reason: 'not_a_vulnerability',
      note: `${numbers}: rejected by whoever gives the numbers out.`,
    };
    const change = { ...fieldOf(issue), value, saw: dismissed?.version ?? 0 };
    const remark = `All of its vulnerabilities were rejected: ${numbers}.`;
    await keep(tx, change, remark, at);
    proposed += 1;
  }
  await markRejected(tx, issues);
  return proposed;
}

/** Of issues that were rejected as a whole, and are not any more. */
async function takeBack(tx: Tx, at: Date): Promise<void> {
  const back = await comeBack(tx);
  const issues = back.map(({ issue }) => issue);
  const fields = await readIssueFields(tx, issues);
  for (const { issue, standing } of back) {
    const why =
      standing.length === 0 ? 'It has no vulnerability any more.' : `${listed(standing)}: not rejected.`;
    await withdraw(tx, issue, why, at);
    const dismissed = fields.get(issue)?.dismissed;
    const reason = (dismissed?.value as { reason?: unknown } | null | undefined)?.reason;
    if (standing.length === 0 || reason !== 'not_a_vulnerability') continue;
    const remark = `It was dismissed while all of its vulnerabilities were rejected. ${why}`;
    await keep(tx, { ...fieldOf(issue), value: null, saw: dismissed?.version ?? 0 }, remark, at);
  }
  await unmarkRejected(tx, issues);
}

/** Whatever it has proposed of the issue before and nobody has decided. */
async function withdraw(tx: Tx, issue: string, reason: string, at: Date): Promise<void> {
  for (const { proposal } of await ownProposals(tx, issue))
    await takeBackProposal(tx, proposal, { by: AUTHOR, reason, at });
}

/**
 * An issue becomes part of another: that all of its own vulnerabilities were rejected says nothing of that one, so the proposal to
 * dismiss it goes no further. That what was dismissed be brought back stays proposed.
 */
export async function takeBackDismissal(
  tx: Tx,
  { from, to }: { from: string; to: string },
  at: Date,
): Promise<void> {
  const reason = `${from} is part of ${to} now.`;
  for (const { proposal, value } of await ownProposals(tx, from))
    if (value !== null) await takeBackProposal(tx, proposal, { by: AUTHOR, reason, at });
}

async function ownProposals(tx: Tx, issue: string) {
  return (await openProposalsOn(tx, [`issue:${issue}`])).flatMap((proposal) => {
    const [change] = proposal.changes;
    const own = proposal.author === AUTHOR && proposal.changes.length === 1 && change !== undefined;
    return own && change.kind === 'issue' && change.id === issue && change.field === 'dismissed'
      ? [{ proposal, value: change.value }]
      : [];
  });
}

function fieldOf(issue: string) {
  return { kind: 'issue', id: issue, field: 'dismissed' };
}

async function keep(tx: Tx, change: Change, remark: string, at: Date): Promise<void> {
  const kept = { author: AUTHOR, changes: [change], remark };
  await keepAsProposal(tx, kept, { kinds: KINDS, actor: AUTHOR, cause: 'rejected', at });
}

const SHOWN = 10;

function listed(ids: readonly string[]): string {
  const more = ids.length - SHOWN;
  return `${ids.slice(0, SHOWN).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
