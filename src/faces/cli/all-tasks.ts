import { type Config, listed } from '#base/config';
import { type Database, deliverEffects, type Effect, listen } from '#base/db';
import { type JobLog, startWorker, type Task, type Worker } from '#base/jobs';
import { campaignTasks } from '#domain/campaigns';
import { insightTasks } from '#domain/insight';
import { issueTasks } from '#domain/issues';
import { matchingTasks } from '#domain/matching';
import { roundupTasks, scheduleOf } from '#domain/roundup';
import { sourceTasks } from '#domain/sources';
import { threadTasks } from '#domain/threads';
import { EDITABLES } from '#faces/editing';
import { digestTimes } from '#faces/mail';
import { deliverersOf } from './mailing.ts';

/** Who carries out effects on the outside, by their kind. */
export type Deliverers = Readonly<Record<string, (effect: Effect) => Promise<void>>>;

/** Everything that Muster does by itself, each room's own and the outbox. */
export function allTasks(
  database: Database,
  config: Config,
  deliverers: Deliverers = deliverersOf(database, config),
): Task[] {
  return [
    ...issueTasks(database, { kinds: EDITABLES, nextDigest: digestTimes(config) }),
    ...matchingTasks(database),
    ...roundupTasks(database, scheduleOf(config), digestTimes(config)),
    ...insightTasks(database),
    ...sourceTasks(database, { fetch: config.fetch, data: config.data, contact: config.contact }),
    ...campaignTasks(database),
    ...threadTasks(database, { mailboxes: listed(config.mailboxes), lists: listed(config.mailLists) }),
    ...outboxTasks(database, deliverers, config.mailsPerMinute),
  ];
}

/** Effects that nobody here can carry out wait for who can: without anybody there is no task. */
export function outboxTasks(
  database: Database,
  deliverers: Deliverers,
  mostPerMinute = Number.POSITIVE_INFINITY,
): Task[] {
  const byKind = new Map(Object.entries(deliverers));
  if (byKind.size === 0) return [];
  const deliver = async (effect: Effect) => {
    await byKind.get(effect.kind)?.(effect);
  };
  return [
    {
      name: 'outbox',
      schedule: '* * * * *',
      run: async (now) => ({
        ...(await deliverEffects(database, deliver, now, [...byKind.keys()], mostPerMinute)),
      }),
    },
  ];
}

/** How long to wait for more before people are told of what happened, in milliseconds. */
const GATHER_MS = 2000;

/** Works on all of it until it is stopped, and tells people of what happens soon after it has. */
export async function startJobs(
  database: Database,
  config: Config,
  log: JobLog,
): Promise<Pick<Worker, 'stop'>> {
  const worker = await startWorker(database.pool, allTasks(database, config), log);
  let waiting: NodeJS.Timeout | null = null;
  const soon = () => {
    waiting ??= setTimeout(() => {
      waiting = null;
      worker.ask('notices').catch((error: unknown) => log('error', 'notices', { error: String(error) }));
    }, GATHER_MS);
    waiting.unref();
  };
  const listener = await listen(database, soon, soon);
  return {
    async stop() {
      if (waiting !== null) clearTimeout(waiting);
      await listener.close();
      await worker.stop();
    },
  };
}
