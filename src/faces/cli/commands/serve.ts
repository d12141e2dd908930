import { Option } from 'commander';
import type { Database } from '#base/db';
import { rematch } from '#domain/matching';
import { closeOnSignals, createApp, loadAssets, makeLog, startServer } from '#faces/web';
import { startJobs } from '../all-tasks.ts';
import { portArgument } from '../arguments.ts';
import type { Context } from '../context.ts';
import { type Cli, examples } from '../program.ts';
import { logOf } from './worker.ts';

/** Where to listen; what is left out is as the settings say. */
interface Listen {
  host?: string;
  port?: number;
}

/** `muster serve [--host ADDRESS] [--port N]` */
export function serveCommand({ program, run }: Cli): void {
  const command = program
    .command('serve')
    .description(
      'Show the pages in a browser, until Ctrl-C. First matches what has come in. With --json the object is printed as soon as it listens.',
    )
    .option('--host <address>', 'address to listen on (default: the setting, 127.0.0.1)')
    .option('--port <n>', 'port to listen on, 0 for any free one (default: the setting, 8080)', portArgument)
    // Muster never starts a browser; whoever wants to be sure may say so.
    .addOption(new Option('--no-open').hideHelp())
    .action(
      run(async (context, flags: Listen) => {
        await context.withDatabase(async (database) => {
          await rematch(database, (done, of) => context.progress.show(`matching  ${done}/${of} issues`));
          await serveUntilStopped(context, database, flags, ({ url }) => context.result({ url }));
        });
      }),
    );
  examples(command, [
    './muster serve',
    './muster serve --port 0                     any free port; it is printed',
    './muster serve --host 0.0.0.0 --port 80     for everybody who reaches this machine',
  ]);
}

/**
 * Serves the pages until SIGINT or SIGTERM, and lets requests under way finish.
 *
 * @param onListening called once, when the first request can come
 */
export async function serveUntilStopped(
  context: Context,
  database: Database,
  listen: Listen,
  onListening?: (server: { url: string }) => void,
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
  onListening?.({ url: server.url });
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
