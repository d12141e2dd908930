export { type BoxHistory, daysBetween, exposureOf, type Span, union } from './exposure.ts';
export { type LoadFigures, loadFigures, type Share } from './load-sharing.ts';
export { countOverTime, monthly, type Point, valueOn } from './over-time.ts';
export { type ClockFigures, clockFigures, GOAL_DAYS, type Race, rollingShare } from './ten-days.ts';
