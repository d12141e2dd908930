import type { Config } from '#base/config';
import { type Database, openDatabase } from '#base/db';
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
  /** The result: printed as JSON with `--json`, else by `forPeople`. */
  result(value: unknown, forPeople?: () => void): void;
  /** A line that renews itself on a terminal; nothing in a pipe. */
  progress: Progress;
  /** What the process will exit with, see EXIT. */
  setExit(code: number): void;
  withDatabase<T>(work: (database: Database) => Promise<T>): Promise<T>;
}

export function makeContext(
  config: Config,
  dataIsDefault: boolean,
  json: boolean,
  setExit: (code: number) => void,
): Context {
  const progress = progressLine(process.stderr);
  const say = (line = '') => {
    if (json) return;
    progress.clear();
    process.stdout.write(`${line}\n`);
  };
  return {
    config,
    dataIsDefault,
    json,
    say,
    progress,
    setExit,
    result(value, forPeople) {
      progress.clear();
      if (json) process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
      else forPeople?.();
    },
    async withDatabase(work) {
      await using database = await openDatabase(config);
      return await work(database);
    },
  };
}
