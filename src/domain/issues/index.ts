export { type Announcement, type Announcements, announcementsOf, type Patch } from './announcements.ts';
export { computeIssues, watchProducts } from './compute-issues.ts';
export { mergeIssues, revokeDecision, splitIssue } from './decide-links.ts';
export { type Claim, DISMISSALS, type Dismissal, editableIssue } from './editable-issue.ts';
export { editablePackage, type ListedKind, PACKAGE_KINDS } from './editable-package.ts';
export { editableStatus } from './editable-status.ts';
export { explainIssue } from './explain-issue.ts';
export { type IssueToMatch, issuesToMatch } from './issues-to-match.ts';
export { readLabelledAdvisories } from './labelled-advisories.ts';
export { canonicalProduct } from './products.ts';
export { HELD_OUT, scoreGrouping } from './score-grouping.ts';
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
  groupingState,
  type Issue,
  issueById,
  issuesById,
  issuesForRoundup,
  issuesOfReport,
  issuesOfVulnerability,
  listIssues,
  membershipsOf,
  type StoredMembership,
  standing,
  type Vulnerability,
  vulnerabilitiesById,
} from './store.ts';
export { fieldsOfIssues, type IssueFields } from './store-fields.ts';
export { type ListedPackage, packagesOfIssues } from './store-packages.ts';
export {
  aliasesOf,
  endOfIssue,
  findIssues,
  findProducts,
  gradesOf,
  type IssueGrade,
  type IssueSearch,
} from './store-reading.ts';
export { type StoredStatus, statusesOf } from './store-statuses.ts';
