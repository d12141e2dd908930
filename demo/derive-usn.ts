import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { Announcement } from './announcement.ts';
import type { Days } from './choose.ts';
import type { CrossFacts } from './crossdistro.ts';
import type { UctFacts } from './derive-uct.ts';
import { byId, sortedIds } from './order.ts';
import { reckonDays } from './reckoned-days.ts';
import { readShared } from './shared-data.ts';

/** A notice of Ubuntu, put together from what the CVE tracker says of its vulnerabilities. */
export interface Usn extends Announcement {
  /** Whether the day was reckoned, see {@link reckonDays}. */
  reckoned: boolean;
  fixes: Fix[];
}

/** One upload with the fix. */
interface Fix {
  name: string;
  release: string;
  version: string;
}

/** From when to when each release was supported: what a later one "released" it brought along, and no notice told of it. */
const RELEASES: ReadonlyMap<string, Days> = new Map([
  ['precise', { from: '2012-04-26', to: '2017-04-28' }],
  ['trusty', { from: '2014-04-17', to: '2019-04-25' }],
  ['vivid', { from: '2015-04-23', to: '2016-02-04' }],
  ['wily', { from: '2015-10-22', to: '2016-07-28' }],
  ['xenial', { from: '2016-04-21', to: '2021-04-30' }],
  ['yakkety', { from: '2016-10-13', to: '2017-07-20' }],
  ['zesty', { from: '2017-04-13', to: '2018-01-13' }],
  ['artful', { from: '2017-10-19', to: '2018-07-19' }],
]);

/**
 * Ubuntu's notices. The tracker lists for each CVE its notices, and for each package and release the version with the fix;
 * an upload belongs to the notice whose CVEs are those that the upload fixes. Where several notices fit alike (the many
 * packages of one kernel), the upload is left out, and so is a notice without any upload, or with two packages in one
 * release: one of the two is another notice's.
 */
export function readUsns(
  data: string,
  cross: ReadonlyMap<string, CrossFacts>,
  uct: ReadonlyMap<string, UctFacts>,
): Usn[] {
  const named = new Map<string, Set<string>>();
  for (const { cve, ubuntu } of cross.values()) {
    for (const id of ubuntu?.usn ?? []) if (/^USN-\d+-\d+$/.test(id)) add(named, id, cve);
  }
  const fixes = assign(uploads(cross), named);
  const days = daysOf(named, uct, knownDays(data));
  return sortedIds(named.keys()).flatMap((id) => {
    const day = days.get(id);
    if (day === undefined) return [];
    const own = (fixes.get(id) ?? []).filter(({ release }) => supported(release, day.day));
    if (own.length === 0 || new Set(own.map(({ release }) => release)).size < own.length) return [];
    return [
      { id, source: 'ubuntu' as const, ...day, vulnerabilities: sortedIds(named.get(id) ?? []), fixes: own },
    ];
  });
}

function supported(release: string, day: string): boolean {
  const days = RELEASES.get(release);
  return days !== undefined && day >= days.from && day <= days.to;
}

function add(sets: Map<string, Set<string>>, key: string, value: string): void {
  const known = sets.get(key);
  if (known === undefined) sets.set(key, new Set([value]));
  else known.add(value);
}

interface Upload {
  fix: Fix;
  vulnerabilities: Set<string>;
  /** Notices that every one of the vulnerabilities names. */
  notices: string[];
}

function uploads(cross: ReadonlyMap<string, CrossFacts>): Upload[] {
  const found = new Map<string, Upload>();
  for (const { cve, ubuntu } of cross.values()) {
    if (!ubuntu || ubuntu.usn.length === 0) continue;
    for (const [name, releases] of Object.entries(ubuntu.packages)) {
      for (const [release, said] of Object.entries(releases)) {
        const version = /^released (\d[\w.+~:-]*)$/.exec(said)?.[1];
        if (version === undefined || !RELEASES.has(release)) continue;
        const key = `${name} ${release} ${version}`;
        const known = found.get(key);
        if (known === undefined)
          found.set(key, {
            fix: { name, release, version },
            vulnerabilities: new Set([cve]),
            notices: ubuntu.usn,
          });
        else {
          known.vulnerabilities.add(cve);
          known.notices = known.notices.filter((id) => ubuntu.usn.includes(id));
        }
      }
    }
  }
  return [...found.values()];
}

