import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testDatabase } from '../../../test/database.ts';
import { deliverEffects, enqueueEffect } from './outbox.ts';

const mail = { kind: 'mail', payload: { to: 'list' } };

test('an effect asked for twice happens once, and one of a rolled back transaction never', async () => {
  await using database = await testDatabase();
  assert.equal(await database.transaction((tx) => enqueueEffect(tx, { key: 'a', ...mail })), true);
  assert.equal(await database.transaction((tx) => enqueueEffect(tx, { key: 'a', ...mail })), false);
  await database
    .transaction(async (tx) => {
      await enqueueEffect(tx, { key: 'b', ...mail });
      throw new Error('no');
    })
    .catch(() => {});
  const sent: string[] = [];
  const deliver = async ({ key }: { key: string }) => void sent.push(key);
  const outcomes = await Promise.all([
    deliverEffects(database, deliver),
    deliverEffects(database, deliver),
    deliverEffects(database, deliver),
  ]);
  assert.deepEqual(sent, ['a']);
  assert.equal(
    outcomes.reduce((sum, { delivered }) => sum + delivered, 0),
    1,
  );
});

test('a failed effect is tried again later, with its key, and keeps its error until then', async () => {
  await using database = await testDatabase();
  await database.transaction((tx) => enqueueEffect(tx, { key: 'a', ...mail }));
  const down = async () => {
    throw new Error('mail server down');
  };
  assert.deepEqual(await deliverEffects(database, down), { delivered: 0, failed: 1 });
  assert.deepEqual(await deliverEffects(database, down), { delivered: 0, failed: 0 }, 'not due yet');
  const { rows } = await database.pool.query('select attempts, last_error from outbox');
  assert.deepEqual(rows, [{ attempts: 1, last_error: 'mail server down' }]);
  const later = new Date(Date.now() + 120_000);
  const sent: string[] = [];
  assert.deepEqual(await deliverEffects(database, async ({ key }) => void sent.push(key), later), {
    delivered: 1,
    failed: 0,
  });
  assert.deepEqual(sent, ['a']);
});
