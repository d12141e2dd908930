export { type Announcement, type Announcements, announcementsOf, type Patch } from './announcements.ts';
export { computeIssues, watchProducts } from './compute-issues.ts';
export { mergeIssues, revokeDecision, splitIssue } from './decide-links.ts';
export { explainIssue } from './explain-issue.ts';
export { type IssueToMatch, issuesToMatch } from './issues-to-match.ts';
export { readLabelledAdvisories } from './labelled-advisories.ts';
export { canonicalProduct } from './products.ts';
export { HELD_OUT, scoreGrouping } from './score-grouping.ts';
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
  lockGrouping,
  membershipsOf,
  type StoredMembership,
  standing,
  type Vulnerability,
  vulnerabilitiesById,
} from './store.ts';
export {
  aliasesOf,
  endOfIssue,
  findIssues,
  findProducts,
  gradesOf,
  type IssueGrade,
  type IssueSearch,
} from './store-reading.ts';
