export { CAMPAIGN_NAME } from './derive-campaigns.ts';
export {
  type CampaignWord,
  editableCampaign,
  editableCampaignIssue,
  editableRegrouping,
  REGROUPING_DISMISSALS,
  type RegroupingWord,
} from './editable-campaign.ts';
export { followRegrouping } from './follow-regrouping.ts';
export { allCampaigns, type Campaign, campaignNamed } from './read-campaigns.ts';
export { refreshCampaigns, refreshRegroupings } from './refresh-campaigns.ts';
export {
  type CampaignPart,
  countWaitingRegroupings,
  type IssueStories,
  issueStoriesReading,
  regroupingsThat,
  type StoredRegrouping,
  wordsOf,
} from './store.ts';
export { campaignTasks } from './tasks.ts';
