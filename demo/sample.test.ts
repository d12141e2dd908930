import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describe, test } from 'node:test';
import { SOURCES } from '#domain/sources';
import { type SampleFile, unpacked } from './packing.ts';
import { readSampleChannels } from './sample-channels.ts';

const SAMPLE = join(import.meta.dirname, 'sample');
const MOST_BYTES = 5_000_000;

const files: SampleFile[] = readdirSync(SAMPLE, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name))
  .sort()
  .map((path) => ({ path: relative(SAMPLE, path), bytes: readFileSync(path) }));

interface Manifest {
  reports: Record<string, number>;
  allReports: number;
  bytes: Record<string, number>;
}
const manifest = JSON.parse(readFileSync(join(SAMPLE, 'manifest.json'), 'utf8')) as Manifest;

interface Read {
  source: string;
  format: string;
  key: string;
  kind: string;
  published: string | null;
}

/** Every report of the sample, read as a sync reads it. */
async function readReports(): Promise<{ read: Read[]; problems: string[] }> {
  const read: Read[] = [];
  const problems: string[] = [];
  for (const source of SOURCES) {
    for (const packed of files.filter(({ path }) => path.startsWith(`reports/${source.id}/`))) {
      for (const file of await unpacked(packed)) {
        const head = file.bytes.toString('latin1', 0, 4096);
        const format = source.formats.find((each) => each.recognises(file.path, head));
        if (format === undefined) {
          problems.push(`${file.path}: no form of ${source.id}`);
          continue;
        }
        for (const document of format.split(file)) {
          try {
            const report = format.parse(document);
            if (report === null) problems.push(`${document.key}: says nothing`);
            else {
              const { key, kind, published } = report;
              read.push({ source: source.id, format: format.name, key, kind, published });
            }
          } catch (error) {
            problems.push(`${document.key}: ${error instanceof Error ? error.message : error}`);
          }
        }
      }
    }
  }
  return { read, problems };
}

describe('the sample', () => {
  const reports = readReports();

  test('is at most 5 MB, and its manifest lists every file of it', () => {
    const size = files.reduce((sum, { bytes }) => sum + bytes.length, 0);
    assert.ok(size <= MOST_BYTES, `${size} bytes`);
    const listed = Object.fromEntries(
      files.filter(({ path }) => path !== 'manifest.json').map(({ path, bytes }) => [path, bytes.length]),
    );
    assert.deepEqual(
      listed,
      Object.fromEntries(Object.entries(manifest.bytes).sort(([a], [b]) => (a < b ? -1 : 1))),
    );
  });

  test('holds no mail address, nor the sign of one', async () => {
    for (const packed of files) {
      for (const { path, bytes } of await unpacked(packed)) {
        const text = bytes.toString('utf8');
        const at = text.search(/@|%40|&#64;/i);
        assert.equal(at, -1, `${path}: ${text.slice(Math.max(0, at - 60), at + 60)}`);
      }
    }
  });

  test('every report is read by its source without a problem, and is counted', async () => {
    const { read, problems } = await reports;
    assert.deepEqual(problems, []);
    const counts: Record<string, number> = {};
    for (const { source, format } of read)
      counts[`${source} ${format}`] = (counts[`${source} ${format}`] ?? 0) + 1;
    assert.deepEqual(counts, manifest.reports);
    assert.equal(read.length, manifest.allReports);
    assert.ok(read.length >= 500, `${read.length} reports`);
    assert.equal(
      new Set(read.map(({ source, format, key }) => `${source} ${format} ${key}`)).size,
      read.length,
    );
  });

  test('the week of httpd 2.4.26 is rich, and who came late is there', async () => {
    const { read } = await reports;
    const week = read.filter(
      ({ kind, published }) =>
        kind === 'advisory' && (published ?? '') >= '2017-06-21' && (published ?? '') < '2017-06-29',
    );
    assert.ok(week.length >= 30, `${week.length} advisories`);
    const keys = new Set(read.map(({ key }) => key));
    for (const key of [
      'DSA-3896-1',
      'USN-3340-1',
      'DLA-1009-1',
      'GLSA-201710-32',
      'DSA-3775-1',
      'GLSA-201706-19',
      'DSA-3881-1',
    ])
      assert.ok(keys.has(key), key);
    assert.equal(read.find(({ key }) => key === 'USN-3340-1')?.published?.slice(0, 10), '2017-06-26');
  });

  test('each of the four channels has more than 20,000 packages, and one has a history', () => {
    const packages = new Map<string, number[]>();
    for (const { channel, set, commit, base } of readSampleChannels(join(SAMPLE, 'channels'))) {
      assert.match(commit, /^[0-9a-f]{40}$/);
      assert.deepEqual(set.problems, []);
      assert.equal(set.form === 'delta', base !== null);
      packages.set(channel, [...(packages.get(channel) ?? []), set.packages.length]);
    }
    assert.deepEqual([...packages.keys()].sort(), [
      'nixos-16.09',
      'nixos-17.03',
      'nixos-17.09',
      'nixos-unstable',
    ]);
    for (const [channel, [first = 0]] of packages) assert.ok(first > 20_000, `${channel}: ${first}`);
    assert.equal(packages.get('nixos-17.03')?.length, 3);
  });
});
