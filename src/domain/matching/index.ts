export { MATCHER_VERSION, rematch } from './rematch.ts';
export {
  countByChannel,
  countSuggestions,
  type Hit,
  hitsOfChannel,
  hitsOfIssues,
  hitsOfPackage,
  issuesSuggestedSince,
  issuesWithSuggestion,
  type OpenInChannel,
  openByChannel,
} from './store.ts';
