export { rematch } from './rematch.ts';
export {
  countSuggestions,
  type Hit,
  hitsOfIssues,
  hitsOfPackage,
  issuesSuggestedSince,
  issuesWithSuggestion,
  lockMatching,
  type OpenInChannel,
  openByChannel,
} from './store.ts';
