import { type Actor, atLeast } from './roles.ts';

/** What a change set comes to: done at once, kept for somebody to decide on, or refused. */
export type Permission = 'apply' | 'propose' | 'refuse';

/** What a team may choose. */
export interface TeamRules {
  /** A dismissal waits until somebody else agrees. */
  secondOpinion: boolean;
}

/** Statuses, packages of an issue, what is said of an issue: triagers decide, contributors propose. */
export function mayDecide(actor: Actor): Permission {
  if (atLeast(actor, 'triager')) return 'apply';
  return atLeast(actor, 'contributor') ? 'propose' : 'refuse';
}

/** To say that something is none of ours hides it from everybody: where the team wants it, two people have to agree. */
export function mayDismiss(actor: Actor, rules: TeamRules): Permission {
  const permission = mayDecide(actor);
  return permission === 'apply' && rules.secondOpinion && actor.account !== null ? 'propose' : permission;
}

/** To claim work, and to let go of it, needs no rights; to take away somebody else's claim does. */
export function mayClaim(actor: Actor, claim: { before: string | null; after: string | null }): Permission {
  const own = (person: string | null) => person === null || person === actor.id;
  if (atLeast(actor, 'contributor') && own(claim.before) && own(claim.after)) return 'apply';
  return mayDecide(actor);
}

/** Emergencies ring bells. */
export function mayDeclareEmergency(actor: Actor): Permission {
  return mayDecide(actor);
}

/** Accepting, amending and rejecting what others proposed. Nobody is the second opinion on their own. */
export function mayDecideProposal(
  actor: Actor,
  proposal: { author: string; waitsFor: 'decision' | 'second_opinion' | null },
): boolean {
  if (!atLeast(actor, 'triager')) return false;
  return proposal.waitsFor !== 'second_opinion' || proposal.author !== actor.id;
}
