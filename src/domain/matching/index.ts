export { applyRules } from './apply-rules.ts';
export {
  type Decided,
  type DecideOptions,
  decideSuggestions,
  type Remembered,
  type SuggestionDecision,
} from './decide-suggestions.ts';
export {
  changedSince,
  type DecidedOn,
  type Decision,
  decisionSchema,
  SUGGESTION_DISMISSALS,
  type SuggestionDismissal,
} from './decision.ts';
export { editableRule } from './editable-rule.ts';
export { editableSuggestion } from './editable-suggestion.ts';
export {
  historyMatcher,
  namesChangedFrom,
  type PackageHistory,
  type PackageRuns,
  packageRuns,
  type Run,
  runsFrom,
} from './match-history.ts';
export {
  currentBatch,
  type NextOptions,
  nextSuggestions,
  type QueuedSuggestion,
  releaseBatch,
  skipSuggestions,
  takeBatch,
  unskipSuggestions,
} from './next-suggestions.ts';
export type { CellPackage } from './pack-cells.ts';
export { issuesOfPackage, latestOfPackage } from './package-issues.ts';
export { packageReader } from './package-set.ts';
export { MATCHER_VERSION, rematch } from './rematch.ts';
export { type RuleValue, ruleSchema } from './rule.ts';
export { rewriteQueue, settleSuggestions } from './settle.ts';
export {
  cellsOfHits,
  cellsOfIssues,
  countSuggestions,
  doubtsIn,
  type Hit,
  hitsOfIssues,
  hitsReading,
  type IssueCells,
  issueCells,
  issuesSuggestedSince,
  issuesWithSuggestion,
  type OpenInChannel,
  openByChannel,
} from './store.ts';
export {
  decisionsOfIssues,
  type StoredDecision,
  type SuggestionShown,
  suggestionsShown,
} from './store-decisions.ts';
export {
  askedAgainReading,
  type GoneLine,
  type LinesFilter,
  type QueuePlace,
  queueLines,
  type WaitingLine,
  waitingLines,
} from './store-lines.ts';
export { type QueueFilter, queueCounts } from './store-queue.ts';
export { listRules, ruleById, type StoredRule } from './store-rules.ts';
export { lockMatching, matchedAmong, namesAsked } from './store-state.ts';
export { matchingTasks } from './tasks.ts';
export type { UrgencyPart } from './urgency.ts';
