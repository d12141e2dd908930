import type { Database } from '#base/db';
import type { Task } from '#base/jobs';
import { refreshCampaigns, refreshRegroupings } from './refresh-campaigns.ts';

/** What this room does by itself: which issues are one story, soon; and every night, where the grouping may be wrong. */
export function campaignTasks(database: Database): Task[] {
  return [
    {
      name: 'campaigns',
      schedule: '*/10 * * * *',
      run: async (now) => ({ ...(await refreshCampaigns(database, now)) }),
    },
    {
      name: 'regroupings',
      schedule: '40 2 * * *',
      run: async (now) => ({ ...(await refreshRegroupings(database, now)) }),
    },
  ];
}
