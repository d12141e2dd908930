import type { Database } from '#base/db';
import type { Task } from '#base/jobs';
import { refreshInsight } from './refresh-insight.ts';

/** What this room does by itself. */
export function insightTasks(database: Database): Task[] {
  return [
    {
      name: 'insight',
      schedule: '*/10 * * * *',
      run: async (now) => ({ ...(await refreshInsight(database, now)) }),
    },
  ];
}
