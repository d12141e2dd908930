export { rematch } from './rematch.ts';
export {
  countSuggestions,
  type Hit,
  hitsOfIssues,
  hitsOfPackage,
  issuesSuggestedSince,
  issuesWithSuggestion,
  type OpenInChannel,
  openByChannel,
} from './store.ts';
export { lockMatching } from './store-state.ts';
