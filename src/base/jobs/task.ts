/** Something that Muster does by itself, again and again. Doing it twice, or late, must come to the same as doing it once in time. */
export interface Task {
  /** `claims`; one word, the same in every version. */
  name: string;
  /** When, as minute, hour, day, month and weekday of UTC (crontab). It also runs once when a worker starts. */
  schedule: string;
  /** @returns what it did, for the log */
  run(now: Date): Promise<Record<string, unknown>>;
}

/** Where a worker says what it does. */
export type JobLog = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  facts: Record<string, unknown>,
) => void;

/** Runs one task and says what it did. What it throws is thrown on, after it was told. */
export async function runTask(task: Task, log: JobLog, now = new Date()): Promise<Record<string, unknown>> {
  const start = performance.now();
  try {
    const done = await task.run(now);
    log('info', `task ${task.name}`, { ...done, ms: Math.round(performance.now() - start) });
    return done;
  } catch (error) {
    log('error', `task ${task.name} failed`, {
      error: error instanceof Error ? error.message : String(error),
    });
    throw error;
  }
}
