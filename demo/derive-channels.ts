import { parseDrvName } from '#base/versions';
import { byText } from './order.ts';
import type { SampleFile } from './packing.ts';
import type { SampleRevision } from './sample-channels.ts';
import { readShared } from './shared-data.ts';

/** An entry of a package set, as far as the sample keeps it: pname and version follow from the name. */
interface SampleEntry {
  name: string;
  meta?: { homepage?: string; maintainers?: string[]; position?: string; knownVulnerabilities?: string[] };
}

/** A set to be told. */
interface Wanted {
  /** In the index of the package sets. */
  name: string;
  channel: string;
  /** The set of the sample that it is told as a difference of. */
  base: string | null;
}

/** The revisions nearest to the end of June 2017 that there are: unstable was not kept before May 2018. */
export const WANTED: readonly Wanted[] = [
  { name: 'nixos-17.03@2017-04-30', channel: 'nixos-17.03', base: null },
  { name: 'nixos-17.03@2017-05-31', channel: 'nixos-17.03', base: 'nixos-17.03@2017-04-30' },
  { name: 'nixos-17.03@2017-06-30', channel: 'nixos-17.03', base: 'nixos-17.03@2017-05-31' },
  { name: 'nixos-16.09@2017-03-31', channel: 'nixos-16.09', base: 'nixos-17.03@2017-04-30' },
  { name: 'nixos-16.09@2017-05-23', channel: 'nixos-16.09', base: 'nixos-16.09@2017-03-31' },
  { name: 'nixos-17.09@2017-09-30', channel: 'nixos-17.09', base: 'nixos-17.03@2017-06-30' },
  { name: 'nixos-unstable-2018-05', channel: 'nixos-unstable', base: 'nixos-17.09@2017-09-30' },
];

/** Their life cycles on 28 June 2017. NixOS ends a release a month after the next one is out. */
const LIFE: Readonly<Record<string, Pick<SampleRevision, 'lifecycle' | 'released' | 'endOfLife'>>> = {
  'nixos-16.09': { lifecycle: 'end_of_life', released: '2016-09-30', endOfLife: '2017-04-30' },
  'nixos-17.03': { lifecycle: 'supported', released: '2017-03-31', endOfLife: '2017-10-31' },
  'nixos-17.09': { lifecycle: 'development', released: '2017-09-30', endOfLife: null },
  'nixos-unstable': { lifecycle: 'development', released: null, endOfLife: null },
};

interface IndexEntry {
  name: string;
  revision: string;
  commit_date: string;
  kind?: 'full' | 'delta';
  base?: string | null;
}

interface Index {
  channels: IndexEntry[];
  months: IndexEntry[];
}

interface SharedEntry {
  name: string;
  pname: string;
  version: string;
  meta?: { homepage?: unknown; maintainers?: unknown; position?: unknown; knownVulnerabilities?: unknown };
}

type SharedSet = Map<string, SharedEntry>;

/**
 * The channels' files, before they are compressed: one whole set, the others as differences of one another, and the patches of each. Every attribute
 * with its name is kept; addresses, positions and names of maintainers only for packages that `matters` picks.
 */
export function deriveChannels(data: string, matters: (name: string) => boolean): SampleFile[] {
  const index = readIndex(data);
  const told = new Map<string, Map<string, SampleEntry>>();
  const files: SampleFile[] = [];
  const revisions: SampleRevision[] = [];
  for (const { name, channel, base } of WANTED) {
    const shared = readSet(data, index, name);
    const set = sampleSet(shared, matters);
    told.set(name, set);
    const { revision, commit_date } = indexed(index, name);
    const before = base === null ? null : (told.get(base) ?? null);
    const called = sampleName(name);
    const file = `${called}.${before === null ? 'packages' : 'delta'}.json.br`;
    const patches = `${called}.patches.json.br`;
    files.push({
      path: file,
      bytes:
        before === null ? printSet(set) : printDelta(set, before, called, sampleName(base ?? ''), revision),
    });
    files.push({ path: patches, bytes: printPatches(readPatches(data, index, name)) });
    const urls = sourceUrls(data, channel, name, shared, matters);
    const sources = `${called}.src-urls.json.br`;
    if (urls !== null) files.push({ path: sources, bytes: Buffer.from(`${JSON.stringify(urls)}\n`) });
    const life = LIFE[channel] ?? { lifecycle: 'supported', released: null, endOfLife: null };
    revisions.push({
      ...{
        name: called,
        channel,
        commit: revision,
        committedAt: commit_date,
        packages: set.size,
        file,
        patches,
      },
      base: base === null ? null : sampleName(base),
      sourceUrls: urls === null ? null : sources,
      ...life,
    });
  }
  files.push({ path: 'manifest.json', bytes: Buffer.from(`${JSON.stringify(revisions, null, 1)}\n`) });
  return files;
}

/** Without the sign of mail addresses, of which the sample shall have none. */
function sampleName(name: string): string {
  return name.replace('@', '-');
}

function indexed(index: Index, name: string): IndexEntry {
  const entry = [...index.months, ...index.channels].find((each) => each.name === name);
  if (entry === undefined) throw new Error(`there is no package set ${name}`);
  return entry;
}

function isMonth(entry: IndexEntry): boolean {
  return entry.kind !== undefined;
}

/** A package set of the shared data by its name in the index, with the deltas below it applied. */
export function readSharedSet(data: string, name: string): SharedSet {
  return readSet(data, readIndex(data), name);
}

function readIndex(data: string): Index {
  return JSON.parse(readShared(data, 'packages/index.json')) as Index;
}

