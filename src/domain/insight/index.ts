export { type ComparedIssue, type Comparison, compareRevisions } from './compare-revisions.ts';
export { daysBetween } from './exposure.ts';
export type {
  ChannelCounts,
  CountedSeverity,
  ExposureLine,
  Figures,
  ListName,
  LoadStretch,
  ReckonedFigures,
  StillLacking,
  Unmaintained,
} from './figures.ts';
export {
  type ListAsked,
  type ListPart,
  lackingList,
  openList,
  unmaintainedList,
} from './lists.ts';
export type { Point } from './over-time.ts';
export { insightFigures, type RefreshedInsight, reckonedFigures, refreshInsight } from './refresh-insight.ts';
export { type ListPlace, openInChannel } from './store.ts';
export { insightTasks } from './tasks.ts';
export { type ClockFigures, GOAL_DAYS } from './ten-days.ts';
