export {
  mayClaim,
  mayDecide,
  mayDecideProposal,
  mayDeclareEmergency,
  mayDismiss,
  type Permission,
  type TeamRules,
} from './editing.ts';
export { type Actor, atLeast, machine, ROLES, type Role, VISITOR } from './roles.ts';
