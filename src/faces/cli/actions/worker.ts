import { type JobLog, runTask } from '#base/jobs';
import { makeLog } from '#faces/web';
import { allTasks, startJobs } from '../all-tasks.ts';
import type { Context } from '../context.ts';

/** `muster worker` */
export async function worker(context: Context, { once = false }: { once?: boolean }): Promise<void> {
  if (once) await workOnce(context);
  else await workUntilStopped(context);
}

async function workOnce(context: Context): Promise<void> {
  const done: Record<string, Record<string, unknown>> = {};
  await context.withDatabase(async (database) => {
    for (const task of allTasks(database, context.config))
      done[task.name] = await runTask(task, logOf(context));
  });
  context.result({ tasks: done }, () => {
    for (const [name, facts] of Object.entries(done))
      context.say(
        `${name}: ${Object.entries(facts)
          .map(([what, count]) => `${what} ${count ?? 'none'}`)
          .join(', ')}`,
      );
  });
}

async function workUntilStopped(context: Context): Promise<void> {
  // Also one that comes while it still begins.
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  await context.withDatabase(async (database) => {
    const jobs = await startJobs(database, context.config, logOf(context));
    context.say('Working · Ctrl-C stops');
    await stopped;
    await jobs.stop();
  });
  context.result({ stopped: true });
}

/** Jobs say what they do in the program's log. */
export function logOf({ config }: Pick<Context, 'config'>): JobLog {
  const log = makeLog(config.logLevel).child({ name: 'jobs' });
  return (level, message, facts) => log[level](facts, message);
}