function assign(all: readonly Upload[], named: ReadonlyMap<string, ReadonlySet<string>>): Map<string, Fix[]> {
  const chosen = all.flatMap((upload) => {
    const ranked = upload.notices
      .map((id) => ({ id, likeness: likeness(upload.vulnerabilities, named.get(id) ?? new Set()) }))
      .sort((a, b) => b.likeness - a.likeness || byId(a.id, b.id));
    const [best] = ranked;
    if (best === undefined) return [];
    const tied = ranked.filter((each) => each.likeness === best.likeness).map(({ id }) => id);
    return [{ fix: upload.fix, ...best, tied: tied.length > 1 ? tied.join(' ') : null }];
  });
  const unclear = unclearTies(chosen);
  const fixes = new Map<string, Fix[]>();
  // Of two uploads of a package to one release, the notice is about the one that fits it better.
  for (const { fix, id, tied } of chosen.toSorted((a, b) => b.likeness - a.likeness)) {
    const own = fixes.get(id) ?? [];
    const known = own.some(({ name, release }) => name === fix.name && release === fix.release);
    if (known || (tied !== null && (unclear.has(tied) || fix.name.startsWith('linux')))) continue;
    fixes.set(id, [...own, fix]);
  }
  return fixes;
}

/**
 * Notices that fit alike. For one package in each release the first of them is for the releases of the day, and later
 * ones are for extended maintenance; with two packages in one release nobody can tell which is whose.
 */
function unclearTies(chosen: readonly { fix: Fix; tied: string | null }[]): Set<string> {
  const packages = new Map<string, Set<string>>();
  for (const { fix, tied } of chosen) if (tied !== null) add(packages, `${tied}/${fix.release}`, fix.name);
  return new Set(
    [...packages].filter(([, names]) => names.size > 1).map(([key]) => key.slice(0, key.indexOf('/'))),
  );
}

function likeness(a: ReadonlySet<string>, b: ReadonlySet<string>): number {
  const both = [...a].filter((id) => b.has(id)).length;
  return both / (a.size + b.size - both);
}

function daysOf(
  named: ReadonlyMap<string, ReadonlySet<string>>,
  uct: ReadonlyMap<string, UctFacts>,
  known: ReadonlyMap<string, string>,
): Map<string, { day: string; reckoned: boolean }> {
  const own = new Map<number, string>();
  for (const [id, vulnerabilities] of named) {
    const publicDays = [...vulnerabilities].flatMap((cve) => publicDay(uct.get(cve)) ?? []).sort();
    const day = known.get(id) ?? publicDays[0];
    const before = own.get(numberOf(id));
    if (day !== undefined && (before === undefined || known.has(id) || day < before))
      own.set(numberOf(id), day);
  }
  const reckoned = reckonDays(own, [...named.keys()].map(numberOf));
  return new Map(
    [...named.keys()].flatMap((id) => {
      const exact = known.get(id);
      const day = exact ?? reckoned.get(numberOf(id));
      return day === undefined ? [] : [[id, { day, reckoned: exact === undefined }]];
    }),
  );
}

function publicDay(facts: UctFacts | undefined): string | undefined {
  return facts?.dates.find(({ name }) => name === 'PublicDateAtUSN')?.value.slice(0, 10);
}

function numberOf(id: string): number {
  return Number(id.split('-')[1]);
}

/** Notices whose own document is at hand, and says when it was published. */
function knownDays(data: string): Map<string, string> {
  const folder = 'feeds/ubuntu/osv/usn';
  const Document = z.object({ id: z.string(), published: z.string() });
  return new Map(
    readdirSync(join(data, folder))
      .filter((name) => /^USN-\d+-\d+\.json$/.test(name))
      .map((name) => Document.parse(JSON.parse(readShared(data, `${folder}/${name}`))))
      .map(({ id, published }) => [id, published.slice(0, 10)]),
  );
}

/** The notices as the database of Ubuntu's security notices. */
export function printUsns(usns: readonly Usn[], reckonedNote: (day: string) => string): string {
  const entries = usns.map(({ id, day, reckoned, vulnerabilities, fixes }) => {
    const [first = ''] = fixes.map(({ name }) => name).sort((a, b) => a.length - b.length || byId(a, b));
    const releases: Record<string, { sources: Record<string, { version: string }> }> = {};
    for (const { name, release, version } of fixes.toSorted((a, b) =>
      byId(`${a.release} ${a.name}`, `${b.release} ${b.name}`),
    )) {
      const sources = releases[release]?.sources ?? {};
      releases[release] = { sources: { ...sources, [name]: { version } } };
    }
    const entry = {
      id: id.slice(4),
      title: `${first} ${vulnerabilities.length === 1 ? 'vulnerability' : 'vulnerabilities'}`,
      ...(reckoned && { description: reckonedNote(day) }),
      timestamp: Date.parse(`${day}T00:00:00Z`) / 1000,
      cves: vulnerabilities,
      releases,
    };
    return `${JSON.stringify(id.slice(4))}: ${JSON.stringify(entry)}`;
  });
  return `{\n${entries.join(',\n')}\n}\n`;
}
