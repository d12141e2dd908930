/**
 * Derives demo/sample from the shared data: facts only, in the sources' own wire formats.
 * Usage: node --import tsx demo/derive-sample.ts [shared data] [folder to write]
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { choose, type Wish } from './choose.ts';
import { readCrossdistro } from './crossdistro.ts';
import { deriveChannels } from './derive-channels.ts';
import { printCve4, readCve4 } from './derive-cve.ts';
import { printDebianList, readDebian } from './derive-debian.ts';
import { type Glsa, printGlsa, readGentoo } from './derive-gentoo.ts';
import { type NvdItem, printNvd, readNvd, weaknessesOf } from './derive-nvd.ts';
import { printRhsa, type Rhsa, readRhsas } from './derive-redhat.ts';
import { printUct, readUct, type UctFacts } from './derive-uct.ts';
import { printUsns, readUsns, type Usn } from './derive-usn.ts';
import { flawPhrase } from './flaw-words.ts';
import { sampleManifest } from './manifest.ts';
import { sortedIds } from './order.ts';
import { archive, compress, type SampleFile } from './packing.ts';
import { STORIES, storyVulnerabilities } from './stories.ts';

const ROOT = resolve(import.meta.dirname, '..');
export const SHARED_DATA = resolve(ROOT, '../shared/data');
export const SAMPLE = join(ROOT, 'demo', 'sample');

const WISH: Omit<Wish, 'cases'> = {
  window: { from: '2017-02-01', to: '2017-07-15' },
  core: { from: '2017-06-01', to: '2017-07-15' },
  around: { from: '2016-01-01', to: '2018-01-31' },
};

/** The sample before its files are compressed: those that end in `.br` will be. */
export interface Derived {
  files: SampleFile[];
  /** Reports by source and form. */
  counts: Readonly<Record<string, number>>;
}

/** The whole sample, by path; the same bytes for the same shared data. */
export async function deriveSample(data: string): Promise<Derived> {
  const cross = await readCrossdistro(data);
  const uct = await readUct(data);
  const debian = readDebian(data);
  const gentoo = await readGentoo(data);
  const usns = readUsns(data, cross, uct);
  const rhsas = readRhsas(data, cross);
  const announcements = [...debian, ...gentoo, ...usns, ...rhsas];
  const cases = storyVulnerabilities(announcements);
  const { advisories, vulnerabilities } = choose(announcements, { ...WISH, cases });
  const chosen = <T extends { id: string }>(all: readonly T[]) => all.filter(({ id }) => advisories.has(id));

  const named = new Set(
    announcements.filter(({ id }) => advisories.has(id)).flatMap((each) => each.vulnerabilities),
  );
  const records = await readNvd(data, named);
  const weaknesses = (id: string) => weaknessesOf(records.get(id));
  const kept = new Map([...records].filter(([id]) => vulnerabilities.has(id)));
  const trackers = [...uct.values()].filter(({ id }) => vulnerabilities.has(id));
  const parts = {
    debian: chosen(debian),
    gentoo: chosen(gentoo),
    usns: chosen(usns),
    rhsas: chosen(rhsas),
    trackers,
    records: kept,
    cve: await readCve4(data, new Set(STORIES.flatMap((story) => story.vulnerabilities))),
  };
  const reports = [
    {
      path: 'debian/data/DSA/list',
      bytes: Buffer.from(printDebianList(parts.debian.filter(({ list }) => list === 'DSA'))),
    },
    {
      path: 'debian/data/DLA/list',
      bytes: Buffer.from(printDebianList(parts.debian.filter(({ list }) => list === 'DLA'))),
    },
    { path: 'ubuntu/usn-db/database-all.json.br', bytes: Buffer.from(printUsns(parts.usns, reckonedNote)) },
    await archived('ubuntu/uct.tar.br', trackerFiles(trackers, weaknesses)),
    await archived('gentoo/glsa.tar.br', glsaFiles(parts.gentoo, weaknesses)),
    await archived('redhat/csaf/advisories.tar.br', rhsaFiles(parts.rhsas)),
    await archived(
      'cve/cvelist.tar.br',
      sortedIds(parts.cve.keys()).flatMap((id) => {
        const record = parts.cve.get(id);
        if (record === undefined) return [];
        return [
          {
            path: `${id.split('-')[1]}/${id}.json`,
            bytes: Buffer.from(printCve4(record, flawPhrase(weaknesses(id)))),
          },
        ];
      }),
    ),
    { path: 'nvd/nvdcve-1.1-sample.json.br', bytes: Buffer.from(printNvd(kept.values())) },
  ];
  const channels = deriveChannels(data, packageNames(parts));
  const files = [
    ...reports.map(({ path, bytes }) => ({ path: `reports/${path}`, bytes })),
    ...channels.map(({ path, bytes }) => ({ path: `channels/${path}`, bytes })),
  ];
  const counts = {
    'debian dsa-list': parts.debian.filter(({ list }) => list === 'DSA').length,
    'debian dla-list': parts.debian.filter(({ list }) => list === 'DLA').length,
    'ubuntu usn-db': parts.usns.length,
    'ubuntu uct': trackers.length,
    'gentoo glsa': parts.gentoo.length,
    'redhat csaf-advisory': parts.rhsas.length,
    'cve cve-4': parts.cve.size,
    'nvd nvd-1.1': kept.size,
  };
  return { files, counts };
}

