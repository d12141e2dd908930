import type { Database } from '#base/db';
import { closeOnSignals, createApp, loadAssets, makeLog, startServer } from '#faces/web';
import type { Context } from '../context.ts';
import { matchWhatIsNew } from './match.ts';

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
  { config, say, progress }: Context,
  database: Database,
  listen: Listen,
  onListening?: (server: { url: string }) => void | Promise<void>,
): Promise<void> {
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
  await server.closed;
}
