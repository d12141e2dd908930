import type { Database } from '#base/db';
import { machine } from '#domain/policies';
import { type Change, editables, type FieldValue, type SubmitOptions, submit } from '#domain/proposals';
import { editableStatus } from './editable-status.ts';
import { affectedAgain, boxId } from './status.ts';
import { postponedUpTo } from './store-statuses.ts';

const OPTIONS: SubmitOptions = { kinds: editables([editableStatus]), rules: { secondOpinion: false } };

/**
 * What was postponed up to today is affected again, by `machine:postponed` and with what was noted. Days are those of UTC. Readers
 * treat it so from the day on (statusesOf), whether or not this has run.
 *
 * @returns how many boxes came back
 */
export async function bringBackPostponed(database: Database, at = new Date()): Promise<number> {
  const due = await postponedUpTo(database.queries, at.toISOString().slice(0, 10));
  const byIssue = new Map<string, Change[]>();
  for (const { value, version, ...box } of due) {
    if (value.status !== 'postponed') continue;
    const id = boxId(box);
    const again = affectedAgain(value) as FieldValue;
    const change = { kind: 'status', id, field: 'value', value: again, saw: version };
    byIssue.set(box.issue, [...(byIssue.get(box.issue) ?? []), change]);
  }
  let back = 0;
  for (const changes of byIssue.values()) {
    const answer = await submit(database, machine('postponed'), { changes }, { ...OPTIONS, at });
    if (answer.outcome === 'accepted') back += answer.made.filter(({ changed }) => changed).length;
    // Somebody changed one of them just now: what they saw they decided, and the others come back in the next run.
  }
  return back;
}
