import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { describe, test } from 'node:test';
import type { Database } from '#base/db';
import { testDatabase } from '../../../test/database.ts';
import { badFilesOf, GOOD } from './bad-inputs.ts';
import { SOURCES, sourceNamed } from './registry.ts';
import { listQuarantine } from './store-quarantine.ts';
import { reportByKey } from './store-reading.ts';
import { exploitationOf } from './store-signals.ts';
import { syncFiles } from './sync.ts';

const sync = (database: Database, source: string, path: string, bytes: Buffer) =>
  syncFiles(database, sourceNamed(source), [{ path, open: () => Readable.from([bytes]) }], { ours: true });

/** What is known by a report, or by signals of a vulnerability. */
async function whatStands({ queries }: Database, source: string, key: string): Promise<unknown> {
  if (sourceNamed(source).signals !== undefined) {
    const [signal] = await exploitationOf(queries, [key]);
    return signal ?? assert.fail(key);
  }
  const { goneAt, revision, raw } = (await reportByKey(queries, source, key)) ?? assert.fail(key);
  assert.equal(goneAt, null);
  return { revision, raw: raw.toString('hex') };
}

test('there is a good file of each source', () => {
  assert.deepEqual(GOOD.map(({ source }) => source).sort(), SOURCES.map(({ id }) => id).sort());
});

describe('what is bad stands in quarantine with source, document and reason, and takes nothing away', () => {
  for (const good of GOOD) {
    test(good.source, async () => {
      await using database = await testDatabase();
      const { source, path, key, text } = good;
      const stored = () => whatStands(database, source, key);
      assert.deepEqual((await sync(database, source, path, Buffer.from(text))).stored, 1);
      const before = await stored();
      for (const bad of badFilesOf(good)) {
        const result = await sync(database, source, bad.path, bad.bytes);
        const said = `${bad.name}: ${JSON.stringify(await listQuarantine(database.queries))}`;
        assert.deepEqual(
          [result.stored, result.quarantined, result.gone, result.foreign],
          [0, 1, 0, []],
          said,
        );
        const [entry, ...others] = (await listQuarantine(database.queries)).filter(
          (each) => each.path === bad.path,
        );
        assert.deepEqual([entry?.source, entry?.reason, others], [source, bad.reason, []], said);
        assert.ok((entry?.message.length ?? 0) > 10 && entry?.path === bad.path, said);
        assert.deepEqual(await stored(), before, said);
        const again = await sync(database, source, bad.path, bad.bytes);
        assert.deepEqual([again.stored, again.quarantined], [0, 1], `${bad.name} again`);
        // The good file clears what stood in its place.
        const mended = await sync(database, source, path, Buffer.from(text));
        assert.deepEqual([mended.quarantined, mended.gone], [0, 0], bad.name);
        const left = await listQuarantine(database.queries);
        assert.ok(!left.some((each) => each.path === path), bad.name);
      }
    });
  }
});
