export {
  connect,
  type Database,
  openDatabase,
  type Queries,
  refreshStatistics,
  type Tx,
} from './database.ts';
export { holdEmbedded, joinEmbedded } from './embedded/join.ts';
export {
  appendEvents,
  eventById,
  eventsOf,
  type LoggedEvent,
  lockHistory,
  type NewEvent,
  redactEvent,
  verifyLog,
} from './event-log.ts';
export { type Announcement, type Listener, listen } from './listen.ts';
export { migrate, migrations } from './migrate.ts';
export { deliverEffects, type Effect, enqueueEffect } from './outbox.ts';
export type { Tables } from './tables.ts';
