export { CHECKLIST } from './checklist.ts';
export { closeRoundup } from './close-roundup.ts';
export { type Credit, creditsOf } from './credits.ts';
export { editableLine } from './editable-line.ts';
export { editableItem, editableRota, editableRoundup } from './editable-rounds.ts';
export { type GateName, gateTitle, listTitle, RELEASE_NAME } from './gate-name.ts';
export { importTicks } from './import-ticks.ts';
export { type OpenedGate, openGate } from './open-gate.ts';
export { openRoundup } from './open-roundup.ts';
export { renderMarkdown } from './render-markdown.ts';
export { asList, type ReadRoundup, roundupList } from './roundup-list.ts';
export { cellsOf, roundupView } from './roundup-view.ts';
export { closeByChecklist, runRoundups, type Turned } from './run-roundups.ts';
export { nextOpening, type Schedule, scheduleOf, weekOf, weeksAhead } from './schedule.ts';
export {
  findGate,
  forgetRemarks,
  type GateFigures,
  gateFigures,
  isGateNumber,
  latestRoundupReading,
  listRoundups,
  openGateOf,
  type RoundupFigures,
  roundupFigures,
  roundupsListing,
  roundupsReading,
} from './store.ts';
export { type ChecklistItem, itemsOf, leadsOf, rotaOf } from './store-rounds.ts';
export { type SubmittedTicks, submitTicks } from './submit-ticks.ts';
export { renderSummary, roundupHeadline } from './summary.ts';
export { roundupTasks } from './tasks.ts';
export { tickLines, untick } from './tick-lines.ts';
export type {
  ChannelCell,
  ChannelHead,
  ListedLine,
  ListedSection,
  RoundupLine,
  RoundupList,
  RoundupView,
  Section,
} from './view.ts';
