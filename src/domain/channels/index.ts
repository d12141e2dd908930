export { type Channel, LIFECYCLES, type Lifecycle, lifecycleOn } from './channel.ts';
export { parsePatchList, parseSourceUrls } from './companion-files.ts';
export { type ChannelDefinition, defineChannel, setLifecycle } from './define-channel.ts';
export { diffRevisions, type PackageChange, type RevisionDiff } from './diff-revisions.ts';
export { type FamilyMember, kernelVersions, representatives } from './families.ts';
export { type ImportResult, importRevision, type RevisionInput } from './import-revision.ts';
export type { Maintainer, Package, PackageKind } from './package.ts';
export type { EntryProblem } from './package-entry.ts';
export { type PackageFileOptions, type PackageFiles, readPackageFiles } from './package-files.ts';
export { identify, type PackageIdentity, packageName } from './package-name.ts';
export { type PackageSet, parsePackageSet } from './package-set.ts';
export {
  type At,
  findPackages,
  latestRevision,
  latestRevisions,
  listChannels,
  listRevisions,
  type PackageInChannel,
  packageAcrossChannels,
  packageHistory,
  packagesAfter,
  packagesAt,
  packagesNamed,
  revisionAt,
} from './read-packages.ts';
export type { Revision } from './store.ts';
export { outlinesOver, type PackageOutline, packageOutlines } from './store-outlines.ts';
export {
  attributesKnown,
  channelsKnown,
  channelsReading,
  contactsOf,
  type FoundPackage,
  type PackageDetails,
  type PackagePeriod,
  type PackageRow,
  type PackageState,
  type Sibling,
  siblingsOf,
} from './store-reading.ts';
