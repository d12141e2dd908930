export { ALARM_KINDS, type AlarmFacts, type AlarmKind, alarmWords } from './alarm.ts';
export { allLinks } from './all-links.ts';
export type { BatchDecision } from './batch-decision.ts';
export { compileSimply } from './compile-simply.ts';
export { describedReport } from './described-report.ts';
export { editableBatch } from './editable-batch.ts';
export { fetchSource } from './fetch-source.ts';
export { damage, type FuzzTarget, fuzzTargets, numbersFrom, readDamaged } from './fuzz.ts';
export { isPatchUrl, urlsIn } from './links.ts';
export { readFolder } from './read-folder.ts';
export { SOURCES, sourceNamed } from './registry.ts';
export { type Replayed, type ReplayWish, replay } from './replay.ts';
export { reread } from './reread.ts';
export { type CvssScore, PROBLEM_REASONS, SEVERITIES, type Severity, type Source } from './source.ts';
export { type Alarm, listAlarms } from './store-alarms.ts';
export { announcedFirst, type FirstAnnouncement, recordsBehind } from './store-announced.ts';
export { type Batch, listBatches } from './store-batches.ts';
export { lastAttempts, reportsMark, sourceStates } from './store-files.ts';
export { provisionalEntries } from './store-provisional.ts';
export {
  listQuarantine,
  quarantine,
  quarantineCounts,
  quarantinedDocument,
  quarantinePage,
  type RefusedDocument,
} from './store-quarantine.ts';
export { type RecordRange, recordRanges } from './store-ranges.ts';
export {
  eraseRaw,
  hashOf,
  type RawAddress,
  RawBytes,
  type RawPlace,
  rawLength,
  rawReader,
  readRaw,
  storeRaw,
} from './store-raw.ts';
export {
  type AdvisoryFacts,
  advisories,
  affectedOf,
  aliasStatements,
  countReports,
  factsForMatching,
  type MatchingFacts,
  type PackageName,
  type RecordFacts,
  type Report,
  type ReportAffected,
  recordNames,
  recordsNaming,
  recordsOf,
  reportByKey,
  reportsById,
  reportsNaming,
  vulnerabilitiesChangedSince,
} from './store-reading.ts';
export { runsOf, type SourceRun, timesOfSources, wantSource } from './store-runs.ts';
export { type FoundReport, searchReports } from './store-search.ts';
export { type Exploitation, exploitationOf } from './store-signals.ts';
export { type SignalDay, signalDays, tellingSignals } from './store-telling.ts';
export { type UpstreamFix, upstreamFixes } from './store-upstream.ts';
export { type SyncResult, syncFiles } from './sync.ts';
export { nextFetch, sourceTasks } from './tasks.ts';
export { filesOfFolder, type PackedFile } from './unpack.ts';
