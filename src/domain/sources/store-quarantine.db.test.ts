import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../test/database.ts';
import { listQuarantine, quarantine } from './store-quarantine.ts';

test('what is said of a refused document is cut and kept, whatever characters it has', async () => {
  await using database = await testDatabase();
  const refused = {
    path: 'a\0b.json',
    document: '\ud800',
    format: null,
    bytes: Buffer.from('x'),
    reason: 'not-json' as const,
    place: 'byte 1',
    // Cut in the middle of a character that takes two places.
    message: `${'m'.repeat(999)}\u{1f980}`,
  };
  await database.transaction((tx) => quarantine(tx, { id: 'debian', version: 1 }, [refused]));
  const [entry] = await listQuarantine(database.queries);
  assert.equal(entry?.path, 'a\ufffdb.json');
  assert.equal(entry?.document, '\ufffd');
  assert.equal(entry?.message, `${'m'.repeat(999)}\ufffd`);
});
