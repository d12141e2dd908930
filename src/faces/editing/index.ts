export { answerInWords, personIn, statusOf } from './answer-words.ts';
export { unknownNames } from './check-names.ts';
export { COPIES, EDITABLES } from './kinds.ts';
export { isPublic, kindOf, maySeeEntry, maySeeProposal } from './public-kinds.ts';
export {
  cellText,
  type FormProblem,
  namesText,
  parseCell,
  parseSeen,
  readForm,
  type Seen,
  seenText,
} from './read-form.ts';
export { type SendOptions, sendChanges } from './send-changes.ts';
export { sendDecisions } from './send-decisions.ts';
export { changeSchema, changeSetSchema, readSet, type SentSet } from './sent-changes.ts';
export {
  DISMISSAL_WORDS,
  issueOfChange,
  JUSTIFICATION_WORDS,
  type NameOf,
  STATUS_WORDS,
  SUGGESTION_WORDS,
  statusWords,
  subjectWords,
  THREAD_WORDS,
  threadWords,
  valueWords,
} from './words.ts';
