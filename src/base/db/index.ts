export { CopyRows } from './copy-rows.ts';
export {
  connect,
  copyRows,
  type Database,
  openDatabase,
  type Queries,
  refreshStatistics,
  type Tx,
  takeNumbers,
} from './database.ts';
export { databaseError } from './database-error.ts';
export { holdEmbedded, joinEmbedded } from './embedded/join.ts';
export {
  appendEvents,
  type EventSearch,
  eventById,
  eventsAfter,
  eventsById,
  eventsOf,
  eventsReading,
  findEvents,
  type LoggedEvent,
  lastEvent,
  lockHistory,
  type NewEvent,
  redactEvent,
  verifyLog,
} from './event-log.ts';
export {
  eventsCarriedFrom,
  eventsCausedBy,
  eventsOfProposal,
  eventsRemarking,
  eventsSaying,
  remarkIn,
} from './find-copies.ts';
export { inTurn } from './in-turn.ts';
export { type KeptRows, keptRows } from './kept-rows.ts';
export { type Announcement, type Listener, listen, tell } from './listen.ts';
export { migrate, migrations } from './migrate.ts';
export {
  deliverEffects,
  type Effect,
  enqueueEffect,
  type OutboxState,
  outboxState,
  retryEffects,
  Undeliverable,
} from './outbox.ts';
export { storableJson } from './storable-json.ts';
export type { Tables } from './tables.ts';
export { type ReadFirst, type Reading, type ReadTogether, together } from './together.ts';
export { type Deed, whoActed } from './who-acted.ts';