/** The files as they lie in the repository, with their manifest. */
export function packSample({ files, counts }: Derived): SampleFile[] {
  const packed = files.map(({ path, bytes }) => ({
    path,
    bytes: path.endsWith('.br') ? compress(bytes) : bytes,
  }));
  return [...packed, { path: 'manifest.json', bytes: sampleManifest(WISH, counts, packed) }];
}

/** One sentence for who reads a report whose day is not exact. */
function reckonedNote(day: string): string {
  return `Day reckoned from the numbering: about ${day}.`;
}

async function archived(path: string, files: readonly SampleFile[]): Promise<SampleFile> {
  return { path, bytes: await archive(files) };
}

function trackerFiles(
  trackers: readonly UctFacts[],
  weaknesses: (id: string) => readonly string[],
): SampleFile[] {
  const byId = new Map(trackers.map((facts) => [facts.id, facts]));
  return sortedIds(byId.keys()).flatMap((id) => {
    const facts = byId.get(id);
    if (facts === undefined) return [];
    return [
      { path: `${facts.folder}/${id}`, bytes: Buffer.from(printUct(facts, flawPhrase(weaknesses(id)))) },
    ];
  });
}

function glsaFiles(gentoo: readonly Glsa[], weaknesses: (id: string) => readonly string[]): SampleFile[] {
  return gentoo.map((glsa) => ({
    path: `${glsa.id.toLowerCase()}.xml`,
    bytes: Buffer.from(printGlsa(glsa, weaknesses)),
  }));
}

function rhsaFiles(rhsas: readonly Rhsa[]): SampleFile[] {
  return rhsas.map((rhsa) => ({
    path: `${rhsa.id.slice(5, 9)}/${rhsa.id.toLowerCase().replace(':', '_')}.json`,
    bytes: Buffer.from(printRhsa(rhsa, reckonedNote)),
  }));
}

interface Parts {
  debian: readonly { name: string }[];
  gentoo: readonly Glsa[];
  usns: readonly Usn[];
  rhsas: readonly Rhsa[];
  records: ReadonlyMap<string, NvdItem>;
}

/** Packages of nixpkgs under names that no distribution gives them. */
const OWN_NAMES = [
  'apache-httpd',
  'linux',
  'firefox',
  'thunderbird',
  'chromium',
  'imagemagick',
  'graphicsmagick',
  'openjdk',
  'gd',
];

/** Whether a package has the name of something that the sample's reports speak of. */
function packageNames({ debian, gentoo, usns, rhsas, records }: Parts): (name: string) => boolean {
  const products = [...records.values()].flatMap((item) => [
    ...JSON.stringify(item.configurations).matchAll(/cpe:2\.3:[ao]:[^:"]+:([^:"]+)/g),
  ]);
  const names = new Set(
    [
      ...OWN_NAMES,
      ...debian.map(({ name }) => name),
      ...usns.flatMap(({ fixes }) => fixes.map(({ name }) => name)),
      ...rhsas.map(({ name }) => name),
      ...gentoo.flatMap(({ packages }) => packages.map(({ name }) => name.replace(/^.*\//, ''))),
      ...products.map((match) => match[1] ?? ''),
    ].map(fold),
  );
  return (name) => names.has(fold(name));
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[_\s.+]+/g, '-');
}

/** Writes the files below a folder, in place of what is there. */
export function writeSample(files: readonly SampleFile[], folder: string): void {
  rmSync(folder, { recursive: true, force: true });
  for (const { path, bytes } of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), bytes);
  }
}

if (process.argv[1] === import.meta.filename) {
  const [data = SHARED_DATA, folder = SAMPLE] = process.argv.slice(2);
  const files = packSample(await deriveSample(data));
  writeSample(files, folder);
  for (const { path, bytes } of files) console.log(`${String(bytes.length).padStart(9)}  ${path}`);
  console.log(`${String(files.reduce((sum, { bytes }) => sum + bytes.length, 0)).padStart(9)}  in all`);
}
