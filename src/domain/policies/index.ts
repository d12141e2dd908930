export {
  INVITED_ROLES,
  mayAdminister,
  mayAskRecovery,
  mayGrantRecovery,
  maySignUp,
  type SignUp,
} from './accounts.ts';
export {
  mayClaim,
  mayDecide,
  mayDecideProposal,
  mayDeclareEmergency,
  mayDismiss,
  type Permission,
  type TeamRules,
} from './editing.ts';
export { mayGroup } from './grouping.ts';
export { type Actor, atLeast, isMachine, machine, ROLES, type Role, VISITOR } from './roles.ts';
export { mayPlanRounds } from './rounds.ts';
export { roleByToken, SCOPES, type Scope, scopesFor } from './scopes.ts';
export { mayReleaseBatch, mayRunSource } from './sources.ts';
export { mayMakeRule } from './suppressing.ts';
export { mayComment, mayDecideIntake, mayEditComment, mayRedact } from './talking.ts';
