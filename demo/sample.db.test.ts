import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { importRevision } from '#domain/channels';
import { filesOfFolder, sourceNamed, syncFiles } from '#domain/sources';
import { testDatabase } from '../test/database.ts';
import { readSampleChannels, type SampleRevision } from './sample-channels.ts';

const SAMPLE = join(import.meta.dirname, 'sample');

describe('the sample in a database', () => {
  test('every source takes all of it, and the same again changes nothing', async () => {
    await using database = await testDatabase();
    const manifest = JSON.parse(readFileSync(join(SAMPLE, 'manifest.json'), 'utf8')) as {
      allReports: number;
    };
    for (const again of [false, true]) {
      let [stored, unchanged] = [0, 0];
      for (const source of readdirSync(join(SAMPLE, 'reports')).map(sourceNamed)) {
        const files = await filesOfFolder(join(SAMPLE, 'reports', source.id));
        const result = await syncFiles(database, source, files, { ours: true });
        assert.equal(result.quarantined, 0, source.id);
        assert.deepEqual(result.foreign, [], source.id);
        stored += result.stored;
        unchanged += result.unchanged;
      }
      assert.deepEqual(
        { stored, unchanged },
        again ? { stored: 0, unchanged: manifest.allReports } : { stored: manifest.allReports, unchanged: 0 },
      );
    }
  });

  test('every revision is imported, with the number of packages that its manifest says', async () => {
    await using database = await testDatabase();
    const folder = join(SAMPLE, 'channels');
    const revisions = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as SampleRevision[];
    const imported: [string, number][] = [];
    for (const input of readSampleChannels(folder)) {
      const { outcome, commit, packages } = await importRevision(database, input);
      assert.equal(outcome, 'imported');
      imported.push([commit, packages]);
    }
    assert.deepEqual(
      imported,
      revisions.map(({ commit, packages }) => [commit, packages]),
    );
  });
});