function readSet(data: string, index: Index, name: string): SharedSet {
  const entry = indexed(index, name);
  const folder = isMonth(entry) ? 'packages/months' : 'packages';
  if (entry.kind !== 'delta') {
    const whole = JSON.parse(readShared(data, `${folder}/${name}.packages.json.gz`)) as {
      packages: Record<string, SharedEntry>;
    };
    return new Map(Object.entries(whole.packages));
  }
  const set = readSet(data, index, entry.base ?? '');
  const delta = JSON.parse(readShared(data, `${folder}/${name}.delta.json.gz`)) as {
    removed: string[];
    packages: Record<string, SharedEntry>;
  };
  for (const attr of delta.removed) set.delete(attr);
  for (const [attr, changed] of Object.entries(delta.packages)) set.set(attr, changed);
  return set;
}

/** Every attribute in order, with as much of it as the sample keeps. */
function sampleSet(
  shared: ReadonlyMap<string, SharedEntry>,
  matters: (name: string) => boolean,
): Map<string, SampleEntry> {
  const attrs = [...shared.keys()].sort(byText);
  return new Map(
    attrs.map((attr) => {
      const { name, pname, version, meta = {} } = shared.get(attr) ?? { name: '', pname: '', version: '' };
      const parsed = parseDrvName(name);
      if (parsed.name !== pname || parsed.version !== version)
        throw new Error(`${attr}: ${name} does not split into ${pname} and ${version}`);
      return [attr, isOf(attr, pname, matters) ? { name, ...metaOf(meta) } : { name }];
    }),
  );
}

function isOf(attr: string, pname: string, matters: (name: string) => boolean): boolean {
  return [pname, pname.replace(/^(?:python[\d.]*|perl[\d.]*|ruby[\d.]*)-/, ''), attr].some((name) =>
    matters(name.replace(/[_-]v?\d+(?:[-_.]\d+)*$/, '')),
  );
}

function metaOf(meta: NonNullable<SharedEntry['meta']>): Pick<SampleEntry, 'meta'> {
  const [homepage] = [meta.homepage].flat();
  const position = typeof meta.position === 'string' ? meta.position.replace(/:\d+$/, '') : '';
  const maintainers = [meta.maintainers].flat().flatMap(nameOf);
  const known = [meta.knownVulnerabilities]
    .flat()
    .flatMap((line) => String(line ?? '').match(/CVE-\d{4}-\d+/g) ?? []);
  const kept = {
    ...(typeof homepage === 'string' && !homepage.includes('@') && { homepage }),
    ...(maintainers.length > 0 && { maintainers }),
    ...(position !== '' && { position }),
    ...(known.length > 0 && { knownVulnerabilities: known }),
  };
  return Object.keys(kept).length > 0 ? { meta: kept } : {};
}

/** The name in "Name <mail>"; who gives no name is left out. */
function nameOf(maintainer: unknown): string[] {
  const name = typeof maintainer === 'string' ? maintainer.replace(/<.*$/s, '').trim() : '';
  return name === '' || name.includes('@') ? [] : [name];
}

function printSet(set: ReadonlyMap<string, SampleEntry>): Buffer {
  return Buffer.from(`{"version":2,"packages":{\n${printEntries(set)}\n}}\n`);
}

function printDelta(
  set: ReadonlyMap<string, SampleEntry>,
  before: ReadonlyMap<string, SampleEntry>,
  name: string,
  base: string,
  revision: string,
): Buffer {
  const removed = [...before.keys()].filter((attr) => !set.has(attr));
  const changed = [...set].filter(
    ([attr, entry]) => JSON.stringify(before.get(attr)) !== JSON.stringify(entry),
  );
  const head = [
    `"base":${JSON.stringify(base)}`,
    `"name":${JSON.stringify(name)}`,
    `"revision":${JSON.stringify(revision)}`,
  ];
  return Buffer.from(
    `{${head.join(',')},"removed":${JSON.stringify(removed)},"packages":{\n${printEntries(changed)}\n}}\n`,
  );
}

function printEntries(entries: Iterable<readonly [string, SampleEntry]>): string {
  return [...entries].map(([attr, entry]) => `${JSON.stringify(attr)}:${JSON.stringify(entry)}`).join(',\n');
}

function readPatches(data: string, index: Index, name: string): Record<string, string[]> {
  const folder = isMonth(indexed(index, name)) ? 'packages/months' : 'packages';
  return (
    JSON.parse(readShared(data, `${folder}/${name}.patches.json.gz`)) as { patches: Record<string, string[]> }
  ).patches;
}

function printPatches(patches: Record<string, string[]>): Buffer {
  const sorted = Object.entries(patches).sort(([a], [b]) => byText(a, b));
  return Buffer.from(
    `{"patches":{\n${sorted.map(([attr, names]) => `${JSON.stringify(attr)}:${JSON.stringify(names)}`).join(',\n')}\n}}\n`,
  );
}

/** Source addresses are known of the channels' heads only: they are told where the version is the same. */
function sourceUrls(
  data: string,
  channel: string,
  name: string,
  set: SharedSet,
  matters: (name: string) => boolean,
): Record<string, string> | null {
  const newest = WANTED.findLast((each) => each.channel === channel)?.name;
  if (name !== newest) return null;
  const head = channel === 'nixos-unstable' ? name : channel;
  const urls = JSON.parse(readShared(data, `packages/${head}.src-urls.json.gz`)) as Record<string, string>;
  const whole = JSON.parse(readShared(data, `packages/${head}.packages.json.gz`)) as {
    packages: Record<string, SharedEntry>;
  };
  const kept = Object.entries(urls).filter(([attr, url]) => {
    const entry = set.get(attr);
    return (
      entry !== undefined &&
      !url.includes('@') &&
      entry.name === whole.packages[attr]?.name &&
      isOf(attr, entry.pname, matters)
    );
  });
  return Object.fromEntries(kept.sort(([a], [b]) => byText(a, b)));
}
