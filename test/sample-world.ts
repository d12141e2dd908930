import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import type { Database } from '#base/db';
import { importRevision, parsePackageSet } from '#domain/channels';
import { sourceNamed, syncFiles } from '#domain/sources';

/** For tests: Debian's lists as somebody made them up, and channels with a few packages. */

/** An advisory of one day of 2017 on one package. */
export interface SampleAdvisory {
  number: number;
  package: string;
  vulnerabilities: readonly string[];
}

/** Debian's list of advisories is these. */
export async function announce(database: Database, advisories: readonly SampleAdvisory[]): Promise<void> {
  const entries = advisories.map(
    ({ number, package: name, vulnerabilities }) =>
      `[0${1 + (number % 9)} Jun 2017] DSA-${number}-1 ${name} - security update\n\t{${vulnerabilities.join(' ')}}\n\t[jessie] - ${name} 0.1-1\n`,
  );
  await sync(database, 'data/DSA/list', entries.reverse().join(''));
}

/** Debian's tracker says in which release of upstream each vulnerability is fixed: [vulnerability, package, version]. */
export async function tellFixes(
  database: Database,
  fixes: readonly (readonly [string, string, string])[],
): Promise<void> {
  const tracker: Record<string, Record<string, unknown>> = {};
  for (const [id, name, version] of fixes) {
    const sid = {
      ...{ status: 'resolved', fixed_version: `${version}-1`, urgency: 'medium' },
      repositories: { sid: `${version}-1` },
    };
    tracker[name] = { ...tracker[name], [id]: { description: `A flaw of ${name}.`, releases: { sid } } };
  }
  await sync(database, 'tracker/data/json', JSON.stringify(tracker));
}

async function sync(database: Database, path: string, text: string): Promise<void> {
  const file = { path, open: () => Readable.from([Buffer.from(text)]) };
  const { quarantined } = await syncFiles(database, sourceNamed('debian'), [file], {
    ours: true,
    accept: true,
  });
  assert.equal(quarantined, 0);
}

/** A revision of a channel with these versions by attribute; the higher number is the later one. */
export async function release(
  database: Database,
  channel: string,
  number: number,
  versions: Readonly<Record<string, string>>,
  patches: Readonly<Record<string, readonly string[]>> = {},
): Promise<void> {
  const set = Object.entries(versions).map(([attr, version]) => [
    attr,
    { name: `${attr}-${version}`, pname: attr, version },
  ]);
  await importRevision(database, {
    channel,
    commit: number.toString(16).padStart(40, '0'),
    committedAt: new Date(Date.UTC(2017, 5, 1, 0, number)),
    set: parsePackageSet(Buffer.from(JSON.stringify(Object.fromEntries(set)))),
    patches: new Map(Object.entries(patches)),
    replace: true,
  });
}
