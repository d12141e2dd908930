export { unknownNames } from './check-names.ts';
export { EDITABLES } from './kinds.ts';
export { type FormProblem, parseSeen, readForm, type Seen, seenText } from './read-form.ts';
export { type SendOptions, sendChanges } from './send-changes.ts';
export {
  DISMISSAL_WORDS,
  issueOfChange,
  JUSTIFICATION_WORDS,
  type NameOf,
  STATUS_WORDS,
  statusWords,
  subjectWords,
  valueWords,
} from './words.ts';
