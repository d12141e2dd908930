import type { Database } from '#base/db';
import type { Task } from '#base/jobs';
import { applyRules } from './apply-rules.ts';
import { settleSuggestions } from './settle.ts';
import { settleBoxes } from './settle-boxes.ts';
import { settleExploitation } from './settle-exploitation.ts';
import { dropBatchesBefore } from './store-queue.ts';

/** What this room does by itself. */
export function matchingTasks(database: Database): Task[] {
  return [
    {
      name: 'rules',
      schedule: '20 * * * *',
      // Some have run out since.
      run: (at) => database.transaction((tx) => applyRules(tx, { at })),
    },
    {
      name: 'queue',
      schedule: '*/5 * * * *',
      async run(now) {
        await dropBatchesBefore(database.queries, now);
        const settled = await settleSuggestions(database, now);
        const boxes = await settleBoxes(database);
        return { ...settled, ...(await settleExploitation(database, now)), boxes };
      },
    },
  ];
}
