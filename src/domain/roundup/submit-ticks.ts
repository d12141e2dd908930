import { type Database, lockHistory } from '#base/db';
import { MusterError } from '#base/errors';
import type { Actor } from '#domain/policies';
import { type Answer, type Change, type SubmitOptions, submitIn } from '#domain/proposals';
import { mergeRemarks } from './merge-remarks.ts';
import { findRoundup } from './store.ts';
import { readLineFields } from './store-lines.ts';
import { linesNamed, type Mark } from './tick-lines.ts';

export interface SubmittedTicks {
  /** Of the change set; nothing was changed where all of it was so already. */
  answer: Answer;
  /** Ticked by it, or proposed to be. */
  ticked: string[];
  /** Done already, or open already: it stays as it is, with who was first. */
  already: string[];
  /** Not on this list. */
  unknown: string[];
}

/**
 * Ticks lines of a list, or opens them again, as one change set of the one path. Whoever was first stays first; what is said
 * behind a line is added to what stands there. An issue that was merged may be named by either id.
 *
 * @throws MusterError NOT_FOUND where there is no such roundup
 */
export async function submitTicks(
  database: Database,
  actor: Actor,
  { number, marks, key }: { number: number; marks: readonly Mark[]; key?: string | undefined },
  options: SubmitOptions,
): Promise<SubmittedTicks> {
  return database.transaction(async (tx) => {
    await lockHistory(tx);
    const round = await findRoundup(tx, number);
    if (round === null) throw new MusterError('NOT_FOUND', `there is no roundup ${number}`);
    const found = await linesNamed(
      tx,
      round,
      marks.map(({ issue }) => issue),
    );
    const changes = new Map<string, Change>();
    const [ticked, already, unknown]: [string[], string[], string[]] = [[], [], []];
    for (const { issue, done, remark } of marks) {
      const own = (found.get(issue) ?? []).filter((line) => line.roundup === number);
      const ids = own.map((line) => `${number}/${line.issue}`);
      const states = await readLineFields(tx, ids);
      if (own.length === 0) unknown.push(issue);
      else (own.every(({ doneAt }) => (doneAt !== null) === done) ? already : ticked).push(issue);
      for (const [id, fields] of states) {
        if ((fields.done.value === true) !== done)
          put(changes, id, 'done', done ? true : null, fields.done.version);
        const said = mergeRemarks(fields.remark.value as string | null, remark);
        if (said !== fields.remark.value) put(changes, id, 'remark', said, fields.remark.version);
      }
    }
    const answer: Answer =
      changes.size === 0
        ? { outcome: 'accepted', proposal: null, made: [] }
        : await submitIn(tx, actor, { changes: [...changes.values()], key }, options);
    return { answer, ticked, already, unknown };
  });
}

function put(
  changes: Map<string, Change>,
  id: string,
  field: 'done' | 'remark',
  value: true | string | null,
  saw: number,
): void {
  changes.set(`${id}#${field}`, { kind: 'roundup_line', id, field, value, saw });
}
