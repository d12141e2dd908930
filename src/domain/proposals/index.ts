export type { Answer, Conflict, Made, Refusal } from './answer.ts';
export { type Acceptance, acceptProposal, rejectProposal, withdrawProposal } from './decide.ts';
export {
  type Change,
  type Editable,
  type Editables,
  editables,
  type FieldState,
  type FieldValue,
  touchOf,
  type Written,
} from './editable.ts';
export {
  countOpenProposals,
  eraseFromProposals,
  listProposals,
  type Proposal,
  type ProposalSearch,
  type ProposalState,
  proposalById,
} from './store.ts';
export { type ChangeSet, MOST_CHANGES, type SubmitOptions, submit, submitIn } from './submit.ts';
export { undo } from './undo.ts';
