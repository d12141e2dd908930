import type { Database } from '#base/db';
import type { Task } from '#base/jobs';
import type { NextDigest } from '#domain/issues';
import { runRoundups } from './run-roundups.ts';
import type { Schedule } from './schedule.ts';

/** What this room does by itself; nothing where rounds are left to people. `nextDigest`: when daily mails go. */
export function roundupTasks(database: Database, schedule: Schedule | null, nextDigest?: NextDigest): Task[] {
  if (schedule === null) return [];
  return [
    {
      name: 'roundup',
      schedule: '*/5 * * * *',
      run: async (now) => ({ ...(await runRoundups(database, schedule, now, nextDigest)) }),
    },
  ];
}
