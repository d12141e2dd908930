export type { Answer, Conflict, Made, Refusal } from './answer.ts';
export {
  type CarriedValue,
  type Carrying,
  carryValues,
  keepAsProposal,
  type Moved,
  moveProposals,
} from './carry.ts';
export {
  type Acceptance,
  acceptProposal,
  rejectProposal,
  takeBackProposal,
  withdrawProposal,
} from './decide.ts';
export {
  type Change,
  type Editable,
  type Editables,
  editables,
  type FieldState,
  type FieldValue,
  type Forgotten,
  touchOf,
  type Written,
} from './editable.ts';
export { type Redacted, type RedactOptions, redact } from './redact.ts';
export {
  countOpenProposals,
  listProposals,
  openProposalsReading,
  type Proposal,
  type ProposalSearch,
  type ProposalState,
  proposalById,
} from './store.ts';
export { openProposalsOn } from './store-carry.ts';
export {
  type ChangeSet,
  MOST_CHANGES,
  type SubmitOptions,
  submit,
  submitIn,
  valueTold,
} from './submit.ts';
export { undo } from './undo.ts';
export { undoSet } from './undo-set.ts';
