import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from '#base/config';
import { type Effect, enqueueEffect } from '#base/db';
import { noticesOf, postComment, watch } from '#domain/issues';
import { SOURCES } from '#domain/sources';
import { ADA, BEN, withPeople } from '../../../test/people.ts';
import { allTasks, outboxTasks, startJobs } from './all-tasks.ts';

const CONFIG = loadConfig({});

describe('what Muster does by itself', () => {
  test('each room’s tasks, each under a name of its own, and all of them run on an empty house', async () => {
    await using database = await withPeople();
    const tasks = allTasks(database, CONFIG);
    const names = tasks.map(({ name }) => name);
    const own = [
      ...['postponed', 'claims', 'signals', 'numbers', 'notices', 'rules', 'queue', 'roundup', 'insight'],
    ];
    assert.deepEqual(names, [
      ...own,
      ...SOURCES.map(({ id }) => `sync-${id}`),
      'sources',
      'campaigns',
      'regroupings',
    ]);
    for (const task of tasks) assert.equal(typeof (await task.run(new Date())), 'object', task.name);
    const never = allTasks(database, { ...CONFIG, roundupOpens: 'never' });
    assert.ok(!never.some(({ name }) => name === 'roundup'));
  });

  test('people are told soon after something happened, without waiting for the schedule', async () => {
    await using database = await withPeople();
    const jobs = await startJobs(database, CONFIG, () => {});
    try {
      await watch(database, BEN, 'issue:NSI-2017-0001');
      await postComment(database, ADA, { issue: 'NSI-2017-0001', body: 'look' });
      for (let tries = 0; (await noticesOf(database.queries, 2)).length === 0; tries += 1) {
        assert.ok(tries < 400, 'nobody was told');
        await sleep(50);
      }
    } finally {
      await jobs.stop();
    }
  });

  test('effects wait for who can carry them out: without anybody there is no task, and others are left alone', async () => {
    await using database = await withPeople();
    assert.deepEqual(outboxTasks(database, {}), []);
    await database.transaction(async (tx) => {
      await enqueueEffect(tx, { key: 'a', kind: 'mail', payload: { to: 'ada@a.example' } });
      await enqueueEffect(tx, { key: 'b', kind: 'webhook', payload: {} });
    });
    const sent: Effect[] = [];
    const [task] = outboxTasks(database, {
      mail: async (effect) => {
        sent.push(effect);
      },
    });
    assert.deepEqual(await task?.run(new Date()), { delivered: 1, failed: 0 });
    assert.deepEqual(await task?.run(new Date()), { delivered: 0, failed: 0 });
    assert.deepEqual(
      sent.map(({ key }) => key),
      ['a'],
    );
  });
});
