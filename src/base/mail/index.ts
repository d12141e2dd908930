export { type Block, htmlOf, textOf } from './letter.ts';
export { type Attachment, idHash, type Message, type Person, readMessage } from './message.ts';
export { MailProblem } from './mime.ts';
export { type ImapCursor, readImap } from './read-imap.ts';
export { readMaildir } from './read-maildir.ts';
export { MboxSplitter, type RawMessage, readMbox } from './read-mbox.ts';
export { remembering } from './remembering.ts';
export {
  type KnownKey,
  mayBeSigned,
  readKeys,
  type Signature,
  type SignatureState,
  signaturesOf,
  signedStretches,
} from './signatures.ts';
export { type Mailer, makeMailer, messageId, type OutgoingMail } from './smtp.ts';
export {
  candidateSpan,
  earlier,
  followed,
  idsQuoted,
  isOrphan,
  MOST_CANDIDATES,
  mentionsIn,
  type Posting,
  type SubjectKey,
  subjectKey,
  Together,
  threadsOf,
} from './threading.ts';
