export { type ComparedIssue, type Comparison, compareRevisions } from './compare-revisions.ts';
export { daysBetween } from './exposure.ts';
export type {
  ChannelCounts,
  CountedSeverity,
  ExposureLine,
  Figures,
  LoadStretch,
  StillLacking,
} from './figures.ts';
export type { Point } from './over-time.ts';
export { insightFigures, type RefreshedInsight, refreshInsight } from './refresh-insight.ts';
export { openInChannel } from './store.ts';
export { insightTasks } from './tasks.ts';
export { type ClockFigures, GOAL_DAYS } from './ten-days.ts';
