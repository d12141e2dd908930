import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { runsOf, sharedProse, wordsOf } from './copied-prose.ts';
import { readSharedSet, WANTED } from './derive-channels.ts';
import { deriveSample, SAMPLE, SHARED_DATA } from './derive-sample.ts';
import { compress, unpacked, unpackedOne } from './packing.ts';
import { readSampleChannels } from './sample-channels.ts';

const skip = existsSync(join(SHARED_DATA, 'README.md')) ? false : `there is no ${SHARED_DATA}`;

describe('deriving the sample', () => {
  test('the same shared data make the same sample', { skip }, async () => {
    const { files, counts } = await deriveSample(SHARED_DATA);
    const manifest = JSON.parse(readFileSync(join(SAMPLE, 'manifest.json'), 'utf8')) as {
      brotli: string;
      reports: unknown;
    };
    assert.deepEqual(manifest.reports, counts);
    for (const { path, bytes } of files) {
      const kept = readFileSync(join(SAMPLE, path));
      assert.ok(
        unpackedOne({ path, bytes: kept }).equals(bytes),
        `${path} is another one; run demo/derive-sample.ts`,
      );
      // Compressing all of it at its best takes half a minute; another version of brotli makes other bytes.
      if (manifest.brotli === process.versions.brotli && path.endsWith('.br') && bytes.length < 300_000)
        assert.ok(compress(bytes).equals(kept), `${path} is packed otherwise`);
    }
    const present = readdirSync(SAMPLE, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    assert.equal(present.length, files.length + 1);
  });

  test('every channel has all attributes, names and versions of the set that it is derived from', {
    skip,
  }, () => {
    const whole = new Map<string, Map<string, string>>();
    const revisions = [...readSampleChannels(join(SAMPLE, 'channels'))];
    assert.equal(revisions.length, WANTED.length);
    for (const [index, { commit, base, set }] of revisions.entries()) {
      const told = new Map(base == null ? [] : whole.get(base));
      for (const attr of set.removed) told.delete(attr);
      for (const { attr, name, pname, version } of set.packages)
        told.set(attr, `${name} ${pname} ${version}`);
      whole.set(commit, told);
      const shared = readSharedSet(SHARED_DATA, WANTED[index]?.name ?? '');
      const expected = new Map(
        [...shared].map(([attr, { name, pname, version }]) => [attr, `${name} ${pname} ${version}`]),
      );
      assert.equal(told.size, expected.size);
      for (const [attr, named] of expected) assert.equal(told.get(attr), named);
    }
  });

  test('no run of eight words of anybody’s description is in it', { skip }, async () => {
    const mine = new Set<string>();
    for (const entry of readdirSync(SAMPLE, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue;
      const path = join(entry.parentPath, entry.name);
      for (const { bytes } of await unpacked({ path, bytes: readFileSync(path) }))
        for (const run of runsOf(wordsOf(bytes.toString('utf8')))) mine.add(run);
    }
    assert.ok(mine.size > 100_000, 'the sample was read');
    let texts = 0;
    const copied: string[] = [];
    for await (const { where, text } of sharedProse(SHARED_DATA)) {
      texts++;
      for (const run of runsOf(wordsOf(text))) if (mine.has(run)) copied.push(`${where}: ${run}`);
    }
    assert.ok(texts > 40_000, `${texts} texts`);
    assert.deepEqual(copied, []);
  });
});
