export { closeRoundup } from './close-roundup.ts';
export { importTicks } from './import-ticks.ts';
export { openRoundup } from './open-roundup.ts';
export { renderMarkdown } from './render-markdown.ts';
export { cellsOf, roundupView } from './roundup-view.ts';
export { listRoundups, type RoundupFigures, roundupFigures, roundupsListing } from './store.ts';
export { renderSummary, roundupHeadline } from './summary.ts';
export { tickLines, untick } from './tick-lines.ts';
export type { ChannelCell, ChannelHead, RoundupLine, RoundupView, Section } from './view.ts';
