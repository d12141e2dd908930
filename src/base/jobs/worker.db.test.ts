import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { testDatabase } from '../../../test/database.ts';
import { type JobLog, runTask, type Task } from './task.ts';
import { startWorker } from './worker.ts';

const SELDOM = '0 0 1 1 *';

async function until(holds: () => boolean): Promise<void> {
  for (let tries = 0; !holds(); tries += 1) {
    assert.ok(tries < 1000, 'it did not come to that');
    await sleep(20);
  }
}

function counting(name: string, work: () => Promise<void> = async () => {}): Task & { runs: number } {
  const task = {
    name,
    schedule: SELDOM,
    runs: 0,
    async run() {
      task.runs += 1;
      await work();
      return { runs: task.runs };
    },
  };
  return task;
}

describe('a worker', () => {
  test('does every task when it starts, and when it is asked; one that fails stops no other', async () => {
    await using database = await testDatabase();
    const said: string[] = [];
    const log: JobLog = (level, message, { error }) => {
      if (level !== 'debug') said.push(`${level} ${message} ${error ?? ''}`.trim());
    };
    const good = counting('good');
    const bad = counting('bad', async () => {
      throw new Error('no luck');
    });
    await using worker = await startWorker(database.pool, [bad, good], log);
    await until(() => good.runs === 1 && bad.runs === 1);
    await worker.ask('good');
    await until(() => good.runs === 2);
    assert.ok(said.includes('error task bad failed no luck'), said.join('; '));
    assert.ok(said.includes('info task good'));
    await assert.rejects(worker.ask('ugly'), /no task ugly/);
  });

  test('of two that run at once only one does a task at a time', async () => {
    await using database = await testDatabase();
    let now = 0;
    let most = 0;
    const slow = () =>
      counting('slow', async () => {
        now += 1;
        most = Math.max(most, now);
        await sleep(100);
        now -= 1;
      });
    const [one, two] = [slow(), slow()];
    await using first = await startWorker(database.pool, [one]);
    await using second = await startWorker(database.pool, [two]);
    for (let n = 0; n < 6; n += 1) {
      await (n % 2 === 0 ? first : second).ask('slow');
      await sleep(60);
    }
    await until(() => one.runs + two.runs >= 3 && now === 0);
    assert.equal(most, 1);
  });

  test('lets what is under way finish when it is stopped', async () => {
    await using database = await testDatabase();
    let finished = false;
    const long = counting('long', async () => {
      await sleep(300);
      finished = true;
    });
    const worker = await startWorker(database.pool, [long]);
    await until(() => long.runs === 1);
    await worker.stop();
    assert.equal(finished, true);
  });

  test('refuses two tasks of one name, and a schedule that is none', async () => {
    await using database = await testDatabase();
    await assert.rejects(startWorker(database.pool, [counting('a'), counting('a')]), /one name/);
    await assert.rejects(startWorker(database.pool, [{ ...counting('a'), schedule: 'often' }]));
  });
});

test('a task is run by hand, and says what it did', async () => {
  const said: unknown[] = [];
  const done = await runTask(counting('one'), (level, message, { runs }) =>
    said.push([level, message, runs]),
  );
  assert.deepEqual([done, said], [{ runs: 1 }, [['info', 'task one', 1]]]);
});
