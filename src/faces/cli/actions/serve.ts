import type { Database } from '#base/db';
import { closeOnSignals, createApp, loadAssets, makeLog, startServer } from '#faces/web';
import { startJobs } from '../all-tasks.ts';
import type { Context } from '../context.ts';
import { matchWhatIsNew } from './match.ts';
import { logOf } from './worker.ts';

/** Where to listen; what is left out is as the settings say. */
interface Listen {
  host?: string;
  port?: number;
}

/** `muster serve` */
export async function serve(context: Context, listen: Listen): Promise<void> {
  await context.withDatabase(async (database) => {
    await serveUntilStopped(context, database, listen, async ({ url }) => {
      context.result({ url });
      // After the port is ours: whoever starts a second one hears of it at once.
      await matchWhatIsNew(context, database);
    });
  });
}

/**
 * Serves the pages until SIGINT or SIGTERM, and lets requests under way finish.
 *
 * @param onListening called once, when the first request can come; what it does is done before the end
 */
export async function serveUntilStopped(
  context: Context,
  database: Database,
  listen: Listen,
  onListening?: (server: { url: string }) => void | Promise<void>,
): Promise<void> {
  const { config, say, progress } = context;
  const app = createApp({ database, config, assets: loadAssets(), log: makeLog(config.logLevel) });
  const server = await startServer(app, {
    host: listen.host ?? config.host,
    port: listen.port ?? config.port,
  });
  closeOnSignals(server);
  progress.clear();
  say(`${server.url} · Ctrl-C stops`);
  try {
    await onListening?.({ url: server.url });
  } catch (error) {
    // What listens on keeps the process alive, and the error would be said to nobody.
    await server.close();
    throw error;
  }
  // Where one process is enough it does by itself what is due, too; pages do not wait for that.
  const jobs = config.worker ? startJobsBeside(context, database) : null;
  await server.closed;
  await (await jobs)?.stop();
}

/** Pages are served also where the jobs cannot start; why, the log says. */
async function startJobsBeside(context: Context, database: Database) {
  const log = logOf(context);
  try {
    return await startJobs(database, context.config, log);
  } catch (error) {
    log('error', 'the jobs did not start', { error: error instanceof Error ? error.message : String(error) });
    return null;
  }
}
