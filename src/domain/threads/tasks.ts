import type { Database } from '#base/db';
import type { Task } from '#base/jobs';
import { knownLists } from './lists.ts';
import { mailboxAt } from './mailboxes.ts';
import { syncMailbox } from './sync-mail.ts';

/** What this room does by itself: reads the mailboxes of the settings. Without any there is no task. */
export function threadTasks(
  database: Database,
  { mailboxes, lists }: { mailboxes: readonly string[]; lists: readonly string[] },
): Task[] {
  if (mailboxes.length === 0) return [];
  return [
    {
      name: 'mail',
      schedule: '*/5 * * * *',
      async run(now) {
        const done = { stored: 0, threads: 0, quarantined: 0, failed: 0 };
        for (const address of mailboxes) {
          try {
            const one = await syncMailbox(database, mailboxAt(address), {
              lists: knownLists(lists),
              at: now,
            });
            done.stored += one.stored;
            done.threads += one.threads;
            done.quarantined += one.quarantined;
          } catch {
            // What a mailbox says is written down with it, and the others are read all the same.
            done.failed += 1;
          }
        }
        return done;
      },
    },
  ];
}
