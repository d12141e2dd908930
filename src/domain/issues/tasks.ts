import type { Database } from '#base/db';
import type { Task } from '#base/jobs';
import type { Editables } from '#domain/proposals';
import { endClaims } from './claims.ts';
import { bringBackPostponed } from './come-back.ts';
import type { NextDigest } from './notify.ts';
import { refreshNumbers } from './numbers.ts';
import { refreshExploitation } from './refresh-exploitation.ts';
import { tellPeople } from './tell-people.ts';

/** What this room does by itself. `kinds`: everything that people change, for what they are told of it. */
export function issueTasks(
  database: Database,
  { kinds, nextDigest }: { kinds: Editables; nextDigest?: NextDigest },
): Task[] {
  return [
    {
      name: 'postponed',
      schedule: '*/10 * * * *',
      run: async (now) => ({ back: await bringBackPostponed(database, now) }),
    },
    {
      name: 'claims',
      schedule: '*/5 * * * *',
      run: async (now) => ({ ...(await endClaims(database, now, nextDigest)) }),
    },
    {
      name: 'signals',
      schedule: '*/5 * * * *',
      run: async (now) => ({ changed: await refreshExploitation(database, now) }),
    },
    {
      name: 'numbers',
      schedule: '*/10 * * * *',
      run: async (now) => ({ years: (await refreshNumbers(database.queries, now)).years.length }),
    },
    {
      name: 'notices',
      schedule: '* * * * *',
      run: async (now) => ({
        ...(await tellPeople(database, {
          kinds,
          at: now,
          ...(nextDigest === undefined ? {} : { nextDigest }),
        })),
      }),
    },
  ];
}
