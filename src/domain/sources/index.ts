export { allLinks } from './all-links.ts';
export { compileSimply } from './compile-simply.ts';
export { describedReport } from './described-report.ts';
export { fetchFeeds } from './fetch-feeds.ts';
export { SOURCES, sourceNamed } from './registry.ts';
export { reread } from './reread.ts';
export { type CvssScore, SEVERITIES, type Severity, type Source } from './source.ts';
export { lastAttempts, reportsMark, sourceStates } from './store-files.ts';
export { listQuarantine, quarantinedDocument, quarantinePage } from './store-quarantine.ts';
export { rawLength, readRaw } from './store-raw.ts';
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
export { type FoundReport, searchReports } from './store-search.ts';
export { type UpstreamFix, upstreamFixes } from './store-upstream.ts';
export { type SyncResult, syncFiles } from './sync.ts';
export { filesOfFolder, type PackedFile } from './unpack.ts';
