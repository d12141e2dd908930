export {
  THREAD_DISMISSALS,
  type ThreadClaim,
  type ThreadDecision,
  type ThreadDismissal,
  threadClaim,
  threadDecision,
} from './decision.ts';
export { editableThread } from './editable-thread.ts';
export { type FoundPatch, findPatches } from './find-patches.ts';
export type { Vocabulary } from './find-products.ts';
export { type Incoming, incomingOf, type ReadingMeans } from './incoming.ts';
export { addKeys, removeKey } from './keys.ts';
export { knownLists, LISTS, type MailingList } from './lists.ts';
export { type Mailbox, mailboxAt, maildirAt, mboxAt } from './mailboxes.ts';
export { type Passage, patchOf, type ReadableMail, readMails } from './read-thread.ts';
export { FACT_KINDS, type Fact, type FactKind, REOPENING, recognise } from './recognise.ts';
export { redactMail } from './redact-mail.ts';
export {
  countWaitingThreads,
  findThreads,
  type IssueThreads,
  issueThreadsReading,
  joinedInto,
  knownKeys,
  mailById,
  mailboxStates,
  mailsOf,
  THREAD_STATES,
  type Thread,
  type ThreadFact,
  type ThreadMail,
  type ThreadPlace,
  type ThreadSearch,
  type ThreadState,
  threadById,
  threadsMark,
  threadsNaming,
  threadsOfIssue,
} from './store-reading.ts';
export { MailRows, type SignatureMark } from './store-writing.ts';
export { type MailSynced, type MailSyncOptions, syncMailbox, vocabularyOf } from './sync-mail.ts';
export { type TakeInOptions, type TakenIn, takeIn } from './take-in.ts';
export { threadTasks } from './tasks.ts';
