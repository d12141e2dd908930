import { type CronItem, Logger, parseCronItems, run } from 'graphile-worker';
import type pg from 'pg';
import { type JobLog, runTask, type Task } from './task.ts';

/** A process that does what is due, until it is stopped. */
export interface Worker extends AsyncDisposable {
  /** Has a task done soon, whatever its schedule says. Asked for again before it has begun, it is done once. */
  ask(task: string): Promise<void>;
  /** Lets what is under way finish, and takes on nothing more. */
  stop(): Promise<void>;
}

/** How many tasks at once: each holds a connection of the pool while it runs. */
const CONCURRENCY = 2;
const ATTEMPTS = 5;

/**
 * Works on tasks by their schedules (graphile-worker, in the same PostgreSQL: the queue is in its schema `graphile_worker`).
 * Any number of processes may do so: each task is done by one of them at a time. One that fails is tried again, later each
 * time, and stops no other.
 */
export async function startWorker(
  pool: pg.Pool,
  tasks: readonly Task[],
  log: JobLog = () => {},
): Promise<Worker> {
  const names = new Set(tasks.map(({ name }) => name));
  if (names.size !== tasks.length) throw new Error('two tasks bear one name');
  pool.on('connect', survive);
  const runner = await run({
    pgPool: pool,
    concurrency: CONCURRENCY,
    noHandleSignals: true,
    logger: loggerOf(log),
    taskList: Object.fromEntries(
      tasks.map((task) => [
        task.name,
        async () => {
          await runTask(task, log);
        },
      ]),
    ),
    parsedCronItems: parseCronItems(tasks.map(cronItem)),
  });
  const ask = async (name: string) => {
    if (!names.has(name)) throw new Error(`there is no task ${name}`);
    await runner.addJob(name, {}, { queueName: name, jobKey: name, maxAttempts: ATTEMPTS });
  };
  // What fell due while nobody worked is not waited for.
  for (const { name } of tasks) await ask(name);
  let stopping: Promise<void> | null = null;
  const stop = () => {
    stopping ??= runner.stop().finally(() => pool.off('connect', survive));
    return stopping;
  };
  return { ask, stop, [Symbol.asyncDispose]: stop };
}

/** A connection that breaks while nobody uses it must not end the process. */
function survive(client: pg.PoolClient): void {
  client.on('error', () => {});
}

function cronItem({ name, schedule }: Task): CronItem {
  return {
    task: name,
    match: schedule,
    identifier: name,
    // The queue lets one process at a time do it; the key lets one wait and no more.
    options: {
      queueName: name,
      jobKey: name,
      jobKeyMode: 'replace',
      maxAttempts: ATTEMPTS,
      backfillPeriod: 0,
    },
  };
}

/** What the queue itself has to say is of interest only where something is wrong. */
function loggerOf(log: JobLog): Logger {
  return new Logger(() => (level, message, meta) => {
    if (level === 'warning') log('warn', message, {});
    else if (level === 'error' && meta?.job === undefined) log('error', message, {});
    else log('debug', message, {});
  });
}
