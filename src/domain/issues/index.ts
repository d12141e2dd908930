export { type Announcement, type Announcements, announcementsOf, type Patch } from './announcements.ts';
export { boxesLookedAt } from './ask-boxes.ts';
export {
  type AdvisoryLink,
  type CardPatch,
  describeVulnerability,
  type IssueBrief,
  type IssueCard,
} from './card.ts';
export { CLAIM_DAYS, claimChange, endClaims } from './claims.ts';
export { bringBackPostponed } from './come-back.ts';
export { computeIssues, watchProducts } from './compute-issues.ts';
export { type CreatedIssue, createIssue } from './create-issue.ts';
export {
  type Along,
  entriesThatHold,
  mergeIssues,
  revokeDecision,
  revokeEntry,
  splitIssue,
} from './decide-links.ts';
export { commentBody, editableComment } from './editable-comment.ts';
export {
  editableIntake,
  type IntakeDecision,
  type IntakeEffect,
  intakeDecision,
} from './editable-intake.ts';
export { type Claim, DISMISSALS, type Dismissal, editableIssue } from './editable-issue.ts';
export { editableNewIssue } from './editable-new-issue.ts';
export { editablePackage, type ListedKind, PACKAGE_KINDS } from './editable-package.ts';
export { editableStatus } from './editable-status.ts';
export { eventWords, type NameOf } from './event-words.ts';
export { explainIssue } from './explain-issue.ts';
export { type IssueExploitation, TELLING_PERCENTILE } from './exploitation.ts';
export { findRegroupings } from './find-regroupings.ts';
export { byGravity, bySeverity } from './gravity.ts';
export { type IssueNames, namesOfIssues } from './issue-names.ts';
export { advisoriesOf, issuesAnnounced } from './issues-announced.ts';
export { type IssueToMatch, issuesToMatch, type ProductToMatch } from './issues-to-match.ts';
export { readLabelledAdvisories } from './labelled-advisories.ts';
export {
  type DigestEffect,
  MAIL_BY_DEFAULT,
  type MailEffect,
  type NextDigest,
  notify,
  wantsMail,
} from './notify.ts';
export { LISTED_NUMBERS, type NumberStanding, numberFigures, numberStanding } from './numbers.ts';
export { draftSchema, type IssueDraft, OWN_PREFIX, type OwnVulnerability } from './own-vulnerability.ts';
export type { LineStatus } from './pack-boxes.ts';
export { COMMENT_LIMITS, type NewComment, postComment } from './post-comment.ts';
export {
  type Collision,
  type IssuePart,
  issuePart,
  type MergePreview,
  previewMerge,
  previewSplit,
  type SplitPreview,
} from './preview-links.ts';
export { rememberedProducts } from './product-of.ts';
export { canonicalProduct, productCalled } from './products.ts';
export { type Received, type ReceiveOptions, receiveReport, type VisitorReport } from './receive-report.ts';
export { recordChanges } from './record-changes.ts';
export { type RecordLook, recordLooks, recordsOf } from './record-looks.ts';
export { makeCards, refreshCards } from './refresh-cards.ts';
export { refreshExploitation } from './refresh-exploitation.ts';
export { type Regrouping, type RegroupingReason, regroupingKey } from './regroup.ts';
export { HELD_OUT, scoreGrouping, scoreReleases, type UpstreamRelease } from './score-grouping.ts';
export {
  type Box,
  boxId,
  isOpen,
  JUSTIFICATIONS,
  type Justification,
  openVexStatus,
  parseBoxId,
  STATUSES,
  type Status,
  type StatusWord,
  TRANSITIONS,
} from './status.ts';
export {
  atomsOf,
  countIssues,
  type Issue,
  issueById,
  issuesById,
  issuesChangedSince,
  issuesForRoundup,
  issuesOfReport,
  issuesOfVulnerability,
  listIssues,
  membershipsOf,
  type StoredMembership,
  standing,
} from './store.ts';
export { announcedBy, claimedBy } from './store-among.ts';
export { forgetCards } from './store-cards.ts';
export { mergedInto } from './store-carry.ts';
export { type Comment, commentsOf, commentsReading } from './store-comments.ts';
export {
  exploitationOfIssues,
  exploitationSince,
  lockExploitation,
} from './store-exploitation.ts';
export {
  claimsOf,
  fieldsOfIssues,
  gravestFirst,
  headsOfIssues,
  type IssueFields,
  type IssueHead,
} from './store-fields.ts';
export {
  answerToSend,
  countWaitingIntake,
  forgetAddressee,
  type Intake,
  intakeById,
  waitingIntake,
} from './store-intake.ts';
export {
  type AskedBox,
  askedBoxesOf,
  boxesSetSince,
  type ComparedBox,
  comparedBoxesReading,
} from './store-looks.ts';
export {
  countUnseenNotices,
  forgetNotices,
  markMailed,
  markNoticesSeen,
  type NewNotice,
  NOTICE_REASONS,
  type Notice,
  type NoticeReason,
  noticesOf,
  noticesToMail,
} from './store-notices.ts';
export { LONGEST_GAP, type NumberFigures, type ReservedButPublic } from './store-numbers.ts';
export { issueOfRequest, ownVulnerabilities } from './store-own.ts';
export { type ListedPackage, listedReading, packagesOfIssues } from './store-packages.ts';
export {
  type IssueLine,
  type IssuePage,
  issueKeysFirst,
  issueLines,
  issuePageReading,
} from './store-page.ts';
export {
  aliasesOf,
  computedIssues,
  endOfIssue,
  findIssues,
  findProducts,
  gradesOf,
  type IssueGrade,
  type IssueSearch,
  issuesAfter,
  productsWithIssues,
} from './store-reading.ts';
export {
  type FoundComment,
  type FoundVulnerability,
  searchComments,
  searchIssues,
  searchVulnerabilities,
} from './store-search.ts';
export { lockGrouping } from './store-state.ts';
export { latestStatuses, type StoredStatus, statusesIn, statusesOf } from './store-statuses.ts';
export { type Vulnerability, vulnerabilitiesById } from './store-vulnerabilities.ts';
export { issueWatchersReading, watchedAmong, watchersOf, watchesOf } from './store-watches.ts';
export { issueTasks } from './tasks.ts';
export { type Told, tellPeople } from './tell-people.ts';
export { unwatch, watch } from './watch.ts';
