import { type Config, loadConfig } from '#base/config';
import type { Database, Queries } from '#base/db';
import { failureText } from './failure.ts';
import type { GlobalFlags } from './program.ts';
import { type Progress, progressLine } from './progress.ts';

/** What a command gets: settings, ways to speak, and the database if it asks for it. */
export interface Context {
  config: Config;
  /** Nobody said where the built-in database shall be. */
  dataIsDefault: boolean;
  /** `--json`: one JSON object at the end, and nothing else on standard output. */
  json: boolean;
  /** A line for a person; silent with `--json`. */
  say(line?: string): void;
  /** An error that does not end the command, on standard error. */
  complain(error: unknown): void;
  /** The result: printed as JSON with `--json`, else by `forPeople`. */
  result(value: unknown, forPeople?: () => void): void;
  /** A line that renews itself on a terminal; nothing in a pipe. */
  progress: Progress;
  /** What the process will exit with, see EXIT. */
  setExit(code: number): void;
  withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T>;
  /** The same for work that only reads. */
  query<T>(work: (queries: Queries) => Promise<T>): Promise<T>;
}

/**
 * Settings from the environment and the flags, and the ways to speak that belong to them.
 *
 * @throws MusterError CONFIG_INVALID, FILE_UNREADABLE
 */
export function openContext(
  environment: NodeJS.ProcessEnv,
  { json = false, data }: GlobalFlags,
  setExit: (code: number) => void,
): Context {
  const config = loadConfig(environment, { data });
  const progress = progressLine(process.stderr);
  const withDatabase: Context['withDatabase'] = async (work) => {
    // The driver and the rest of that room are most of what a small command loads.
    const { openDatabase } = await import('#base/db');
    await using database = await openDatabase(config);
    return await work(database);
  };
  return {
    config,
    dataIsDefault: config.data === loadConfig({}).data,
    json,
    progress,
    setExit,
    withDatabase,
    say(line = '') {
      if (json) return;
      progress.clear();
      process.stdout.write(`${line}\n`);
    },
    complain(error) {
      progress.clear();
      process.stderr.write(`muster: ${failureText(error)}\n`);
    },
    result(value, forPeople) {
      progress.clear();
      if (json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
      else forPeople?.();
    },
    query: (work) => withDatabase(({ queries }) => work(queries)),
  };
}
