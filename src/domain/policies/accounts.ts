import { type Actor, atLeast, type Role } from './roles.ts';

/** Who may make an account for themselves: everybody, whoever an admin asked in, or nobody. */
export type SignUp = 'open' | 'invite' | 'closed';

/** Making an account for oneself, by the form or with somebody else's word for who one is. */
export function maySignUp(signUp: SignUp, { invited }: { invited: boolean }): boolean {
  return signUp === 'open' || (signUp === 'invite' && invited);
}

/** Roles, invitations, disabling, the list of accounts with what only their owners see otherwise. */
export function mayAdminister(actor: Actor): boolean {
  return atLeast(actor, 'admin');
}

/** Roles that an invitation may bring: who may let in others is decided of people who are known. */
export const INVITED_ROLES = ['contributor', 'triager', 'security'] as const satisfies readonly Role[];

/** A recovery is a way into an account that is somebody else's: one admin asks. */
export function mayAskRecovery(actor: Actor, account: { id: number }): boolean {
  return mayAdminister(actor) && actor.account !== account.id;
}

/** And another one grants. */
export function mayGrantRecovery(actor: Actor, recovery: { askedBy: string; account: number }): boolean {
  return mayAdminister(actor) && actor.id !== recovery.askedBy && actor.account !== recovery.account;
}
