export { type Announcement, type Announcements, announcementsOf, type Patch } from './announcements.ts';
export { computeIssues, watchProducts } from './compute-issues.ts';
export { mergeIssues, revokeDecision, splitIssue } from './decide-links.ts';
export { explainIssue } from './explain-issue.ts';
export { type IssueToMatch, issuesToMatch, type ProductToMatch } from './issues-to-match.ts';
export { readLabelledAdvisories } from './labelled-advisories.ts';
export { rememberedProducts } from './product-of.ts';
export { canonicalProduct } from './products.ts';
export { HELD_OUT, scoreGrouping } from './score-grouping.ts';
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
export {
  aliasesOf,
  endOfIssue,
  findIssues,
  findProducts,
  gradesOf,
  type IssueGrade,
  type IssueSearch,
} from './store-reading.ts';
export { lockGrouping } from './store-state.ts';
export { type Vulnerability, vulnerabilitiesById } from './store-vulnerabilities.ts';
