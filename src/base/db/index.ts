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
  eventsOf,
  type LoggedEvent,
  type NewEvent,
  redactEvent,
  verifyLog,
} from './event-log.ts';
export { migrate, migrations } from './migrate.ts';
export { deliverEffects, type Effect, enqueueEffect } from './outbox.ts';
export { storableJson } from './storable-json.ts';
export type { Tables } from './tables.ts';
