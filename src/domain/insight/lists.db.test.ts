import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Database } from '#base/db';
import { testDatabase } from '../../../test/database.ts';
import { type ListPlace, listLines, writeLists } from './store.ts';

const lines = (from: number, upTo: number) =>
  Array.from({ length: upTo - from }, (_, n) => `line ${String(from + n).padStart(5, '0')}`);

async function readAll(
  database: Database,
  limit: number,
  between: (read: number) => Promise<void> = async () => {},
): Promise<string[]> {
  const read: string[] = [];
  for (let after: ListPlace | null = null; ; ) {
    const part: ListPlace[] = await listLines(database.queries, 'longest', { after, limit });
    read.push(...part.map(({ line }) => line));
    after = part.at(-1) ?? null;
    if (part.length < limit || after === null) return read;
    await between(read.length);
  }
}

test('a list is read whole in parts of any length, and written anew as it is then', async () => {
  await using database = await testDatabase();
  const write = (all: string[]) =>
    database.transaction((tx) => writeLists(tx, { longest: all, untouched: ['another'] }));
  for (const length of [2345, 1000, 1, 0, 2001]) {
    await write(lines(0, length));
    for (const limit of [1000, 999, 700]) assert.deepEqual(await readAll(database, limit), lines(0, length));
  }
  assert.deepEqual(await listLines(database.queries, 'none', { after: null, limit: 9 }), []);
});

test('what comes before a reader’s place meanwhile moves the place with its line', async () => {
  await using database = await testDatabase();
  const write = (all: string[]) => database.transaction((tx) => writeLists(tx, { longest: all }));
  await write(lines(100, 3000));
  const read = await readAll(database, 700, async (done) => {
    // Some hundred lines come in at the front, across the border of a part.
    if (done === 700) await write(lines(0, 3000));
  });
  assert.deepEqual(read, lines(100, 3000));
  // The very line that was the last one goes: what followed it moves up, and is not left out.
  const [last] = await listLines(database.queries, 'longest', { after: null, limit: 1 });
  assert.ok(last !== undefined);
  await write(lines(1, 3000));
  const [next] = await listLines(database.queries, 'longest', { after: last, limit: 1 });
  assert.equal(next?.line, 'line 00001');
});
