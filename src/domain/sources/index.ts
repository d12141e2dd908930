export { fetchFeeds } from './fetch-feeds.ts';
export { SOURCES, sourceNamed } from './registry.ts';
export { reread } from './reread.ts';
export { type Affected, type Link, SEVERITIES, type Severity, type Source } from './source.ts';
export { listQuarantine, type QuarantineEntry, sourceStates } from './store.ts';
export { type SyncResult, syncFiles } from './sync.ts';
export { filesOfFolder, type PackedFile } from './unpack.ts';
